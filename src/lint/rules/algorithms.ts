/** Classical algorithms: what is too weak, and what does not fit the algorithm of a key. */

import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { nullValue, TAG } from '../../formats/der/writer.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import { UNNOTED } from '../../formats/reading.ts';
import type { KeyUsage } from '../../x509/extensions/key-usage.ts';
import {
  DSA,
  EC,
  ECDSA_SHA2,
  EDWARDS,
  MESSAGE_DIGESTS,
  MONTGOMERY,
  RSA,
  RSA_SHA2,
  RSASSA_PSS,
  SHA1_SIGNATURES,
  UNSIGNED,
} from '../algorithms.ts';
import { rulesWith } from '../rule.ts';
import type { NamedKeyView, SignedView } from '../views.ts';

/** SHA-1 is the default of RSASSA-PSS. */
function hasSha1({ signatureAlgorithm }: SignedView): boolean {
  const { oid, parameters } = describeAlgorithm(signatureAlgorithm);
  return SHA1_SIGNATURES.has(oid) || (oid === RSASSA_PSS && parameters.includes('hash SHA-1'));
}

const NULL = nullValue();

const isNull = (parameters: Der | undefined): boolean =>
  parameters !== undefined && Buffer.compare(parameters, NULL) === 0;

const isSignedWith = (oids: ReadonlySet<string>) => (view: SignedView) => oids.has(view.signature?.oid ?? '');

export const SIGNATURE_STRENGTH_RULES = rulesWith<SignedView>()(
  { where: 'signatureAlgorithm' },
  {
    id: 'rfc6151-message-digest-signature',
    clause: 'RFC 6151 §2',
    requires: 'A signature must not be made with MD5 or an older hash',
    only: 'received',
    check: ({ signature }) => !MESSAGE_DIGESTS.has(signature?.oid ?? ''),
  },
  {
    id: 'rfc6194-sha1-signature',
    clause: 'RFC 6194 §3, NIST SP 800-131A §9',
    severity: 'warning',
    requires: 'A signature should not be made with SHA-1',
    only: 'received',
    check: (view) => !hasSha1(view),
  },
  {
    id: 'rfc4055-signature-parameters-null',
    clause: 'RFC 4055 §5',
    requires: 'The parameters of RSASSA-PKCS1-v1_5 must be NULL',
    applies: isSignedWith(RSA_SHA2),
    check: ({ signature }) => isNull(signature?.parameters),
  },
  {
    id: 'rfc5758-signature-parameters-absent',
    clause: 'RFC 5758 §3.2',
    requires: 'The parameters of ECDSA must be absent',
    applies: isSignedWith(ECDSA_SHA2),
    check: ({ signature }) => signature?.parameters === undefined,
  },
  {
    id: 'rfc8410-signature-parameters-absent',
    clause: 'RFC 8410 §3',
    requires: 'The parameters of Ed25519 and Ed448 must be absent',
    applies: isSignedWith(EDWARDS),
    check: ({ signature }) => signature?.parameters === undefined,
  },
  {
    id: 'rfc9925-unsigned',
    clause: 'RFC 9925 §4',
    severity: 'warning',
    requires: 'An unsigned certificate must not be trusted because of its signature, which is empty',
    only: 'received',
    check: ({ signature }) => signature?.oid !== UNSIGNED,
  },
);

/** Shortest keys with 112 bits of security, in bits. */
const MINIMUM: ReadonlyMap<string, number> = new Map([
  [RSA, 2048],
  [RSASSA_PSS, 2048],
  [DSA, 2048],
  [EC, 224],
]);

const describeKey = ({ subjectPublicKeyInfo }: NamedKeyView) =>
  describeSubjectPublicKeyInfo(subjectPublicKeyInfo, UNNOTED);

const SIGNING: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign'];
const AGREEING: readonly KeyUsage[] = ['keyAgreement', 'encipherOnly', 'decipherOnly'];

const hasOnly = ({ keyUsage = [] }: NamedKeyView, allowed: readonly KeyUsage[]): boolean =>
  keyUsage.every((usage) => allowed.includes(usage));

const hasKey = (oid: string) => (view: NamedKeyView) => view.key?.oid === oid;

export const KEY_STRENGTH_RULES = rulesWith<NamedKeyView>()(
  { where: 'subjectPublicKeyInfo' },
  {
    id: 'sp800-131a-key-length',
    clause: 'NIST SP 800-131A §3',
    requires: 'RSA and DSA must have at least 2048 bits, and a curve at least 224',
    only: 'received',
    applies: ({ key }) => MINIMUM.has(key?.oid ?? ''),
    check: (view) => (describeKey(view).bits ?? Infinity) >= (MINIMUM.get(view.key?.oid ?? '') ?? 0),
  },
  {
    id: 'fips186-5-dsa',
    clause: 'FIPS 186-5 §4',
    severity: 'warning',
    requires: 'DSA is no longer approved for signatures',
    only: 'received',
    check: (view) => !hasKey(DSA)(view),
  },
  {
    id: 'rfc3279-rsa-parameters-null',
    clause: 'RFC 3279 §2.3.1',
    requires: 'The parameters of an RSA key must be NULL',
    applies: hasKey(RSA),
    check: ({ key }) => isNull(key?.parameters),
  },
  {
    id: 'sp800-56b-rsa-exponent',
    clause: 'NIST SP 800-56B §6.2, FIPS 186-5 §5.1',
    severity: 'warning',
    requires: 'The public exponent of RSA should be odd and at least 65537',
    only: 'received',
    applies: hasKey(RSA),
    check: (view) => {
      const exponent = BigInt(describeKey(view).publicExponent ?? '65537');
      return exponent >= 65_537n && exponent % 2n === 1n;
    },
  },
  {
    id: 'rfc5480-named-curve',
    clause: 'RFC 5480 §2.1.1',
    requires: 'An EC key must name its curve',
    applies: hasKey(EC),
    check: ({ key }) =>
      key?.parameters !== undefined && elementOf(key.parameters).tag === TAG.objectIdentifier,
  },
  {
    id: 'rfc5480-uncompressed-point',
    clause: 'RFC 5480 §2.2',
    severity: 'notice',
    requires: 'Programs need not support a point that is not in uncompressed form',
    only: 'received',
    applies: hasKey(EC),
    check: ({ keyBits }) => keyBits?.[0] === 0x04,
  },
  {
    id: 'rfc8410-key-parameters-absent',
    clause: 'RFC 8410 §3',
    requires: 'The parameters of a key of RFC 8410 must be absent',
    applies: ({ key }) => EDWARDS.has(key?.oid ?? '') || MONTGOMERY.has(key?.oid ?? ''),
    check: ({ key }) => key?.parameters === undefined,
  },
  {
    id: 'rfc8813-key-usage',
    clause: 'RFC 8813 §3',
    where: 'extensions.keyUsage',
    requires: 'keyUsage of an EC key must not have keyEncipherment or dataEncipherment',
    applies: hasKey(EC),
    check: (view) => hasOnly(view, [...SIGNING, ...AGREEING]),
  },
  {
    id: 'rfc8410-key-usage',
    clause: 'RFC 8410 §5, RFC 9295 §3',
    where: 'extensions.keyUsage',
    requires: 'A key of Ed25519 or Ed448 only signs, and one of X25519 or X448 only agrees on keys',
    applies: ({ key }) => EDWARDS.has(key?.oid ?? '') || MONTGOMERY.has(key?.oid ?? ''),
    check: (view) => hasOnly(view, EDWARDS.has(view.key?.oid ?? '') ? SIGNING : AGREEING),
  },
);
