/** OCSP responses (RFC 6960, RFC 9654, RFC 9919). */

import { elementOf } from '../../formats/der/reader.ts';
import { decodeTime } from '../../formats/der/time.ts';
import { TAG } from '../../formats/der/writer.ts';
import { ocspOid } from '../../formats/oids.ts';
import type { CertIdDigest } from '../../x509/ocsp/cert-id.ts';
import { MAX_NONCE_LENGTH } from '../../x509/ocsp/request.ts';
import { BY_KEY, type EncodedTime, type ReadSingleResponse } from '../../x509/ocsp/response-data.ts';
import type { OcspView } from '../ocsp-view.ts';
import { rulesWith } from '../rule.ts';

/** GeneralizedTime in whole seconds with Z, and a date that exists. */
const isGeneralizedTime = ({ tag, contents }: EncodedTime): boolean =>
  tag === TAG.generalizedTime && decodeTime(tag, contents) !== undefined;

const milliseconds = ({ tag, contents }: EncodedTime): number => decodeTime(tag, contents)?.getTime() ?? NaN;

const HASH_LENGTHS: Readonly<Record<CertIdDigest, number>> = { sha1: 20, sha256: 32 };

const timesOf = ({ thisUpdate, nextUpdate, revocationTime }: ReadSingleResponse): readonly EncodedTime[] =>
  [thisUpdate, nextUpdate, revocationTime].filter((time) => time !== undefined);

/** CRLReason without 7, which is not used, and 8, which is for delta CRLs only (RFC 5280 §5.3.1). */
const REASONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 9, 10]);

function hasHashesOfItsAlgorithm({ certId }: ReadSingleResponse): boolean {
  if (certId.digest === undefined) return false;
  const length = HASH_LENGTHS[certId.digest];
  return certId.issuerNameHash.length === length && certId.issuerKeyHash.length === length;
}

export const OCSP_RULES = rulesWith<OcspView>()(
  {},
  {
    // DEFAULT v1
    id: 'rfc6960-version-absent',
    clause: 'RFC 6960 §4.2.1, X.690 §11.5',
    where: 'version',
    requires: 'version must be absent: v1 is its DEFAULT',
    check: ({ data }) => data.version === undefined,
  },
  {
    id: 'rfc9919-responder-by-key',
    clause: 'RFC 9919 §3.2.1, RFC 6960 §4.2.1',
    where: 'responderID',
    requires: 'The responder must be identified by the SHA-1 of its key',
    check: ({ data: { responderTag, responder } }) =>
      responderTag === BY_KEY && responder.tag === TAG.octetString && responder.contents.length === 20,
  },
  {
    id: 'rfc6960-responses-not-empty',
    clause: 'RFC 6960 §4.2.1',
    where: 'responses',
    requires: 'The response must be about at least one certificate',
    check: ({ data }) => data.responses.length > 0,
  },
  {
    id: 'rfc6960-generalized-time',
    clause: 'RFC 6960 §4.2.2.1, RFC 9919 §3.2.4',
    where: 'responses',
    requires: 'Times must be GeneralizedTime in whole seconds with Z',
    check: ({ data: { producedAt, responses } }) =>
      [producedAt, ...responses.flatMap(timesOf)].every(isGeneralizedTime),
  },
  {
    id: 'rfc9919-next-update',
    clause: 'RFC 9919 §3.2.4',
    where: 'responses.nextUpdate',
    requires: 'nextUpdate must be present and later than thisUpdate',
    check: ({ data }) =>
      data.responses.every(
        ({ thisUpdate, nextUpdate }) =>
          nextUpdate !== undefined && milliseconds(nextUpdate) > milliseconds(thisUpdate),
      ),
  },
  {
    id: 'rfc6960-produced-at',
    clause: 'RFC 6960 §2.4',
    where: 'producedAt',
    requires: 'thisUpdate must not be later than producedAt',
    check: ({ data: { producedAt, responses } }) =>
      responses.every(({ thisUpdate }) => milliseconds(thisUpdate) <= milliseconds(producedAt)),
  },
  {
    id: 'rfc6960-cert-id-hashes',
    clause: 'RFC 6960 §4.1.1, RFC 9919 §3.1.1',
    where: 'responses.certID',
    requires: 'The hashes must have the length of their algorithm, SHA-1 or SHA-256',
    check: ({ data }) => data.responses.every(hasHashesOfItsAlgorithm),
  },
  {
    id: 'rfc5280-revocation-reason',
    clause: 'RFC 5280 §5.3.1, RFC 6960 §4.2.1',
    where: 'responses.certStatus.revocationReason',
    requires: 'revocationReason must be one of 1 to 10 without 7 and 8',
    check: ({ data }) =>
      data.responses.every(
        ({ revocationReason }) => revocationReason === undefined || REASONS.has(revocationReason),
      ),
  },
  {
    id: 'rfc6960-extensions-not-critical',
    clause: 'RFC 6960 §4.4',
    where: 'responseExtensions',
    requires: 'The extensions of a response must not be critical',
    check: ({ data: { extensions, responses } }) =>
      [extensions, ...responses.map((response) => response.extensions)]
        .flat()
        .every(({ critical }) => !critical),
  },
  {
    id: 'rfc9654-nonce',
    clause: 'RFC 9654 §2.1',
    where: 'responseExtensions.nonce',
    requires: 'A nonce must be an OCTET STRING of 1 to 128 octets',
    check: ({ data }) =>
      data.extensions
        .filter(({ oid }) => oid === ocspOid['id-pkix-ocsp-nonce'])
        .map(({ value }) => elementOf(value))
        .every(
          ({ tag, contents }) =>
            tag === TAG.octetString && contents.length > 0 && contents.length <= MAX_NONCE_LENGTH,
        ),
  },
);
