import * as asn1js from 'asn1js';
import * as fc from 'fast-check';
import * as pkijs from 'pkijs';
import t from 'tap';
import { encodeExtensions } from '../../src/ca/certificate-extensions.ts';
import { CA, END_ENTITY } from '../../src/ca/profile.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import * as der from '../../src/formats/der/writer.ts';
import { encodeSigned, encodeTbsCertificate } from '../../src/x509/certificate-writer.ts';
import { encodeDistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import type { GeneralName } from '../../src/x509/names/general-name-encoding.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { pkijsCertificate } from '../support/pkijs-certificate.ts';
import { anyName } from './names/names.ts';

/** The same AlgorithmIdentifier for both writers. */
interface Algorithm {
  readonly der: Uint8Array;
  readonly pkijs: pkijs.AlgorithmIdentifier;
}

const bare = (oid: string): Algorithm => ({
  der: encodeAlgorithmIdentifier(oid),
  pkijs: new pkijs.AlgorithmIdentifier({ algorithmId: oid }),
});

const withParameters = (oid: string, parameters: Uint8Array, block: asn1js.BaseBlock): Algorithm => ({
  der: encodeAlgorithmIdentifier(oid, checkDer(parameters)),
  pkijs: new pkijs.AlgorithmIdentifier({ algorithmId: oid, algorithmParams: block }),
});

/** Of keys, with the lengths that the bits of a key have, and of signatures. */
const ALGORITHMS = [
  { key: bare('2.16.840.1.101.3.4.3.17'), length: 1312, signature: bare('2.16.840.1.101.3.4.3.17') },
  { key: bare('2.16.840.1.101.3.4.3.19'), length: 2592, signature: bare('2.16.840.1.101.3.4.3.19') },
  {
    key: withParameters('1.2.840.113549.1.1.1', der.nullValue(), new asn1js.Null()),
    length: 270,
    signature: withParameters('1.2.840.113549.1.1.11', der.nullValue(), new asn1js.Null()),
  },
  {
    key: withParameters(
      '1.2.840.10045.2.1',
      der.objectIdentifier('1.2.840.10045.3.1.7'),
      new asn1js.ObjectIdentifier({ value: '1.2.840.10045.3.1.7' }),
    ),
    length: 65,
    signature: bare('1.2.840.10045.4.3.2'),
  },
  { key: bare('1.3.101.112'), length: 32, signature: bare('1.3.101.112') },
];

const octets = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 });
const namedName = anyName.filter((name) => name.length > 0);

const oid = fc
  .tuple(fc.constantFrom('1.3', '2.5', '2.999', '0.9'), fc.array(fc.nat(), { minLength: 1, maxLength: 5 }))
  .map(([head, arcs]) => [head, ...arcs].join('.'));

const generalName: fc.Arbitrary<GeneralName> = fc.oneof(
  fc
    .tuple(fc.constantFrom('DNS', 'email', 'URI'), ascii)
    .map(([kind, value]): GeneralName => ({ kind, value })),
  fc.oneof(octets(4), octets(16)).map((address): GeneralName => ({ kind: 'IP', octets: address })),
  oid.map((value): GeneralName => ({ kind: 'RID', value })),
  namedName.map((name): GeneralName => ({ kind: 'dirName', name })),
);

/** Times of whole seconds, crowded about the end of UTCTime. */
const date = fc
  .oneof(
    fc.integer({ min: Date.UTC(1990) / 1000, max: Date.UTC(2120) / 1000 }),
    fc.integer({ min: Date.UTC(2050) / 1000 - 3, max: Date.UTC(2050) / 1000 + 3 }),
  )
  .map((seconds) => new Date(seconds * 1000));

const profile = fc.oneof(
  fc.constant({ isCa: false, pathLength: undefined }),
  fc.record({ isCa: fc.constant(true), pathLength: fc.option(fc.nat(300), { nil: undefined }) }),
);

/** Positive and minimal. */
const serialNumber = fc
  .tuple(fc.integer({ min: 1, max: 0x7f }), octets(0, 19))
  .map(([first, rest]) => Uint8Array.of(first, ...rest));

const anyModel = fc.constantFrom(...ALGORITHMS).chain(({ key, length, signature }) =>
  fc.record({
    algorithms: fc.constant({ key, signature }),
    keyBits: octets(length),
    signature: octets(64, 300),
    serialNumber,
    issuer: namedName,
    subject: anyName,
    validity: fc.record({ notBefore: date, notAfter: date }),
    profile,
    subjectKeyIdentifier: octets(20),
    authorityKeyIdentifier: octets(1, 33),
    san: fc.array(generalName, { maxLength: 6 }),
  }),
);

type AnyModel = typeof anyModel extends fc.Arbitrary<infer T> ? T : never;

function writtenByUs({
  algorithms: { key, signature: algorithm },
  profile,
  ...content
}: AnyModel): Uint8Array {
  const tbs = encodeTbsCertificate({
    serialNumber: content.serialNumber,
    signatureAlgorithm: algorithm.der,
    issuer: encodeDistinguishedName(content.issuer),
    validity: content.validity,
    subject: encodeDistinguishedName(content.subject),
    subjectPublicKeyInfo: der.sequence(key.der, der.bitString(content.keyBits)),
    extensions: encodeExtensions(profile.isCa ? CA : END_ENTITY, {
      pathLength: profile.pathLength,
      subjectKeyIdentifier: content.subjectKeyIdentifier,
      authorityKeyIdentifier: content.authorityKeyIdentifier,
      subjectAltNames: content.san,
      subjectIsEmpty: content.subject.length === 0,
    }),
  });
  return encodeSigned(tbs, algorithm.der, content.signature);
}

const builtByPkijs = ({ algorithms: { key, signature }, profile, ...content }: AnyModel): Uint8Array =>
  pkijsCertificate({
    ...content,
    ...profile,
    signatureAlgorithm: signature.pkijs,
    keyAlgorithm: key.pkijs,
  });

t.test('an encoded certificate is octet for octet the one that pkijs builds', async (t) => {
  const areEqual = (model: AnyModel): boolean => same(writtenByUs(model), builtByPkijs(model));
  t.doesNotThrow(() => fc.assert(fc.property(anyModel, areEqual), { numRuns: 300 }));
});
