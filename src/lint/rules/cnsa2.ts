/** The profile cnsa2: Commercial National Security Algorithm Suite 2.0 (CNSA 2.0 FAQ 2.1). */

import { ML_DSA_87, ML_KEM_1024 } from '../algorithms.ts';
import { rulesWith } from '../rule.ts';
import type { CertificateView, NamedKeyView, SignedView } from '../views.ts';
import { digestOid } from '../../formats/oids.ts';

const LONG_HASHES: ReadonlySet<string> = new Set([digestOid.sha384, digestOid.sha512]);

export const CNSA2_SIGNATURE_RULES = rulesWith<SignedView>()(
  { profile: 'cnsa2', only: 'received', where: 'signatureAlgorithm' },
  {
    id: 'cnsa2-signature',
    clause: 'CNSA 2.0 §Algorithms',
    requires: 'Every signature must be of ML-DSA-87',
    check: ({ signature }) => signature?.oid === ML_DSA_87,
  },
);

export const CNSA2_KEY_RULES = rulesWith<NamedKeyView>()(
  { profile: 'cnsa2', only: 'received', where: 'subjectPublicKeyInfo' },
  {
    id: 'cnsa2-key',
    clause: 'CNSA 2.0 §Algorithms',
    requires: 'A key must be of ML-DSA-87 or ML-KEM-1024',
    check: ({ key }) => key?.oid === ML_DSA_87 || key?.oid === ML_KEM_1024,
  },
);

export const CNSA2_RULES = rulesWith<CertificateView>()(
  { profile: 'cnsa2', only: 'received' },
  {
    id: 'cnsa2-related-certificate-hash',
    clause: 'CNSA 2.0 §Algorithms',
    where: 'extensions.relatedCertificate',
    requires: 'The hash of a related certificate must be SHA-384 or SHA-512',
    check: (view) => LONG_HASHES.has(view.value('relatedCertificate')?.algorithm ?? digestOid.sha512),
  },
);
