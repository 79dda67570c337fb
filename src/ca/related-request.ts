/** CSRs that name another certificate of the same end entity (RFC 9763 §3.1). */

import { atMember, PkiError } from '../base/errors.ts';
import { attributeOid } from '../formats/oids.ts';
import type { Reading } from '../formats/reading.ts';
import { encodeCertificatesOnly } from '../formats/signed-data.ts';
import type { Signer } from '../keys/key.ts';
import { isSameKey } from '../keys/public-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { basicConstraintsOf } from '../x509/path/path-validation.ts';
import { encodeRelatedRequest, signedOctets, signedRelation } from '../x509/related-request.ts';
import { encodeAttribute } from '../x509/request-writer.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { verifiedSignature } from './prepared.ts';

export interface RelatedInput {
  /** The certificate of the signer, and in any order those above it. */
  readonly certificates: readonly Certificate[];
  /** Its key. */
  readonly signer: Signer;
  /** Of the certificates. */
  readonly reading: Reading;
}

/** Returns the attribute, DER, for a CSR with this subject. Throws PkiError at `relatedCertificate` or `relatedSigner`. */
export async function relatedAttribute(
  { keys, clock }: Pick<IssuanceContext, 'keys' | 'clock'>,
  { certificates, signer, reading }: RelatedInput,
  subject: Uint8Array,
): Promise<Uint8Array> {
  const now = clock();
  const related = certificates.find(({ subjectPublicKeyInfo }) =>
    isSameKey(signer.publicKey, subjectPublicKeyInfo, reading),
  );
  if (related === undefined)
    throw new PkiError('key-mismatch', 'It is not the key of the related certificate', ['relatedSigner']);
  atMember('relatedCertificate', () => checkRelated(related, { subject, now, reading }));
  const relation = signedRelation(related, now);
  const signature = await verifiedSignature(keys, {
    toBeSigned: signedOctets(relation),
    signer,
    issuerKey: signer.publicKey,
  });
  const value = encodeRelatedRequest(relation, [locationOf(certificates)], signature);
  return encodeAttribute(attributeOid.relatedCertRequest, value);
}

/** RFC 9763 §3.1: a data: URI with the certificates needs no access of the CA to a network. */
const locationOf = (certificates: readonly Certificate[]): string =>
  `data:application/pkcs7-mime;smime-type=certs-only;base64,${Buffer.from(
    encodeCertificatesOnly(certificates.map(({ der }) => der)),
  ).toString('base64')}`;

interface Expected {
  /** Name, DER. */
  readonly subject: Uint8Array;
  readonly now: Date;
  readonly reading: Reading;
}

/** Throws PkiError unless it is one that a certificate of this subject can be related to. */
export function checkRelated(related: Certificate, { subject, now, reading }: Expected): void {
  const { notBefore, notAfter } = related.validity;
  if (now < notBefore) throw unsuitable(`It is not valid before ${notBefore.toISOString()}`);
  if (now > notAfter) throw unsuitable(`It expired at ${notAfter.toISOString()}`);
  // RFC 9763 §1: certificates of end entities
  if (basicConstraintsOf(related, reading).cA)
    throw unsuitable('It must be the certificate of an end entity, and it is a CA certificate');
  if (Buffer.compare(related.subject, subject) !== 0)
    throw unsuitable('It must have the subject of the CSR, octet for octet, and it has another');
}

export const unsuitable = (sentence: string): PkiError => new PkiError('invalid-certificate', sentence);
