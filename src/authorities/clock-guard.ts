/** Refuses to issue with a clock that is behind what was issued: certificates would have a wrong start. */

import { rfc3339, type Clock } from '../base/clock.ts';
import { PkiError } from '../base/errors.ts';
import type { Store } from '../storage/ports.ts';

/** Five minutes, in milliseconds. */
const TOLERANCE = 300_000;

export interface ClockGuard {
  /** Returns the time. Rejects with PkiError clock-behind. */
  now(): Promise<Date>;
  /** A certificate was issued at this time. */
  issuedAt(time: Date): void;
}

/** For an operator who knows that the clock is right now, and was ahead when the last certificate was issued. */
export const unguarded = (clock: Clock): ClockGuard => ({ now: async () => clock(), issuedAt() {} });

/** The last certificate of the store is read once. */
export function createClockGuard(clock: Clock, store: Pick<Store, 'searchCertificates'>): ClockGuard {
  let latest: Date | undefined;
  return {
    async now() {
      const now = clock();
      latest ??= await lastIssue(store, now);
      if (now.getTime() >= latest.getTime() - TOLERANCE) return now;
      throw new PkiError(
        'clock-behind',
        `The clock is behind the last certificate, which was issued at ${rfc3339(latest)}`,
      );
    },
    issuedAt(time) {
      if (latest === undefined || time > latest) latest = time;
    },
  };
}

async function lastIssue(store: Pick<Store, 'searchCertificates'>, now: Date): Promise<Date> {
  const [last] = await store.searchCertificates({ filter: {}, now, order: 'newest-first', limit: 1 });
  return last?.issuedAt ?? new Date(0);
}
