/** Findings on certificates and requests that were received to be shown. Nothing is refused because of them. */

import type { Note } from '../formats/reading.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import { findingsWithPauses } from './engine.ts';
import { RULES, selectRules } from './registry.ts';
import type { Finding } from './rule.ts';
import { receivedCertificate, receivedRequest } from './received-view.ts';

const SHOWN = Object.freeze({ use: 'received', severities: ['error', 'warning'] } as const);

const CERTIFICATE_RULES = selectRules(RULES.certificate, SHOWN);
const REQUEST_RULES = selectRules(RULES['certification-request'], SHOWN);

/** With pauses. `notes` are those of the reading of the certificate. */
export const certificateFindings = (
  certificate: Certificate,
  notes: readonly Note[],
): Promise<readonly Finding[]> =>
  findingsWithPauses(CERTIFICATE_RULES, receivedCertificate(certificate, notes));

/** With pauses. `notes` are those of the reading of the request. */
export const requestFindings = (
  request: CertificationRequest,
  notes: readonly Note[],
): Promise<readonly Finding[]> => findingsWithPauses(REQUEST_RULES, receivedRequest(request, notes));
