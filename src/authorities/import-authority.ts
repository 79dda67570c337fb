import { randomUUID, hash } from 'node:crypto';
import { atMember, PkiError } from '../base/errors.ts';
import { checkAuthority } from '../ca/authority.ts';
import { checkDer } from '../formats/der/strict.ts';
import type { PrivateKey, Signer } from '../keys/key.ts';
import type { AuthorityKey } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readCertificationRequest } from '../x509/certification-request.ts';
import { checkChain, requireIssuer } from './authority-chain.ts';
import { ANY_PURPOSE } from './authority-profile.ts';
import type { AuthorityContext, Caller } from './context.ts';
import {
  creationEvent,
  keyDetails,
  requireFreeName,
  storingKey,
  withKeys,
  type AuthorityWithKeys,
} from './create-authority.ts';
import { findAuthority } from './open-authorities.ts';
import { changed } from './refusals.ts';

/** A certificate with those above it, the issuer first. */
export interface BroughtCertificate {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
}

export interface BroughtAuthority extends BroughtCertificate {
  /** Taken over by the use case. */
  readonly key: PrivateKey;
}

export interface ImportOrder {
  readonly caller: Caller;
  readonly name: string;
  /** Reads what the caller sends. */
  readonly content: () => Promise<BroughtAuthority>;
}

/** Stores a CA that exists: its certificate, chain and private key. Throws PkiError. */
export async function importAuthority(
  context: AuthorityContext,
  { caller: { principal }, name, content }: ImportOrder,
): Promise<AuthorityWithKeys> {
  await requireFreeName(context, name);
  const { certificate, chain, key } = await content();
  try {
    await checkBrought(context, { certificate, chain }, key);
  } catch (error) {
    key.destroy();
    throw error;
  }
  const parentId = await issuerHere(context, certificate);
  return storingKey(context, { authorityId: randomUUID(), keyId: randomUUID() }, async (identity) => {
    const { material, signer } = await context.keyStore.seal(identity, key);
    const createdAt = context.clock();
    const stored = {
      id: identity.keyId,
      state: 'active' as const,
      algorithm: signer.publicKey.algorithm,
      publicKey: signer.publicKey.spki,
      certificate: certificate.der,
      chain: chain.map(({ der }) => der),
      createdAt,
      ...material,
    };
    const authority = {
      id: identity.authorityId,
      name,
      status: 'enabled' as const,
      ...(parentId !== undefined && { parentId }),
      settings: {},
      createdAt,
    };
    return { authority, key: stored, audit: creationEvent('authority/import', principal, authority, stored) };
  });
}

async function checkBrought(
  context: AuthorityContext,
  { certificate, chain }: BroughtCertificate,
  signer: Signer,
): Promise<void> {
  await checkAuthority(context, { certificate, signer }, ANY_PURPOSE, context.clock());
  requireIssuer(certificate, chain);
  await checkChain(context, certificate, chain);
}

/** Returns the id of the authority of this service that issued the certificate. */
async function issuerHere(
  { store, clock }: AuthorityContext,
  { der }: Certificate,
): Promise<string | undefined> {
  const filter = { sha256: hash('sha256', der, 'buffer') };
  const [issued] = await store.searchCertificates({ filter, now: clock(), order: 'newest-first', limit: 1 });
  return issued?.authorityId;
}

export interface CertificateImportOrder {
  /** Id or name. */
  readonly authority: string;
  readonly caller: Caller;
  /** Reads what the caller sends. */
  readonly content: () => BroughtCertificate;
}

/** Gives the pending key of an authority its certificate, which was signed elsewhere. Throws PkiError. */
export async function importCertificate(
  context: AuthorityContext,
  { authority: reference, caller: { principal }, content }: CertificateImportOrder,
): Promise<AuthorityWithKeys> {
  const { store, keyStore } = context;
  const authority = await findAuthority(store, reference);
  const key = await pendingKey(context, authority.id);
  const { certificate, chain } = content();
  atMember('certificate', () => requireCertificateOf(key, certificate));
  const signer = await keyStore.open({ authorityId: authority.id, keyId: key.id }, key);
  await checkBrought(context, { certificate, chain }, signer);
  const { der } = certificate;
  const audit = {
    at: context.clock(),
    action: 'authority/import-certificate',
    outcome: 'success',
    principal,
    details: { authority: authority.id, ...keyDetails({ ...key, certificate: der }) },
  } as const;
  const imported = { keyId: key.id, certificate: der, chain: chain.map((above) => above.der), audit };
  changed(await store.importAuthorityCertificate(imported), reference);
  context.opened.forget();
  return withKeys(context, authority.id);
}

async function pendingKey({ store }: AuthorityContext, authorityId: string): Promise<AuthorityKey> {
  const pending = (await store.listAuthorityKeys(authorityId)).find(({ state }) => state === 'pending');
  if (pending !== undefined) return pending;
  throw new PkiError('invalid-authority', 'The authority has no key that waits for a certificate');
}

/** The certificate is the one that the CSR asked for: the same key and the same subject. */
function requireCertificateOf({ publicKey, csr }: AuthorityKey, certificate: Certificate): void {
  if (Buffer.compare(publicKey, certificate.subjectPublicKeyInfo) !== 0)
    throw new PkiError('key-mismatch', 'The certificate must have the key of the CSR of this authority');
  if (csr === undefined) return;
  if (Buffer.compare(readCertificationRequest(checkDer(csr)).subject, certificate.subject) !== 0)
    throw new PkiError('invalid-certificate', 'The certificate must have the subject of the CSR');
}
