import t from 'tap';
import { createNoblePool } from '../../../src/algorithms/ml-dsa/noble-pool.ts';
import { createMlKem } from '../../../src/algorithms/ml-kem/ml-kem.ts';
import {
  ML_KEM,
  ML_KEM_PARAMETER_SETS,
  mlKemStandardName,
} from '../../../src/algorithms/ml-kem/parameter-sets.ts';

const pool = createNoblePool(1);
t.teardown(() => pool.close());

t.test('the lengths are those of FIPS 203', async (t) => {
  const lengths = ML_KEM_PARAMETER_SETS.map((name) => [
    mlKemStandardName(name),
    ML_KEM[name].publicKeyLength,
    ML_KEM[name].expandedKeyLength,
  ]);
  t.strictSame(lengths, [
    ['ML-KEM-512', 800, 1632],
    ['ML-KEM-768', 1184, 2400],
    ['ML-KEM-1024', 1568, 3168],
  ]);
});

t.test('every parameter set passes its self-test', async (t) => {
  const { mlKem, faults } = createMlKem(pool);
  t.same(faults, []);
  const { seed, publicKey } = await mlKem.generate('ml-kem-768');
  const expanded = await mlKem.expand('ml-kem-768', seed);
  t.same(expanded.publicKey, publicKey);
  t.same(await mlKem.publicKeyOf('ml-kem-768', expanded.expandedKey), publicKey);
});

t.test('a parameter set that fails its self-test makes no keys', async (t) => {
  const { mlKem, faults } = createMlKem(pool, (name) => {
    if (name === 'ml-kem-512') throw new Error('it is broken');
  });
  const fault = { code: 'engine-unavailable', message: 'ML-KEM-512 fails its self-test: it is broken' };
  t.match(faults, [fault]);
  await t.rejects(mlKem.generate('ml-kem-512'), fault);
  t.ok(await mlKem.generate('ml-kem-1024'));
});
