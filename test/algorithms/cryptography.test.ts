import t from 'tap';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import type { Engine } from '../../src/algorithms/ml-dsa/engine.ts';
import {
  unavailableReason,
  ENGINE_CHOICES,
  ENGINE_NAMES,
  firstWorkingEngine,
  type EngineKind,
} from '../../src/algorithms/ml-dsa/engines.ts';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { createNobleEngine } from '../../src/algorithms/ml-dsa/engines/noble.ts';
import { createNodeEngine } from '../../src/algorithms/ml-dsa/engines/node.ts';
import { selfTest } from '../../src/algorithms/ml-dsa/self-test.ts';
import { createNoblePool } from '../../src/algorithms/ml-dsa/noble-pool.ts';
import { PkiError } from '../../src/base/errors.ts';
import { flipBit, same } from './ml-dsa/octets.ts';

const sound = createNodeEngine();

/** Returns a working engine, except for `faults`. */
const faulty = (faults: Partial<Engine>): Engine => ({
  name: 'faulty',
  generateKey: (parameterSet) => sound.generateKey(parameterSet),
  importKey: (material) => sound.importKey(material),
  publicFromSeed: (parameterSet, seed) => sound.publicFromSeed(parameterSet, seed),
  sign: (key, message, options) => sound.sign(key, message, options),
  signVerified: (key, message, publicKey) => sound.signVerified(key, message, publicKey),
  verify: (parameterSet, publicKey, message, signature) =>
    sound.verify(parameterSet, publicKey, message, signature),
  close: () => sound.close(),
  ...faults,
});

const HERE = ENGINE_NAMES.filter((name) => unavailableReason(name) === undefined);

for (const choice of ENGINE_CHOICES) {
  const skip = choice !== 'auto' && unavailableReason(choice);
  t.test(`${choice} opens an engine that has passed its self-test`, { skip }, async (t) => {
    const cryptography = await createCryptography({ engine: choice });
    const { engine, engineFaults, expandedKeys } = cryptography;
    t.equal(engine.name, choice === 'auto' ? HERE[0] : choice);
    t.same(engineFaults, []);
    const seed = new Uint8Array(32);
    const expandedKey = await expandedKeys.expand('ml-dsa-44', seed);
    t.strictSame(
      new Uint8Array(await engine.publicFromSeed('ml-dsa-44', seed)),
      await expandedKeys.publicKeyOf('ml-dsa-44', expandedKey),
    );
    await cryptography.close();
    await t.rejects(expandedKeys.expand('ml-dsa-44', seed), { code: 'engine-unavailable' }, 'closed');
  });
}

const present = (create: EngineKind['create']): EngineKind => ({
  unavailableReason: () => undefined,
  create,
});

const KINDS = {
  noble: present(createNobleEngine),
  uninstalled: { unavailableReason: () => 'It is not installed', create: createNobleEngine },
  unloadable: present(() => {
    throw new PkiError('engine-unavailable', 'It cannot be loaded');
  }),
  unsound: present(() => faulty({ verify: async () => true })),
  buggy: present(() => {
    throw new TypeError('a bug');
  }),
};

t.test('auto skips the engines that are not installed, and reports why it skips the others', async (t) => {
  const { noble, uninstalled, unloadable, unsound, buggy } = KINDS;
  const pool = createNoblePool();
  t.teardown(() => pool.close());
  const { engine, faults } = await firstWorkingEngine([uninstalled, unloadable, unsound, noble, buggy], pool);
  t.equal(engine.name, 'noble');
  t.match(faults, [
    { code: 'engine-unavailable', message: 'It cannot be loaded' },
    { code: 'engine-unavailable', message: /^The faulty engine fails its .* a signature verifies for/ },
  ]);
  t.equal(faults.length, 2);
  await t.rejects(firstWorkingEngine([uninstalled], pool), {
    message: 'No engine on this machine computes ML-DSA',
  });
  await t.rejects(firstWorkingEngine([unsound, unloadable], pool), { message: 'It cannot be loaded' });
  await t.rejects(firstWorkingEngine([buggy, noble], pool), TypeError, 'a bug is not skipped');
});

t.test('a working engine passes the self-test', async (t) => {
  await t.resolves(selfTest(faulty({})));
});

const FAULTS: Record<string, [Partial<Engine>, RegExp]> = {
  'derives wrong public keys': [
    {
      publicFromSeed: async (parameterSet, seed) =>
        flipBit(await sound.publicFromSeed(parameterSet, seed), 9),
    },
    /public key of a known seed is wrong/,
  ],
  'ignores the seed': [
    { importKey: ({ parameterSet }) => sound.generateKey(parameterSet) },
    /its own signature does not verify/,
  ],
  'signs another message': [
    { sign: (key) => sound.sign(key, new Uint8Array()) },
    /its own signature does not verify/,
  ],
  'signs with a context': [
    { sign: (key, message) => sound.sign(key, message, { context: Uint8Array.of(1) }) },
    /its own signature does not verify/,
  ],
  'truncates its signatures': [
    { sign: async (key, message) => (await sound.sign(key, message)).subarray(1) },
    /a signature has the wrong length/,
  ],
  'rejects every signature': [{ verify: async () => false }, /its own signature does not verify/],
  'accepts every signature': [{ verify: async () => true }, /a signature verifies for another message/],
  'ignores the public key and the signature': [looksAtTheMessageOnly(), /a modified signature verifies/],
  'holds back every signature': [
    { signVerified: async () => undefined },
    /a verified signature is missing or does not verify/,
  ],
  'releases a wrong signature as verified': [
    { signVerified: async (key, message) => flipBit(await sound.sign(key, message), 9) },
    /a verified signature is missing or does not verify/,
  ],
  'releases a signature without its verification': [
    { signVerified: (key, message) => sound.sign(key, message) },
    /a signature that does not verify is released/,
  ],
  'cannot sign': [{ sign: () => Promise.reject(new Error('out of order')) }, /out of order/],
};

function looksAtTheMessageOnly(): Partial<Engine> {
  let signed = new Uint8Array();
  return {
    sign(key, message) {
      signed = new Uint8Array(message);
      return sound.sign(key, message);
    },
    verify: async (_level, _publicKey, message) => same(message, signed),
  };
}

for (const [fault, [faults, step]] of Object.entries(FAULTS))
  t.test(`an engine that ${fault} does not pass the self-test`, async (t) => {
    await t.rejects(selfTest(faulty(faults)), { code: 'engine-unavailable', message: step });
  });

t.test('the self-test tries every parameter set and reports the check that failed', async (t) => {
  for (const wrong of ML_DSA_PARAMETER_SETS) {
    const engine = faulty({
      verify: async (parameterSet, ...rest) => parameterSet !== wrong && sound.verify(parameterSet, ...rest),
    });
    const message = `The faulty engine fails its ${wrong} self-test: its own signature does not verify`;
    await t.rejects(selfTest(engine), { message });
  }
});
