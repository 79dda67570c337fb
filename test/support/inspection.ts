/** The replies of the inspect routes without HTTP. */

import { inspectedCertificate, inspectedRequest } from '../../routes/wire/inspect.ts';
import { createReading } from '../../src/formats/reading.ts';
import type { Inspector } from '../../src/x509/description/inspector.ts';

const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');
const reading = (isStrict: boolean) => createReading({ isStrict, isInspecting: true });

/** Each takes DER, or octets that are less. */
export const inspection = (inspector: Inspector, isStrict = false) => ({
  certificate: (der: Uint8Array) => inspectedCertificate(inspector, base64(der), reading(isStrict)),
  request: (der: Uint8Array) => inspectedRequest(inspector, base64(der), reading(isStrict)),
});
