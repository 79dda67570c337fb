import { createPublicKey, verify } from 'node:crypto';
import t from 'tap';
import { expectKind } from '../../src/formats/identify.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import { unavailableReason, ENGINE_NAMES } from '../../src/algorithms/ml-dsa/engines.ts';
import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import * as der from '../../src/formats/der/writer.ts';
import { ML_DSA_ALGORITHM } from '../../src/formats/key-algorithm.ts';
import { encodeMlDsaPrivateKey } from '../../src/formats/ml-dsa-private-key.ts';
import { KEY_FORMATS } from '../../src/keys/key.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { flipBit, same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881 } from '../formats/rfc9881.ts';

const message = new TextEncoder().encode('to be signed');

const file = (parameterSet: MlDsaParameterSetName, form: string): Uint8Array =>
  rfc9881(`${parameterSet.toUpperCase()}-${form}.priv`);
const spkiOf = (parameterSet: MlDsaParameterSetName): Uint8Array =>
  rfc9881(`${parameterSet.toUpperCase()}.pub`);
const nodeKey = (spki: Uint8Array) =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });

const names = ENGINE_NAMES.filter((name) => unavailableReason(name) === undefined);
const all = await Promise.all(names.map(async (engine) => createKeys(await createCryptography({ engine }))));
t.teardown(() => Promise.all(all.map((keys) => keys.close())));
const [keys] = all;
if (keys === undefined) throw new Error('there is no engine');

for (const keys of all)
  t.test(`the private keys of RFC 9881 are imported by the ${keys.engineName} engine`, async (t) => {
    for (const parameterSet of ML_DSA_PARAMETER_SETS)
      for (const form of KEY_FORMATS) {
        const given = file(parameterSet, form);
        const key = await keys.importPrivateKey(checkDer(given));
        t.ok(same(given, file(parameterSet, form)), 'the input octets are not changed');
        given.fill(0);
        t.ok(
          same(key.publicKey.spki, spkiOf(parameterSet)),
          `${form} of ${parameterSet} gives the public key of C.2`,
        );
        t.match(key.publicKey, { family: 'ml-dsa', algorithm: parameterSet });
        t.ok(same(key.signatureAlgorithm, ML_DSA_ALGORITHM[parameterSet]));
        const signature = await key.sign(message);
        t.ok(verify(null, message, nodeKey(spkiOf(parameterSet)), signature), 'and signs');
        for (const exported of form === 'expanded' ? (['expanded'] as const) : KEY_FORMATS)
          t.ok(
            same(await key.exportPkcs8(exported), file(parameterSet, exported)),
            `and is written as ${exported}`,
          );
        key.destroy();
        await t.rejects(key.sign(message), /destroyed/);
        await t.rejects(key.exportPkcs8('expanded'), /destroyed/);
      }
  });

t.test('the default export format is the seed', async (t) => {
  const key = await keys.importPrivateKey(checkDer(file('ml-dsa-44', 'both')));
  t.ok(same(await key.exportPkcs8(), file('ml-dsa-44', 'seed')));
});

t.test('a key that was imported without its seed cannot be exported with one', async (t) => {
  const key = await keys.importPrivateKey(checkDer(file('ml-dsa-65', 'expanded')));
  const error = {
    code: 'invalid-key-options',
    message: /^The key was imported without its seed, which cannot be computed/,
  };
  for (const format of ['seed', 'both', undefined] as const) await t.rejects(key.exportPkcs8(format), error);
  t.ok(same(await key.exportPkcs8('expanded'), file('ml-dsa-65', 'expanded')));
});

t.test('generated keys differ, sign, and can be exported and imported', async (t) => {
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    const [key, other] = await Promise.all([keys.generate(parameterSet), keys.generate(parameterSet)]);
    t.notOk(same(key.publicKey.bits, other.publicKey.bits));
    t.ok(verify(null, message, nodeKey(key.publicKey.spki), await key.sign(message)));
    for (const format of KEY_FORMATS) {
      const read = await keys.importPrivateKey(checkDer(await key.exportPkcs8(format)));
      t.strictSame(read.publicKey, key.publicKey, `${parameterSet} as ${format}`);
    }
  }
});

t.test('the inconsistent keys of RFC 9881 appendix C.4 are refused', async (t) => {
  const faults = {
    1: /The expanded key must be the expansion of the seed/,
    2: /tr is not the hash of the public key/,
    3: /t0 does not match rho, s1 and s2/,
  };
  for (const [number, message] of Object.entries(faults)) {
    const octets = rfc9881(`bad-ML-DSA-44-${number}.priv`);
    for (const keys of all)
      await t.rejects(
        keys.importPrivateKey(checkDer(octets)),
        { code: 'invalid-private-key', message },
        number,
      );
  }
});

