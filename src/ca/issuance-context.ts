import type { Clock } from '../base/clock.ts';
import type { KeyBlocklist } from '../keys/key-blocklist.ts';
import type { Keys } from '../keys/key.ts';
import type { RandomOctets } from '../x509/serial-number.ts';

/** What every use case needs. */
export interface IssuanceContext {
  readonly keys: Keys;
  readonly clock: Clock;
  /** Random octets for serial numbers. */
  readonly random: RandomOctets;
  /** Keys that are not certified; none unless given. */
  readonly blocklist?: KeyBlocklist | undefined;
  /** How far in the past a new certificate starts, in seconds, unless the caller requests the start. */
  readonly notBeforeSkew: number;
}
