/** Finds what a request revokes or releases. */

import { hash } from 'node:crypto';
import { findAuthority } from '../authorities/open-authorities.ts';
import { unknownCertificate } from '../authorities/refusals.ts';
import type { PkiError } from '../base/errors.ts';
import type { Certificate as StoredCertificate, SerialStatus, Store } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Revoker } from './context.ts';

export type Reference =
  | { readonly by: 'id'; readonly id: string }
  /** `authority` is an id or a name. */
  | { readonly by: 'serial'; readonly authority: string; readonly serial: Uint8Array }
  | { readonly by: 'certificate'; readonly authority: string; readonly certificate: Certificate };

export interface Target {
  readonly serial: SerialStatus;
  /** Absent for a serial number that is only reserved. */
  readonly certificate?: StoredCertificate | undefined;
}

/**
 * Throws PkiError unknown-certificate, the same for a certificate of another principal and for one that does not exist;
 * or unknown-authority.
 */
export async function findTarget(store: Store, reference: Reference, revoker: Revoker): Promise<Target> {
  const serial = await findSerial(store, reference);
  if (serial === undefined || !mayRevoke(serial, revoker)) throw unknown(reference);
  const certificate = await store.getCertificate(serial.id);
  requireSame(reference, certificate);
  return { serial, certificate };
}

function unknown({ by }: Reference): PkiError {
  if (by === 'id') return unknownCertificate([]);
  const detail = by === 'serial' ? 'no certificate with this serial number' : 'no record of this certificate';
  return unknownCertificate([by], `The authority has ${detail}`);
}

async function findSerial(store: Store, reference: Reference): Promise<SerialStatus | undefined> {
  if (reference.by === 'id') return store.serialStatus({ id: reference.id });
  const { id } = await findAuthority(store, reference.authority);
  const serial = reference.by === 'serial' ? reference.serial : reference.certificate.serialNumber;
  return store.serialStatus({ authorityId: id, serial });
}

const mayRevoke = ({ principal }: SerialStatus, revoker: Revoker): boolean =>
  revoker.revokesAll || principal === revoker.principal;

/** A certificate with the serial number of another one was not issued here. */
function requireSame(reference: Reference, stored: StoredCertificate | undefined): void {
  if (reference.by !== 'certificate' || stored === undefined) return;
  if (Buffer.compare(hash('sha256', reference.certificate.der, 'buffer'), stored.sha256) !== 0)
    throw unknown(reference);
}
