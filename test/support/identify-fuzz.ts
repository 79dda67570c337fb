/** Files of every kind with changes, and what identifies and inspects them. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { inspectKey } from '../../src/identify/keys/key-inspection.ts';
import { identify } from '../../src/identify/identification.ts';
import { PkiError } from '../../src/base/errors.ts';
import { decodePemOrDer } from '../../src/formats/pem-or-der.ts';
import { createReading } from '../../src/formats/reading.ts';
import type { Keys } from '../../src/keys/key.ts';
import { describeCrl, describeEntries } from '../../src/x509/description/crl/crl-description.ts';
import { readReceivedCrl } from '../../src/x509/description/crl/received-crl.ts';
import { mutate, type Random } from './mutated-der.ts';

export interface Target {
  readonly name: string;
  /** Resolves to whether the input was read. Rejects with PkiError for one that is refused. */
  readonly run: (keys: Keys, input: Uint8Array) => Promise<boolean>;
}

const inspection = () => createReading({ isStrict: false, isInspecting: true });
const base64 = (octets: Uint8Array): Uint8Array => Buffer.from(Buffer.from(octets).toString('base64'));

/** What each route does with the octets of its member. */
export const TARGETS: readonly Target[] = [
  {
    name: 'identify',
    run: async (keys, input) => {
      const { parts } = await identify(keys, input);
      return parts.some(({ problem }) => problem === undefined);
    },
  },
  {
    name: 'keys/inspect',
    run: async (keys, input) => {
      const { isValid } = await inspectKey(keys, base64(input), { algorithm: 'ml-dsa-44' }, inspection());
      return isValid;
    },
  },
  {
    name: 'crl/inspect',
    run: async (_, input) => {
      const reading = inspection();
      const crl = await readReceivedCrl(decodePemOrDer(base64(input), 'X509 CRL', reading), reading);
      describeCrl(crl, reading);
      describeEntries(crl, { offset: 0, limit: 1000 }, reading);
      return true;
    },
  },
];

/** One to four octets are others, or octets are cut off or doubled. */
export function changeOctets(octets: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(octets);
  for (let count = 1 + random(4); count > 0; count -= 1) copy[random(copy.length || 1)] = random(256);
  const cut = random(copy.length + 1);
  return [copy, copy.subarray(0, cut), Buffer.concat([copy, copy.subarray(cut)])][random(8)] ?? copy;
}

/** A change of the structure where the octets are DER, and of octets otherwise. */
export function changed(octets: Uint8Array, random: Random): Uint8Array {
  if (random(2) === 0) return changeOctets(octets, random);
  try {
    return mutate(octets, random);
  } catch {
    return changeOctets(octets, random);
  }
}

export interface FuzzCount {
  read: number;
  refused: number;
  /** Errors that are no PkiError, each with its input. */
  readonly faults: string[];
}

/** Runs `target` with one input, and counts its result. */
export async function attempt(
  target: Target,
  keys: Keys,
  input: Uint8Array,
  count: FuzzCount,
): Promise<void> {
  const given = Buffer.from(input).toString('base64');
  try {
    if (await target.run(keys, input)) count.read += 1;
    else count.refused += 1;
  } catch (error) {
    count.refused += 1;
    if (!(error instanceof PkiError)) count.faults.push(`${target.name}: ${String(error)}: ${given}`);
  }
}

/** The longest processor time of this thread in one turn of the event loop, in milliseconds. */
export function watchTurns(): { readonly end: () => Promise<number> } {
  let longest = 0;
  const state = { isRunning: true };
  const watching = (async () => {
    for (let last = process.threadCpuUsage(); state.isRunning; last = process.threadCpuUsage()) {
      await nextTurn();
      const { user, system } = process.threadCpuUsage(last);
      longest = Math.max(longest, (user + system) / 1000);
    }
  })();
  return {
    async end() {
      state.isRunning = false;
      await watching;
      return longest;
    },
  };
}
