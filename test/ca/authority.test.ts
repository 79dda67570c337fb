/**
 * The rules for CA certificates and keys that may sign. Each rule has certificates that it accepts and that it refuses.
 */

import t from 'tap';
import { octetString, sequence, unsignedInteger } from '../../src/formats/der/writer.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import {
  craftCertificate,
  craftRequest,
  extension,
  name,
  octets,
  validity,
  type CertificateParts,
} from '../support/crafted.ts';
import { certificatePem, issuerOver, keyPem, pem, requestPem } from '../support/domain.ts';
import { openSigning } from './signing.ts';

const { domain, caKey: key, sign, countSignatures } = await openSigning(t);
const { keys, issuer } = domain;
const other = await keys.generate('ml-dsa-44');
const csr = requestPem(await craftRequest(other));

/** Parts with other extensions, by name. An undefined extension is left out. */
const having = (extensions: CertificateParts['extensions']): CertificateParts => ({ extensions });
const bare = having({ basicConstraints: undefined, keyUsage: undefined, subjectKeyIdentifier: undefined });

const basicConstraints = (value: string) => having({ basicConstraints: extension('2.5.29.19', true, value) });
const keyUsage = (value: string) => having({ keyUsage: extension('2.5.29.15', true, value) });
const extendedKeyUsage = (...purposes: string[]) =>
  having({ extendedKeyUsage: extension('2.5.29.37', false, sequence(...purposes.map(octets))) });
const nameConstraints = (value: string) => having({ nameConstraints: extension('2.5.29.30', true, value) });
const subjectKeyIdentifier = (value: string) =>
  having({ subjectKeyIdentifier: extension('2.5.29.14', false, value) });

const SERVER = '06 08 2b 06 01 05 05 07 03 01';
const CLIENT = '06 08 2b 06 01 05 05 07 03 02';
const CODE_SIGNING = '06 08 2b 06 01 05 05 07 03 03';
const ANY = '06 04 55 1d 25 00';

type Fault = readonly [parts: CertificateParts, message: RegExp, code?: string];

