/** Whether a key that has a valid certificate in the store can get another one. */

import { formatRfc4514 } from '../x509/names/name-text.ts';
import type { ProfileDocument } from '../policy/document.ts';
import type { Refusal } from '../policy/rule.ts';
import type { CertificateSummary, Store } from '../storage/ports.ts';
import { formatSerialNumber } from '../x509/serial-number.ts';
import { keyIdOf, nameRow } from './certificate-row.ts';
import type { Proposal } from './policy.ts';

/** A key with more certificates is a mistake of its own. */
const MAX_CERTIFICATES = 100;

export async function duplicateKeyRefusals(
  store: Pick<Store, 'searchCertificates'>,
  rule: NonNullable<ProfileDocument['duplicate_keys']>,
  proposal: Proposal,
): Promise<readonly Refusal[]> {
  if (rule === 'allow') return [];
  const { now, publicKey, origin } = proposal;
  const valid = await store.searchCertificates({
    filter: { keyId: keyIdOf(publicKey), status: 'valid' },
    now,
    order: 'newest-first',
    limit: MAX_CERTIFICATES,
  });
  const other = valid.find((known) => rule === 'deny' || !hasSameNames(known, proposal));
  if (other === undefined) return [];
  const value = formatSerialNumber(other.serial);
  return [{ rule: 'duplicate_keys', path: origin.key, value, message: MESSAGES[rule] }];
}

const MESSAGES = Object.freeze({
  deny: 'The key has a valid certificate; a new certificate needs a new key',
  'same-names': 'The key has a valid certificate with other names; other names need another key',
});

const hasSameNames = (known: CertificateSummary, { subject, subjectAltNames }: Proposal): boolean =>
  known.subject === formatRfc4514(subject) && textOf(known.names) === textOf(subjectAltNames.map(nameRow));

/** In any order. */
const textOf = (names: CertificateSummary['names']): string =>
  JSON.stringify(names.map(({ type, value }) => `${type}:${value}`).toSorted());
