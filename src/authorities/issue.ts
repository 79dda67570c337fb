/**
 * Issues one certificate: validate, apply the policy, prepare, lint, reserve, sign, verify, compare, store. A failure
 * after the serial number was reserved abandons it.
 */

import { hash } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import type { Grant } from '../ca/grant.ts';
import { issuedOf } from '../ca/issued-certificate.ts';
import { elementAt } from '../formats/der/reader.ts';
import { completionOf } from './certificate-row.ts';
import type { AuthorityContext } from './context.ts';
import { approve, type Approved } from './proposal.ts';
import { reservationClosed } from './refusals.ts';
import { abandon, reserve, type Reserved } from './reserve.ts';
import type { SigningOrder } from './signing-order.ts';

/** The signed content is not the linted content: a fault in memory or in the signer. */
export class ContentMismatchError extends Error {
  constructor() {
    super('The signed content differs from the content that was linted');
    this.name = 'ContentMismatchError';
  }
}

export interface Issuance {
  /** In the store. */
  readonly id: string;
  readonly certificate: ReturnType<typeof issuedOf>;
  readonly granted: Grant;
}

/** Throws PkiError, LintError, OutdatedAuthorityError, RepeatedRequestError, or an error of the signature. */
export async function issue(context: AuthorityContext, order: SigningOrder): Promise<Issuance> {
  const now = await context.clockGuard.now();
  const approved = await approve(context, order, now);
  await context.reached?.('validated');
  const reserved = await reserve(context, order, approved, now);
  const { id, granted } = reserved;
  try {
    await context.reached?.('reserved');
    const der = await signReserved(context, reserved);
    await store(context, order, { ...approved, granted }, { id, der, now });
    return { id, certificate: issuedOf(granted, der), granted };
  } catch (error) {
    await settle(context, id, order.principal, error);
    throw error;
  }
}

async function signReserved(
  { keys, reached }: AuthorityContext,
  { prepared, digest }: Reserved,
): Promise<Uint8Array> {
  const der = await prepared.issue(keys);
  await reached?.('signed');
  const tbs = elementAt(elementAt(der, 0).contents, 0).encoding;
  if (Buffer.compare(hash('sha256', tbs, 'buffer'), digest) !== 0) throw new ContentMismatchError();
  await reached?.('compared');
  return der;
}

async function store(
  context: AuthorityContext,
  order: SigningOrder,
  approved: Approved,
  signed: { readonly id: string; readonly der: Uint8Array; readonly now: Date },
): Promise<void> {
  const outcome = await context.store.complete(
    completionOf({ ...approved, ...signed, order }, context.announce),
  );
  if (outcome === 'not-reserved') throw reservationClosed();
  context.clockGuard.issuedAt(signed.now);
  await context.reached?.('stored');
}

/**
 * Abandons the reservation. When the store does not work, it is unknown whether the certificate was stored: the
 * reservation remains, and is reported at the next start.
 */
async function settle(
  context: AuthorityContext,
  id: string,
  principal: string,
  error: unknown,
): Promise<void> {
  context.unsettled.add(id);
  if (error instanceof PkiError && error.code === 'store-unavailable') return;
  try {
    await abandon(context, id, principal, reasonOf(error));
  } catch (fault) {
    if (!(fault instanceof PkiError)) throw fault;
  }
}

/** The name of an error is public, its message may not be. */
const reasonOf = (error: unknown): string =>
  error instanceof PkiError ? error.code : error instanceof Error ? error.name : 'unknown';
