/** The order of a chain for a server or a file: the certificate of the key, its issuer, and so on. */

import { PkiError } from '../base/errors.ts';
import type { Reading } from '../formats/reading.ts';
import type { Keys, PublicKey } from '../keys/key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { formatOneLine } from '../x509/names/name-text.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { isLink, isSelfSigned } from '../x509/path/link.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import { distinctCertificates, hasKey } from './issuer-choice.ts';

export interface OrderInput {
  /** The certificate, perhaps with those above it. */
  readonly certificates: readonly Certificate[];
  readonly chain: readonly Certificate[];
  /** That of the private key, if it is part of the bundle. */
  readonly publicKey: PublicKey | undefined;
  readonly reading: Reading;
}

/**
 * Returns all certificates, each once, each issued by the next one. Throws PkiError key-mismatch when no certificate has the
 * key, and invalid-certificate at the one that does not fit.
 */
export async function orderCertificates(
  keys: Keys,
  { certificates, chain, publicKey, reading }: OrderInput,
): Promise<readonly [Certificate, ...Certificate[]]> {
  const given = distinctCertificates(certificates);
  const isIssuerOf = (ca: Certificate, one: Certificate): Promise<boolean> => isLink(keys, one, ca, reading);
  const all = distinctCertificates([...given, ...chain]);
  const first =
    publicKey === undefined
      ? await endEntity(given, isIssuerOf)
      : certificateOfKey(all, { publicKey, reading });
  return pathFrom(first, all, isIssuerOf);
}

type IsIssuerOf = (ca: Certificate, certificate: Certificate) => Promise<boolean>;

function certificateOfKey(
  all: readonly Certificate[],
  key: { readonly publicKey: PublicKey; readonly reading: Reading },
): Certificate {
  const found = all.find((one) => hasKey(one, key));
  if (found !== undefined) return found;
  if (all.length === 0) throw noCertificate();
  const which = all.length === 1 ? 'the certificate' : `any of the ${all.length} certificates`;
  throw new PkiError('key-mismatch', `The key is not the key of ${which}`, ['key']);
}

/** Returns the first certificate that issued none of the others. */
async function endEntity(given: readonly Certificate[], isIssuerOf: IsIssuerOf): Promise<Certificate> {
  for (const one of given) {
    const others = given.filter((other) => other !== one);
    if ((await firstOf(others, (other) => isIssuerOf(one, other))) === undefined) return one;
  }
  throw noCertificate();
}

const noCertificate = (): PkiError =>
  new PkiError('invalid-certificate', 'The certificate is missing, and the file of the key has none', [
    'certificate',
  ]);

async function pathFrom(
  first: Certificate,
  all: readonly Certificate[],
  isIssuerOf: IsIssuerOf,
): Promise<readonly [Certificate, ...Certificate[]]> {
  const above: Certificate[] = [];
  let rest = all.filter((one) => Buffer.compare(one.der, first.der) !== 0);
  for (let last = first; !isSelfSigned(last);) {
    const issuer = await issuerOf(last, rest, isIssuerOf);
    if (issuer === undefined) break;
    above.push(issuer);
    rest = rest.filter((one) => one !== issuer);
    last = issuer;
  }
  const [unused] = rest;
  if (unused !== undefined) throw misfit(unused, above.at(-1) ?? first);
  return [first, ...above];
}

const issuerOf = (
  certificate: Certificate,
  candidates: readonly Certificate[],
  isIssuerOf: IsIssuerOf,
): Promise<Certificate | undefined> => firstOf(candidates, (candidate) => isIssuerOf(candidate, certificate));

async function firstOf(
  candidates: readonly Certificate[],
  fits: (candidate: Certificate) => Promise<boolean>,
): Promise<Certificate | undefined> {
  for (const candidate of candidates) if (await fits(candidate)) return candidate;
  return undefined;
}

const misfit = (unused: Certificate, last: Certificate): PkiError =>
  new PkiError(
    'invalid-certificate',
    `The certificate of ${describe(unused)} is not part of the chain: the last certificate of the chain is that of ` +
      `${describe(last)}, and ${isSelfSigned(last) ? 'it is self-signed' : 'the other one did not issue it'}`,
    ['chain'],
  );

const MAX_NAME = 200;

const describe = ({ subject, serialNumber }: Certificate): string =>
  `${formatOneLine(decodeDistinguishedName(subject)).slice(0, MAX_NAME)} (serial number ${formatSerialNumber(serialNumber)})`;
