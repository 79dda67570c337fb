import type { Static } from 'typebox';
import { rfc3339 } from '../../src/base/clock.ts';
import { reasonName } from '../../src/revocation/reasons.ts';
import type { RevokedAuthority } from '../../src/revocation/revoke-authority.ts';
import type { Revoked } from '../../src/revocation/revoke.ts';
import type { Authority, Revocation as StoredRevocation } from '../../src/storage/ports.ts';
import { formatSerialNumber } from '../../src/x509/serial-number.ts';
import type { AuthorityRevocation, Revocation } from './schema.ts';

type Members = Static<typeof Revocation.ref>;

export function presentRevoked({ revocation, disabled, below }: Revoked): Members {
  const reason = reasonName(revocation.reason);
  const { invalidityDate } = revocation;
  return {
    ...presentSerial(revocation),
    status: reason === 'certificateHold' ? 'held' : 'revoked',
    reason,
    revoked_at: rfc3339(revocation.revokedAt),
    ...(invalidityDate && { invalidity_date: rfc3339(invalidityDate) }),
    disabled_authorities: disabled.map(presentName),
    authorities_below: below.map(presentName),
  };
}

export const presentReleased = (revocation: StoredRevocation): Members => ({
  ...presentSerial(revocation),
  status: 'released',
  disabled_authorities: [],
  authorities_below: [],
});

const presentSerial = ({ id, authorityId, authorityKeyId, serial, notAfter }: StoredRevocation) => ({
  id,
  authority_id: authorityId,
  authority_key_id: authorityKeyId,
  serial_number: formatSerialNumber(serial),
  ...(notAfter && { not_after: rfc3339(notAfter) }),
});

export const presentRevokedAuthority = ({
  authority,
  revoked,
  published,
  below,
}: RevokedAuthority): Static<typeof AuthorityRevocation.ref> => ({
  authority_id: authority.id,
  name: authority.name,
  ...(revoked && { revocation: presentRevoked(revoked) }),
  published,
  authorities_below: below.map(presentName),
});

const presentName = ({ id, name }: Authority) => ({ id, name });
