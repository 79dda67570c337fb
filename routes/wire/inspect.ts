/** What the inspect routes reply: a description, and what is wrong with the input. */

import { atMemberAsync } from '../../src/base/errors.ts';
import type { NotedReading } from '../../src/formats/reading.ts';
import { certificateFindings, requestFindings } from '../../src/lint/received.ts';
import type { Inspector } from '../../src/x509/description/inspector.ts';
import { decodeCertificate, decodeRequest } from './decode.ts';
import { presentFindings } from './findings.ts';
import { presentNotes } from './notes.ts';
import { presentTransport } from './size-warnings.ts';
import { presentCertificateDescription, presentRequestDescription } from './present-description.ts';

export async function inspectedCertificate(inspector: Inspector, text: string, reading: NotedReading) {
  const received = decodeCertificate('certificate', text, reading.at('certificate'));
  const description = await atMemberAsync('certificate', () =>
    inspector.certificate(received, reading.at('certificate')),
  );
  const { sizes, ...members } = presentCertificateDescription(description);
  const transport = presentTransport(description.sizes, [received.der], {
    signedPart: received.tbs.length,
  });
  return {
    ...members,
    sizes: { ...sizes, ...transport.sizes },
    warnings: transport.warnings,
    notes: presentNotes(reading.notes),
    findings: presentFindings(await certificateFindings(received, reading.notes)),
  };
}

export async function inspectedRequest(inspector: Inspector, text: string, reading: NotedReading) {
  const received = decodeRequest('csr', text, reading.at('csr'));
  const description = await atMemberAsync('csr', () => inspector.request(received, reading.at('csr')));
  return {
    ...presentRequestDescription(description),
    notes: presentNotes(reading.notes),
    findings: presentFindings(await requestFindings(received, reading.notes)),
  };
}
