/** Which of the given certificates issues: one that has the key of the CA. */

import { PkiError, type PathStep } from '../base/errors.ts';
import type { Reading } from '../formats/reading.ts';
import type { PublicKey } from '../keys/key.ts';
import { isSameKey } from '../keys/public-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isValidAt } from '../x509/path/path-validation.ts';
import type { IssuingPath } from '../x509/path/issuing-path.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import type { IssuanceNote } from './issuance-notes.ts';

const PATH: readonly PathStep[] = ['authority', 'certificate'];

/** The key of the CA, and how the certificates are read. */
interface IssuerKey {
  readonly publicKey: PublicKey;
  readonly reading: Reading;
}

export const hasKey = ({ subjectPublicKeyInfo }: Certificate, { publicKey, reading }: IssuerKey): boolean =>
  isSameKey(publicKey, subjectPublicKeyInfo, reading);

/** Returns each certificate once. */
export const distinctCertificates = (given: readonly Certificate[]): readonly Certificate[] => [
  ...new Map(given.map((one) => [Buffer.from(one.der).toString('latin1'), one])).values(),
];

/**
 * Returns the certificate with this key that is valid now and stays valid longest. A certificate that was given alone is
 * returned whatever its key is. Throws PkiError key-mismatch at `signer`.
 */
export function chooseIssuer(distinct: readonly Certificate[], key: IssuerKey, now: Date): Certificate {
  const [issuer] =
    distinct.length === 1
      ? distinct
      : distinct
          .filter((one) => hasKey(one, key))
          .toSorted(
            (a, b) =>
              Number(isValidAt(b, now)) - Number(isValidAt(a, now)) ||
              b.validity.notAfter.getTime() - a.validity.notAfter.getTime(),
          );
  if (issuer !== undefined) return issuer;
  throw new PkiError(
    'key-mismatch',
    `The key is not the key of any of the ${distinct.length} CA certificates`,
    ['signer'],
  );
}

/** What the caller should know about the certificates that were not used. */
export function choiceNotes(
  distinct: readonly Certificate[],
  path: IssuingPath,
  key: IssuerKey,
): readonly IssuanceNote[] {
  const [issuer] = path;
  const unused = distinct.filter((one) => !path.includes(one));
  const alternatives = unused.filter((one) => hasKey(one, key)).length;
  const ignored = unused.length - alternatives;
  const notes: IssuanceNote[] = [];
  if (alternatives > 0) {
    const serial = formatSerialNumber(issuer.serialNumber);
    notes.push({
      code: 'issuer-chosen',
      message:
        `${alternatives + 1} of the CA certificates have the key of the CA; the issuer is the one with the serial number ` +
        `${serial}, which is valid longest of those that are valid now`,
      path: PATH,
    });
  }
  if (ignored > 0)
    notes.push({
      code: 'certificates-ignored',
      message: `${ignored} of the ${distinct.length} CA certificates are not part of the chain, and are ignored`,
      path: PATH,
    });
  return notes;
}
