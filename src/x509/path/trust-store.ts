/** Validates client certificates with trusted CAs and their CRLs. */

import { rfc3339 } from '../../base/clock.ts';
import { PkiError } from '../../base/errors.ts';
import type { Keys } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import { isRevoked, type CertificateList } from '../certificate-list.ts';
import type { Certificate } from '../certificate.ts';
import { isIssuedBy, isSignedBy } from './link.ts';
import { validatePath, requireValidAt, requireKeyUsage, pathError, subjectAt } from './path-validation.ts';

export interface TrustAnchors {
  /** Self-issued certificates are trust anchors; the others are intermediate CAs. */
  readonly authorities: readonly Certificate[];
  /** If there are any, every certificate of a path needs a CRL of its issuer. */
  readonly lists: readonly CertificateList[];
}

/** Errors are PkiError; the message can be shown to the client. */
export interface TrustStore {
  /** Rejects unless `certificate` is valid now, allowed for TLS clients, and has a valid path to a trust anchor. */
  validate(certificate: Certificate, now: Date): Promise<void>;
  /** For a certificate that was validated before: throws if it is revoked or has expired since. */
  refuseRevoked(certificate: Certificate, now: Date): void;
}

type Path = readonly Certificate[];

interface Trust extends TrustAnchors {
  readonly keys: Keys;
  /** The paths from each CA to a trust anchor. */
  readonly paths: readonly Path[];
  /** The latest CRL of each CA. */
  readonly latest: ReadonlyMap<Certificate, CertificateList>;
}

/** Rejects with PkiError invalid-crl for a CRL that none of the CAs signed. */
export async function createTrustStore(keys: Keys, anchors: TrustAnchors): Promise<TrustStore> {
  const { authorities } = anchors;
  const latest = await latestLists(keys, anchors);
  const paths = (await Promise.all(authorities.map((ca) => pathsFrom(keys, [ca], authorities)))).flat();
  const trust: Trust = { ...anchors, keys, latest, paths };
  return {
    validate: (certificate, now) => validate(trust, certificate, now),
    refuseRevoked(certificate, now) {
      requireValidAt(certificate, now);
      const issuers = authorities.filter((ca) => isIssuedBy(certificate, ca));
      requireNotRevoked(trust, certificate, issuers, now);
    },
  };
}

async function validate(trust: Trust, certificate: Certificate, now: Date): Promise<void> {
  let fault = pathError('The certificate is not issued by a trusted CA');
  for (const path of trust.paths.filter(([ca]) => ca !== undefined && isIssuedBy(certificate, ca))) {
    try {
      await validateOn(trust, path, certificate, now);
      return;
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      fault = error;
    }
  }
  throw fault;
}

async function validateOn(trust: Trust, path: Path, certificate: Certificate, now: Date): Promise<void> {
  const [ca] = path;
  const isAnchor = ca !== undefined && Buffer.compare(certificate.der, ca.der) === 0;
  const whole = isAnchor ? path : [certificate, ...path];
  validatePath(whole, now);
  if (!isAnchor) await requireSignature(trust.keys, certificate, ca);
  for (const [depth, member] of whole.entries()) {
    // The trust anchor is its own issuer
    requireNotRevoked(trust, member, [whole[depth + 1] ?? member], now, subjectAt(depth));
  }
}

/** Limit for the CAs of a path; no PKI has so many. */
const MAX_DEPTH = 8;

/** Returns all continuations of `path` to a trust anchor. */
async function pathsFrom(
  keys: Keys,
  path: Path,
  authorities: readonly Certificate[],
): Promise<readonly Path[]> {
  const last = path.at(-1);
  if (last === undefined || path.length > MAX_DEPTH) return [];
  const found: Path[] = [];
  // RFC 5280 §6.1.1 (d): the signature of a trust anchor is not verified
  if (isIssuedBy(last, last)) return [path];
  for (const ca of authorities.filter((ca) => isIssuedBy(last, ca) && !path.includes(ca))) {
    if (await isSignedBy(keys, last, ca)) found.push(...(await pathsFrom(keys, [...path, ca], authorities)));
  }
  return found;
}

async function requireSignature(
  keys: Keys,
  certificate: Certificate,
  ca: Certificate | undefined,
): Promise<void> {
  // The key must be supported, like that of a CA: RSA from 2048 bits, for example
  readPublicKey(certificate.subjectPublicKeyInfo);
  if (ca !== undefined && (await isSignedBy(keys, certificate, ca))) return;
  throw pathError('The certificate has a signature that the key of its issuer does not verify');
}

/** Returns the latest CRL of each CA. */
async function latestLists(
  keys: Keys,
  { authorities, lists }: TrustAnchors,
): Promise<ReadonlyMap<Certificate, CertificateList>> {
  const latest = new Map<Certificate, CertificateList>();
  for (const list of lists.toSorted((a, b) => a.thisUpdate.getTime() - b.thisUpdate.getTime())) {
    for (const ca of await signersOf(keys, list, authorities)) latest.set(ca, list);
  }
  return latest;
}

async function signersOf(
  keys: Keys,
  list: CertificateList,
  authorities: readonly Certificate[],
): Promise<readonly Certificate[]> {
  const named = authorities.filter((ca) => isIssuedBy(list, ca));
  const isSigner = await Promise.all(named.map((ca) => isSignedBy(keys, list, ca)));
  const signers = named.filter((_, i) => isSigner[i]);
  if (signers.length === 0) throw new PkiError('invalid-crl', 'The CRL is not signed by any of the CAs');
  for (const ca of signers) requireKeyUsage(ca, ['cRLSign'], 'The CA certificate of the CRL');
  return signers;
}

/** Without any CRL in `trust` nothing is revoked. `what` is the subject of error messages. */
function requireNotRevoked(
  { lists, latest }: Trust,
  certificate: Certificate,
  issuers: readonly Certificate[],
  now: Date,
  what = subjectAt(0),
): void {
  if (lists.length === 0) return;
  const ofIssuers = issuers.map((ca) => latest.get(ca)).filter((list) => list !== undefined);
  if (ofIssuers.length === 0) throw pathError('The CRL of a CA of the path is missing');
  for (const list of ofIssuers) {
    const { thisUpdate, nextUpdate } = list;
    if (now < thisUpdate) throw pathError(`The CRL is not valid before ${rfc3339(thisUpdate)}`);
    if (now > nextUpdate) throw pathError(`The CRL expired at ${rfc3339(nextUpdate)}`);
    if (isRevoked(list, certificate)) throw pathError(`${what} is revoked`);
  }
}
