import { Type } from 'typebox';
import { BUNDLE_FORMATS } from '../../src/ca/bundle.ts';
import { closedList } from '../wire/closed-list.ts';
import { component } from '../wire/component.ts';
import { EXAMPLE } from '../wire/examples.ts';
import { encoded, password, secretTextOrObject, STRICT } from '../wire/fields.ts';
import { notes } from '../wire/notes.ts';
import { strict } from '../wire/reading.ts';
import { warnings } from '../wire/size-warnings.ts';
import { BUNDLE_SPELLINGS, FORMATS, MAC_SPELLINGS } from '../wire/spellings.ts';

export const BundleRequest = component(
  'BundleRequest',
  Type.Object(
    {
      format: closedList(BUNDLE_SPELLINGS, {
        description:
          '`pkcs12`: one encrypted file for Java, Windows and browsers. `pkcs7`: the certificates only. `pem-chain`: the ' +
          'certificates as PEM. `nginx`: the chain and the key in two files. `haproxy`: both in one file. `zip`: an archive ' +
          'with cert.pem, chain.pem, fullchain.pem and privkey.pem.',
      }),
      certificate: Type.Optional(
        encoded(
          'The certificate, alone or with its chain; when absent, `key` must be a PKCS #12 file, whose certificates are used',
        ),
      ),
      chain: Type.Optional(
        encoded('The certificates of the CAs above it: up to 10 in any order, as PEM blocks or PKCS #7'),
      ),
      key: Type.Optional(
        secretTextOrObject(
          'The private key of the certificate, in any form that keys/convert reads; not for pkcs7 and pem-chain',
        ),
      ),
      password: password(
        '`key`, when it is encrypted, and of the PKCS #12 file when `new_password` is absent',
      ),
      new_password: password('the PKCS #12 file'),
      mac: Type.Optional(
        closedList(MAC_SPELLINGS, {
          description:
            'Integrity of `pkcs12`: HMAC-SHA-256 (`hmac`, the default), which every program reads, or PBMAC1 (RFC 9879), which ' +
            'OpenSSL reads since 3.4, and Java 25 does not.',
        }),
      ),
      friendly_name: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 256,
          description: 'Name of the entry in `pkcs12`: the alias in Java.',
        }),
      ),
      encoding: Type.Optional(
        closedList({ pem: [], der: [] }, { description: 'Encoding of `pkcs7`: pem when absent.' }),
      ),
      key_format: Type.Optional(
        closedList(FORMATS, {
          description:
            'Form of an ML-DSA private key (RFC 9881 §6); the seed when absent. Java 25 reads `expanded` only. A key without a seed is expanded.',
        }),
      ),
      second_certificate: Type.Optional(
        encoded(
          'A certificate for the same name with a key of another algorithm, alone or with its chain, for `nginx`, `haproxy` ' +
            'and `zip`: the server selects one of the two by what the client supports',
        ),
      ),
      second_chain: Type.Optional(encoded('The certificates of the CAs above `second_certificate`')),
      second_key: Type.Optional(secretTextOrObject('The private key of `second_certificate`')),
      second_password: password('`second_key`, when it is encrypted'),
      strict,
    },
    {
      ...STRICT,
      description:
        'A certificate, its chain and its key, and the program that reads them. Nothing is stored.',
      examples: [
        {
          format: 'nginx',
          certificate: EXAMPLE.certified.certificate,
          key: EXAMPLE.certified.private_key,
        },
        {
          format: 'pkcs12',
          certificate: EXAMPLE.certified.certificate,
          key: EXAMPLE.certified.private_key,
          new_password: 'correct horse battery staple',
          friendly_name: 'example.com',
        },
        {
          format: 'nginx',
          certificate: EXAMPLE.pair.ml_dsa_certificate,
          key: EXAMPLE.pair.ml_dsa_private_key,
          second_certificate: EXAMPLE.pair.classical_certificate,
          second_key: EXAMPLE.pair.classical_private_key,
        },
        { format: 'pkcs7', certificate: EXAMPLE.caChain },
      ],
    },
  ),
);

export const Bundle = component(
  'Bundle',
  Type.Object(
    {
      format: Type.Enum(BUNDLE_FORMATS, { type: 'string', description: 'As in the request.' }),
      bundle: Type.String({ description: 'base64 of the file.' }),
      file_name: Type.String({ description: 'A usual name of the file.' }),
      media_type: Type.String({ description: 'Media type of the file.' }),
      private_key: Type.Optional(
        Type.String({ description: 'base64 of the file with the key, for `nginx`.' }),
      ),
      private_key_file_name: Type.Optional(Type.String({ description: 'A usual name of that file.' })),
      second_bundle: Type.Optional(
        Type.String({ description: 'base64 of the file of `second_certificate`.' }),
      ),
      second_file_name: Type.Optional(Type.String({ description: 'A usual name of that file.' })),
      second_private_key: Type.Optional(
        Type.String({ description: 'base64 of the file with `second_key`, for `nginx`.' }),
      ),
      second_private_key_file_name: Type.Optional(Type.String({ description: 'A usual name of that file.' })),
      configuration: Type.Optional(
        Type.Object(
          {
            nginx: Type.Optional(Type.String({ description: 'Lines of `server`.' })),
            apache: Type.Optional(Type.String({ description: 'Lines of the virtual host.' })),
            haproxy: Type.Optional(Type.String({ description: 'Line of `frontend`.' })),
          },
          { ...STRICT, description: 'Lines that load the files of both certificates, by the program.' },
        ),
      ),
      certificates: Type.Array(Type.String(), {
        description:
          'Subjects of the certificates, each issued by the next one, in the OpenSSL one-line form.',
      }),
      warnings,
      notes,
    },
    { ...STRICT, description: 'The files.', examples: [EXAMPLE.bundled] },
  ),
);

export const makeBundle = {
  operationId: 'makeBundle',
  tags: ['keys'],
  summary: 'Put a certificate, its chain and its key into the files of a program',
  description:
    'Sorts the certificates, checks that each issued the one before it and that the key belongs to the first, and writes ' +
    'the files (docs/key-forms.md). With the media type of the file in Accept, the reply is the file itself. Nothing is stored.',
  body: BundleRequest.ref,
  response: { 200: Bundle.ref },
};
