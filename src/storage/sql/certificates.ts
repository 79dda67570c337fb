import { createHash } from 'node:crypto';
import type { Certificate, CertificateName, CertificateSummary } from '../port/certificates.ts';
import { storeUnavailable } from '../unavailable.ts';
import { flag, integer, moment, octets, optional, text } from './columns.ts';
import { reasonCode } from './revocations.ts';
import { first, inserter, type Columns, type Row, type Transaction } from './transaction.ts';

const intoCertificates = inserter('certificates');
const intoBodies = inserter('certificate_bodies');

export function* insertCertificate(certificate: Certificate): Transaction<void> {
  yield intoCertificates([columnsOf(certificate)]);
  yield intoBodies([{ certificate_id: certificate.id, der: certificate.der }]);
}

const columnsOf = (certificate: CertificateSummary): Columns => ({
  id: certificate.id,
  authority_id: certificate.authorityId,
  authority_key_id: certificate.authorityKeyId,
  serial: certificate.serial,
  sha256: certificate.sha256,
  subject: certificate.subject,
  names: JSON.stringify(certificate.names.map(({ type, value }) => [type, value])),
  not_before: certificate.notBefore.getTime(),
  not_after: certificate.notAfter.getTime(),
  issued_at: certificate.issuedAt.getTime(),
  profile: certificate.profile,
  profile_version: certificate.profileVersion,
  key_id: certificate.keyId,
  key_algorithm: certificate.keyAlgorithm,
  is_authority: certificate.isAuthority ? 1 : 0,
  principal: certificate.principal,
  key_proven: certificate.isKeyProven === undefined ? null : Number(certificate.isKeyProven),
});

const WITH_BODY =
  'SELECT c.*, b.der FROM certificates c JOIN certificate_bodies b ON b.certificate_id = c.id';

export interface CertificateId {
  readonly id: string;
  readonly principal?: string | undefined;
}

export function* getCertificate({ id, principal }: CertificateId): Transaction<Certificate | undefined> {
  const row =
    principal === undefined
      ? yield* first(`${WITH_BODY} WHERE c.id = $1`, id)
      : yield* first(`${WITH_BODY} WHERE c.id = $1 AND c.principal = $2`, id, principal);
  return row && certificateOf(row);
}

/** The condition of a serial number, with the name of its parameter. */
export const bySerial = (parameter: string): string =>
  `c.id = (SELECT r.id FROM reservations r WHERE r.serial = ${parameter})`;

export interface SerialOfAuthority {
  readonly authorityId: string;
  readonly serial: Uint8Array;
}

export function* findCertificate({
  authorityId,
  serial,
}: SerialOfAuthority): Transaction<Certificate | undefined> {
  const row = yield* first(
    `${WITH_BODY} WHERE ${bySerial('$1')} AND c.authority_id = $2`,
    serial,
    authorityId,
  );
  return row && certificateOf(row);
}

/** Throws PkiError store-unavailable if the DER is not what was stored: SQLite has no checksums of its pages. */
export function certificateOf(row: Row): Certificate {
  const certificate = { ...summaryOf(row), der: octets(row, 'der') };
  const digest = createHash('sha256').update(certificate.der).digest();
  if (Buffer.compare(digest, certificate.sha256) !== 0) throw storeUnavailable('is damaged');
  return certificate;
}

export const summaryOf = (row: Row): CertificateSummary => ({
  id: text(row, 'id'),
  authorityId: text(row, 'authority_id'),
  authorityKeyId: text(row, 'authority_key_id'),
  serial: octets(row, 'serial'),
  sha256: octets(row, 'sha256'),
  subject: text(row, 'subject'),
  names: namesOf(row),
  notBefore: moment(row, 'not_before'),
  notAfter: moment(row, 'not_after'),
  issuedAt: moment(row, 'issued_at'),
  profile: text(row, 'profile'),
  profileVersion: integer(row, 'profile_version'),
  keyId: octets(row, 'key_id'),
  keyAlgorithm: text(row, 'key_algorithm'),
  isAuthority: flag(row, 'is_authority'),
  principal: text(row, 'principal'),
  ...optional('isKeyProven', row, 'key_proven', flag),
  ...optional('revokedAt', row, 'revoked_at', moment),
  ...optional('revocationReason', row, 'revocation_reason', reasonCode),
});

export const namesOf = (row: Row): CertificateName[] =>
  (JSON.parse(text(row, 'names')) as [string, string][]).map(([type, value]) => ({ type, value }));
