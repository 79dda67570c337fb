import { rfc3339 } from '../base/clock.ts';
import { PkiError } from '../base/errors.ts';
import type { Revocation } from '../storage/ports.ts';
import type { RevocationContext, Revoker } from './context.ts';
import { reasonName } from './reasons.ts';
import { serialEvent } from './revoke.ts';
import { findTarget, type Reference } from './target.ts';

export interface ReleaseOrder {
  readonly revoker: Revoker;
  readonly reference: () => Reference;
}

/**
 * Ends a hold, and returns it. Who may not revoke the certificates of others can only end its own holds. An authority that
 * the hold disabled stays disabled. Throws PkiError.
 */
export async function release(
  { store, clock, announce }: RevocationContext,
  { revoker, reference }: ReleaseOrder,
): Promise<Revocation> {
  const { serial } = await findTarget(store, reference(), revoker);
  const at = clock();
  const heldBy = revoker.revokesAll ? {} : { heldBy: revoker.principal };
  const audit = serialEvent('certificate/release', revoker, serial, at);
  const webhooks = announce({ type: 'certificate.released', at, revocation: serial });
  const result = await store.release({ id: serial.id, at, audit, webhooks, ...heldBy });
  switch (result.outcome) {
    case 'released':
      return result.revocation;
    case 'final':
      throw new PkiError('not-on-hold', finalSentence(result.revocation));
    case 'held-by-other':
      revoker.requireAll();
      throw new Error('A principal that may revoke everything was refused');
    default:
      throw new PkiError('not-on-hold', 'The certificate is not on hold');
  }
}

const finalSentence = ({ revokedAt, reason }: Revocation): string =>
  `The certificate was revoked at ${rfc3339(revokedAt)} with the reason ${reasonName(reason)}, which is final`;
