/** What is around the signed part of an OCSP response (RFC 6960 §4.2.1, §4.2.2.2). */

import { asBuffer } from '../../base/octets.ts';
import { decodeTime } from '../../formats/der/time.ts';
import { extendedKeyUsageOid } from '../../formats/oids.ts';
import { BY_KEY, type EncodedTime } from '../../x509/ocsp/response-data.ts';
import { responderKeyHash } from '../../x509/ocsp/response-writer.ts';
import type { OcspView } from '../ocsp-view.ts';
import type { OcspEnvelope } from '../received-ocsp.ts';
import { receivedCertificate } from '../received-view.ts';
import { rulesWith } from '../rule.ts';

/** OCSPResponseStatus; 4 is not used. */
const STATUSES: ReadonlySet<number> = new Set([0, 1, 2, 3, 5, 6]);

export const OCSP_ENVELOPE_RULES = rulesWith<OcspEnvelope>()(
  { only: 'received' },
  {
    id: 'rfc6960-response-status',
    clause: 'RFC 6960 §4.2.1',
    where: 'responseStatus',
    requires: 'The status must be one of 0 to 6 without 4',
    check: ({ status }) => STATUSES.has(status),
  },
  {
    id: 'rfc6960-response-bytes',
    clause: 'RFC 6960 §4.2.1',
    where: 'responseBytes',
    requires: 'responseBytes must be present when the status is successful, and only then',
    check: ({ status, hasBytes }) => (status === 0) === hasBytes,
  },
  {
    id: 'rfc6960-basic-response',
    clause: 'RFC 6960 §4.2.1',
    where: 'responseBytes.responseType',
    requires: 'The type of the response must be id-pkix-ocsp-basic, which every client supports',
    check: ({ hasBytes, basic }) => !hasBytes || basic !== undefined,
  },
);

const keyHashesOf = ({ certificates }: OcspView): readonly Uint8Array[] =>
  certificates.flatMap((certificate) => {
    const bits = receivedCertificate(certificate, []).keyBits;
    return bits === undefined ? [] : [responderKeyHash(bits)];
  });

const milliseconds = ({ tag, contents }: EncodedTime): number => decodeTime(tag, contents)?.getTime() ?? NaN;

export const RECEIVED_OCSP_RULES = rulesWith<OcspView>()(
  { only: 'received' },
  {
    id: 'rfc6960-responder-certificate-purpose',
    clause: 'RFC 6960 §4.2.2.2',
    where: 'certs',
    requires: 'The certificate of a responder must have the purpose OCSPSigning, or be that of the CA',
    applies: ({ certificates }) => certificates.length > 0,
    check: ({ certificates }) =>
      certificates
        .map((certificate) => receivedCertificate(certificate, []))
        .some((view) => view.isCa || view.hasPurpose(extendedKeyUsageOid.OCSPSigning)),
  },
  {
    id: 'rfc6960-responder-certificate-included',
    clause: 'RFC 6960 §4.2.1',
    severity: 'warning',
    where: 'certs',
    requires: 'certs should have the certificate whose key responderID names',
    applies: ({ certificates, data }) => certificates.length > 0 && data.responderTag === BY_KEY,
    check: (view) => keyHashesOf(view).some((hash) => asBuffer(hash).equals(view.data.responder.contents)),
  },
  {
    id: 'rfc9919-cert-id-sha256',
    clause: 'RFC 9919 §3.1.1',
    severity: 'notice',
    where: 'responses.certID',
    requires: 'A CertID is made with SHA-256; responders accept SHA-1 from old clients',
    check: ({ data }) => data.responses.every(({ certId }) => certId.digest !== 'sha1'),
  },
  {
    id: 'rfc6960-revocation-time',
    clause: 'RFC 6960 §4.2.1',
    severity: 'warning',
    where: 'responses.certStatus.revocationTime',
    requires: 'revocationTime should not be later than producedAt',
    check: ({ data: { producedAt, responses } }) =>
      responses.every(
        ({ revocationTime }) =>
          revocationTime === undefined || !(milliseconds(revocationTime) > milliseconds(producedAt)),
      ),
  },
);
