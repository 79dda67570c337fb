/**
 * ML-DSA by AWS-LC, through the addon `native/addon.cc`, on libuv's thread pool: about four times as fast as node:crypto.
 * The addon is optional (`npm run build:native`).
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PkiError } from '../../../base/errors.ts';
import { ROOT } from '../../../base/root.ts';
import {
  inconsistentKey,
  type Engine,
  type EngineKey,
  type MlDsaKeyMaterial,
  type SignatureOptions,
} from '../engine.ts';
import { hasValidLengths, ML_DSA, SEED_LENGTH, type MlDsaParameterSetName } from '../parameter-sets.ts';

/** A private key in native memory, which is zeroed when the key is destroyed or garbage collected. */
declare const handle: unique symbol;
interface Handle {
  readonly [handle]: never;
}

/**
 * Octets are copied at the call. A wrong type and a destroyed key throw a TypeError; when AWS-LC fails, the promise rejects.
 */
interface Addon {
  generateKey(parameterSet: MlDsaParameterSetName): Promise<Handle>;
  /** `secret` is ξ or sk, depending on its length. */
  importKey(parameterSet: MlDsaParameterSetName, secret: Uint8Array): Promise<Handle>;
  publicKey(key: Handle): Uint8Array;
  /** Returns ξ, which the caller zeroes. Throws for a key that was imported from sk. */
  seed(key: Handle): Uint8Array;
  /** Calls that already use the key are finished. */
  destroy(key: Handle): void;
  sign(key: Handle, message: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
  /** With an empty context. Returns undefined when the signature does not verify with `publicKey`. */
  signVerified(key: Handle, message: Uint8Array, publicKey: Uint8Array): Promise<Uint8Array | undefined>;
  verify(
    parameterSet: MlDsaParameterSetName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
    context: Uint8Array,
  ): Promise<boolean>;
  /** Whether this processor runs what is compiled for x86-64-v3. */
  supportsX8664V3(): boolean;
}

/** For every processor. */
export const ADDON = join(ROOT, 'native/build/ml-dsa.node');
/** The same, compiled for processors with AVX2 and BMI2. */
const ADDON_V3 = join(ROOT, 'native/build/ml-dsa-x86-64-v3.node');
const EMPTY = new Uint8Array();

/** Returns a sentence, or undefined when the addon is installed. */
export const nativeUnavailableReason = (path = ADDON): string | undefined =>
  existsSync(path) ? undefined : 'The native engine was not built (npm run build:native)';

/** With the addon for this processor, or that in `path`. Throws PkiError engine-unavailable when it cannot be loaded. */
export const createNativeEngine = (path?: string): Engine =>
  new NativeEngine(path === undefined ? loadForProcessor() : load(path));

/** The addon for every processor says whether this one runs the faster one. */
function loadForProcessor(): Addon {
  const addon = load(ADDON);
  // A file that an earlier version of the service built
  if (!('supportsX8664V3' in addon))
    throw new PkiError(
      'engine-unavailable',
      'The native engine cannot be loaded: the addon must be built again (npm run build:native)',
    );
  return addon.supportsX8664V3() && existsSync(ADDON_V3) ? load(ADDON_V3) : addon;
}

class NativeKey implements EngineKey {
  readonly parameterSet: MlDsaParameterSetName;
  readonly publicKey: Uint8Array;
  readonly #addon: Addon;
  readonly #hasSeed: boolean;
  #handle: Handle | undefined;

  constructor(addon: Addon, parameterSet: MlDsaParameterSetName, key: Handle, hasSeed: boolean) {
    this.parameterSet = parameterSet;
    this.publicKey = addon.publicKey(key);
    this.#addon = addon;
    this.#hasSeed = hasSeed;
    this.#handle = key;
  }

  get handle(): Handle {
    if (this.#handle === undefined) throw new Error('The private key was destroyed');
    return this.#handle;
  }

  exportSeed(): Uint8Array | undefined {
    const key = this.handle;
    return this.#hasSeed ? this.#addon.seed(key) : undefined;
  }

  destroy(): void {
    if (this.#handle !== undefined) this.#addon.destroy(this.#handle);
    this.#handle = undefined;
  }
}

class NativeEngine implements Engine {
  readonly name = 'native';
  readonly #addon: Addon;

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  async generateKey(parameterSet: MlDsaParameterSetName): Promise<EngineKey> {
    return new NativeKey(this.#addon, parameterSet, await this.#addon.generateKey(parameterSet), true);
  }

  async importKey(material: MlDsaKeyMaterial): Promise<EngineKey> {
    const { parameterSet } = material;
    const hasSeed = 'seed' in material;
    const key = hasSeed
      ? await this.#importSeed(parameterSet, material.seed)
      : await this.#importExpandedKey(parameterSet, material.expandedKey);
    return new NativeKey(this.#addon, parameterSet, key, hasSeed);
  }

  async publicFromSeed(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Uint8Array> {
    const key = await this.#importSeed(parameterSet, seed);
    try {
      return this.#addon.publicKey(key);
    } finally {
      this.#addon.destroy(key);
    }
  }

  async sign(
    key: EngineKey,
    message: Uint8Array,
    { context = EMPTY }: SignatureOptions = {},
  ): Promise<Uint8Array> {
    return this.#addon.sign(handleOf(key), message, context);
  }

  /** One task of the thread pool. */
  async signVerified(
    key: EngineKey,
    message: Uint8Array,
    publicKey: Uint8Array,
  ): Promise<Uint8Array | undefined> {
    return this.#addon.signVerified(handleOf(key), message, publicKey);
  }

  async verify(
    parameterSet: MlDsaParameterSetName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
    { context = EMPTY }: SignatureOptions = {},
  ): Promise<boolean> {
    if (!hasValidLengths(parameterSet, publicKey, signature)) return false;
    return this.#addon.verify(parameterSet, publicKey, message, signature, context);
  }

  async close(): Promise<void> {}

  async #importSeed(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Handle> {
    if (seed.length !== SEED_LENGTH)
      throw new TypeError(`A seed must have ${SEED_LENGTH} octets, got ${seed.length}`);
    return this.#addon.importKey(parameterSet, seed);
  }

  /** AWS-LC checks s1, s2, t0 and tr. */
  async #importExpandedKey(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): Promise<Handle> {
    try {
      if (expandedKey.length !== ML_DSA[parameterSet].expandedKeyLength) throw new TypeError('wrong length');
      return await this.#addon.importKey(parameterSet, expandedKey);
    } catch {
      throw inconsistentKey(parameterSet);
    }
  }
}

function handleOf(key: EngineKey): Handle {
  if (key instanceof NativeKey) return key.handle;
  throw new TypeError('The key belongs to another engine');
}

function load(path: string): Addon {
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    // The message of dlopen contains the path, which callers must not see
    const reason = error instanceof Error ? error.message.replaceAll(path, 'the addon') : String(error);
    throw new PkiError('engine-unavailable', `The native engine cannot be loaded: ${reason}`);
  }
}
