/** Every fault in the encoding of a request is refused as such, and none of them is taken for a bug. */

import t from 'tap';
import type { Der } from '../../src/formats/der/header.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import * as der from '../../src/formats/der/writer.ts';
import { PkiError } from '../../src/base/errors.ts';
import { flipBit } from '../algorithms/ml-dsa/octets.ts';
import { openSigning } from '../ca/signing.ts';
import {
  attribute,
  attributesField,
  craftCertificate,
  craftRequest,
  extension,
  extensionRequest,
  name,
  octets,
  type RequestParts,
} from '../support/crafted.ts';
import { authority, requestPem } from '../support/domain.ts';

const { domain, caKey, leafKey, sign } = await openSigning(t);
const { keys, issuer } = domain;

const EMPTY = octets('a0 00');
const password = (text: string): Uint8Array => attribute('1.2.840.113549.1.9.7', der.utf8String(text));
const unstructuredName = (...texts: string[]): Uint8Array =>
  attribute('1.2.840.113549.1.9.2', ...texts.map(der.utf8String));
const san = extension('2.5.29.17', false, '30 03 82 01 61');
const attributes = (...members: Uint8Array[]): RequestParts => ({
  attributes: [attributesField(...members)],
});
const extensions = (...members: Uint8Array[]): RequestParts => ({ extensions: members });

/** An Attribute whose SET has its members as they are given. */
const unsorted = (oid: string, ...values: Uint8Array[]): Uint8Array =>
  der.sequence(der.objectIdentifier(oid), der.tlv(der.TAG.set, ...values));

const OID_44 = '2.16.840.1.101.3.4.3.17';
const { bits, spki } = leafKey.publicKey;
const keyInfo = (algorithm: Uint8Array, keyBits = bits): RequestParts => ({
  subjectPublicKeyInfo: der.sequence(algorithm, der.bitString(keyBits)),
});
const signatureAlgorithm = (oid: string, parameters?: Der): RequestParts => ({
  signatureAlgorithm: encodeAlgorithmIdentifier(oid, parameters),
});

type Fault = readonly [parts: RequestParts, code: string, message: RegExp];

