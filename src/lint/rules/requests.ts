/** Certification requests (RFC 2986, RFC 2985, RFC 9763). */

import { ifReadable } from '../../base/errors.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { TEXT_TAGS } from '../../formats/der/writer.ts';
import { attributeOid } from '../../formats/oids.ts';
import { readRelatedRequest } from '../../x509/related-request.ts';
import { attributeValues } from '../../x509/request-attributes.ts';
import { ECDSA_SHA2, EC, EDWARDS, familyOf, RSA, RSA_SHA2, RSASSA_PSS } from '../algorithms.ts';
import { rulesWith } from '../rule.ts';
import type { RequestView } from '../views.ts';

const valuesOf = ({ attributes }: RequestView, type: string): readonly DerElement[] =>
  attributeValues(attributes, type);

const RELATED_REQUEST = attributeOid.relatedCertRequest;

const locationsOf = ({ encoding }: DerElement): readonly string[] | undefined =>
  ifReadable(() => readRelatedRequest(encoding).locations);

/** Whether a key of this algorithm can make such a signature. Unknown algorithms fit. */
function fits(key: string, signature: string): boolean {
  if (familyOf(key) !== undefined || EDWARDS.has(key)) return key === signature;
  if (key === RSA) return RSA_SHA2.has(signature) || signature === RSASSA_PSS || !isKnown(signature);
  return key === EC ? ECDSA_SHA2.has(signature) || !isKnown(signature) : true;
}

const isKnown = (signature: string): boolean =>
  RSA_SHA2.has(signature) ||
  ECDSA_SHA2.has(signature) ||
  EDWARDS.has(signature) ||
  familyOf(signature) !== undefined;

export const REQUEST_ONLY_RULES = rulesWith<RequestView>()(
  { where: 'attributes' },
  {
    id: 'rfc2986-algorithm-fits-key',
    clause: 'RFC 2986 §4.2',
    where: 'signatureAlgorithm',
    requires:
      'The signature algorithm must be one of the algorithm of the key: a request is signed by its own key',
    check: ({ key, signature }) =>
      key === undefined || signature === undefined || fits(key.oid, signature.oid),
  },
  {
    id: 'rfc2985-extension-request-once',
    clause: 'RFC 2985 §5.4.2',
    requires: 'extensionRequest must have exactly one value',
    check: (view) => valuesOf(view, attributeOid.extensionRequest).length <= 1,
  },
  {
    id: 'rfc2985-challenge-password-type',
    clause: 'RFC 2985 §5.4.1',
    requires: 'challengePassword must have one value, a string of 1 to 255 characters',
    check: (view) => {
      const values = valuesOf(view, attributeOid.challengePassword);
      return values.length <= 1 && values.every(({ tag, contents }) => isPassword(tag, contents));
    },
  },
  {
    id: 'rfc2985-challenge-password',
    clause: 'RFC 2985 §5.4.1',
    severity: 'notice',
    requires: 'Every reader of the request can read its challengePassword',
    check: (view) => valuesOf(view, attributeOid.challengePassword).length === 0,
  },
  {
    id: 'rfc9763-related-request',
    clause: 'RFC 9763 §3.1',
    requires: 'relatedCertRequest must have one value: the certificate, the time, locations and a signature',
    check: (view) => {
      const values = valuesOf(view, RELATED_REQUEST);
      return values.length <= 1 && values.every((value) => locationsOf(value) !== undefined);
    },
  },
  {
    id: 'rfc9763-related-request-location',
    clause: 'RFC 9763 §3.2',
    severity: 'warning',
    requires:
      'A location should be a data: URI: a CA that fetches other URIs can be made to reach its own network',
    check: (view) =>
      valuesOf(view, RELATED_REQUEST)
        .flatMap((value) => locationsOf(value) ?? [])
        .every((uri) => uri.startsWith('data:')),
  },
);

const isPassword = (tag: number, { length }: Uint8Array): boolean =>
  TEXT_TAGS.includes(tag) && length > 0 && length <= 4 * 255;
