/** ML-DSA (RFC 9881), SLH-DSA (RFC 9909) and ML-KEM (RFC 9935), with what all three require of their octets. */

import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import {
  familyOf,
  HASH_ML_DSA,
  isComposite,
  isDilithium,
  POST_QUANTUM,
  type PostQuantumFamily,
} from '../algorithms.ts';
import { rulesWith, type Rule } from '../rule.ts';
import type { NamedKeyView, SignedView } from '../views.ts';

const SIGNING: ReadonlySet<KeyUsage> = new Set<KeyUsage>([
  'digitalSignature',
  'nonRepudiation',
  'keyCertSign',
  'cRLSign',
]);

const isSignedBy =
  (family: PostQuantumFamily) =>
  ({ signature }: SignedView): boolean =>
    familyOf(signature?.oid) === family;

const hasKeyOf =
  (family: PostQuantumFamily) =>
  ({ key }: NamedKeyView): boolean =>
    familyOf(key?.oid) === family;

/** The signature of everything that is signed. */
const signatureRules = (
  family: PostQuantumFamily,
  rfc: string,
  sections: Readonly<Record<'parameters' | 'value', string>>,
): readonly Rule<SignedView>[] =>
  rulesWith<SignedView>()(
    { where: 'signatureAlgorithm', applies: isSignedBy(family) },
    {
      id: `rfc${rfc}-signature-parameters-absent`,
      clause: `RFC ${rfc} §${sections.parameters}`,
      requires: 'The parameters of the signature algorithm must be absent, not NULL',
      check: ({ signature }) => signature?.parameters === undefined,
    },
    {
      id: `rfc${rfc}-signature-length`,
      clause: `RFC ${rfc} §${sections.value}`,
      where: 'signatureValue',
      requires: 'The signature must have the length of its parameter set, without an inner OCTET STRING',
      only: 'received',
      check: ({ signature, signatureBits }) =>
        signatureBits?.length === POST_QUANTUM.get(signature?.oid ?? '')?.signatureLength,
    },
  );

const keyRules = (
  family: PostQuantumFamily,
  rfc: string,
  sections: Readonly<Record<'parameters' | 'value', string>>,
): readonly Rule<NamedKeyView>[] =>
  rulesWith<NamedKeyView>()(
    { where: 'subjectPublicKeyInfo', applies: hasKeyOf(family) },
    {
      id: `rfc${rfc}-key-parameters-absent`,
      clause: `RFC ${rfc} §${sections.parameters}`,
      requires: 'The parameters of the algorithm of the key must be absent, not NULL',
      check: ({ key }) => key?.parameters === undefined,
    },
    {
      id: `rfc${rfc}-key-length`,
      clause: `RFC ${rfc} §${sections.value}`,
      requires: 'The key must have the length of its parameter set, without an inner OCTET STRING',
      check: ({ key, keyBits }) => keyBits?.length === POST_QUANTUM.get(key?.oid ?? '')?.keyLength,
    },
  );

const usageRule = (family: PostQuantumFamily, rfc: string, section: string): readonly Rule<NamedKeyView>[] =>
  rulesWith<NamedKeyView>()(
    { where: 'extensions.keyUsage' },
    {
      id: `rfc${rfc}-key-usage`,
      clause: `RFC ${rfc} §${section}`,
      requires: 'keyUsage must have only digitalSignature, nonRepudiation, keyCertSign and cRLSign',
      applies: hasKeyOf(family),
      check: ({ keyUsage = [] }) => keyUsage.every((usage) => SIGNING.has(usage)),
    },
  );