const RULES: Readonly<Record<string, { good: readonly RequestParts[]; bad: readonly Fault[] }>> = {
  'the version is 0': {
    good: [{ version: octets('02 01 00') }],
    bad: [
      [{ version: octets('02 01 01') }, 'invalid-csr', /version must be 0/],
      [{ version: octets('02 01 ff') }, 'invalid-csr', /version must be an INTEGER from 0/],
      [{ version: octets('02 02 00 00') }, 'invalid-der', /not in its shortest form/],
      [{ version: new Uint8Array() }, 'invalid-csr', /version must have the tag 02/],
    ],
  },
  'attributes are there, each type once, in the order of DER': {
    good: [
      { attributes: [EMPTY] },
      attributes(password('a')),
      attributes(password('a'), extensionRequest(san)),
      attributes(unstructuredName('a', 'b')),
    ],
    bad: [
      [{ attributes: [] }, 'invalid-csr', /attributes is missing/],
      [{ attributes: [octets('31 00')] }, 'invalid-csr', /attributes must have the tag A0/],
      [{ attributes: [EMPTY, octets('05 00')] }, 'invalid-csr', /unexpected member/],
      [{ attributes: [EMPTY, EMPTY] }, 'invalid-csr', /unexpected member/],
      [attributes(password('a'), password('b')), 'invalid-csr', /challengePassword .* must not occur twice/],
      [attributes(extensionRequest(san), password('a')), 'invalid-csr', /in the ascending order/],
      [attributes(der.sequence(octets('31 00'))), 'invalid-csr', /type must have the tag 06/],
      [attributes(unsorted('1.2.840.113549.1.9.7')), 'invalid-csr', /values must not be empty/],
      [
        attributes(unsorted('1.2.840.113549.1.9.2', der.utf8String('b'), der.utf8String('a'))),
        'invalid-der',
        /not in ascending order/,
      ],
    ],
  },
  'extensions are asked for in one list, each once': {
    good: [extensions(san), extensions(san, extension('1.2.3.4', true, '05 00'))],
    bad: [
      [attributes(extensionRequest(san), extensionRequest(san)), 'invalid-csr', /must not occur twice/],
      [extensions(san, san), 'invalid-csr', /subjectAltName \(2\.5\.29\.17\) must not occur twice/],
      [attributes(extensionRequest()), 'invalid-csr', /an empty list must be absent/],
      [
        attributes(attribute('1.2.840.113549.1.9.14', der.sequence(san), der.sequence(san, san))),
        'invalid-csr',
        /unexpected member/,
      ],
      [attributes(attribute('1.2.840.113549.1.9.14', octets('05 00'))), 'invalid-csr', /tag 30/],
      [
        extensions(der.sequence(der.objectIdentifier('1.2.3'), der.boolean(false), octets('04 02 05 00'))),
        'invalid-csr',
        /critical must be absent when it is FALSE/,
      ],
      [
        extensions(der.sequence(der.objectIdentifier('1.2.3'), octets('04 02 05 00 05 00'))),
        'invalid-csr',
        /unexpected member/,
      ],
    ],
  },
  'values of extensions are DER of their structure': {
    good: [
      extensions(extension('2.5.29.15', true, '03 02 07 80')),
      extensions(extension('2.5.29.19', true, '30 06 01 01 ff 02 01 00')),
      extensions(
        extension('2.5.29.37', false, '30 12 06 10 69 83 f2 c5 9b bf d6 d9 91 a9 c6 a6 b2 d6 9e 76'),
      ),
      extensions(extension('2.5.29.35', false, '30 0d 80 01 01 a1 05 82 03 61 2e 62 82 01 05')),
    ],
    bad: [
      [
        extensions(extension('1.2.3', false, '05 00 00')),
        'invalid-extension',
        /1\.2\.3 is not valid DER.*octets follow/,
      ],
      [extensions(extension('1.2.3', false, '30 80 00 00')), 'invalid-extension', /length is indefinite/],
      [extensions(extension('1.2.3', false, '04 81 01 00')), 'invalid-extension', /shortest form/],
      [extensions(extension('1.2.3', false, '')), 'invalid-extension', /a value is missing/],
      [extensions(extension('2.5.29.15', true, '03 01 00')), 'invalid-extension', /at least one bit/],
      [
        extensions(extension('2.5.29.15', true, '03 02 06 80')),
        'invalid-extension',
        /without trailing zero bits/,
      ],
      [extensions(extension('2.5.29.19', true, '30 03 02 01 00')), 'invalid-extension', /when cA is FALSE/],
      [extensions(extension('2.5.29.37', false, '30 00')), 'invalid-extension', /KeyPurposeId is missing/],
      [extensions(extension('2.5.29.14', false, '30 00')), 'invalid-extension', /must be an OCTET STRING/],
      [extensions(extension('2.5.29.35', false, '30 03 82 01 05')), 'invalid-extension', /together/],
      [extensions(extension('2.5.29.30', false, '30 00')), 'invalid-extension', /permittedSubtrees/],
      [extensions(extension('2.5.29.17', false, '30 00')), 'invalid-san', /GeneralName is missing/],
    ],
  },
  'the algorithm is that of the key, without parameters': {
    good: [signatureAlgorithm(OID_44), keyInfo(encodeAlgorithmIdentifier(OID_44))],
    bad: [
      [signatureAlgorithm(OID_44, der.nullValue()), 'unsupported-algorithm', /parameters .* must be absent/],
      [signatureAlgorithm(OID_44.replace(/17$/, '18')), 'proof-of-possession-failed', /not signed by/],
      [signatureAlgorithm('1.3.101.112'), 'proof-of-possession-failed', /not signed by/],
      [signatureAlgorithm(OID_44.replace(/17$/, '32')), 'unsupported-algorithm', /HashML-DSA-44/],
      [signatureAlgorithm('1.3.6.1.4.1.2.267.12.4.4'), 'unsupported-algorithm', /Dilithium/],
      [
        keyInfo(encodeAlgorithmIdentifier(OID_44, der.nullValue())),
        'unsupported-algorithm',
        /parameters .* must be absent/,
      ],
      [
        keyInfo(encodeAlgorithmIdentifier(OID_44.replace(/17$/, '18'))),
        'invalid-public-key',
        /1952 octets, got 1312/,
      ],
      [
        keyInfo(encodeAlgorithmIdentifier(OID_44), bits.subarray(1)),
        'invalid-public-key',
        /1312 octets, got 1311/,
      ],
      [
        keyInfo(encodeAlgorithmIdentifier(OID_44), der.octetString(bits)),
        'invalid-public-key',
        /1312 octets, got 1316/,
      ],
      [{ subjectPublicKeyInfo: caKey.publicKey.spki }, 'proof-of-possession-failed', /not signed by/],
    ],
  },
  'a subject is a Name': {
    good: [{ subject: name('a', 'b') }],
    bad: [
      [
        { subject: der.sequence(octets('30 00')) },
        'invalid-subject',
        /RelativeDistinguishedName must have the tag 31/,
      ],
      [{ subject: der.sequence(octets('31 00')) }, 'invalid-subject', /is missing/],
      [{ subject: octets('31 00') }, 'invalid-csr', /subject must have the tag 30/],
      [{ subject: name(octets('13 01 40')) }, 'invalid-der', /a PrintableString has other characters/],
    ],
  },
  'nothing follows the signature': {
    good: [{}],
    bad: [[{ after: [octets('05 00')] }, 'invalid-csr', /unexpected member/]],
  },
};

