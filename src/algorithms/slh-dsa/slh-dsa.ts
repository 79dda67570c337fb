/** SLH-DSA (FIPS 205): tested before its first use, and one slow operation at a time. */

import type { KeyObject } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import { NODE_SLH_DSA, type SlhDsaComputation } from './computation.ts';
import { SLH_DSA, slhDsaStandardName, type SlhDsaParameterSetName } from './parameter-sets.ts';
import { slhDsaSelfTest } from './self-test.ts';
import { createSlowLane, type SlowLane } from './slow-lane.ts';

/**
 * Every method throws PkiError engine-unavailable for a parameter set that fails its self-test; `generate` and `sign` throw
 * PkiError overloaded when too much waits.
 */
export interface SlhDsa extends SlhDsaComputation {
  /** Resolves when the parameter set has passed its self-test, which runs once, and not during another. */
  selfTest(parameterSet: SlhDsaParameterSetName): Promise<void>;
  /** As in {@link SlowLane}. */
  readonly load: number;
}

export function createSlhDsa(
  computation: SlhDsaComputation = NODE_SLH_DSA,
  lane: SlowLane = createSlowLane(),
): SlhDsa {
  const tests = new Map<SlhDsaParameterSetName, Promise<void>>();
  let lastTest: Promise<unknown> = Promise.resolve();

  function selfTest(parameterSet: SlhDsaParameterSetName): Promise<void> {
    const known = tests.get(parameterSet);
    if (known !== undefined) return known;
    // Tests of several sets at a time would take the threads that ML-DSA needs
    const test = lastTest.then(() => testOnce(computation, parameterSet));
    lastTest = test.catch(() => undefined);
    tests.set(parameterSet, test);
    return test;
  }

  async function slow<T>(parameterSet: SlhDsaParameterSetName, task: () => Promise<T>): Promise<T> {
    await selfTest(parameterSet);
    return lane.run(SLH_DSA[parameterSet].signingTime, task);
  }

  return {
    selfTest,
    generate: (parameterSet) => slow(parameterSet, () => computation.generate(parameterSet)),
    sign: (key, message) => slow(parameterSetOf(key), () => computation.sign(key, message)),
    async verify(parameterSet, ...rest) {
      await selfTest(parameterSet);
      return computation.verify(parameterSet, ...rest);
    },
    get load() {
      return lane.load;
    },
  };
}

/** node:crypto names the types of its keys as this API names the parameter sets. */
const parameterSetOf = ({ asymmetricKeyType }: KeyObject): SlhDsaParameterSetName =>
  asymmetricKeyType as SlhDsaParameterSetName;

async function testOnce(computation: SlhDsaComputation, parameterSet: SlhDsaParameterSetName): Promise<void> {
  try {
    await slhDsaSelfTest(computation, parameterSet);
  } catch (error) {
    const step = error instanceof Error ? error.message : String(error);
    const name = slhDsaStandardName(parameterSet);
    throw new PkiError('engine-unavailable', `${name} fails its self-test: ${step}`);
  }
}