/** Offsets of one octet of each part of an expanded ML-DSA-44 key (FIPS 204 algorithm 24), and of its last octet. */
const PARTS = { rho: 0, tr: 64, s1: 128, s2: 128 + 4 * 96, t0: 128 + 8 * 96, last: 2559 };

t.test('a changed bit in an expanded key is found, except in K, which can have any value', async (t) => {
  const octets = file('ml-dsa-44', 'expanded');
  const { expandedKeyLength } = ML_DSA['ml-dsa-44'];
  const changed = (offset: number): Uint8Array =>
    flipBit(octets, 8 * (octets.length - expandedKeyLength + offset));
  for (const [part, offset] of Object.entries(PARTS))
    await t.rejects(keys.importPrivateKey(checkDer(changed(offset))), { code: 'invalid-private-key' }, part);
  await t.resolves(keys.importPrivateKey(checkDer(changed(32))), 'K');
  const both = file('ml-dsa-44', 'both');
  const withK = flipBit(both, 8 * (both.length - expandedKeyLength + 32));
  await t.rejects(
    keys.importPrivateKey(checkDer(withK)),
    { message: /must be the expansion of the seed/ },
    'K beside the seed',
  );
});

t.test('a public key in the OneAsymmetricKey must be that of the private key', async (t) => {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
  const algorithm = ML_DSA_ALGORITHM['ml-dsa-44'];
  const own = spkiOf('ml-dsa-44').slice(-1312);
  const version1 = (publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array =>
    der.sequence(
      der.unsignedInteger(1),
      algorithm,
      privateKey,
      der.contextPrimitive(1, der.concat([Uint8Array.of(0), publicKey])),
    );
  const forms = {
    seed: der.octetString(der.contextPrimitive(0, seed)),
    expanded: der.octetString(file('ml-dsa-44', 'expanded').slice(24)),
  };
  for (const [form, privateKey] of Object.entries(forms)) {
    await t.resolves(
      keys.importPrivateKey(checkDer(version1(own, privateKey))),
      `its own public key with the ${form}`,
    );
    for (const other of [flipBit(own, 0), own.subarray(1), new Uint8Array()])
      await t.rejects(keys.importPrivateKey(checkDer(version1(other, privateKey))), {
        code: 'invalid-private-key',
        message: /The public key in the OneAsymmetricKey must be that of the private key/,
      });
  }
});

const pkcs8 = (algorithm: Uint8Array, privateKey: Uint8Array): Uint8Array =>
  der.sequence(der.unsignedInteger(0), algorithm, der.octetString(privateKey));

t.test('a key of the wrong parameter set or algorithm is refused and not shown', async (t) => {
  const seed = new Uint8Array(32).fill(0xab);
  const hash = der.sequence(der.objectIdentifier('2.16.840.1.101.3.4.3.32'));
  const withNull = der.sequence(der.objectIdentifier('2.16.840.1.101.3.4.3.17'), der.nullValue());
  const choice = der.contextPrimitive(0, seed);
  const cases: [string, Uint8Array, string][] = [
    ['HashML-DSA', pkcs8(hash, choice), 'unsupported-algorithm'],
    ['ML-DSA with NULL', pkcs8(withNull, choice), 'unsupported-algorithm'],
    ['a raw seed', pkcs8(ML_DSA_ALGORITHM['ml-dsa-44'], seed), 'invalid-private-key'],
    [
      'a truncated seed',
      encodeMlDsaPrivateKey('ml-dsa-44', { seed: seed.subarray(1) }),
      'invalid-private-key',
    ],
    [
      'an expanded key of noise',
      encodeMlDsaPrivateKey('ml-dsa-44', { expandedKey: new Uint8Array(2560).fill(0xab) }),
      'invalid-private-key',
    ],
    ['noise', new Uint8Array(54).fill(0xab), 'invalid-der'],
    ['a public key', spkiOf('ml-dsa-44'), 'invalid-encoding'],
  ];
  for (const [name, octets, code] of cases) {
    const task = async () => keys.importPrivateKey(expectKind(octets, 'PRIVATE KEY'));
    const error: unknown = await task().catch((reason: unknown) => reason);
    t.match(error, { name: 'PkiError', code }, name);
    t.notMatch(String(error), /(ab){4}|q6ur|(171,? ?){3}/i, `${name} is not shown`);
  }
});
