import { randomUUID, hash } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import { checkAuthority, type Authority as CheckedAuthority } from '../ca/authority.ts';
import type { IssuanceNote } from '../ca/issuance-notes.ts';
import { hasKey } from '../ca/issuer-choice.ts';
import { checkDer } from '../formats/der/strict.ts';
import { ANY_POLICY } from '../formats/oids.ts';
import type { Note, NotedReading } from '../formats/reading.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { PrivateKey, Signer } from '../keys/key.ts';
import type { AuthorityKey } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isSelfSigned } from '../x509/path/link.ts';
import { readCertificationRequest } from '../x509/certification-request.ts';
import { ANY_PURPOSE } from './authority-profile.ts';
import { settingsOf } from './allowed-profiles.ts';
import { keyIdOf } from './certificate-row.ts';
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
import { changed, compromisedKey } from './refusals.ts';

/** The certificate of a CA and those above it, in any order. */
export interface BroughtCertificates {
  readonly certificates: readonly Certificate[];
  /** How they were read, and what was noted. */
  readonly reading: NotedReading;
}

export interface BroughtAuthority extends BroughtCertificates {
  /** Taken over by the use case. */
  readonly key: PrivateKey;
}

export interface ImportOrder {
  readonly caller: Caller;
  readonly name: string;
  /** Names of the profiles by which the authority issues; every one when absent. */
  readonly profiles?: readonly string[] | undefined;
  /** Reads what the caller sends. */
  readonly content: () => Promise<BroughtAuthority>;
}

/** What the caller should know of the certificates that it brought. */
export interface ImportedAuthority extends AuthorityWithKeys {
  readonly notes: readonly (Note | IssuanceNote)[];
}

/** Stores a CA that exists: its certificate, chain and private key. Throws PkiError. */
export async function importAuthority(
  context: AuthorityContext,
  { caller: { principal }, name, profiles, content }: ImportOrder,
): Promise<ImportedAuthority> {
  await requireFreeName(context, name);
  const settings = await settingsOf(context, profiles);
  const { key, ...brought } = await content();
  const { checked, parentId } = await checkOrDestroy(context, brought, key, principal);
  const imported = await storingKey(
    context,
    { authorityId: randomUUID(), keyId: randomUUID() },
    async (identity) => {
      const { material, signer } = await context.keyStore.seal(identity, key);
      const createdAt = context.clock();
      const stored = {
        id: identity.keyId,
        state: 'active' as const,
        ...publicKeyOf(signer),
        ...certificatesOf(checked),
        createdAt,
        ...material,
      };
      const authority = {
        id: identity.authorityId,
        name,
        status: 'enabled' as const,
        ...(parentId !== undefined && { parentId }),
        settings,
        createdAt,
      };
      return {
        authority,
        key: stored,
        audit: creationEvent('authority/import', principal, authority, stored),
      };
    },
  );
  return { ...imported, notes: notesOf(brought, checked) };
}

const notesOf = ({ reading }: BroughtCertificates, { notes }: CheckedAuthority) => [
  ...reading.notes,
  ...notes.map((note) => ({ ...note, path: note.path.slice(1) })),
];

const publicKeyOf = ({ publicKey: { algorithm, spki } }: Signer) => ({ algorithm, publicKey: spki });

const certificatesOf = ({ certificate, path }: CheckedAuthority) => ({
  certificate: certificate.der,
  chain: path.slice(1).map(({ der }) => der),
});

async function checkOrDestroy(
  context: AuthorityContext,
  brought: BroughtCertificates,
  key: PrivateKey,
  principal: string,
): Promise<{ readonly checked: CheckedAuthority; readonly parentId: string | undefined }> {
  try {
    const checked = await checkBrought(context, brought, key);
    const keyId = keyIdOf(key.publicKey);
    if (await context.store.isKeyCompromised({ keyId, principal })) throw compromisedKey(['signer']);
    return { checked, parentId: await issuerHere(context, checked.certificate) };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

/** Throws PkiError at `certificate` or `signer`. */
async function checkBrought(
  context: AuthorityContext,
  { certificates, reading }: BroughtCertificates,
  signer: Signer,
): Promise<CheckedAuthority> {
  const now = context.clock();
  const issuance = { profile: ANY_PURPOSE, isDefaultProfile: false, policies: [ANY_POLICY], now, reading };
  const checked = await checkAuthority(context, { certificates, signer }, issuance);
  if (checked.path.length > 1 || isSelfSigned(checked.certificate)) return checked;
  throw new PkiError(
    'invalid-certificate',
    'The certificate of the issuer must come with the CA certificate, because its key verifies it',
    ['certificate'],
  );
}

/** Returns the id of the authority of this service that issued the certificate. Throws PkiError if it is revoked. */
async function issuerHere(
  { store, clock }: AuthorityContext,
  { der }: Certificate,
): Promise<string | undefined> {
  const filter = { sha256: hash('sha256', der, 'buffer') };
  const [issued] = await store.searchCertificates({ filter, now: clock(), order: 'newest-first', limit: 1 });
  if (issued?.revokedAt === undefined) return issued?.authorityId;
  throw new PkiError('invalid-certificate', 'The certificate is revoked, or on hold', ['certificate']);
}

export interface CertificateImportOrder {
  /** Id or name. */
  readonly authority: string;
  readonly caller: Caller;
  /** Reads what the caller sends. */
  readonly content: () => BroughtCertificates;
}

/** Gives the pending key of an authority its certificate, which was signed elsewhere. Throws PkiError. */
export async function importCertificate(
  context: AuthorityContext,
  { authority: reference, caller: { principal }, content }: CertificateImportOrder,
): Promise<ImportedAuthority> {
  const { store, keyStore } = context;
  const authority = await findAuthority(store, reference);
  const key = await pendingKey(context, authority.id);
  const brought = content();
  requireKeyIn(brought, key);
  const signer = await keyStore.open({ authorityId: authority.id, keyId: key.id }, key);
  const checked = await checkBrought(context, brought, signer);
  requireSubject(key, checked.certificate);
  const certificates = certificatesOf(checked);
  const details = { authority: authority.id, ...keyDetails({ ...key, ...certificates }) };
  const audit = {
    at: context.clock(),
    action: 'authority/import-certificate',
    outcome: 'success',
    principal,
    details,
  } as const;
  changed(await store.importAuthorityCertificate({ keyId: key.id, ...certificates, audit }), reference);
  context.opened.forget();
  return { ...(await withKeys(context, authority.id)), notes: notesOf(brought, checked) };
}

async function pendingKey({ store }: AuthorityContext, authorityId: string): Promise<AuthorityKey> {
  const pending = (await store.listAuthorityKeys(authorityId)).find(({ state }) => state === 'pending');
  if (pending !== undefined) return pending;
  throw new PkiError('invalid-authority', 'The authority has no key that waits for a certificate');
}

function requireKeyIn({ certificates, reading }: BroughtCertificates, key: AuthorityKey): void {
  const publicKey = readPublicKey(checkDer(key.publicKey));
  if (certificates.some((certificate) => hasKey(certificate, { publicKey, reading }))) return;
  throw new PkiError('key-mismatch', 'The certificate must have the key of the CSR of this authority', [
    'certificate',
  ]);
}

/** The certificate is the one that the CSR asked for. */
function requireSubject({ csr }: AuthorityKey, { subject }: Certificate): void {
  if (csr === undefined || Buffer.compare(readCertificationRequest(checkDer(csr)).subject, subject) === 0)
    return;
  throw new PkiError('invalid-certificate', 'The certificate must have the subject of the CSR', [
    'certificate',
  ]);
}
