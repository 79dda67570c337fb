/** Keys of authorities as sealed PKCS #8 in the store, opened into the memory of this process. */

import { PkiError } from '../base/errors.ts';
import { checkDer } from '../formats/der/strict.ts';
import type { KeyAlgorithmName, Keys, PrivateKey, Signer } from '../keys/key.ts';
import type { KeyIdentity, KeyMaterial, KeyStore, StoredKey } from './key-store.ts';
import { isSealedBy, seal, SealError, unseal, type SealFault } from './sealing.ts';
import type { SealingKey } from './sealing-key.ts';

export interface SealedKeyStoreOptions {
  readonly keys: Keys;
  /** Seals and opens. */
  readonly sealingKey: SealingKey;
  /** Only open: keys that are being replaced, or that will seal after the next start. */
  readonly otherKeys?: readonly SealingKey[];
}

export class SealedKeyStore implements KeyStore {
  readonly #keys: Keys;
  readonly #sealingKey: SealingKey;
  readonly #sealingKeys: readonly SealingKey[];
  /** By key id. */
  readonly #opened = new Map<string, Promise<PrivateKey>>();
  #isClosed = false;

  constructor({ keys, sealingKey, otherKeys = [] }: SealedKeyStoreOptions) {
    this.#keys = keys;
    this.#sealingKey = sealingKey;
    this.#sealingKeys = [sealingKey, ...otherKeys];
  }

  async generate(identity: KeyIdentity, algorithm: KeyAlgorithmName): Promise<StoredKey> {
    return this.seal(identity, await this.#keys.generate(algorithm));
  }

  async seal(identity: KeyIdentity, key: PrivateKey): Promise<StoredKey> {
    try {
      const sealed = await sealedForm(this.#sealingKey, identity, key);
      this.#opened.set(identity.keyId, Promise.resolve(key));
      return { signer: signerOf(key), material: { sealed } };
    } catch (error) {
      key.destroy();
      throw error;
    }
  }

  async open(identity: KeyIdentity, { sealed }: KeyMaterial): Promise<Signer> {
    if (this.#isClosed) throw new Error('The key store is closed');
    if (sealed === undefined) throw new PkiError('key-unavailable', ELSEWHERE);
    return signerOf(await this.#openOnce(identity, sealed));
  }

  async replace(identity: KeyIdentity, sealed: Uint8Array): Promise<Uint8Array | undefined> {
    if (isSealedBy(this.#sealingKey, sealed)) return undefined;
    const pkcs8 = unsealOrExplain(this.#sealingKeys, identity, sealed);
    try {
      return seal(this.#sealingKey, identity, pkcs8);
    } finally {
      pkcs8.fill(0);
    }
  }

  forget({ keyId }: KeyIdentity): void {
    destroyWhenOpened(this.#opened.get(keyId));
    this.#opened.delete(keyId);
  }

  close(): void {
    this.#isClosed = true;
    this.#opened.forEach(destroyWhenOpened);
    this.#opened.clear();
  }

  /** A key that does not open is tried again by the next call. */
  #openOnce(identity: KeyIdentity, sealed: Uint8Array): Promise<PrivateKey> {
    const known = this.#opened.get(identity.keyId);
    if (known !== undefined) return known;
    const opening = this.#import(identity, sealed);
    this.#opened.set(identity.keyId, opening);
    opening.catch(() => this.#opened.delete(identity.keyId));
    return opening;
  }

  async #import(identity: KeyIdentity, sealed: Uint8Array): Promise<PrivateKey> {
    const pkcs8 = unsealOrExplain(this.#sealingKeys, identity, sealed);
    try {
      return await this.#keys.importPrivateKey(checkDer(pkcs8));
    } finally {
      pkcs8.fill(0);
    }
  }
}

async function sealedForm(
  sealingKey: SealingKey,
  identity: KeyIdentity,
  key: PrivateKey,
): Promise<Uint8Array> {
  const pkcs8 = await exportKey(key);
  try {
    return seal(sealingKey, identity, pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

/** A key that did not open has nothing to destroy. */
const destroyWhenOpened = (opening: Promise<PrivateKey> | undefined): void =>
  void opening?.then((key) => key.destroy()).catch(() => {});

/** The shortest form: the seed of an ML-DSA key, or the expanded key when it was imported without its seed. */
async function exportKey(key: PrivateKey): Promise<Uint8Array> {
  try {
    return await key.exportPkcs8();
  } catch (error) {
    if (error instanceof PkiError && error.code === 'invalid-key-options') return key.exportPkcs8('expanded');
    throw error;
  }
}

/** Without the methods that export and destroy the key. */
const SIGNERS = new WeakMap<PrivateKey, Signer>();

function signerOf(key: PrivateKey): Signer {
  const known = SIGNERS.get(key);
  if (known !== undefined) return known;
  const { publicKey, signatureAlgorithm } = key;
  const signer: Signer = Object.freeze({
    publicKey,
    signatureAlgorithm,
    sign: (message: Uint8Array) => key.sign(message),
    ...(key.signVerified && { signVerified: key.signVerified.bind(key) }),
  });
  SIGNERS.set(key, signer);
  return signer;
}

const ELSEWHERE = 'The private key of the authority is in another key store, which is not configured';

const FAULTS: Readonly<Record<SealFault, string>> = {
  'unknown-sealing-key':
    'The private key of the authority is sealed with a key that neither KEY_ENCRYPTION_KEY_FILE nor ' +
    'KEY_DECRYPTION_KEY_FILE has',
  damaged: 'The sealed private key of the authority in the store was changed or is damaged',
};

function unsealOrExplain(keys: readonly SealingKey[], identity: KeyIdentity, sealed: Uint8Array): Uint8Array {
  try {
    return unseal(keys, identity, sealed);
  } catch (error) {
    throw error instanceof SealError ? new PkiError('key-unavailable', FAULTS[error.fault]) : error;
  }
}
