/** ML-DSA in certificates, requests and OCSP responses (RFC 9881). */

import { readAlgorithmIdentifier } from '../../formats/algorithm-identifier.ts';
import type { Der } from '../../formats/der/header.ts';
import { mlDsaParameterSetOf } from '../../formats/key-algorithm.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import type { NamedKey } from '../content.ts';
import type { Rule } from '../rule.ts';

/** id-hash-ml-dsa-44-with-sha512, -65- and -87- (FIPS 204 §5.4; NIST CSOR). */
const HASH_ML_DSA: ReadonlySet<string> = new Set([32, 33, 34].map((last) => `2.16.840.1.101.3.4.3.${last}`));

const SIGNING: ReadonlySet<KeyUsage> = new Set<KeyUsage>([
  'digitalSignature',
  'nonRepudiation',
  'keyCertSign',
  'cRLSign',
]);

const isMlDsa = (algorithm: Der): boolean =>
  mlDsaParameterSetOf(readAlgorithmIdentifier(algorithm).oid) !== undefined;

const hasMlDsaKey = ({ subjectPublicKeyInfo }: NamedKey): boolean =>
  isMlDsa(readSubjectPublicKeyInfo(subjectPublicKeyInfo).algorithm);

/** Of whatever is signed. */
export const SIGNATURE_RULES: readonly Rule<Pick<NamedKey, 'signatureAlgorithm'>>[] = [
  {
    id: 'rfc9881-signature-parameters-absent',
    clause: 'RFC 9881 §2',
    severity: 'error',
    where: 'signatureAlgorithm',
    check: ({ signatureAlgorithm }) =>
      !isMlDsa(signatureAlgorithm) || readAlgorithmIdentifier(signatureAlgorithm).parameters === undefined,
  },
  {
    id: 'rfc9881-no-hash-ml-dsa',
    clause: 'RFC 9881 §8.3',
    severity: 'error',
    where: 'signatureAlgorithm',
    check: ({ signatureAlgorithm }) => !HASH_ML_DSA.has(readAlgorithmIdentifier(signatureAlgorithm).oid),
  },
];

export const RFC9881_RULES: readonly Rule<NamedKey>[] = [
  ...SIGNATURE_RULES,
  {
    id: 'rfc9881-key-usage',
    clause: 'RFC 9881 §5',
    severity: 'error',
    where: 'extensions.keyUsage',
    check: (content) =>
      content.keyUsage === undefined ||
      !hasMlDsaKey(content) ||
      content.keyUsage.every((usage) => SIGNING.has(usage)),
  },
];
