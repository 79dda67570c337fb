/** Schemas of the replies of the inspect routes (`present-description.ts`). */

import { Type } from 'typebox';
import { component } from './component.ts';
import { CERTIFICATE_DESCRIPTION, CSR_DESCRIPTION } from './examples.ts';
import { nullable, STRICT } from './fields.ts';
import { findings } from './findings.ts';
import { notes } from './notes.ts';
import { warnings } from './size-warnings.ts';

export const text = (description: string) => Type.String({ description });
export const octets = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, in octets.` });

/** Members of a public key beside its fingerprint. */
export const keyMembers = {
  algorithm: text('Algorithm and size, such as `ml-dsa-65`, `rsa-3072`, `ecdsa-p256` or `ed25519`.'),
  size: octets('Length of the SubjectPublicKeyInfo'),
  bits: Type.Optional(
    Type.Integer({
      description: 'Length of the RSA modulus, the field of the curve or the DSA prime, in bits.',
    }),
  ),
  public_exponent: Type.Optional(text('Public exponent of an RSA key, decimal.')),
  curve: Type.Optional(text('Name of the curve of an EC key.')),
};

const publicKey = Type.Object(
  { ...keyMembers, sha256_fingerprint: text('SHA-256 of the SubjectPublicKeyInfo.') },
  STRICT,
);

export const describedExtensions = (description: string) =>
  Type.Array(
    Type.Object(
      {
        oid: text('Object identifier.'),
        name: text('Name, or the object identifier of an unknown extension.'),
        critical: Type.Boolean({
          description: 'Whether an application that does not know the extension must reject the certificate.',
        }),
        value: Type.Array(Type.String(), {
          description: 'Readable lines; hexadecimal for an unknown extension.',
        }),
        structure: Type.Optional(
          text(
            'Outline of the DER of a value in hexadecimal, such as `SEQUENCE { OBJECT IDENTIFIER 1.2.3, INTEGER 5 }`.',
          ),
        ),
      },
      STRICT,
    ),
    { description },
  );

export const moment = (description: string) => nullable(Type.String({ format: 'date-time', description }));

const whatIsWrong = findings(
  'What is wrong with the input: each deviation that was read, and each rule of a standard that it breaks. Usually empty.',
);

export const fingerprints = Type.Object(
  { sha1: text('SHA-1 of the DER.'), sha256: text('SHA-256 of the DER.') },
  { ...STRICT, description: 'Capital hexadecimal with colons.' },
);

/** The most important extensions. An absent extension is an absent member. */
export const summary = {
  is_ca: Type.Boolean({ description: 'cA of basicConstraints.' }),
  path_length: Type.Optional(Type.Integer({ minimum: 0, description: 'pathLenConstraint.' })),
  san: Type.Array(Type.String(), { description: 'Subject alternative names with their OpenSSL prefixes.' }),
  key_usage: Type.Optional(Type.Array(Type.String(), { description: 'Bits of keyUsage.' })),
  extended_key_usage: Type.Optional(Type.Array(Type.String(), { description: 'Purposes of extKeyUsage.' })),
  subject_key_identifier: Type.Optional(text('Capital hexadecimal with colons.')),
  authority_key_identifier: Type.Optional(text('Capital hexadecimal with colons.')),
};

export const signatureParameters = Type.Optional(
  Type.Array(Type.String(), {
    description: 'Parameters of the signature algorithm, such as hash and salt length of RSASSA-PSS.',
  }),
);

export const describedSizes = {
  pem: octets('Length of the PEM text'),
  public_key: octets('Length of the public key without its SubjectPublicKeyInfo'),
  signature: octets('Length of the signature'),
};

export const CertificateDescription = component(
  'CertificateDescription',
  Type.Object(
    {
      version: Type.Integer({ description: 'X.509 version: 3 for v3.' }),
      serial_number: text('Capital hexadecimal.'),
      subject: text('OpenSSL one-line form.'),
      issuer: text('OpenSSL one-line form.'),
      issuer_unique_id: Type.Optional(text('issuerUniqueID; capital hexadecimal with colons.')),
      subject_unique_id: Type.Optional(text('subjectUniqueID; capital hexadecimal with colons.')),
      not_before: moment('Start of validity; null for a time that cannot be read.'),
      not_after: moment('Last second of validity; null for a time that cannot be read.'),
      self_issued: Type.Boolean({ description: 'Whether issuer and subject are the same name.' }),
      signature_valid: nullable(
        Type.Boolean({
          description:
            'Whether the signature of a self-issued certificate verifies with its own key; null for other certificates, and for unsupported algorithms and keys.',
        }),
      ),
      signature_algorithm: text('Algorithm of the signature.'),
      signature_parameters: signatureParameters,
      public_key: publicKey,
      ...summary,
      extensions: describedExtensions('All extensions, in the order of the certificate.'),
      fingerprints,
      sizes: Type.Object(
        {
          certificate: octets('Length of the DER'),
          ...describedSizes,
          chain: octets('Length of the DER; a chain has other certificates too'),
          url_encoded_pem: octets(
            'Length of the percent-encoded PEM text, as proxies send it in a header field',
          ),
        },
        STRICT,
      ),
      warnings,
      notes,
      findings: whatIsWrong,
    },
    {
      ...STRICT,
      description: 'The fields of a certificate.',
      examples: [{ ...CERTIFICATE_DESCRIPTION, notes: [], findings: [] }],
    },
  ),
);

export const RequestDescription = component(
  'CsrDescription',
  Type.Object(
    {
      version: Type.Integer({ description: 'PKCS #10 version: 1.' }),
      subject: text('OpenSSL one-line form.'),
      signature_valid: nullable(
        Type.Boolean({
          description:
            'Whether the signature of the request verifies with its own key; null for unsupported algorithms and keys.',
        }),
      ),
      signature_algorithm: text('Algorithm of the signature.'),
      signature_parameters: signatureParameters,
      public_key: publicKey,
      ...summary,
      attributes: Type.Array(Type.String(), {
        description: 'Types of the attributes, by name or object identifier, without their values.',
      }),
      attribute_values: Type.Array(
        Type.Object(
          {
            oid: text('Object identifier.'),
            name: text('Name, or the object identifier of an unknown attribute.'),
            value: Type.Array(Type.String(), {
              description: 'Readable lines. Passwords, such as a challenge password, are not shown.',
            }),
          },
          STRICT,
        ),
        { description: 'The attributes with their values, in the order of the request.' },
      ),
      requested_extensions: describedExtensions('All requested extensions, in the order of the request.'),
      fingerprints,
      sizes: Type.Object({ csr: octets('Length of the DER'), ...describedSizes }, STRICT),
      notes,
      findings: whatIsWrong,
    },
    {
      ...STRICT,
      description: 'The fields of a certificate signing request.',
      examples: [{ ...CSR_DESCRIPTION, notes: [], findings: [] }],
    },
  ),
);
