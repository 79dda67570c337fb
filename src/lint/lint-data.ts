/** Lints any data: PEM with several blocks, DER, PKCS #7, in base64 or hexadecimal. */

import { ifReadable, PkiError } from '../base/errors.ts';
import { pause } from '../base/next-turn.ts';
import { readDer } from '../formats/der/lenient.ts';
import { UNNOTED } from '../formats/reading.ts';
import { readCertificatesOnly } from '../formats/signed-data.ts';
import { findParts } from '../identify/find-parts.ts';
import type { Findings, Found } from '../identify/found.ts';
import { ADVICE, type PartType } from '../identify/part-types.ts';
import { lintReceived, type LocatedFinding } from './linted.ts';
import { SEVERITIES, type LintProfile, type Severity, type SignedKind } from './rule.ts';

export interface DataPart {
  readonly type: PartType;
  /** In octets. */
  readonly size: number;
  /** Whether there are rules for it. */
  readonly isLinted: boolean;
}

export interface DataFinding extends LocatedFinding {
  /** Index of the part. */
  readonly part: number;
}

export interface LintedData {
  readonly parts: readonly DataPart[];
  /** In the order of the parts; errors first in each. */
  readonly findings: readonly DataFinding[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** Whether every part is listed. */
  readonly isComplete: boolean;
}

/** A PKCS #7 file can have thousands of certificates. */
const MAX_PARTS = 200;

const KINDS: Partial<Readonly<Record<PartType, SignedKind>>> = {
  certificate: 'certificate',
  'certificate-request': 'certification-request',
  crl: 'certificate-list',
  'ocsp-response': 'ocsp-response',
};

/**
 * Returns the findings on each certificate, CSR, CRL and OCSP response in `octets`, which the caller zeroes. Rejects with
 * PkiError invalid-encoding when there is none.
 */
export async function lintData(octets: Uint8Array, profile?: LintProfile): Promise<LintedData> {
  const found = await findParts(octets);
  try {
    const parts: DataPart[] = [];
    const findings: DataFinding[] = [];
    const all = withCertificates(found);
    for (const part of all.slice(0, MAX_PARTS)) {
      // Each of them can take some milliseconds
      await pause();
      const kind = KINDS[part.type];
      if (kind !== undefined) {
        const own = await lintReceived(kind, part.octets, profile);
        findings.push(...own.map((finding) => ({ ...finding, part: parts.length })));
      }
      parts.push({ type: part.type, size: part.octets.length, isLinted: kind !== undefined });
    }
    if (!parts.some(({ isLinted }) => isLinted)) throw nothingToLint(parts);
    return {
      parts,
      findings,
      counts: countsOf(findings),
      isComplete: found.isComplete && all.length <= MAX_PARTS,
    };
  } finally {
    found.destroy();
  }
}

type Part = Pick<Found, 'type' | 'octets'>;

/** The certificates of a PKCS #7 file follow it. */
const withCertificates = ({ parts }: Findings): readonly Part[] =>
  parts.flatMap((part): readonly Part[] =>
    part.type === 'pkcs7'
      ? [part, ...certificatesOf(part).map((octets) => ({ type: 'certificate', octets }) as const)]
      : [part],
  );

/** None in a file that cannot be read. */
const certificatesOf = ({ octets }: Part): readonly Uint8Array[] =>
  ifReadable(() => readCertificatesOnly(readDer(octets, { reading: UNNOTED }).der)) ?? [];

const nothingToLint = ([first]: readonly DataPart[]): PkiError =>
  new PkiError(
    'invalid-encoding',
    `Expected a certificate, a CSR, a CRL or an OCSP response, got ${first ? ADVICE[first.type].title : 'nothing'}`,
  );

const countsOf = (findings: readonly DataFinding[]): Readonly<Record<Severity, number>> =>
  Object.fromEntries(
    SEVERITIES.map((severity) => [
      severity,
      findings.filter((finding) => finding.severity === severity).length,
    ]),
  ) as Record<Severity, number>;
