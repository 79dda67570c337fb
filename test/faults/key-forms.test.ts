/** Private keys that deviate in any way: nothing but a PkiError is thrown, and nothing hangs. */

import t from 'tap';
import { openDomain } from '../support/domain.ts';
import { fuzzKeys } from '../support/key-fuzz.ts';

t.setTimeout(0);

/** FUZZ_COUNT is for runs by hand. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

const { domain } = await openDomain(t);
const { read, refused, longestHold, faults } = await fuzzKeys(domain, COUNT, SEED);

t.comment(
  `${read} read, ${refused} refused; at most ${longestHold.toFixed(1)} ms in one turn of the event loop`,
);
t.strictSame(faults.slice(0, 3), [], `${COUNT} keys`);
t.ok(read > COUNT / 100 && refused > COUNT / 4, 'some are read, and some are refused');
