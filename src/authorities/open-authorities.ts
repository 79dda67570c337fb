/** Authorities that are ready to sign: read from the store now and then, their keys opened once a process. */

import { monotonicNow } from '../base/clock.ts';
import { PkiError } from '../base/errors.ts';
import type { IssuanceContext } from '../ca/issuance-context.ts';
import { LENIENT } from '../formats/reading.ts';
import { hasKey } from '../ca/issuer-choice.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import type { Keys, Signer } from '../keys/key.ts';
import type { Authority, AuthorityKey, Store } from '../storage/ports.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isSelfSigned, isSignedBy } from '../x509/path/link.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import { verifyingOnce } from './verified-once.ts';
import { requireEnabled, unknownAuthority } from './refusals.ts';
import { suitableAuthority, type SuitableAuthority } from './suitable-authority.ts';
import { chainOf } from './issued-order.ts';

export interface SigningAuthority {
  readonly authority: Authority;
  readonly key: AuthorityKey;
  /** Its own, then those above it. */
  readonly certificates: readonly Certificate[];
  readonly signer: Signer;
  /** For the signatures of these certificates. */
  readonly keys: Keys;
  readonly suitability: SuitableAuthority;
  /** What relying parties need besides their trust anchors, DER. */
  readonly delivered: readonly Uint8Array[];
}

/** A key of an authority that cannot be used, for the log and for readiness. */
export interface KeyFault {
  readonly authorityId: string;
  readonly keyId: string;
  /** A whole sentence. */
  readonly message: string;
}

interface OpenAuthoritiesOptions {
  readonly context: IssuanceContext;
  readonly store: Store;
  readonly keyStore: KeyStore;
  readonly onFault: (fault: KeyFault) => void;
}

/**
 * How long an authority is used without reading it again, in milliseconds. To reserve a serial number fails when the
 * authority is no longer enabled or its key no longer active, so that nothing is signed by an outdated one.
 */
const LIFETIME = 1000;

interface Read {
  readonly at: number;
  readonly signing: Promise<SigningAuthority>;
}

export type OpenKey = Omit<SigningAuthority, 'authority' | 'key'>;

export class OpenAuthorities {
  readonly #options: OpenAuthoritiesOptions;
  /** By the id or name that callers use. */
  readonly #read = new Map<string, Read>();
  /** By key id. */
  readonly #keys = new Map<string, Promise<OpenKey>>();
  readonly #faults = new Map<string, KeyFault>();

  constructor(options: OpenAuthoritiesOptions) {
    this.#options = options;
  }

  /** Keys that did not open when they were last used. */
  get faults(): readonly KeyFault[] {
    return [...this.#faults.values()];
  }

  /** Whether any key is open in this process. */
  get hasOpenKeys(): boolean {
    return this.#keys.size > 0;
  }

  forgetFault(keyId: string): void {
    this.#faults.delete(keyId);
  }

  /** `reference` is an id or a name. Throws PkiError unknown-authority, authority-inactive or key-unavailable. */
  signing(reference: string): Promise<SigningAuthority> {
    const known = this.#read.get(reference);
    const now = monotonicNow();
    if (known !== undefined && now - known.at < LIFETIME) return known.signing;
    const signing = this.#readSigning(reference);
    this.#read.set(reference, { at: now, signing });
    signing.catch(() => this.#read.delete(reference));
    return signing;
  }

  /** Opens a key of any state that has a certificate, such as a retired one for its CRL. Rejects with PkiError key-unavailable. */
  openKey(key: AuthorityKey): Promise<OpenKey> {
    return this.#open(key);
  }

  /** The next use of any authority reads it. */
  forget(): void {
    this.#read.clear();
  }

  async #readSigning(reference: string): Promise<SigningAuthority> {
    const { store } = this.#options;
    const authority = await findAuthority(store, reference);
    requireEnabled(authority);
    const keys = await store.listAuthorityKeys(authority.id);
    const key = keys.find(({ state }) => state === 'active');
    if (key === undefined)
      throw new PkiError('authority-inactive', `The authority ${authority.name} has no active key`);
    return { authority, key, ...(await this.#open(key)) };
  }

  #open(key: AuthorityKey): Promise<OpenKey> {
    const known = this.#keys.get(key.id);
    if (known !== undefined) return known;
    const opening = this.#openReported(key);
    this.#keys.set(key.id, opening);
    opening.catch(() => this.#keys.delete(key.id));
    return opening;
  }

  async #openReported(key: AuthorityKey): Promise<OpenKey> {
    try {
      const opened = await openKey(this.#options, key);
      this.#faults.delete(key.id);
      return opened;
    } catch (error) {
      if (error instanceof PkiError && error.code === 'key-unavailable') this.#report(key, error.message);
      throw error;
    }
  }

  #report({ id: keyId, authorityId }: AuthorityKey, message: string): void {
    const fault = { authorityId, keyId, message };
    this.#faults.set(keyId, fault);
    this.#options.onFault(fault);
  }
}

/** `reference` is an id or a name; no name has the form of an id. Throws PkiError unknown-authority. */
export async function findAuthority(
  store: Pick<Store, 'getAuthority' | 'findAuthority'>,
  reference: string,
): Promise<Authority> {
  const found = isId(reference) ? await store.getAuthority(reference) : await store.findAuthority(reference);
  if (found === undefined) throw unknownAuthority(reference);
  return found;
}

/** RFC 9562 §4. */
export const isId = (text: string): boolean =>
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/.test(text);

/** What is wrong with the certificate in itself is a fault of the store; what changes with time is checked for each use. */
async function openKey({ context, keyStore }: OpenAuthoritiesOptions, key: AuthorityKey): Promise<OpenKey> {
  const signer = await keyStore.open({ authorityId: key.authorityId, keyId: key.id }, key);
  const keys = verifyingOnce(context.keys);
  if (key.certificate === undefined) throw damaged();
  try {
    const certificates = [key.certificate, ...key.chain].map(readStoredCertificate);
    await requireIntact(keys, certificates, signer);
    return {
      certificates,
      signer,
      keys,
      suitability: suitableAuthority(certificates, signer),
      delivered: chainOf(key),
    };
  } catch (error) {
    throw error instanceof PkiError ? damaged() : error;
  }
}

/** The certificate has the key, and its signature verifies with the key of its issuer. */
async function requireIntact(
  keys: Keys,
  [own, issuer = own]: readonly Certificate[],
  { publicKey }: Signer,
): Promise<void> {
  if (own === undefined || issuer === undefined || !hasKey(own, { publicKey, reading: LENIENT }))
    throw damaged();
  const ca = isSelfSigned(own) ? own : issuer;
  if (!(await isSignedBy(keys, own, ca, LENIENT))) throw damaged();
}

const damaged = (): PkiError =>
  new PkiError('key-unavailable', 'The certificate of the authority in the store was changed or is damaged');
