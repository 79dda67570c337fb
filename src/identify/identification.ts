/** Identifies any input, and describes each of its parts. */

import { pause } from '../base/next-turn.ts';
import { PkiError } from '../base/errors.ts';
import { createReading, type Note } from '../formats/reading.ts';
import type { Keys } from '../keys/key.ts';
import { describePkcs12, describePkcs7 } from './facts/containers.ts';
import { describeCrl } from './facts/crl.ts';
import type { Context, Describe, Facts } from './facts/facts.ts';
import { describeJwk } from './facts/jwk.ts';
import { describeEncryptedKey, describePrivateKey, describePublicKey } from './facts/keys.ts';
import { describeOcspRequest, describeOcspResponse } from './facts/ocsp.ts';
import { describeCertificate, describeRequest } from './facts/signed.ts';
import { findParts } from './find-parts.ts';
import type { Findings, Found } from './found.ts';
import type { PartType } from './part-types.ts';

export interface Part extends Omit<Found, 'octets' | 'facts'> {
  /** Length of the DER, or of the octets that are not DER. */
  readonly size: number;
  readonly facts: Facts;
  /** Deviations that were read. */
  readonly notes: readonly Note[];
}

export interface Identification {
  readonly parts: readonly Part[];
  /** Whether every part is listed. */
  readonly isComplete: boolean;
}

const DESCRIPTIONS: Partial<Record<PartType, Describe>> = Object.freeze({
  certificate: describeCertificate,
  'certificate-request': describeRequest,
  crl: describeCrl,
  'public-key': describePublicKey,
  'private-key': describePrivateKey,
  'private-key-pkcs1': describePrivateKey,
  'private-key-sec1': describePrivateKey,
  'encrypted-private-key': describeEncryptedKey,
  jwk: describeJwk,
  pkcs7: describePkcs7,
  pkcs12: describePkcs12,
  'ocsp-request': describeOcspRequest,
  'ocsp-response': describeOcspResponse,
} satisfies Partial<Record<PartType, Describe>>);

/**
 * Identifies the parts of `octets`. Nothing about the input throws: a part that cannot be read has the reason. The event loop
 * runs between the parts. The caller zeroes `octets`.
 */
export async function identify(keys: Keys, octets: Uint8Array): Promise<Identification> {
  const findings = await findParts(octets);
  try {
    const parts: Part[] = [];
    // Descriptions add the parts inside
    for (let index = 0; index < findings.parts.length; index += 1) {
      await pause();
      const found = findings.parts[index];
      if (found !== undefined) parts.push(await describe(keys, findings, found, index));
    }
    return { parts, isComplete: findings.isComplete };
  } finally {
    findings.destroy();
  }
}

async function describe(keys: Keys, findings: Findings, found: Found, index: number): Promise<Part> {
  const { octets, facts: known = {}, problem, ...part } = found;
  const reading = createReading({ isStrict: false, isInspecting: true });
  const context: Context = {
    keys,
    reading,
    own: (copy) => findings.own(copy),
    addInside: (inside) => findings.add({ ...inside, encodings: ['DER'], inside: index }),
  };
  const described: Described = octets.length > 0 ? await attempt(found, context) : { facts: {} };
  return {
    ...part,
    size: octets.length,
    problem: problem ?? described.problem,
    facts: { ...known, ...described.facts },
    notes: reading.notes,
  };
}

/** In octets. More is only named: it would take too long to describe at once. Lists are counted and not described. */
const MAX_DESCRIBED = 131_072;
const LISTS: ReadonlySet<PartType> = new Set(['crl', 'pkcs7', 'pkcs12']);

interface Described {
  readonly facts: Facts;
  readonly problem?: PkiError;
}

async function attempt({ type, octets }: Found, context: Context): Promise<Described> {
  const description = DESCRIPTIONS[type];
  if (description === undefined) return { facts: {} };
  try {
    if (octets.length > MAX_DESCRIBED && !LISTS.has(type)) throw tooLong(octets.length);
    return { facts: await description(octets, context) };
  } catch (problem) {
    if (problem instanceof PkiError) return { facts: {}, problem };
    throw problem;
  }
}

const tooLong = (length: number): PkiError =>
  new PkiError(
    'invalid-encoding',
    `Only structures of up to ${MAX_DESCRIBED} octets are described, and this one has ${length}`,
  );
