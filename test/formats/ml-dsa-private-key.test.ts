import { randomBytes } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import * as der from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import { encodeMlDsaPrivateKey, readMlDsaPrivateKey } from '../../src/formats/ml-dsa-private-key.ts';
import { readPrivateKeyInfo } from '../../src/formats/private-key-info.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881 } from './rfc9881.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

const PRIVATE_KEYS = { seed: [54, 54, 54], expanded: [2588, 4060, 4924], both: [2626, 4098, 4962] } as const;

t.test('the private keys of RFC 9881 appendix C.1 are decoded, and encoded to the same octets', async (t) => {
  for (const [form, lengths] of Object.entries(PRIVATE_KEYS))
    for (const [index, parameterSet] of ML_DSA_PARAMETER_SETS.entries()) {
      const octets = rfc9881(`${parameterSet.toUpperCase()}-${form}.priv`);
      t.equal(octets.length, lengths[index], `${form} of ${parameterSet}`);
      const { algorithm, privateKey, publicKey } = readPrivateKeyInfo(checkDer(octets));
      t.ok(same(algorithm, ML_DSA_ALGORITHM[parameterSet]));
      t.equal(publicKey, undefined);
      const key = readMlDsaPrivateKey(privateKey, parameterSet);
      t.equal(key.seed === undefined, form === 'expanded');
      t.equal(key.expandedKey === undefined, form === 'seed');
      if (key.seed !== undefined) t.ok(same(key.seed, SEED));
      t.ok(same(encodeMlDsaPrivateKey(parameterSet, key), octets), 'the same octets');
    }
});

t.test('the forms of a private key begin with the octets of RFC 9881 §6', async (t) => {
  const heads: Record<MlDsaParameterSetName, [string, string]> = {
    'ml-dsa-44': ['04820a00', '30820a26'],
    'ml-dsa-65': ['04820fc0', '30820fe6'],
    'ml-dsa-87': ['04821320', '30821346'],
  };
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    const [expanded, both] = heads[parameterSet];
    const expandedKey = randomBytes(ML_DSA[parameterSet].expandedKeyLength);
    const inside = (key: Parameters<typeof encodeMlDsaPrivateKey>[1]): string =>
      hex(readPrivateKeyInfo(checkDer(encodeMlDsaPrivateKey(parameterSet, key))).privateKey);
    t.equal(inside({ seed: SEED }), `8020${hex(SEED)}`);
    t.equal(inside({ expandedKey }), `${expanded}${hex(expandedKey)}`);
    t.equal(inside({ seed: SEED, expandedKey }), `${both}0420${hex(SEED)}${expanded}${hex(expandedKey)}`);
  }
});

const raw = (length: number): Uint8Array => new Uint8Array(length).fill(0x55);
const octetString = (length: number): Uint8Array => der.octetString(raw(length));

t.test('an invalid form of an ML-DSA private key is refused with its reason', async (t) => {
  const cases: [string, Uint8Array, RegExp][] = [
    [
      'a seed under an EXPLICIT tag',
      der.contextConstructed(0, octetString(32)),
      /^The seed has an EXPLICIT tag; \[0\] is IMPLICIT/,
    ],
    ['a seed under the tag of an expanded key', octetString(32), /^The seed has the tag 04/],
    ['a short seed', der.contextPrimitive(0, raw(31)), /^The seed must have 32 octets, not 31/],
    ['a long seed', der.contextPrimitive(0, raw(64)), /^The seed must have 32 octets, not 64/],
    ['an empty seed', der.contextPrimitive(0, raw(0)), /^The seed must have 32 octets, not 0/],
    [
      'an expanded key under the tag of a seed',
      der.contextPrimitive(0, raw(2560)),
      /^The seed must have 32 octets, not 2560/,
    ],
    [
      'an expanded key of ML-DSA-65',
      octetString(4032),
      /^The expanded ml-dsa-44 key must have 2560 octets, not 4032, the length for ml-dsa-65/,
    ],
    [
      'a truncated expanded key',
      octetString(2559),
      /^The expanded ml-dsa-44 key must have 2560 octets, not 2559$/,
    ],
    ['both, swapped', der.sequence(octetString(2560), octetString(32)), /has its members in the wrong order/],
    [
      'both, of ML-DSA-87',
      der.sequence(octetString(32), octetString(4896)),
      /not 4896, the length for ml-dsa-87/,
    ],
    [
      'both, with a short seed',
      der.sequence(octetString(31), octetString(2560)),
      /^The seed must have 32 octets, not 31/,
    ],
    [
      'both, with an extra member',
      der.sequence(octetString(32), octetString(2560), der.nullValue()),
      /must contain only the seed and the expanded key/,
    ],
    [
      'both, without the expanded key',
      der.sequence(octetString(32)),
      /must contain the seed and the expanded key/,
    ],
    ['both, empty', der.sequence(), /must contain the seed and the expanded key/],
    [
      'both, with the tag of a seed alone',
      der.sequence(der.contextPrimitive(0, raw(32)), octetString(2560)),
      /must be OCTET STRINGs with their universal tag/,
    ],
    [
      'both, with an INTEGER',
      der.sequence(octetString(32), der.unsignedInteger(1)),
      /must be OCTET STRINGs with their universal tag/,
    ],
    ['a raw seed', raw(32), /^The privateKey contains raw octets/],
    ['a raw expanded key', raw(2560), /^The privateKey contains raw octets/],
    [
      'an expanded key and the public key',
      octetString(3872),
      /^The expanded key is followed by the public key/,
    ],
    ['other octets', raw(100), /^The privateKey is not valid DER at octet/],
    ['nothing', raw(0), /^The privateKey is not valid DER at octet 0/],
    [
      'a form and more',
      der.concat([der.contextPrimitive(0, raw(32)), raw(1)]),
      /^The privateKey is not valid DER at octet 34: 1 octets follow/,
    ],
    ['another type', der.unsignedInteger(1), /must have one of the three forms/],
    ['another choice', der.contextPrimitive(1, raw(32)), /must have one of the three forms/],
  ];
  for (const [name, octets, message] of cases)
    t.throws(() => readMlDsaPrivateKey(octets, 'ml-dsa-44'), { code: 'invalid-private-key', message }, name);
});
