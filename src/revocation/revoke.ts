import { rfc3339 } from '../base/clock.ts';
import { PkiError } from '../base/errors.ts';
import type { AuditEvent, Authority, NewRevocation, Revocation, SerialStatus } from '../storage/ports.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import { affectedBy, type Affected } from './affected.ts';
import type { RevocationContext, Revoker } from './context.ts';
import { reasonName, requireSuitableReason, REVOCATION_REASONS, type RevocationReason } from './reasons.ts';
import { findTarget, type Reference } from './target.ts';

export interface RevocationTerms {
  readonly reason: RevocationReason;
  /** Since when the key may have been compromised. */
  readonly invalidityDate?: Date | undefined;
}

export interface RevocationOrder extends RevocationTerms {
  readonly revoker: Revoker;
  /** Id or name, if the certificate is not referred to by its own id. */
  readonly authority?: string | undefined;
  /** Reads what the caller sends. It runs inside the use case, so that observers see what it throws. */
  readonly reference: () => Reference;
}

export interface Revoked {
  readonly revocation: Revocation;
  /** False if it was revoked before with the same reason, so that nothing was changed. */
  readonly isNew: boolean;
  /** Authorities here that have the certificate: they are disabled. */
  readonly disabled: readonly Authority[];
  /** Authorities below these. They are not changed. */
  readonly below: readonly Authority[];
}

/** Revokes a certificate, or puts it on hold. Throws PkiError. */
export async function revoke(context: RevocationContext, order: RevocationOrder): Promise<Revoked> {
  const { store } = context;
  const { serial, certificate } = await findTarget(store, order.reference(), order.revoker);
  requireSuitableReason(order.reason, certificate?.isAuthority ?? false);
  const affected = await affectedBy(store, certificate);
  // As revokeAuthority: who requested the certificate of an authority cannot disable it alone
  if (affected.holders.length > 0) order.revoker.requireAll();
  return revokeSerial(context, order, serial, affected);
}

/** Throws PkiError. */
export async function revokeSerial(
  context: RevocationContext,
  terms: RevocationTerms & { readonly revoker: Revoker },
  serial: SerialStatus,
  { holders, below }: Affected,
): Promise<Revoked> {
  const now = context.clock();
  await requireSuitableDate(context, terms.invalidityDate, now);
  const { reason } = terms;
  const webhooks = context.announce({ type: 'certificate.revoked', at: now, revocation: serial, reason });
  const order = { ...revocationOf(terms, serial, holders, now), webhooks };
  const result = await context.store.revoke(order);
  if (result.outcome === 'not-found') throw new Error('A reservation disappeared from the store');
  if (holders.length > 0) context.opened.forget();
  const { outcome, revocation } = result;
  if (outcome === 'already-revoked') requireSameReason(revocation, terms.reason);
  return { revocation, isNew: outcome === 'revoked', disabled: holders, below };
}

/** A date that cannot be encoded, such as one before the year 0, would be in the way of every CRL of the key. */
async function requireSuitableDate(
  { clockGuard }: RevocationContext,
  invalidityDate: Date | undefined,
  now: Date,
): Promise<void> {
  if (invalidityDate === undefined) return;
  // A clock that is behind does not know what is in the future
  if (invalidityDate > now && (await isRight(clockGuard)))
    throw new PkiError('invalid-revocation', 'It must not be in the future', ['invalidityDate']);
  if (invalidityDate.getTime() < 0)
    throw new PkiError('invalid-revocation', 'It must not be before 1970', ['invalidityDate']);
}

const isRight = (clockGuard: RevocationContext['clockGuard']): Promise<boolean> =>
  clockGuard.now().then(
    () => true,
    () => false,
  );

function requireSameReason(revocation: Revocation, reason: RevocationReason): void {
  const stored = reasonName(revocation.reason);
  if (stored === reason) return;
  throw new PkiError(
    'already-revoked',
    `The certificate was revoked at ${rfc3339(revocation.revokedAt)} with the reason ${stored}, which is final`,
    ['reason'],
  );
}

const revocationOf = (
  { revoker, reason, invalidityDate }: RevocationTerms & { readonly revoker: Revoker },
  serial: SerialStatus,
  holders: readonly Authority[],
  now: Date,
): NewRevocation => ({
  id: serial.id,
  reason: REVOCATION_REASONS[reason],
  revokedAt: now,
  ...(invalidityDate && { invalidityDate }),
  principal: revoker.principal,
  isOfficer: revoker.revokesAll,
  ...(revoker.revokesAll && revoker.principal !== serial.principal && { takesHoldOf: serial.principal }),
  disabling: holders.map(({ id }) => id),
  audit: serialEvent('certificate/revoke', revoker, serial, now, {
    reason,
    ...(invalidityDate && { invalidityDate: invalidityDate.toISOString() }),
    ...(holders.length > 0 && { disabled: holders.map(({ id }) => id) }),
  }),
});

export const serialEvent = (
  action: string,
  { principal }: Revoker,
  serial: Pick<SerialStatus, 'id' | 'authorityId' | 'authorityKeyId' | 'serial'>,
  at: Date,
  details: AuditEvent['details'] = {},
): AuditEvent => ({
  at,
  action,
  outcome: 'success',
  principal,
  details: {
    certificate: serial.id,
    authority: serial.authorityId,
    authorityKey: serial.authorityKeyId,
    serial: formatSerialNumber(serial.serial),
    ...details,
  },
});
