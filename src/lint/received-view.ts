/** Certificates and requests of any maker, as the rules see them. `notes` are those of their reading. */

import type { Note } from '../formats/reading.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import { CertificateView, RequestView } from './views.ts';

export const receivedCertificate = (certificate: Certificate, notes: readonly Note[]): CertificateView =>
  new CertificateView({
    tbs: certificate,
    der: certificate.tbs,
    signatureAlgorithm: certificate.signatureAlgorithm,
    signerAlgorithm: certificate.outerSignatureAlgorithm,
    signatureBits: certificate.signature,
    notes,
  });

export const receivedRequest = (request: CertificationRequest, notes: readonly Note[]): RequestView =>
  new RequestView({
    ...request,
    signatureBits: request.signature,
    attributes: request.attributeEncodings,
    notes,
  });
