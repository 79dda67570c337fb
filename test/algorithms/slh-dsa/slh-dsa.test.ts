import { generateKeyPairSync } from 'node:crypto';
import {
  slh_dsa_sha2_128s,
  slh_dsa_sha2_128f,
  slh_dsa_sha2_192s,
  slh_dsa_sha2_192f,
  slh_dsa_sha2_256s,
  slh_dsa_sha2_256f,
  slh_dsa_shake_128s,
  slh_dsa_shake_128f,
  slh_dsa_shake_192s,
  slh_dsa_shake_192f,
  slh_dsa_shake_256s,
  slh_dsa_shake_256f,
} from '@noble/post-quantum/slh-dsa.js';
import t from 'tap';
import { NODE_SLH_DSA, type SlhDsaComputation } from '../../../src/algorithms/slh-dsa/computation.ts';
import {
  SLH_DSA,
  SLH_DSA_PARAMETER_SETS,
  slhDsaStandardName,
  type SlhDsaParameterSetName,
} from '../../../src/algorithms/slh-dsa/parameter-sets.ts';
import { createSlhDsa } from '../../../src/algorithms/slh-dsa/slh-dsa.ts';
import { TESTED_SETS } from '../../support/slh-dsa-sets.ts';
import { flipBit } from '../ml-dsa/octets.ts';

const message = new TextEncoder().encode('to be signed');

const NOBLE = {
  'slh-dsa-sha2-128s': slh_dsa_sha2_128s,
  'slh-dsa-sha2-128f': slh_dsa_sha2_128f,
  'slh-dsa-sha2-192s': slh_dsa_sha2_192s,
  'slh-dsa-sha2-192f': slh_dsa_sha2_192f,
  'slh-dsa-sha2-256s': slh_dsa_sha2_256s,
  'slh-dsa-sha2-256f': slh_dsa_sha2_256f,
  'slh-dsa-shake-128s': slh_dsa_shake_128s,
  'slh-dsa-shake-128f': slh_dsa_shake_128f,
  'slh-dsa-shake-192s': slh_dsa_shake_192s,
  'slh-dsa-shake-192f': slh_dsa_shake_192f,
  'slh-dsa-shake-256s': slh_dsa_shake_256s,
  'slh-dsa-shake-256f': slh_dsa_shake_256f,
} satisfies Record<SlhDsaParameterSetName, unknown>;

const nobleOf = (name: SlhDsaParameterSetName) => NOBLE[name];

t.test('the lengths are those of another implementation, and the names those of FIPS 205', async (t) => {
  for (const name of SLH_DSA_PARAMETER_SETS) {
    const { publicKeyLength, privateKeyLength, signatureLength } = SLH_DSA[name];
    const { publicKey, secretKey, signature } = nobleOf(name).lengths;
    t.strictSame([publicKeyLength, privateKeyLength, signatureLength], [publicKey, secretKey, signature]);
  }
  t.equal(slhDsaStandardName('slh-dsa-shake-192f'), 'SLH-DSA-SHAKE-192f');
  t.equal(SLH_DSA_PARAMETER_SETS.length, 12);
});

for (const name of TESTED_SETS)
  t.test(`${name}: two implementations verify the signatures of each other`, async (t) => {
    const slhDsa = createSlhDsa();
    const privateKey = await slhDsa.generate(name);
    const secretKey = privateKey.export({ format: 'raw-private' });
    const publicKey = secretKey.subarray(secretKey.length / 2);
    const ours = await slhDsa.sign(privateKey, message);
    t.equal(ours.length, SLH_DSA[name].signatureLength);
    t.ok(nobleOf(name).verify(ours, message, publicKey), 'noble verifies ours');
    t.ok(await slhDsa.verify(name, publicKey, message, ours));
    t.notOk(await slhDsa.verify(name, publicKey, message, flipBit(ours, 4000)), 'a changed signature');
    t.notOk(await slhDsa.verify(name, publicKey, flipBit(message, 3), ours), 'another message');
    t.notOk(await slhDsa.verify(name, flipBit(publicKey, 3), message, ours), 'another key');
    t.notOk(await slhDsa.verify(name, publicKey, message, ours.subarray(1)), 'a shorter signature');
    t.notOk(await slhDsa.verify(name, publicKey.subarray(1), message, ours), 'a shorter key');
    if (name.endsWith('s')) return;
    const theirs = nobleOf(name).sign(message, secretKey);
    t.ok(await slhDsa.verify(name, publicKey, message, theirs), 'we verify that of noble');
    const withContext = nobleOf(name).sign(message, secretKey, { context: Uint8Array.of(1) });
    t.notOk(await slhDsa.verify(name, publicKey, message, withContext), 'a signature with a context');
  });

/** Counts the calls, and changes what they return. */
function changed(change: Partial<SlhDsaComputation>) {
  const calls = { sign: 0 };
  const computation: SlhDsaComputation = {
    ...NODE_SLH_DSA,
    ...change,
    sign(...input) {
      calls.sign += 1;
      return change.sign === undefined ? NODE_SLH_DSA.sign(...input) : change.sign(...input);
    },
  };
  return { calls, slhDsa: createSlhDsa(computation) };
}

const SET = 'slh-dsa-sha2-128f';

t.test('a parameter set is tested once, before its first use', async (t) => {
  const { calls, slhDsa } = changed({});
  await Promise.all([slhDsa.selfTest(SET), slhDsa.generate(SET), slhDsa.generate(SET)]);
  t.equal(calls.sign, 1);
  await slhDsa.generate('slh-dsa-shake-128f');
  t.equal(calls.sign, 2, 'another set has its own test');
});

t.test('parameter sets are tested one after the other, so that ML-DSA keeps its threads', async (t) => {
  let running = 0;
  let most = 0;
  const { slhDsa } = changed({
    async sign(...input) {
      running += 1;
      most = Math.max(most, running);
      const signature = await NODE_SLH_DSA.sign(...input);
      running -= 1;
      return signature;
    },
  });
  await Promise.all([slhDsa.selfTest(SET), slhDsa.selfTest('slh-dsa-shake-128f')]);
  t.equal(most, 1);
});

t.test('a parameter set that fails its test is not used', async (t) => {
  const otherKey = generateKeyPairSync(SET).privateKey;
  const faults: [Partial<SlhDsaComputation>, RegExp][] = [
    [{ sign: () => NODE_SLH_DSA.sign(otherKey, message) }, /does not lead to the root of a known key/],
    [{ sign: async () => new Uint8Array(5) }, /wrong length/],
    [{ verify: async () => true }, /verifies for another message/],
    [{ verify: async () => false }, /does not lead to the root/],
    [{ verify: async (...[, , signed]) => signed[0] === 0x70 && signed[9] === 0x73 }, /modified signature/],
    [{ sign: () => Promise.reject(new Error('no such algorithm')) }, /self-test: no such algorithm/],
  ];
  for (const [change, message] of faults) {
    const { slhDsa } = changed(change);
    const expected = { code: 'engine-unavailable', message };
    await t.rejects(slhDsa.generate(SET), expected);
    await t.rejects(slhDsa.sign(otherKey, Uint8Array.of(1)), expected);
    await t.rejects(
      slhDsa.verify(SET, new Uint8Array(32), Uint8Array.of(1), new Uint8Array(17_088)),
      expected,
    );
  }
});
