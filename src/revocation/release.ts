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

/** Ends a hold, and returns it. An authority that it disabled stays disabled. Throws PkiError. */
export async function release(
  { store, clockGuard, announce }: RevocationContext,
  { revoker, reference }: ReleaseOrder,
): Promise<Revocation> {
  const { serial } = await findTarget(store, reference(), revoker);
  const at = await clockGuard.now();
  const audit = serialEvent('certificate/release', revoker, serial, at);
  const webhooks = announce({ type: 'certificate.released', at, revocation: serial });
  const result = await store.release({ id: serial.id, at, audit, webhooks });
  switch (result.outcome) {
    case 'released':
      return result.revocation;
    case 'final':
      throw new PkiError('not-on-hold', finalSentence(result.revocation));
    default:
      throw new PkiError('not-on-hold', 'The certificate is not on hold');
  }
}

const finalSentence = ({ revokedAt, reason }: Revocation): string =>
  `The certificate was revoked at ${rfc3339(revokedAt)} with the reason ${reasonName(reason)}, which is final`;
