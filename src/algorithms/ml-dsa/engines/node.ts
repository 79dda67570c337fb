/**
 * ML-DSA by node:crypto (OpenSSL 3.5 or newer inside Node), on libuv's thread pool. Only the import of a private key has no
 * asynchronous form: it blocks the event loop for 0.3 to 0.5 ms.
 */

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { asBuffer } from '../../../base/octets.ts';
import { withoutStackTrace } from '../../../base/without-stack-trace.ts';
import { generatedKeys, sign, verify } from '../../async-crypto.ts';
import { countSecret } from '../../secret-objects.ts';
import {
  inconsistentKey,
  signThenVerify,
  type Engine,
  type EngineKey,
  type MlDsaKeyMaterial,
  type SignatureOptions,
} from '../engine.ts';
import { hasValidLengths, SEED_LENGTH, type MlDsaParameterSetName } from '../parameter-sets.ts';

/** Keeps the KeyObject, so that no signature expands the seed again. */
class NodeKey implements EngineKey {
  readonly parameterSet: MlDsaParameterSetName;
  readonly publicKey: Uint8Array;
  readonly #hasSeed: boolean;
  #privateKey: KeyObject | undefined;

  constructor(
    parameterSet: MlDsaParameterSetName,
    publicKey: KeyObject,
    privateKey: KeyObject,
    hasSeed: boolean,
  ) {
    this.parameterSet = parameterSet;
    this.publicKey = publicKey.export({ format: 'raw-public' });
    this.#hasSeed = hasSeed;
    this.#privateKey = privateKey;
  }

  get privateKey(): KeyObject {
    if (this.#privateKey === undefined) throw new Error('The private key was destroyed');
    return this.#privateKey;
  }

  exportSeed(): Uint8Array | undefined {
    const key = this.privateKey;
    return this.#hasSeed ? key.export({ format: 'raw-seed' }) : undefined;
  }

  /** OpenSSL zeroes the key when the garbage collector frees the KeyObject. */
  destroy(): void {
    this.#privateKey = undefined;
  }
}

/** Returns a sentence, or undefined when node:crypto has ML-DSA. */
export function nodeUnavailableReason(): string | undefined {
  try {
    readSeed('ml-dsa-44', new Uint8Array(SEED_LENGTH));
    return undefined;
  } catch {
    return `The node:crypto module of Node.js ${process.versions.node} has no ML-DSA`;
  }
}

export const createNodeEngine = (): Engine => new NodeEngine();

class NodeEngine implements Engine {
  readonly name = 'node';

  async generateKey(parameterSet: MlDsaParameterSetName): Promise<EngineKey> {
    const [publicKey, privateKey] = await generatedKeys((done) =>
      generateKeyPair(parameterSet, undefined, done),
    );
    return new NodeKey(parameterSet, publicKey, privateKey, true);
  }

  async importKey(material: MlDsaKeyMaterial): Promise<EngineKey> {
    const { parameterSet } = material;
    const hasSeed = 'seed' in material;
    const privateKey = hasSeed
      ? readSeed(parameterSet, material.seed)
      : readExpandedKey(parameterSet, material.expandedKey);
    return new NodeKey(parameterSet, createPublicKey(privateKey), privateKey, hasSeed);
  }

  async publicFromSeed(parameterSet: MlDsaParameterSetName, seed: Uint8Array): Promise<Uint8Array> {
    return createPublicKey(readSeed(parameterSet, seed)).export({ format: 'raw-public' });
  }

  async sign(key: EngineKey, message: Uint8Array, { context }: SignatureOptions = {}): Promise<Uint8Array> {
    return sign(null, message, keyWithContext(privateKeyOf(key), context));
  }

  signVerified(key: EngineKey, message: Uint8Array, publicKey: Uint8Array): Promise<Uint8Array | undefined> {
    return signThenVerify(this, key, message, publicKey);
  }

  async verify(
    parameterSet: MlDsaParameterSetName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
    { context }: SignatureOptions = {},
  ): Promise<boolean> {
    if (!hasValidLengths(parameterSet, publicKey, signature)) return false;
    const key = readPublicKey(parameterSet, publicKey);
    return verify(null, message, keyWithContext(key, context), signature);
  }

  async close(): Promise<void> {}
}

/** Without a context it returns the key itself: an options object costs 12 to 20 µs of the event loop. */
const keyWithContext = (key: KeyObject, context: Uint8Array | undefined) =>
  context === undefined ? key : { key, context };

function privateKeyOf(key: EngineKey): KeyObject {
  if (key instanceof NodeKey) return key.privateKey;
  throw new TypeError('The key belongs to another engine');
}

const readPublicKey = (parameterSet: MlDsaParameterSetName, publicKey: Uint8Array): KeyObject =>
  withoutStackTrace(() =>
    createPublicKey({ key: asBuffer(publicKey), format: 'raw-public', asymmetricKeyType: parameterSet }),
  );

function readSeed(parameterSet: MlDsaParameterSetName, seed: Uint8Array): KeyObject {
  countSecret();
  return withoutStackTrace(() =>
    createPrivateKey({ key: asBuffer(seed), format: 'raw-seed', asymmetricKeyType: parameterSet }),
  );
}

/** node:crypto has no raw form of the expanded key, so it is imported as PKCS #8; OpenSSL checks s1, s2, t0 and tr. */
function readExpandedKey(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): KeyObject {
  const key = Buffer.concat([PKCS8_HEADERS[parameterSet], expandedKey]);
  countSecret();
  try {
    return withoutStackTrace(() => createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  } catch {
    throw inconsistentKey(parameterSet);
  } finally {
    key.fill(0);
  }
}

/**
 * The octets before the expanded key in
 *
 *   OneAsymmetricKey ::= SEQUENCE { version INTEGER (0), AlgorithmIdentifier, privateKey OCTET STRING }  -- RFC 5958 §2
 *
 * whose privateKey contains `expandedKey OCTET STRING` (RFC 9881 §6).
 */
const PKCS8_HEADERS: Readonly<Record<MlDsaParameterSetName, Uint8Array>> = Object.freeze({
  'ml-dsa-44': fromHex('30820a18 020100 300b0609608648016503040311 04820a04 04820a00'),
  'ml-dsa-65': fromHex('30820fd8 020100 300b0609608648016503040312 04820fc4 04820fc0'),
  'ml-dsa-87': fromHex('30821338 020100 300b0609608648016503040313 04821324 04821320'),
});

function fromHex(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}