for (const [rule, { good, bad }] of Object.entries(RULES)) {
  t.test(`in a request ${rule}`, async (t) => {
    for (const asked of good) await t.resolves(sign({ asked }));
    for (const [asked, code, message] of bad)
      await t.rejects(sign({ asked }), { name: 'PkiError', code, message, pointer: '/csr' });
  });
}

const good = await craftRequest(leafKey, { extensions: [san] });
const ca = await authority(await craftCertificate(caKey), caKey);
const signDer = (octets: Uint8Array) =>
  issuer.signCsr({ csr: Buffer.from(octets).toString('base64'), ...ca, days: 1, isCa: false });

const edited = (edit: (octets: Buffer) => void): Buffer => {
  const copy = Buffer.from(good);
  edit(copy);
  return copy;
};

t.test('a request is one value in DER', async (t) => {
  await t.resolves(signDer(good));
  const [, , high = 0, low = 0] = good;
  const contents = good.subarray(4);
  const faults: [name: string, octets: Uint8Array, message: RegExp][] = [
    ['octets after it', der.concat([good, octets('00')]), /1 octets follow the value/],
    ['another after it', der.concat([good, good]), /octets follow the value/],
    ['indefinite length', der.concat([octets('30 80'), contents, octets('00 00')]), /length is indefinite/],
    ['a longer length', der.concat([Uint8Array.of(0x30, 0x83, 0, high, low), contents]), /leading zeros/],
    ['its last octet is missing', good.subarray(0, -1), /octets, but only/],
    ['a signature with unused bits', edited((copy) => copy.writeUInt8(1, copy.length - 2421)), /BIT STRING/],
  ];
  for (const [fault, octets, message] of faults)
    await t.rejects(signDer(octets), { name: 'PkiError', message, pointer: '/csr' }, fault);
  await t.rejects(signDer(spki), { message: /^Expected CERTIFICATE REQUEST, got PUBLIC KEY$/ });
});

const REFUSED_AT: readonly unknown[] = ['csr', 'request'];

/** Tries to sign all requests. Returns how many were refused with an error at the request. */
async function countRefusals(requests: readonly Uint8Array[]): Promise<number> {
  const outcomes = await Promise.allSettled(requests.map(signDer));
  const errors = outcomes.map((outcome): unknown =>
    outcome.status === 'rejected' ? outcome.reason : outcome,
  );
  const other = errors.find((error) => !(error instanceof PkiError && REFUSED_AT.includes(error.path[0])));
  if (other !== undefined)
    throw new Error('a changed request met something else than its refusal', { cause: other });
  return errors.length;
}

t.test('one flipped bit, wherever it is, makes a request refused', async (t) => {
  for (const algorithm of ['ml-dsa-44', 'rsa-2048', 'ecdsa-p256', 'ed25519'] as const) {
    const { csr } = await issuer.createCsr({ algorithm, subject: '/CN=a/C=US', san: ['a.example'] });
    const first = Array.from({ length: 64 * 8 }, (_, bit) => bit);
    const everyOctet = Array.from(csr, (octet: number, index) => index * 8 + ((index + octet) % 8));
    const bits = [...first, ...everyOctet];
    for (let start = 0; start < bits.length; start += 256) {
      const flipped = bits.slice(start, start + 256).map((bit) => flipBit(csr, bit));
      t.equal(await countRefusals(flipped), flipped.length);
    }
    await t.resolves(issuer.signCsr({ csr: requestPem(csr), ...ca, days: 1, isCa: false }), algorithm);
  }
});

t.test('a request cut short at any octet is refused', async (t) => {
  const lengths = [...Array(200).keys(), ...Array.from({ length: 100 }, (_, i) => good.length - 1 - i)];
  t.equal(await countRefusals(lengths.map((length) => good.subarray(0, length))), lengths.length);
});

t.test('only the key of a request proves that it is possessed', async (t) => {
  const thief = await keys.generate('ml-dsa-44');
  const stolen = await craftRequest(thief, { subjectPublicKeyInfo: spki });
  await t.rejects(signDer(stolen), { code: 'proof-of-possession-failed', pointer: '/csr' });
});
