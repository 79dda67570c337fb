import type { Announce } from '../authorities/announcements.ts';
import type { ClockGuard } from '../authorities/clock-guard.ts';
import type { OpenAuthorities } from '../authorities/open-authorities.ts';
import type { Clock } from '../base/clock.ts';
import type { Store } from '../storage/ports.ts';

/** What the use cases of revocation need. A clock that is wrong refuses none: what is compromised must be revoked at once. */
export interface RevocationContext {
  readonly store: Store;
  readonly clock: Clock;
  /** Says whether the clock is behind. */
  readonly clockGuard: Pick<ClockGuard, 'now'>;
  readonly announce: Announce;
  readonly opened: Pick<OpenAuthorities, 'forget'>;
}

/** Who revokes. */
export interface Revoker {
  /** `Principal.id`, or `anonymous`. */
  readonly principal: string;
  /** Whether it may revoke the certificates of others. */
  readonly revokesAll: boolean;
  /** Throws unless it may revoke the certificates of others. */
  readonly requireAll: () => void;
}
