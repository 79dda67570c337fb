import { PkiError } from '../../base/errors.ts';
import { standardName, type MlDsaParameterSetName } from './parameter-sets.ts';

/** RFC 9881 §6: the seed ξ, or the expanded key, from which the seed cannot be computed (§8.1). */
export type MlDsaKeyMaterial =
  | { readonly parameterSet: MlDsaParameterSetName; readonly seed: Uint8Array }
  | { readonly parameterSet: MlDsaParameterSetName; readonly expandedKey: Uint8Array };

/** A private key inside an engine, ready to sign. */
export interface EngineKey {
  readonly parameterSet: MlDsaParameterSetName;
  /** pk, in the length of the parameter set. */
  readonly publicKey: Uint8Array;
  /** Returns a new copy of ξ (32 octets), which the caller zeroes; undefined for a key imported from an expanded key. */
  exportSeed(): Uint8Array | undefined;
  /** Zeroes what can be zeroed (FIPS 204 §3.6.3). Later calls with the key throw. */
  destroy(): void;
}

export interface SignatureOptions {
  /** FIPS 204 §5.2 context, at most 255 octets. Empty in X.509 (RFC 9881 §3); conformance tests use others. */
  readonly context?: Uint8Array;
}

/**
 * Computes ML-DSA: pure mode, hedged signing (FIPS 204 §3.4). Every call is asynchronous and does not block the event loop.
 * An engine keeps no reference to an input buffer: callers zero theirs when the call has ended.
 */
export interface Engine {
  /** The name in the list of engines (`engines.ts`). */
  readonly name: string;
  generateKey(parameterSet: MlDsaParameterSetName): Promise<EngineKey>;
  /** Throws PkiError invalid-private-key for an expanded key whose parts do not fit each other (RFC 9881 §8.2). */
  importKey(material: MlDsaKeyMaterial): Promise<EngineKey>;
  publicFromSeed(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Uint8Array>;
  sign(key: EngineKey, message: Uint8Array, options?: SignatureOptions): Promise<Uint8Array>;
  /**
   * Signs, and verifies the signature with `publicKey`, the octets of pk. Returns undefined when it does not verify: a
   * faulty signature can reveal the private key, so it does not leave the engine.
   */
  signVerified(key: EngineKey, message: Uint8Array, publicKey: Uint8Array): Promise<Uint8Array | undefined>;
  /** Returns false, and does not throw, for a key or signature of another length (FIPS 204 §3.6.2). */
  verify(
    parameterSet: MlDsaParameterSetName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
    options?: SignatureOptions,
  ): Promise<boolean>;
  close(): Promise<void>;
}

/** `signVerified` of an engine that has no single operation for it. */
export async function signThenVerify(
  engine: Pick<Engine, 'sign' | 'verify'>,
  key: EngineKey,
  message: Uint8Array,
  publicKey: Uint8Array,
): Promise<Uint8Array | undefined> {
  const signature = await engine.sign(key, message);
  const isValid = await engine.verify(key.parameterSet, publicKey, message, signature);
  return isValid ? signature : undefined;
}

/** The error of `importKey` for an expanded key. `fault` says which part is wrong. */
export const inconsistentKey = (parameterSet: MlDsaParameterSetName, fault?: string): PkiError =>
  new PkiError(
    'invalid-private-key',
    `The expanded ${standardName(parameterSet)} private key is inconsistent${fault === undefined ? '' : `: ${fault}`}`,
  );
