import type { Static } from 'typebox';
import { atMember, PkiError } from '../../src/base/errors.ts';
import type { RevocationTerms } from '../../src/revocation/revoke.ts';
import type { Reference } from '../../src/revocation/target.ts';
import { parseSerialNumber } from '../../src/x509/serial-number.ts';
import { decodeCertificate } from '../wire/decode.ts';
import { parseMoment } from '../wire/moment.ts';
import type { ReferringRevocationRequest, RevocationRequest } from './schema.ts';

/** Throws PkiError at the member. */
export const decodeTerms = ({
  reason,
  invalidity_date: date,
}: Static<typeof RevocationRequest.ref>): RevocationTerms => ({
  reason,
  ...(date !== undefined && { invalidityDate: atMember('invalidityDate', () => parseMoment(date)) }),
});

/** Throws PkiError at the member. */
export function decodeReference(
  authority: string,
  { serial, certificate }: Static<typeof ReferringRevocationRequest.ref>,
): Reference {
  if ((serial === undefined) === (certificate === undefined))
    throw new PkiError('invalid-revocation', 'The request must have either serial or certificate');
  if (certificate !== undefined)
    return { by: 'certificate', authority, certificate: decodeCertificate('certificate', certificate) };
  return { by: 'serial', authority, serial: decodeSerial(serial ?? '') };
}

function decodeSerial(text: string): Uint8Array {
  const serial = parseSerialNumber(text);
  if (serial !== undefined) return serial;
  throw new PkiError('invalid-revocation', 'It must be 1 to 21 octets in hexadecimal, for example 0A:1B:2C', [
    'serial',
  ]);
}
