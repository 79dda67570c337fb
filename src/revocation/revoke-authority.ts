/** Revokes the certificate with which an authority signs, so that it issues no more. */

import { activeCertificate } from '../authorities/active-certificate.ts';
import { setStatus } from '../authorities/authority-status.ts';
import { findAuthority } from '../authorities/open-authorities.ts';
import { ownSerial } from '../authorities/own-serial.ts';
import { readStoredCertificate } from '../authorities/stored-certificate.ts';
import type { Authority, SerialStatus } from '../storage/ports.ts';
import { allAuthorities, belowAll } from './affected.ts';
import type { RevocationContext, Revoker } from './context.ts';
import { signsCrls } from './crl/crl-issuers.ts';
import { requireSuitableReason } from './reasons.ts';
import { revokeSerial, type Revoked, type RevocationTerms } from './revoke.ts';

export interface AuthorityRevocationOrder extends RevocationTerms {
  readonly revoker: Revoker;
  /** Id or name. */
  readonly authority: string;
}

export interface RevokedAuthority {
  readonly authority: Authority;
  /** Absent if no CRL of this service can list the certificate. */
  readonly revoked?: Revoked;
  /**
   * Who must be told: the CRL of the parent says it, only its OCSP responses do, the CA elsewhere must revoke it, or relying
   * parties must remove it.
   */
  readonly published: 'by-parent' | 'ocsp-only' | 'elsewhere' | 'self-signed';
  readonly below: readonly Authority[];
}

const COMPROMISES: ReadonlySet<string> = new Set(['keyCompromise', 'cACompromise']);

/** A root cannot be revoked by a CRL, which it would have to sign itself: it is only disabled. Throws PkiError. */
export async function revokeAuthority(
  context: RevocationContext,
  order: AuthorityRevocationOrder,
): Promise<RevokedAuthority> {
  const { store } = context;
  requireSuitableReason(order.reason, true);
  const authority = await findAuthority(store, order.authority);
  const keys = await store.listAuthorityKeys(authority.id);
  const active = activeCertificate({ authority, keys });
  const below = belowAll([authority], await allAuthorities(store));
  const serial = await ownSerial(store, authority, active);
  if (serial !== undefined) {
    const revoked = await revokeSerial(context, order, serial, { holders: [authority], below });
    const published = (await isOnCrl(context, serial)) ? 'by-parent' : 'ocsp-only';
    return { authority, revoked, published, below };
  }
  const caller = { principal: order.revoker.principal };
  const isCompromised = COMPROMISES.has(order.reason);
  await setStatus(context, { authority: authority.id, caller, status: 'disabled', isCompromised });
  const { issuer, subject } = readStoredCertificate(active.certificate);
  const isSelfIssued = Buffer.compare(issuer, subject) === 0;
  return { authority, published: isSelfIssued ? 'self-signed' : 'elsewhere', below };
}

/** A parent whose certificate has no cRLSign has no CRL. */
async function isOnCrl(
  { store }: RevocationContext,
  { authorityId, authorityKeyId }: SerialStatus,
): Promise<boolean> {
  const keys = await store.listAuthorityKeys(authorityId);
  const { certificate } = keys.find(({ id }) => id === authorityKeyId) ?? {};
  return certificate !== undefined && signsCrls(readStoredCertificate(certificate));
}
