/**
 * ML-DSA by node:crypto (OpenSSL 3.5 or newer inside Node), on libuv's thread pool. Only the reading of a private key
 * has no callback form there: it holds the event loop for 0.3 to 0.5 ms.
 */

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { PkiError } from '../../../base/errors.ts';
import { withoutStackTrace } from '../../../base/without-stack-trace.ts';
import { promisified, sign, verify, type KeyPair } from '../../async-crypto.ts';
import type { Engine, EngineKey, MlDsaKeyMaterial, SignatureOptions } from '../engine.ts';
import { hasValidLengths, ML_DSA, SEED_LENGTH, type MlDsaParameterSetName } from '../parameter-sets.ts';

/** Holds the KeyObject, so that nothing is expanded again for a signature. */
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
    if (this.#privateKey === undefined) throw new Error('this private key was destroyed');
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

/** Why there is no ML-DSA in node:crypto here; undefined where there is. */
export function nodeUnavailableReason(): string | undefined {
  try {
    readSeed('ml-dsa-44', new Uint8Array(SEED_LENGTH));
    return undefined;
  } catch {
    return `node:crypto of Node ${process.versions.node} has no ML-DSA`;
  }
}

export const createNodeEngine = (): Engine => new NodeEngine();

class NodeEngine implements Engine {
  readonly name = 'node';

  async generateKey(parameterSet: MlDsaParameterSetName): Promise<EngineKey> {
    const [publicKey, privateKey] = await promisified<KeyPair>((done) =>
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
    return sign(null, message, bare(privateKeyOf(key), context));
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
    return verify(null, message, bare(key, context), signature);
  }

  async close(): Promise<void> {}
}

/** Where there is no context, no options either: they cost 12 to 20 µs of the event loop. */
const bare = (key: KeyObject, context: Uint8Array | undefined) =>
  context === undefined ? key : { key, context };

function privateKeyOf(key: EngineKey): KeyObject {
  if (key instanceof NodeKey) return key.privateKey;
  throw new TypeError('the key belongs to another engine');
}

const readPublicKey = (parameterSet: MlDsaParameterSetName, publicKey: Uint8Array): KeyObject =>
  withoutStackTrace(() =>
    createPublicKey({ key: view(publicKey), format: 'raw-public', asymmetricKeyType: parameterSet }),
  );

const readSeed = (parameterSet: MlDsaParameterSetName, seed: Uint8Array): KeyObject =>
  withoutStackTrace(() =>
    createPrivateKey({ key: view(seed), format: 'raw-seed', asymmetricKeyType: parameterSet }),
  );

/** node:crypto has no raw form of the expanded key: it travels as PKCS#8, and OpenSSL checks t0 and tr. */
function readExpandedKey(parameterSet: MlDsaParameterSetName, expandedKey: Uint8Array): KeyObject {
  const pkcs8 = Buffer.concat([pkcs8Header(parameterSet), expandedKey]);
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch {
    throw new PkiError('invalid-private-key', `the expanded ${parameterSet} private key is damaged`);
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * What precedes the expanded key in
 *
 *   OneAsymmetricKey ::= SEQUENCE { version INTEGER (0), AlgorithmIdentifier, privateKey OCTET STRING }  -- RFC 5958 §2
 *
 * whose privateKey holds `expandedKey OCTET STRING` (RFC 9881 §6).
 */
function pkcs8Header(parameterSet: MlDsaParameterSetName): Uint8Array {
  const { oid, expandedKeyLength } = ML_DSA[parameterSet];
  const lastArc = Number(oid.slice(oid.lastIndexOf('.') + 1));
  const algorithm = [0x30, 11, 0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, lastArc];
  const version = [0x02, 1, 0];
  return Uint8Array.of(
    ...longHeader(0x30, version.length + algorithm.length + 8 + expandedKeyLength),
    ...version,
    ...algorithm,
    ...longHeader(0x04, 4 + expandedKeyLength),
    ...longHeader(0x04, expandedKeyLength),
  );
}

const longHeader = (tag: number, length: number): number[] => [tag, 0x82, length >> 8, length & 0xff];

/** The same octets as a Buffer, which node:crypto's types ask for. */
const view = (octets: Uint8Array): Buffer => Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
