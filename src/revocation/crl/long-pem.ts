import { pause } from '../../base/next-turn.ts';
import { asBuffer } from '../../base/octets.ts';

/** In octets: 1,000 lines of PEM, which are encoded without a pause. */
const PART = 48_000;

/** Encodes a CRL of any length as PEM (RFC 7468 §6), in parts. */
export async function encodeCrlPem(der: Uint8Array): Promise<Uint8Array> {
  const parts = [Buffer.from('-----BEGIN X509 CRL-----\n')];
  for (let start = 0; start < der.length; start += PART) {
    const base64 = asBuffer(der.subarray(start, start + PART)).toString('base64');
    parts.push(Buffer.from(base64.replaceAll(/.{1,64}/g, '$&\n'), 'latin1'));
    await pause();
  }
  parts.push(Buffer.from('-----END X509 CRL-----\n'));
  return Buffer.concat(parts);
}