/** Of whatever is signed. */
export const SIGNATURE_RULES: readonly Rule<SignedView>[] = [
  ...signatureRules('ml-dsa', '9881', { parameters: '2', value: '3' }),
  ...signatureRules('slh-dsa', '9909', { parameters: '3', value: '4' }),
  ...rulesWith<SignedView>()(
    { where: 'signatureAlgorithm' },
    {
      id: 'rfc9881-no-hash-ml-dsa',
      clause: 'RFC 9881 §8.3',
      requires: 'HashML-DSA must not be used in certificates, requests, CRLs and OCSP responses',
      check: ({ signature }) => !HASH_ML_DSA.has(signature?.oid ?? ''),
    },
    {
      id: 'rfc9881-signature-not-dilithium',
      clause: 'RFC 9881 §1',
      requires: 'Dilithium is not ML-DSA: the signature must be of a parameter set of FIPS 204',
      check: ({ signature }) => !isDilithium(signature?.oid),
    },
    {
      id: 'rfc9935-cannot-sign',
      clause: 'RFC 9935 §3',
      requires: 'ML-KEM cannot sign',
      check: ({ signature }) => familyOf(signature?.oid) !== 'ml-kem',
    },
    {
      id: 'composite-draft',
      clause: 'draft-ietf-lamps-pq-composite-sigs §6',
      severity: 'notice',
      requires: 'Composite signatures are a draft, and their encoding can change',
      check: ({ signature }) => !isComposite(signature?.oid),
    },
  ),
];

/** X.690 §8.7: the first octets of an OCTET STRING that has the rest of the key. */
const hasInnerString = ({ keyBits }: NamedKeyView): boolean => {
  const [tag, length = 0] = keyBits ?? [];
  return (
    tag === 0x04 &&
    length === 0x82 &&
    ((keyBits?.[2] ?? 0) << 8) + (keyBits?.[3] ?? 0) === (keyBits?.length ?? 0) - 4
  );
};

export const POST_QUANTUM_KEY_RULES: readonly Rule<NamedKeyView>[] = [
  ...keyRules('ml-dsa', '9881', { parameters: '2', value: '4' }),
  ...usageRule('ml-dsa', '9881', '5'),
  ...keyRules('slh-dsa', '9909', { parameters: '3', value: '5' }),
  ...usageRule('slh-dsa', '9909', '6'),
  ...keyRules('ml-kem', '9935', { parameters: '3', value: '4' }),
  ...rulesWith<NamedKeyView>()(
    { where: 'subjectPublicKeyInfo' },
    {
      id: 'rfc9881-no-hash-ml-dsa-key',
      clause: 'RFC 9881 §8.3',
      requires: 'A public key must not be of HashML-DSA',
      check: ({ key }) => !HASH_ML_DSA.has(key?.oid ?? ''),
    },
    {
      id: 'rfc9881-key-not-dilithium',
      clause: 'RFC 9881 §1',
      requires: 'Dilithium is not ML-DSA: the key must be of a parameter set of FIPS 204',
      check: ({ key }) => !isDilithium(key?.oid),
    },
    {
      id: 'post-quantum-key-raw',
      clause: 'RFC 9881 §4, RFC 9909 §5, RFC 9935 §4',
      severity: 'notice',
      requires: 'The key is inside an OCTET STRING, as drafts before the standards wrote it',
      only: 'received',
      applies: ({ key }) => familyOf(key?.oid) !== undefined,
      check: (view) => !hasInnerString(view),
    },
    {
      id: 'rfc9935-key-usage',
      clause: 'RFC 9935 §5',
      where: 'extensions.keyUsage',
      requires: 'keyUsage must have keyEncipherment only',
      applies: (view) => hasKeyOf('ml-kem')(view) && view.keyUsage !== undefined,
      check: ({ keyUsage = [] }) => keyUsage.length === 1 && keyUsage[0] === 'keyEncipherment',
    },
    {
      id: 'rfc9935-not-ca',
      clause: 'RFC 9935 §5',
      where: 'extensions.basicConstraints',
      requires: 'A key of ML-KEM cannot sign, so its subject cannot be a CA',
      applies: hasKeyOf('ml-kem'),
      check: ({ isCa }) => !isCa,
    },
  ),
];

/** A request is signed by its own key (RFC 2986 §4.2). */
export const KEM_REQUEST_RULES = rulesWith<NamedKeyView>()(
  { where: 'subjectPublicKeyInfo' },
  {
    id: 'rfc9935-no-request',
    clause: 'RFC 2986 §4.2, RFC 9935 §3',
    requires: 'A request must be signed by its own key, and a key of ML-KEM cannot sign',
    check: (view) => !hasKeyOf('ml-kem')(view),
  },
);
