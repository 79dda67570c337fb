/** Whether keys, requests, certificates and chains belong together, and where they do not. */

import type { Reading } from '../../formats/reading.ts';
import type { Keys } from '../../keys/key.ts';
import type { Item } from './items.ts';
import { chainFrom, isCertificate, linksOf, type Chain, type CertificateItem, type Link } from './links.ts';

export interface Pair {
  readonly first: Item;
  readonly second: Item;
  readonly isSameKey: boolean;
  /** Where one of two certificates has the name of the issuer of the other. */
  readonly links: readonly Link[];
}

export interface Match {
  readonly isMatch: boolean;
  readonly pairs: readonly Pair[];
  readonly chain: Chain | undefined;
  /** Whole sentences; empty for a match. */
  readonly breaks: readonly string[];
}

/** `items` are in the order of the caller: the leaf is the first certificate that has the key of the others. */
export async function matchItems(keys: Keys, items: readonly Item[], reading: Reading): Promise<Match> {
  const links = await linksOf(keys, items, reading);
  const leaf = leafOf(items);
  const chain = leaf && chainFrom(leaf, links);
  const breaks = [...keyBreaks(items, leaf), ...(chain ? chainBreaks(items, chain, links) : [])];
  return { isMatch: breaks.length === 0, pairs: pairsOf(items, links), chain, breaks };
}

const isSameKey = (a: Item, b: Item): boolean => Buffer.compare(a.spki, b.spki) === 0;

function leafOf(items: readonly Item[]): CertificateItem | undefined {
  const owner = items.find((item) => !isCertificate(item));
  const certificates = items.filter(isCertificate);
  return certificates.find((item) => owner !== undefined && isSameKey(item, owner)) ?? certificates[0];
}

function pairsOf(items: readonly Item[], links: readonly Link[]): Pair[] {
  return items.flatMap((first, index) =>
    items.slice(index + 1).map((second) => ({
      first,
      second,
      isSameKey: isSameKey(first, second),
      links: links.filter(
        ({ subject, issuer }) =>
          (subject === first && issuer === second) || (subject === second && issuer === first),
      ),
    })),
  );
}

/** Keys and requests must have the key of the leaf; without a certificate, that of each other. */
function keyBreaks(items: readonly Item[], leaf: Item | undefined): string[] {
  const owners = items.filter((item) => !isCertificate(item));
  const reference = leaf ?? owners[0];
  if (reference === undefined) return [];
  return owners
    .filter((item) => !isSameKey(item, reference))
    .map((item) => `${titleOf(item)} has another public key than ${titleOf(reference, 'inside')}`);
}

const TITLES = {
  'private-key': 'private key',
  'public-key': 'public key',
  'certificate-request': 'CSR',
  certificate: 'certificate',
} as const;

function titleOf({ name, type, subject, algorithm }: Item, place: 'start' | 'inside' = 'start'): string {
  const title = `${place === 'start' ? 'The' : 'the'} ${TITLES[type]} ${name}`;
  return `${title} (${subject ?? algorithm})`;
}

/** Certificates that the chain does not reach, and the reason. */
function chainBreaks(
  items: readonly Item[],
  { items: reached, isComplete }: Chain,
  links: readonly Link[],
): string[] {
  const others = items.filter(
    (item) => isCertificate(item) && !reached.some((one) => one === item || isSameCertificate(one, item)),
  );
  const last = reached.at(-1);
  if (others.length === 0 || last === undefined) return [];
  const unreached = others.map((item) => `${titleOf(item)} is not part of the chain`);
  return isComplete ? unreached : [reasonOf(last, links), ...unreached];
}

const isSameCertificate = (a: Item, b: Item): boolean =>
  a.certificate !== undefined &&
  b.certificate !== undefined &&
  Buffer.compare(a.certificate.der, b.certificate.der) === 0;

/** Why the chain stops at `last`. */
function reasonOf(last: Item, links: readonly Link[]): string {
  const named = links.find(({ subject }) => subject === last);
  if (named === undefined)
    return `${titleOf(last)} was issued by ${last.issuer ?? 'an unknown CA'}, and no certificate has this subject`;
  const title = titleOf(named.issuer, 'inside');
  return named.isSignatureValid === null
    ? `The signature of ${titleOf(last, 'inside')} cannot be verified with ${title}: its algorithm is not supported`
    : `${titleOf(last)} has the name of ${title} as its issuer, but its signature is not by the key of that certificate`;
}
