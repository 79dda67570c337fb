/** Refusals that several use cases of authorities share. */

import { PkiError, type PathStep } from '../base/errors.ts';
import type { Authority, AuthorityChange } from '../storage/ports.ts';
import { quoted } from '../x509/names/printable-text.ts';

export const unknownAuthority = (reference: string, path: readonly PathStep[] = []): PkiError =>
  new PkiError('unknown-authority', `There is no authority ${quoted(reference)}`, path);

export const storeNotConfigured = (): PkiError =>
  new PkiError(
    'store-unavailable',
    'This service has no store for authorities; set DATA_DIR or DATABASE_URL',
  );

export const unknownCertificate = (
  path: readonly PathStep[],
  message = 'There is no certificate with this id',
): PkiError => new PkiError('unknown-certificate', message, path);

export const nameTaken = (name: string): PkiError =>
  new PkiError('authority-name-taken', `Another authority has the name ${name}`, ['name']);

export const authorityChanged = (): PkiError =>
  new PkiError('authority-changed', 'The authority was changed by another request; read it again');

/** At the `request`, whose key it is. */
export const compromisedKey = (path: readonly PathStep[] = ['request']): PkiError =>
  new PkiError(
    'invalid-public-key',
    'A certificate of this key was revoked because the key is compromised; use a new key',
    path,
  );

/** The serial number was revoked while it was signed, or another request gave it up as lost. */
export const reservationClosed = (): PkiError =>
  new PkiError(
    'reservation-closed',
    'The serial number was revoked or given up while the certificate was signed; nothing was issued',
  );

/** Throws unless the authority signs. */
export function requireEnabled({ name, status }: Authority): void {
  if (status === 'enabled') return;
  throw new PkiError(
    'authority-inactive',
    status === 'disabled'
      ? `The authority ${name} is disabled`
      : `The authority ${name} is pending: its certificate is not imported yet`,
  );
}

/** Returns the authority as it is after a change. Throws PkiError for a change that was refused. */
export function changed(change: AuthorityChange, reference: string): Authority {
  if (change.outcome === 'changed') return change.authority;
  throw change.outcome === 'not-found' ? unknownAuthority(reference) : authorityChanged();
}