const RULES: Readonly<Record<string, { good: readonly CertificateParts[]; bad: readonly Fault[] }>> = {
  'it is version 3': {
    good: [{}, { beforeExtensions: [octets('81 02 00 01'), octets('82 02 00 01')] }],
    bad: [
      [{ version: 1, ...bare }, /is X\.509 version 1; it must be version 3/],
      [{ version: 2, ...bare }, /is X\.509 version 2; it must be version 3/],
      [{ version: 2 }, /extensions must be absent from a version 1 or 2/, 'invalid-certificate'],
      [{ version: 4 }, /version must be absent \(v1\), 1 \(v2\) or 2 \(v3\)/, 'invalid-certificate'],
      [
        { version: 1, ...bare, beforeExtensions: [octets('81 02 00 01')] },
        /must be absent from a version 1/,
        'invalid-certificate',
      ],
    ],
  },
  'its basicConstraints has cA TRUE': {
    good: [
      basicConstraints('30 03 01 01 ff'),
      basicConstraints('30 06 01 01 ff 02 01 00'),
      having({ basicConstraints: extension('2.5.29.19', false, '30 03 01 01 ff') }),
    ],
    bad: [
      [having({ basicConstraints: undefined }), /is not a CA certificate/],
      [basicConstraints('30 00'), /is not a CA certificate/],
      [basicConstraints('30 03 01 01 00'), /cA must be absent when it is FALSE/, 'invalid-extension'],
      [
        basicConstraints('30 03 02 01 00'),
        /pathLenConstraint must be absent when cA is FALSE/,
        'invalid-extension',
      ],
      [
        basicConstraints('30 06 01 01 ff 02 01 ff'),
        /pathLenConstraint must be an INTEGER from 0/,
        'invalid-extension',
      ],
      [basicConstraints('30 05 01 01 ff 05 00'), /pathLenConstraint must have the tag/, 'invalid-extension'],
      [basicConstraints('30 03 01 01 01'), /BOOLEAN is neither 00 nor FF/, 'invalid-extension'],
    ],
  },
  'its keyUsage has keyCertSign': {
    good: [keyUsage('03 02 02 04'), keyUsage('03 02 01 86')],
    bad: [
      [having({ keyUsage: undefined }), /its keyUsage needs keyCertSign/],
      [keyUsage('03 02 01 82'), /its keyUsage needs keyCertSign/],
      [keyUsage('03 01 00'), /at least one bit/, 'invalid-extension'],
      [keyUsage('03 02 00 06'), /without trailing zero bits/, 'invalid-extension'],
      [keyUsage('04 02 01 06'), /must be a BIT STRING/, 'invalid-extension'],
    ],
  },
  'its extendedKeyUsage, if any, allows a purpose of the new certificate': {
    good: [
      extendedKeyUsage(SERVER, CLIENT),
      extendedKeyUsage(ANY),
      extendedKeyUsage(CODE_SIGNING, CLIENT, SERVER),
      extendedKeyUsage(SERVER),
    ],
    bad: [
      [extendedKeyUsage(CODE_SIGNING), /extendedKeyUsage of the CA certificate limits it/],
      [extendedKeyUsage(), /KeyPurposeId is missing/, 'invalid-extension'],
      [extendedKeyUsage(SERVER, SERVER), /each purpose once/, 'invalid-extension'],
    ],
  },
  'it is valid at this time': {
    good: [
      { validity: validity('2027-01-01T12:00:00Z', '2030-01-01T00:00:00Z') },
      { validity: validity('1950-01-01T00:00:00Z', '9999-12-31T23:59:59Z') },
    ],
    bad: [
      [
        { validity: validity('2027-01-01T12:00:01Z', '2030-01-01T00:00:00Z') },
        /is not valid before 2027-01-01/,
      ],
      [{ validity: validity('2020-01-01T00:00:00Z', '2027-01-01T11:59:59Z') }, /expired at 2027-01-01/],
      [
        { validity: validity('2030-01-01T00:00:00Z', '2020-01-01T00:00:00Z') },
        /notAfter is before notBefore/,
        'invalid-certificate',
      ],
    ],
  },
  'it has a subject': {
    good: [{ subject: name('a', 'b') }],
    bad: [
      [{ subject: name() }, /has an empty subject/],
      [{ subject: sequence(octets('31 00')) }, /AttributeTypeAndValue is missing/, 'invalid-subject'],
    ],
  },
  'all its critical extensions are supported': {
    good: [
      having({ unknown: extension('1.2.3.4', false, '05 00') }),
      having({ policies: extension('2.5.29.32', true, '30 08 30 06 06 04 55 1d 20 00') }),
      having({ policyConstraints: extension('2.5.29.36', true, '30 03 80 01 05') }),
      having({ inhibitAnyPolicy: extension('2.5.29.54', true, '02 01 05') }),
    ],
    bad: [
      [having({ unknown: extension('1.2.3.4', true, '05 00') }), /does not know: 1\.2\.3\.4/],
      [having({ points: extension('2.5.29.31', true, '30 00') }), /does not know: cRLDistributionPoints/],
    ],
  },
  'each extension is present once and is DER': {
    good: [subjectKeyIdentifier('04 01 00')],
    bad: [
      [
        having({ twice: extension('2.5.29.15', true, '03 02 01 06') }),
        /^The extension keyUsage \(2\.5\.29\.15\) must not occur twice$/,
        'invalid-certificate',
      ],
      [subjectKeyIdentifier('04 00'), /not empty/, 'invalid-extension'],
      [subjectKeyIdentifier('04 01 00 00'), /1 octets follow the value/, 'invalid-extension'],
      [bare, /its keyUsage needs keyCertSign/],
      [
        { ...bare, afterExtensions: [octets('a3 02 30 00')] },
        /empty list must be absent/,
        'invalid-certificate',
      ],
    ],
  },
  'its nameConstraints are supported': {
    good: [nameConstraints('30 0c a1 0a 30 08 82 06 78 2e 74 65 73 74')],
    bad: [
      [nameConstraints('30 00'), /must have permittedSubtrees or excludedSubtrees/, 'invalid-extension'],
      [nameConstraints('30 02 a0 00'), /empty list must be absent/, 'invalid-extension'],
      // minimum 1, and a maximum
      [nameConstraints('30 0a a0 08 30 06 82 01 61 80 01 01'), /unexpected member/, 'invalid-extension'],
      [nameConstraints('30 0a a0 08 30 06 82 01 61 81 01 01'), /unexpected member/, 'invalid-extension'],
      [nameConstraints('30 07 a0 05 30 03 82 01 ff'), /not ASCII/, 'invalid-extension'],
      [
        nameConstraints('30 0a a0 08 30 06 87 04 c0 00 02 00'),
        /must have 8 or 32 octets/,
        'invalid-extension',
      ],
      [nameConstraints('30 05 a2 03 82 01 61'), /unexpected member/, 'invalid-extension'],
    ],
  },
  'its signature algorithm is the same inside and outside the TBS': {
    good: [{ signatureAlgorithm: key.signatureAlgorithm }],
    bad: [
      [{ signatureAlgorithm: other.signatureAlgorithm }, /differs from the one in /, 'invalid-certificate'],
      [{ signature: other.signatureAlgorithm }, /differs from the one in /, 'invalid-certificate'],
    ],
  },
  'it has no other members': {
    good: [{ serialNumber: unsignedInteger(0) }],
    bad: [
      [
        { afterExtensions: [octets('05 00')] },
        /TBSCertificate has an unexpected member after the last one/,
        'invalid-certificate',
      ],
      [{ serialNumber: octets('04 01 01') }, /serialNumber must have the tag 02/, 'invalid-certificate'],
    ],
  },
};

