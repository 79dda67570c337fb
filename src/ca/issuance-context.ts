import type { Clock } from '../base/clock.ts';
import type { Keys } from '../keys/key.ts';
import type { RandomOctets } from '../x509/serial-number.ts';

/** What every act of issuing needs. */
export interface IssuanceContext {
  readonly keys: Keys;
  readonly clock: Clock;
  /** Where serial numbers come from. */
  readonly random: RandomOctets;
}
