/** Which certificate issued which, and where a chain of them stops. */

import { ifReadable, PkiError } from '../../base/errors.ts';
import { pause } from '../../base/next-turn.ts';
import type { Der } from '../../formats/der/header.ts';
import type { Reading } from '../../formats/reading.ts';
import type { Keys } from '../../keys/key.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { comparableName } from '../../x509/names/comparison.ts';
import { decodeDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { isSelfSigned, isSignedBy } from '../../x509/path/link.ts';
import type { Item } from './items.ts';

/** A pair of certificates in which the issuer of the first has the name of the second. */
export interface Link {
  readonly subject: Item;
  readonly issuer: Item;
  /** Null where the algorithm is not supported. */
  readonly isSignatureValid: boolean | null;
}

export interface CertificateItem extends Item {
  readonly certificate: Certificate;
}

export const isCertificate = (item: Item): item is CertificateItem => item.certificate !== undefined;

/** Returns the links of all pairs. A certificate is not its own issuer here. */
export async function linksOf(keys: Keys, items: readonly Item[], reading: Reading): Promise<Link[]> {
  const certificates: NamedItem[] = [];
  for (const item of items.filter(isCertificate)) certificates.push(await withNames(item));
  const links: Link[] = [];
  for (const { item: subject, issuerName } of certificates)
    for (const { item: issuer, subjectName } of certificates)
      if (subject !== issuer && issuerName !== undefined && issuerName === subjectName)
        links.push({ subject, issuer, isSignatureValid: await isSigned(keys, subject, issuer, reading) });
  return links;
}

interface NamedItem {
  readonly item: CertificateItem;
  readonly issuerName: string | undefined;
  readonly subjectName: string | undefined;
}

/** Names are read once for each certificate, after a pause: long ones take some milliseconds. */
async function withNames(item: CertificateItem): Promise<NamedItem> {
  await pause();
  const { issuer, subject } = item.certificate;
  return { item, issuerName: textOf(issuer), subjectName: textOf(subject) };
}

/** Undefined for a name that cannot be read. */
const textOf = (name: Der): string | undefined =>
  ifReadable(() => comparableName(decodeDistinguishedName(name)));

async function isSigned(
  keys: Keys,
  subject: CertificateItem,
  issuer: CertificateItem,
  reading: Reading,
): Promise<boolean | null> {
  try {
    return await isSignedBy(keys, subject.certificate, issuer.certificate, reading);
  } catch (error) {
    if (error instanceof PkiError) return null;
    throw error;
  }
}

export interface Chain {
  /** From the leaf upwards, by valid signatures. */
  readonly items: readonly Item[];
  /** Whether its last certificate is self-signed. */
  readonly isComplete: boolean;
}

/** Follows the valid links from `leaf`. */
export function chainFrom(leaf: CertificateItem, links: readonly Link[]): Chain {
  const items: CertificateItem[] = [leaf];
  for (let last: CertificateItem | undefined = leaf; last !== undefined && !isRoot(last);) {
    const next: Item | undefined = links.find(
      ({ subject, issuer, isSignatureValid }) =>
        subject === last && isSignatureValid === true && !items.some((item) => item === issuer),
    )?.issuer;
    last = next !== undefined && isCertificate(next) ? next : undefined;
    if (last !== undefined) items.push(last);
  }
  return { items, isComplete: isRoot(items.at(-1) ?? leaf) };
}

const isRoot = ({ certificate }: CertificateItem): boolean =>
  ifReadable(() => isSelfSigned(certificate)) ?? false;