for (const [rule, { good, bad }] of Object.entries(RULES)) {
  t.test(`a CA certificate may sign if ${rule}`, async (t) => {
    for (const ca of good) await t.resolves(sign({ ca }));
    t.equal(countSignatures(), good.length);
    for (const [ca, message, code = 'unsuitable-issuer'] of bad)
      await t.rejects(sign({ ca }), { name: 'PkiError', code, message, pointer: '/ca_certificate' });
    t.equal(countSignatures(), 0, 'nothing is signed after a refusal');
  });
}

t.test('the private key must belong to the certificate, and is destroyed before the reply', async (t) => {
  const imported: PrivateKey[] = [];
  const watched: Keys = {
    ...keys,
    async importPrivateKey(pkcs8) {
      const signer = await keys.importPrivateKey(pkcs8);
      imported.push(signer);
      return signer;
    },
  };
  const caCertificate = certificatePem(await craftCertificate(key));
  const sign = (text: string) => {
    const caPrivateKey = Buffer.from(text);
    return issuerOver(watched).signCsr({
      csr,
      caCertificate,
      caPrivateKey,
      days: 30,
      isCa: false,
    });
  };
  await t.resolves(sign(await keyPem(key)));
  const pointer = '/ca_private_key';
  for (const [name, text, code] of [
    ['of another key', await keyPem(await keys.generate('ml-dsa-65')), 'key-mismatch'],
    ['of another parameter set', await keyPem(other), 'key-mismatch'],
    ['of another family', await keyPem(await keys.generate('ed25519')), 'key-mismatch'],
    ['public', pem('PUBLIC KEY', key.publicKey.spki), 'invalid-encoding'],
    ['a certificate', caCertificate, 'invalid-encoding'],
    ['nothing', '', 'invalid-encoding'],
  ] as const) {
    await t.rejects(sign(text), { code, pointer }, name);
  }
  t.equal(imported.length, 4);
  for (const signer of imported) await t.rejects(signer.exportPkcs8(), /destroyed/);
});

t.test('an input that is not a certificate is rejected with the name of its kind', async (t) => {
  const text = await keyPem(key);
  const caPrivateKey = Buffer.from(text);
  const sign = (caCertificate: string) =>
    issuer.signCsr({ csr, caCertificate, caPrivateKey, days: 30, isCa: false });
  const pointer = '/ca_certificate';
  await t.rejects(sign(csr), { code: 'invalid-encoding', message: /got CERTIFICATE REQUEST/, pointer });
  await t.rejects(sign(text), { code: 'invalid-encoding', message: /got PRIVATE KEY/, pointer });
  const beside = certificatePem(await craftCertificate(key)) + text;
  await t.rejects(sign(beside), { code: 'invalid-encoding', message: /got PRIVATE KEY/, pointer });
  const inner = certificatePem(octetString(await craftCertificate(key)));
  await t.rejects(sign(inner), { code: 'invalid-encoding', pointer });
});
