import type { MlDsaParameterSetName } from './parameter-sets.ts';

/** What RFC 9881 §6 lets travel: the seed ξ, or the expanded key, which cannot give its seed back (§8.1). */
export type MlDsaKeyMaterial =
  | { readonly parameterSet: MlDsaParameterSetName; readonly seed: Uint8Array }
  | { readonly parameterSet: MlDsaParameterSetName; readonly expandedKey: Uint8Array };

/** A private key that an engine holds, ready to sign. */
export interface EngineKey {
  readonly parameterSet: MlDsaParameterSetName;
  /** pk, of the parameter set's length. */
  readonly publicKey: Uint8Array;
  /** A fresh copy of ξ (32 octets), which the caller zeroes; undefined for a key made of an expanded key. */
  exportSeed(): Uint8Array | undefined;
  /** Zeroes what can be zeroed (FIPS 204 §3.6.3). The key is not used after. */
  destroy(): void;
}

export interface SignatureOptions {
  /** FIPS 204 §5.2 context, at most 255 octets. Empty in X.509 (RFC 9881 §3); others serve conformance tests. */
  readonly context?: Uint8Array;
}

/**
 * Who computes ML-DSA: pure mode, hedged signing (FIPS 204 §3.4). Every call is asynchronous and leaves the event
 * loop free. An engine keeps no reference to a buffer that it is given: callers zero theirs after awaiting.
 */
export interface Engine {
  /** As in the list of engines (`engines.ts`). */
  readonly name: string;
  generateKey(parameterSet: MlDsaParameterSetName): Promise<EngineKey>;
  /** The caller has checked an expanded key (`expanded-key.ts`) before. */
  importKey(material: MlDsaKeyMaterial): Promise<EngineKey>;
  publicFromSeed(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Uint8Array>;
  sign(key: EngineKey, message: Uint8Array, options?: SignatureOptions): Promise<Uint8Array>;
  /** Answers false, never throws, for a key or signature of another length (FIPS 204 §3.6.2). */
  verify(
    parameterSet: MlDsaParameterSetName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
    options?: SignatureOptions,
  ): Promise<boolean>;
  close(): Promise<void>;
}
