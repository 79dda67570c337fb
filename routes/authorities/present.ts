import type { Static } from 'typebox';
import { rfc3339 } from '../../src/base/clock.ts';
import { ifReadable } from '../../src/base/errors.ts';
import { hexadecimal } from '../../src/base/hexadecimal.ts';
import { allowedProfiles } from '../../src/authorities/allowed-profiles.ts';
import type { AuthorityWithKeys } from '../../src/authorities/create-authority.ts';
import type { ImportedAuthority } from '../../src/authorities/import-authority.ts';
import { describeAuthorityKey } from '../../src/authorities/describe-key.ts';
import { formatSerialNumber } from '../../src/x509/serial-number.ts';
import type { Reservation } from '../../src/storage/ports.ts';
import { presentNotes } from '../wire/notes.ts';
import { presentChain, presentPem } from '../wire/present.ts';
import { presentTransport } from '../wire/size-warnings.ts';
import type { Authority } from './schema.ts';

type Members = Static<typeof Authority.ref>;

export const presentAuthority = ({ authority, keys }: AuthorityWithKeys): Members => ({
  id: authority.id,
  name: authority.name,
  status: authority.status,
  ...presentProfiles(authority),
  ...(authority.parentId !== undefined && { parent_id: authority.parentId }),
  created_at: rfc3339(authority.createdAt),
  keys: keys.map(presentKey),
});

function presentProfiles(authority: AuthorityWithKeys['authority']) {
  const profiles = allowedProfiles(authority);
  return profiles === undefined ? {} : { profiles: [...profiles] };
}

/** With what the service noted of the certificates that were brought. */
export const presentImported = (imported: ImportedAuthority): Members => ({
  ...presentAuthority(imported),
  notes: presentNotes(imported.notes),
});

type Key = AuthorityWithKeys['keys'][number];

const presentKey = (key: Key): Members['keys'][number] => ({
  id: key.id,
  generation: key.generation,
  state: key.state,
  key_algorithm: key.algorithm,
  created_at: rfc3339(key.createdAt),
  ...(key.csr && { csr: presentPem('CERTIFICATE REQUEST', key.csr).text }),
  ...(key.certificate && presentCertificateOf(key.certificate, key.chain)),
});

/** Nothing of a certificate that was damaged in the store: the other keys and authorities are still shown. */
function presentCertificateOf(certificate: Uint8Array, chain: readonly Uint8Array[]) {
  const described = ifReadable(() => describeAuthorityKey(certificate));
  if (described === undefined) return {};
  const { subject, serialNumber, validity, pathLength, sha256, sizes } = described;
  const presented = presentChain([certificate, ...chain]);
  return {
    subject,
    serial_number: serialNumber,
    not_before: rfc3339(validity.notBefore),
    not_after: rfc3339(validity.notAfter),
    ...(pathLength !== undefined && { path_length: pathLength }),
    sha256_fingerprint: hexadecimal(sha256),
    certificate: presented.certificate.text,
    chain: presented.chain.text,
    ...presentTransport(sizes, [certificate, ...chain]),
  };
}

export const presentReservation = ({ id, serial, requestedAt, principal, profile }: Reservation) => ({
  id,
  serial_number: formatSerialNumber(serial),
  requested_at: rfc3339(requestedAt),
  principal,
  profile,
});
