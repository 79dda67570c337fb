/** Several certificates in one text. OpenSSL writes the PKCS #7. */

import t from 'tap';
import { MAX_CERTIFICATES, readCertificateBundle } from '../../src/formats/certificate-bundle.ts';
import type { Der } from '../../src/formats/der/header.ts';
import { elementOf } from '../../src/formats/der/reader.ts';
import * as der from '../../src/formats/der/writer.ts';
import { createReading } from '../../src/formats/reading.ts';
import { craftMember } from '../ca/hierarchy.ts';
import { craftRequest } from '../support/crafted.ts';
import { keyPem, openDomain, pem, requestPem } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);
const [a, b, c] = [await member('A'), await member('B'), await member('C')];
const request = requestPem(await craftRequest(a.key));
const key = await keyPem(a.key);

const base64 = (octets: Uint8Array | string): string => Buffer.from(octets).toString('base64');
const decoded = (text: string): string[] =>
  readCertificateBundle(text).map(({ der: octets }) => base64(octets));
const ders = [a, b, c].map((one) => base64(one.der));

const openssled = async (args: string, files: Record<string, string>): Promise<Buffer> => {
  const { code, stdout, stderr } = await openssl(args.split(' '), { files });
  if (code !== 0) throw new Error(stderr);
  return stdout;
};

t.test('PEM blocks, with other text around them, and base64 of them', (t) => {
  const text = `subject=A\n${a.pem}\r\n${b.pem}Bag Attributes\n${c.pem}`;
  t.same(decoded(text), ders);
  t.same(decoded(base64(text)), ders);
  t.same(decoded(a.pem), ders.slice(0, 1));
  t.same(decoded(base64(a.der)), ders.slice(0, 1));
  t.same(decoded(a.pem.repeat(2)), [ders[0], ders[0]], 'twice');
  t.end();
});

t.test(
  'PKCS #7 that OpenSSL writes, under each of its labels, and as DER',
  { skip: opensslMissing },
  async (t) => {
    const args = 'crl2pkcs7 -nocrl -certfile a -certfile bc';
    const files = { a: a.pem, bc: b.pem + c.pem };
    const text = (await openssled(args, files)).toString();
    const binary = await openssled(`${args} -outform DER`, files);
    t.match(text, '-----BEGIN PKCS7-----');
    for (const label of ['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA'])
      t.same(decoded(text.replaceAll('PKCS7', label)).toSorted(), ders.toSorted(), label);
    t.same(decoded(base64(text)).toSorted(), ders.toSorted(), 'base64 of PEM');
    t.same(decoded(base64(binary)).toSorted(), ders.toSorted(), 'base64 of DER');
    const both = await openssled('crl2pkcs7 -nocrl -certfile bc', files);
    t.same(decoded(a.pem + both.toString()).toSorted(), ders.toSorted(), 'beside a certificate');
  },
);

const refused = (text: string, message: RegExp, code = 'invalid-encoding'): void =>
  void t.throws(() => readCertificateBundle(text), { name: 'PkiError', code, message });

t.test('the number of certificates is limited', { skip: opensslMissing }, async () => {
  t.equal(decoded(a.pem.repeat(MAX_CERTIFICATES)).length, MAX_CERTIFICATES);
  refused(a.pem.repeat(MAX_CERTIFICATES + 1), /^Expected at most 10 certificates, got 11$/);
  const many = await Promise.all(Array.from({ length: 11 }, (_, i) => member(`M${i}`)));
  const file = many.map((one) => one.pem).join('');
  const pkcs7 = await openssled('crl2pkcs7 -nocrl -certfile all', { all: file });
  refused(pkcs7.toString(), /at most 10 certificates, got 11$/);
});

