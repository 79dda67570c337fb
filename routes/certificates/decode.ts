/** From query parameters to a search. */

import { isIPv6 } from 'node:net';
import { isId } from '../../src/authorities/open-authorities.ts';
import type { JsonObject } from '../../src/base/canonical-json.ts';
import { PkiError } from '../../src/base/errors.ts';
import { builtInProfile } from '../../src/policy/built-in.ts';
import type { CertificateSearch } from '../../src/records/certificate-records.ts';
import type { CertificateCursor, CertificateOrder, CertificateSummary } from '../../src/storage/ports.ts';
import { formatGeneralName, parseGeneralName } from '../../src/x509/names/general-name.ts';
import { parseSerialNumber } from '../../src/x509/serial-number.ts';
import { decodeCursor, encodeCursor } from '../wire/cursor.ts';
import { decodePeriod, readParameter } from '../wire/query.ts';
import type { ListParameters } from './query.ts';

/** Throws PkiError invalid-query. */
export function decodeFilter(query: ListParameters): CertificateSearch['filter'] {
  const { serial, sha256, key_id, subject, san, status, profile, principal } = query;
  const issued = decodePeriod(query, ['issued_after', 'issued_before']);
  const expiring = decodePeriod(query, ['expires_after', 'expires_before']);
  return {
    ...(serial !== undefined && { serial: decodeSerial(serial) }),
    ...(sha256 !== undefined && { sha256: decodeHex(sha256) }),
    ...(key_id !== undefined && { keyId: decodeHex(key_id) }),
    ...(subject !== undefined && { subject }),
    ...(san !== undefined && { name: decodeName(san) }),
    ...(status !== undefined && { status }),
    ...(profile !== undefined && { profile: storedName(profile) }),
    ...(principal !== undefined && { principal }),
    ...(issued && { issued }),
    ...(expiring && { expiring }),
  };
}

/** A certificate has the own name of a built-in profile, such as `end-entity` for `tls`. */
const storedName = (profile: string): string => builtInProfile(profile)?.name ?? profile;

function decodeSerial(text: string): Uint8Array {
  const serial = parseSerialNumber(text);
  if (serial !== undefined) return serial;
  throw new PkiError('invalid-query', 'It must be 1 to 21 octets in hexadecimal, for example 0A:1B:2C', [
    'serial',
  ]);
}

const decodeHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(':', ''), 'hex'));

const PREFIX = /^(?:dns|ip|email|uri|rid|dirname):/i;

/** The value as the store has it. A text without a prefix can be a name of any kind. */
function decodeName(text: string): string {
  const prefixed = isIPv6(text) ? `IP:${text}` : text;
  if (!PREFIX.test(prefixed)) return text;
  const name = formatGeneralName(readParameter('san', () => parseGeneralName(prefixed)));
  return name.slice(name.indexOf(':') + 1);
}

/** The order of a list: by expiry if that is what is searched for. */
export const orderOf = ({ expires_after, expires_before, status }: ListParameters): CertificateOrder =>
  expires_after === undefined && expires_before === undefined && status !== 'expired'
    ? 'newest-first'
    : 'expiring-first';

/** Throws PkiError invalid-query for a cursor of another query. */
export function decodePlace(
  cursor: string | undefined,
  query: JsonObject,
  order: CertificateOrder,
): CertificateCursor | undefined {
  if (cursor === undefined) return undefined;
  const { time, tie: id } = decodeCursor(cursor, query, isId);
  return { id, issuedAt: time, ...(order === 'expiring-first' && { notAfter: time }) };
}

export const placeAfter = (
  { id, issuedAt, notAfter }: CertificateSummary,
  query: JsonObject,
  order: CertificateOrder,
): string => encodeCursor({ tie: id, time: order === 'expiring-first' ? notAfter : issuedAt }, query);
