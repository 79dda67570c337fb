/** ML-DSA by @noble/post-quantum in worker threads: it needs only JavaScript, and has an eighth of node:crypto's speed. */

import { randomBytes } from 'node:crypto';
import {
  signThenVerify,
  type Engine,
  type EngineKey,
  type MlDsaKeyMaterial,
  type SignatureOptions,
} from '../engine.ts';
import { hasValidLengths, SEED_LENGTH, type MlDsaParameterSetName } from '../parameter-sets.ts';
import { offHeapCopy } from '../../../base/octets.ts';
import type { NoblePool } from '../noble-pool.ts';

const EMPTY = new Uint8Array();

class NobleKey implements EngineKey {
  readonly parameterSet: MlDsaParameterSetName;
  readonly publicKey: Uint8Array;
  readonly #seed: Uint8Array | undefined;
  readonly #expandedKey: Uint8Array;
  #destroyed = false;

  constructor(
    parameterSet: MlDsaParameterSetName,
    publicKey: Uint8Array,
    expandedKey: Uint8Array,
    seed?: Uint8Array,
  ) {
    this.parameterSet = parameterSet;
    this.publicKey = publicKey;
    this.#expandedKey = expandedKey;
    this.#seed = seed;
  }

  get expandedKey(): Uint8Array {
    this.#assertUsable();
    return this.#expandedKey;
  }

  exportSeed(): Uint8Array | undefined {
    this.#assertUsable();
    return this.#seed && offHeapCopy(this.#seed);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#seed?.fill(0);
    this.#expandedKey.fill(0);
  }

  #assertUsable(): void {
    if (this.#destroyed) throw new Error('The private key was destroyed');
  }
}

/** The caller closes the pool. */
export const createNobleEngine = (pool: NoblePool): Engine => new NobleEngine(pool);

class NobleEngine implements Engine {
  readonly name = 'noble';
  readonly #pool: NoblePool;

  constructor(pool: NoblePool) {
    this.#pool = pool;
  }

  async generateKey(parameterSet: MlDsaParameterSetName): Promise<EngineKey> {
    const seed = randomBytes(SEED_LENGTH);
    try {
      return await this.importKey({ parameterSet, seed });
    } finally {
      seed.fill(0);
    }
  }

  async importKey(material: MlDsaKeyMaterial): Promise<EngineKey> {
    const { parameterSet } = material;
    if ('seed' in material) {
      const { publicKey, expandedKey } = await this.#pool.run('expand', material);
      return new NobleKey(parameterSet, publicKey, expandedKey, offHeapCopy(material.seed));
    }
    const { publicKey } = await this.#pool.run('derivePublicKey', material);
    return new NobleKey(parameterSet, publicKey, new Uint8Array(material.expandedKey));
  }

  async publicFromSeed(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Uint8Array> {
    const { publicKey, expandedKey } = await this.#pool.run('expand', { parameterSet, seed });
    expandedKey.fill(0);
    return publicKey;
  }

  async sign(key: EngineKey, message: Uint8Array, options: SignatureOptions = {}): Promise<Uint8Array> {
    const expandedKey = expandedKeyOf(key);
    const { context = EMPTY } = options;
    const { signature } = await this.#pool.run('sign', {
      parameterSet: key.parameterSet,
      expandedKey,
      message,
      context,
    });
    return signature;
  }

  signVerified(key: EngineKey, message: Uint8Array, publicKey: Uint8Array): Promise<Uint8Array | undefined> {
    return signThenVerify(this, key, message, publicKey);
  }

  async verify(
    parameterSet: MlDsaParameterSetName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
    { context = EMPTY }: SignatureOptions = {},
  ): Promise<boolean> {
    if (!hasValidLengths(parameterSet, publicKey, signature)) return false;
    const { valid } = await this.#pool.run('verify', {
      parameterSet,
      publicKey,
      message,
      signature,
      context,
    });
    return valid;
  }

  async close(): Promise<void> {}
}

function expandedKeyOf(key: EngineKey): Uint8Array {
  if (key instanceof NobleKey) return key.expandedKey;
  throw new TypeError('The key belongs to another engine');
}
