/** Reserves the serial number before anything is signed: whatever happens later, the store knows what was planned. */

import { randomUUIDv7 } from 'node:crypto';
import { prepareCertificate, type Prepared } from '../ca/prepared.ts';
import type { Grant } from '../ca/grant.ts';
import { drawSerialNumber } from '../x509/serial-number.ts';
import type { IdempotencyConflict, NewReservation, ReservationOutcome } from '../storage/ports.ts';
import type { AuthorityContext } from './context.ts';
import { keyIdOf } from './certificate-row.ts';
import { isLost } from './idempotency.ts';
import type { Approved } from './proposal.ts';
import { compromisedKey } from './refusals.ts';
import type { SigningOrder } from './signing-order.ts';

/** The authority was disabled, or got another key, after it was read. */
export class OutdatedAuthorityError extends Error {
  constructor() {
    super('The authority was changed after it was read');
    this.name = 'OutdatedAuthorityError';
  }
}

/** Another request has the Idempotency-Key. */
export class RepeatedRequestError extends Error {
  readonly conflict: IdempotencyConflict;

  constructor(conflict: IdempotencyConflict) {
    super(`The Idempotency-Key is in use: ${conflict.outcome}`);
    this.name = 'RepeatedRequestError';
    this.conflict = conflict;
  }
}

export interface Reserved {
  readonly id: string;
  readonly granted: Grant;
  readonly prepared: Prepared;
  /** SHA-256 of the content that was linted. */
  readonly digest: Uint8Array;
}

/** More draws than can be needed: a random serial number is never drawn twice. */
const MAX_DRAWS = 4;

/** Lints the content and reserves its serial number. Throws PkiError, LintError, OutdatedAuthorityError or RepeatedRequestError. */
export async function reserve(
  context: AuthorityContext,
  order: SigningOrder,
  { granted, profile }: Approved,
  now: Date,
): Promise<Reserved> {
  for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
    const drawn = draw === 0 ? granted : withNewSerial(context, granted);
    const prepared = prepareCertificate(order.signing.signer, drawn.content, granted.authority.publicKey);
    const digest = prepared.digest();
    await context.reached?.('prepared');
    // Its time is first, so that new rows are next to each other in every index of ids.
    const id = randomUUIDv7();
    const { outcome, ...conflict } = await reserveOnce(context, {
      id,
      authorityId: order.signing.authority.id,
      authorityKeyId: order.signing.key.id,
      serial: drawn.content.serialNumber,
      tbsDigest: digest,
      principal: order.principal,
      profile: profile.name,
      profileVersion: profile.version,
      requestedAt: now,
      keyId: keyIdOf(drawn.requested.publicKey),
      ...(order.idempotency && { idempotency: order.idempotency }),
    });
    if (outcome === 'reserved') return { id, granted: drawn, prepared, digest };
    if (outcome === 'authority-unavailable') throw new OutdatedAuthorityError();
    if (outcome === 'key-compromised') throw compromisedKey();
    if (outcome !== 'serial-taken')
      throw new RepeatedRequestError({ outcome, ...conflict } as IdempotencyConflict);
  }
  throw new Error('The serial numbers that were drawn are all in use');
}

/** The last octets stay: they decide on which CRL the certificate would be, and the certificate names that CRL. */
function withNewSerial({ random }: AuthorityContext, { content, ...granted }: Grant): Grant {
  const serialNumber = drawSerialNumber(random);
  serialNumber.set(content.serialNumber.subarray(-2), serialNumber.length - 2);
  return { ...granted, content: { ...content, serialNumber } };
}

/** A lost request with the same Idempotency-Key is abandoned first. */
async function reserveOnce(
  context: AuthorityContext,
  reservation: NewReservation,
): Promise<ReservationOutcome> {
  const outcome = await context.store.reserve(reservation);
  if (outcome.outcome !== 'in-progress') return outcome;
  if (!isLost(outcome, context.unsettled, reservation.requestedAt)) return outcome;
  await abandon(
    context,
    outcome.reservationId,
    reservation.principal,
    'The process that reserved it was lost',
  );
  return context.store.reserve(reservation);
}

/** Closes a reservation without a certificate. `reason` is for operators. */
export async function abandon(
  { store, clock, unsettled }: AuthorityContext,
  reservationId: string,
  principal: string,
  reason: string,
): Promise<'abandoned' | 'not-reserved'> {
  const at = clock();
  const details = { reservation: reservationId, reason };
  const audit = { at, action: 'certificate/abandon', outcome: 'failed', principal, details } as const;
  const outcome = await store.abandon({ reservationId, at, reason, audit });
  unsettled.delete(reservationId);
  return outcome;
}
