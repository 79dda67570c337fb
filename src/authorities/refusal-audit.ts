import type { IssuanceObserver } from '../ca/use-case.ts';
import { PkiError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { PolicyViolationError } from '../policy/policy-violation.ts';
import type { Store } from '../storage/ports.ts';

/** Records refusals and failures in the audit chain. What succeeds is recorded in the transaction of its result. */
export const refusalAudit = (
  store: Pick<Store, 'appendAudit'>,
  clock: Clock,
  principal: string,
): IssuanceObserver => ({
  async end(event) {
    if (event.outcome === 'success') return;
    const { operation, outcome, requested, error } = event;
    const code = error instanceof PkiError ? error.code : 'internal-error';
    // The store itself does not work
    if (code === 'store-unavailable') return;
    const { authority, profile, certificate, serial } = requested;
    const details = {
      code,
      ...(authority !== undefined && { authority }),
      ...(profile !== undefined && { profile }),
      ...(certificate !== undefined && { certificate }),
      ...(serial !== undefined && { serial }),
      ...(error instanceof PolicyViolationError && rulesOf(error)),
    };
    await store
      .appendAudit({ at: clock(), action: operation, outcome, principal, details })
      .catch((fault: unknown) => {
        if (!(fault instanceof PkiError)) throw fault;
      });
  },
});

/** Which rules of which version refused, without what they refused. */
const rulesOf = ({ profile, refusals }: PolicyViolationError) => ({
  profileVersion: profile,
  rules: [...new Set(refusals.map(({ rule }) => rule))],
});
