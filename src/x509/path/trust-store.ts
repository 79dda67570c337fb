/** Whose certificates are believed, and which of them no longer: CAs, and their revocation lists. */

import { rfc3339 } from '../../base/clock.ts';
import { PkiError } from '../../base/errors.ts';
import type { Keys } from '../../keys/key.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import { isRevoked, type CertificateList } from '../certificate-list.ts';
import type { Certificate } from '../certificate.ts';
import { validatePath, requireValidAt, requireKeyUsage, pathError } from './path-validation.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';
import { isSameName } from '../names/comparison.ts';

export interface TrustAnchors {
  /** Those that are self-issued are anchors; the others stand between one of these and what they issue. */
  readonly authorities: readonly Certificate[];
  /** Where there are any, nothing is believed without the list of the CA that issued it, and of each CA above. */
  readonly lists: readonly CertificateList[];
}

/** Errors are PkiError, with a sentence about the certificate, `it`, that may be shown to who sent it. */
export interface TrustStore {
  /** Rejects unless `certificate` is in force, good for a client of TLS, and leads to an anchor. */
  validate(certificate: Certificate, now: Date): Promise<void>;
  /** For one that was found good before: throws where it is revoked or has expired since. */
  refuseRevoked(certificate: Certificate, now: Date): void;
}

/** Rejects with PkiError invalid-crl for a list that none of the authorities has signed. */
export async function createTrustStore(keys: Keys, anchors: TrustAnchors): Promise<TrustStore> {
  const { authorities, lists } = anchors;
  const latest = await latestLists(keys, anchors);
  const paths = (await Promise.all(authorities.map((ca) => pathsFrom(keys, [ca], authorities)))).flat();

  async function follow(certificate: Certificate, path: readonly Certificate[], now: Date): Promise<void> {
    const [ca] = path;
    const isAnchor = ca !== undefined && Buffer.compare(certificate.der, ca.der) === 0;
    const whole = isAnchor ? path : [certificate, ...path];
    validatePath(whole, now);
    if (!isAnchor) await requireSignature(keys, certificate, ca);
    if (lists.length === 0) return;
    // The last of them, an anchor, is its own issuer.
    whole.forEach((member, depth) => refuseListed(member, [latest.get(whole[depth + 1] ?? member)], now));
  }

  return {
    async validate(certificate, now) {
      let fault = pathError('no CA that is trusted here has issued it');
      for (const path of paths.filter(([ca]) => ca !== undefined && isIssuedBy(certificate, ca))) {
        try {
          await follow(certificate, path, now);
          return;
        } catch (error) {
          if (!(error instanceof PkiError)) throw error;
          fault = error;
        }
      }
      throw fault;
    },
    refuseRevoked(certificate, now) {
      requireValidAt(certificate, now);
      if (lists.length === 0) return;
      const issuers = authorities.filter((ca) => isIssuedBy(certificate, ca));
      refuseListed(
        certificate,
        issuers.map((ca) => latest.get(ca)),
        now,
      );
    },
  };
}

const isIssuedBy = ({ issuer }: Certificate | CertificateList, { subject }: Certificate): boolean =>
  isSameName(decodeDistinguishedName(issuer), decodeDistinguishedName(subject));

/** More CAs above one another than any PKI has. */
const MAX_DEPTH = 8;

/** All the ways on from the last of `path` to an anchor. */
async function pathsFrom(
  keys: Keys,
  path: readonly Certificate[],
  authorities: readonly Certificate[],
): Promise<readonly (readonly Certificate[])[]> {
  const last = path.at(-1);
  if (last === undefined || path.length > MAX_DEPTH) return [];
  const found: (readonly Certificate[])[] = [];
  // An anchor is believed for standing there, not for its signature (RFC 5280 §6.1.1 (d)).
  if (isIssuedBy(last, last)) return [path];
  for (const ca of authorities.filter((ca) => isIssuedBy(last, ca) && !path.includes(ca))) {
    if (await isSignedBy(keys, last, ca)) found.push(...(await pathsFrom(keys, [...path, ca], authorities)));
  }
  return found;
}

type Signed = Pick<Certificate, 'tbs' | 'signatureAlgorithm' | 'signature'>;

const isSignedBy = (
  keys: Keys,
  { tbs, signatureAlgorithm, signature }: Signed,
  ca: Certificate,
): Promise<boolean> =>
  keys.verify(readPublicKey(ca.subjectPublicKeyInfo), signatureAlgorithm, tbs, signature);

async function requireSignature(
  keys: Keys,
  certificate: Certificate,
  ca: Certificate | undefined,
): Promise<void> {
  // Its own key is no better than that of a CA: RSA from 2048 bits, or another algorithm that is known here
  readPublicKey(certificate.subjectPublicKeyInfo);
  if (ca !== undefined && (await isSignedBy(keys, certificate, ca))) return;
  throw pathError('the CA that it names has not signed it');
}

/** By the CA that has signed them. */
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
  if (signers.length === 0) throw new PkiError('invalid-crl', 'none of the CAs has signed the list');
  for (const ca of signers) requireKeyUsage(ca, ['cRLSign'], 'the CA of the list');
  return signers;
}

function refuseListed(
  certificate: Certificate,
  listsOfIssuer: readonly (CertificateList | undefined)[],
  now: Date,
): void {
  const lists = listsOfIssuer.filter((list) => list !== undefined);
  if (lists.length === 0)
    throw pathError('there is no revocation list of the CA that issued it, or of one above');
  for (const list of lists) {
    const { thisUpdate, nextUpdate } = list;
    if (now < thisUpdate) throw pathError(`the revocation list is not valid before ${rfc3339(thisUpdate)}`);
    if (now > nextUpdate) throw pathError(`the revocation list expired at ${rfc3339(nextUpdate)}`);
    if (isRevoked(list, certificate)) throw pathError('it is revoked');
  }
}
