/**
 * A checkpoint of the audit chain: a statement and its signature. The statement is canonical JSON (RFC 8785) of
 *
 *     { "at": RFC 3339, "hash": hexadecimal, "key": SHA-256 of the SPKI, "sequence": number, "type": TYPE }
 *
 * The signature is pure ML-DSA with an empty context (FIPS 204 §5.2) over the octets of the statement in UTF-8.
 */

import { hash } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Der } from '../formats/der/header.ts';
import { ML_DSA_ALGORITHM } from '../formats/key-algorithm.ts';
import type { Keys, PublicKey, Signer } from '../keys/key.ts';
import type { AuditCheckpoint, AuditHead } from '../storage/ports.ts';

const TYPE = 'ml-dsa-certificate-api/audit-checkpoint/v1';

/** As it is given to others. */
export interface SignedCheckpoint {
  /** The signed text. */
  readonly statement: string;
  /** base64. */
  readonly signature: string;
}

export interface CheckpointStatement extends AuditHead {
  readonly at: Date;
}

/** The id of a public key in statements: SHA-256 of its SubjectPublicKeyInfo in lower-case hexadecimal. */
export const auditKeyId = ({ spki }: PublicKey): string => hash('sha256', spki);

/** AlgorithmIdentifier by name of the algorithm. */
const ALGORITHMS: ReadonlyMap<string, Der> = new Map(Object.entries(ML_DSA_ALGORITHM));

export async function signCheckpoint(
  signer: Signer,
  { sequence, hash: octets }: AuditHead,
  createdAt: Date,
): Promise<AuditCheckpoint> {
  const statement = canonicalJson({
    at: createdAt.toISOString(),
    hash: Buffer.from(octets).toString('hex'),
    key: auditKeyId(signer.publicKey),
    sequence,
    type: TYPE,
  });
  const signature = Buffer.from(await signer.sign(Buffer.from(statement))).toString('base64');
  const signed = Buffer.from(canonicalJson({ signature, statement }));
  return { sequence, hash: octets, createdAt, statement: new Uint8Array(signed) };
}

/** Returns the statement and the signature of a stored checkpoint. Throws SyntaxError or TypeError for other octets. */
export const signedCheckpointOf = ({ statement }: Pick<AuditCheckpoint, 'statement'>): SignedCheckpoint =>
  readSignedCheckpoint(JSON.parse(Buffer.from(statement).toString()));

/** Members besides the two are ignored. Throws TypeError. */
export function readSignedCheckpoint(value: unknown): SignedCheckpoint {
  const { statement, signature } = Object(value) as Record<string, unknown>;
  if (typeof statement === 'string' && typeof signature === 'string') return { statement, signature };
  throw new TypeError('A checkpoint must have the members statement and signature');
}

/** Returns what the checkpoint states; undefined unless it is signed with `publicKey`, a key of ML-DSA. */
export async function verifyCheckpoint(
  keys: Pick<Keys, 'verify'>,
  publicKey: PublicKey,
  { statement, signature }: SignedCheckpoint,
): Promise<CheckpointStatement | undefined> {
  const algorithm = ALGORITHMS.get(publicKey.algorithm);
  if (algorithm === undefined) return undefined;
  const octets = Buffer.from(signature, 'base64');
  if (!(await keys.verify(publicKey, algorithm, Buffer.from(statement), octets))) return undefined;
  const stated = JSON.parse(statement) as Record<string, unknown>;
  if (stated.type !== TYPE || stated.key !== auditKeyId(publicKey)) return undefined;
  return {
    sequence: Number(stated.sequence),
    hash: new Uint8Array(Buffer.from(String(stated.hash), 'hex')),
    at: new Date(String(stated.at)),
  };
}