t.test('what is not a certificate is refused by name', async () => {
  refused(a.pem + key, /^Expected CERTIFICATE, got PRIVATE KEY$/);
  refused(request + a.pem, /^Expected CERTIFICATE, got CERTIFICATE REQUEST$/);
  refused(request, /^Expected CERTIFICATE, got CERTIFICATE REQUEST$/);
  refused(
    pem('CERTIFICATE', Buffer.from(request.split('\n').slice(1, -2).join(''), 'base64')),
    /got CERTIFICATE REQUEST/,
  );
  refused('', /contains neither PEM nor DER of a CERTIFICATE/);
  refused('-----', /must have a line "-----BEGIN CERTIFICATE-----"/);
  refused(base64('text'), /contains neither PEM nor DER/);
  refused(base64(a.der.subarray(0, -1)), /./, 'invalid-der');
  refused(a.pem + b.pem.slice(0, 100), /END CERTIFICATE/);
});

/** A ContentInfo around members of a SignedData that replace the usual ones. */
function pkcs7(parts: {
  type?: string;
  certificates?: Uint8Array[];
  signerInfos?: Uint8Array[];
  after?: Uint8Array[];
}) {
  const { type = '1.2.840.113549.1.7.2', certificates = [der.contextConstructed(0, a.der)] } = parts;
  return pem(
    'PKCS7',
    der.sequence(
      der.objectIdentifier(type),
      der.contextConstructed(
        0,
        der.sequence(
          der.unsignedInteger(1),
          der.setOf(),
          der.sequence(der.objectIdentifier('1.2.840.113549.1.7.1')),
          ...certificates,
          der.setOf(...(parts.signerInfos ?? [])),
          ...(parts.after ?? []),
        ),
      ),
    ),
  );
}

t.test('PKCS #7 has certificates and nothing else', { skip: opensslMissing }, async (t) => {
  t.same(decoded(pkcs7({})), [ders[0]]);
  refused(pkcs7({ certificates: [] }), /contains no certificate/);
  refused(pkcs7({ certificates: [der.contextConstructed(0)] }), /contains no certificate/);
  refused(pkcs7({ type: '1.2.840.113549.1.7.3' }), /contentType must be signedData/);
  refused(pkcs7({ signerInfos: [der.sequence()] }), /signerInfos must be empty/);
  refused(pkcs7({ after: [der.nullValue()] }), /unexpected member after the last one/);
  // An attribute certificate
  refused(
    pkcs7({ certificates: [der.contextConstructed(0, der.contextConstructed(2, a.der))] }),
    /must have the tag 30/,
  );
  const inner = Buffer.from(request.split('\n').slice(1, -2).join(''), 'base64');
  refused(pkcs7({ certificates: [der.contextConstructed(0, inner)] }), /got CERTIFICATE REQUEST/);
  const signed = await openssled('cms -sign -signer a -inkey key -outform PEM -nodetach -md sha512', {
    a: a.pem,
    key,
  });
  refused(signed.toString(), /signerInfos must be empty/);
});

t.test('PKCS #7 may be BER, but not the certificates inside', { skip: opensslMissing }, async (t) => {
  const reading = createReading({ isStrict: false });
  const indefinite = (text: string): string => {
    const whole = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64');
    const { contents } = elementOf(whole as unknown as Der);
    return base64(Buffer.concat([Buffer.from([0x30, 0x80]), contents, Buffer.from([0, 0])]));
  };
  const text = indefinite(pkcs7({}));
  refused(text, /./, 'invalid-der');
  t.same(
    readCertificateBundle(text, reading).map(({ received }) => base64(received)),
    ders.slice(0, 1),
  );
  t.same(
    reading.notes.map(({ code }) => code),
    ['ber-length'],
  );
  const ber = Buffer.concat([
    Buffer.from([0x30, 0x80]),
    elementOf(a.der as unknown as Der).contents,
    Buffer.from([0, 0]),
  ]);
  const inside = base64(
    Buffer.from(
      pkcs7({ certificates: [der.contextConstructed(0, ber)] })
        .split('\n')
        .slice(1, -2)
        .join(''),
      'base64',
    ),
  );
  t.throws(() => readCertificateBundle(inside, reading), {
    code: 'invalid-encoding',
    message: 'A certificate inside the PKCS #7 file is not DER',
  });
});
