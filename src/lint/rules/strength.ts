/** Algorithms that are too weak, and usages that do not fit the algorithm of a key. */

import { readAlgorithmIdentifier } from '../../formats/algorithm-identifier.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import { UNNOTED } from '../../formats/reading.ts';
import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import type { NamedKey } from '../content.ts';
import type { Received } from '../received-content.ts';
import type { ReceivedRule } from '../rule.ts';

const PKCS1 = '1.2.840.113549.1.1';
/** With MD2, MD4 and MD5. */
const MESSAGE_DIGESTS: ReadonlySet<string> = new Set([
  ...[2, 3, 4].map((last) => `${PKCS1}.${last}`),
  '1.3.14.3.2.3',
]);
/** With RSA, ECDSA and DSA; the last two are the old names of the first and third. */
const SHA1: ReadonlySet<string> = new Set([
  `${PKCS1}.5`,
  '1.2.840.10045.4.1',
  '1.2.840.10040.4.3',
  '1.3.14.3.2.29',
  '1.3.14.3.2.27',
]);

const RSA = `${PKCS1}.1`;
const RSASSA_PSS = `${PKCS1}.10`;
const DSA = '1.2.840.10040.4.1';
const EC = '1.2.840.10045.2.1';
const EDWARDS: ReadonlySet<string> = new Set(['1.3.101.112', '1.3.101.113']);
const MONTGOMERY: ReadonlySet<string> = new Set(['1.3.101.110', '1.3.101.111']);

/** Shortest keys with 112 bits of security, in bits. */
const MINIMUM: ReadonlyMap<string, number> = new Map([
  [RSA, 2048],
  [RSASSA_PSS, 2048],
  [DSA, 2048],
  [EC, 224],
]);

const signatureOid = ({ signatureAlgorithm }: NamedKey): string =>
  readAlgorithmIdentifier(signatureAlgorithm).oid;

/** SHA-1 is the default of RSASSA-PSS. */
function hasSha1(content: NamedKey): boolean {
  const { oid, parameters } = describeAlgorithm(content.signatureAlgorithm);
  return SHA1.has(oid) || (oid === RSASSA_PSS && parameters.includes('hash SHA-1'));
}

const keyOf = ({ subjectPublicKeyInfo }: NamedKey) => {
  const { algorithm, bits } = describeSubjectPublicKeyInfo(subjectPublicKeyInfo, UNNOTED);
  return { oid: algorithm.oid, bits };
};

const SIGNING: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign'];
const AGREEING: readonly KeyUsage[] = ['keyAgreement', 'encipherOnly', 'decipherOnly'];

const hasOnly = ({ keyUsage = [] }: NamedKey, allowed: readonly KeyUsage[]): boolean =>
  keyUsage.every((usage) => allowed.includes(usage));

export const STRENGTH_RULES: readonly ReceivedRule<Received>[] = [
  {
    id: 'rfc6151-message-digest-signature',
    clause: 'RFC 6151 §2',
    severity: 'error',
    find: (content) => (MESSAGE_DIGESTS.has(signatureOid(content)) ? ['signatureAlgorithm'] : []),
  },
  {
    id: 'rfc6194-sha1-signature',
    clause: 'RFC 6194 §3, NIST SP 800-131A §9',
    severity: 'warning',
    find: (content) => (hasSha1(content) ? ['signatureAlgorithm'] : []),
  },
  {
    id: 'sp800-131a-key-length',
    clause: 'NIST SP 800-131A §3',
    severity: 'error',
    find: (content) => {
      const { oid, bits } = keyOf(content);
      const minimum = MINIMUM.get(oid);
      return minimum !== undefined && bits !== undefined && bits < minimum ? ['subjectPublicKeyInfo'] : [];
    },
  },
  {
    id: 'rfc8813-key-usage',
    clause: 'RFC 8813 §3',
    severity: 'error',
    find: (content) =>
      keyOf(content).oid === EC && !hasOnly(content, [...SIGNING, ...AGREEING])
        ? ['extensions.keyUsage']
        : [],
  },
  {
    id: 'rfc8410-key-usage',
    clause: 'RFC 8410 §5',
    severity: 'error',
    find: (content) => {
      const { oid } = keyOf(content);
      const isWrong =
        (EDWARDS.has(oid) && !hasOnly(content, SIGNING)) ||
        (MONTGOMERY.has(oid) && !hasOnly(content, AGREEING));
      return isWrong ? ['extensions.keyUsage'] : [];
    },
  },
];
