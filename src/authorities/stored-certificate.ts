import { readDer } from '../formats/der/lenient.ts';
import { LENIENT } from '../formats/reading.ts';
import { readReceivedCertificate, type Certificate } from '../x509/certificate.ts';

/** Reads a certificate of the store. One that was brought from elsewhere can deviate, which was reported at that time. */
export function readStoredCertificate(octets: Uint8Array): Certificate {
  return readReceivedCertificate(readDer(octets, { reading: LENIENT }), LENIENT);
}
