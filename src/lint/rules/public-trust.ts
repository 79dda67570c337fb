/** What the requirements of the CA/Browser Forum for servers and for mail have in common. */

import { BlockList } from 'node:net';
import { ifReadable } from '../../base/errors.ts';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../formats/describe-algorithm.ts';
import { UNNOTED } from '../../formats/reading.ts';
import { formatIpAddress } from '../../x509/names/ip-address.ts';
import { EC, ECDSA_SHA2, RSA, RSA_SHA2, RSASSA_PSS } from '../algorithms.ts';
import type { AnyName } from '../list-values.ts';
import type { CertificateView, NamedKeyView, SignedView } from '../views.ts';

/** Of 64 bits from a random generator; the first octet can be a sign. */
const MIN_SERIAL_LENGTH = 8;

export const hasLongSerial = ({ tbs }: CertificateView): boolean =>
  tbs.serialNumber.length >= MIN_SERIAL_LENGTH;

const CURVES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521']);

export const keyOf = ({ subjectPublicKeyInfo }: NamedKeyView) =>
  ifReadable(() => describeSubjectPublicKeyInfo(subjectPublicKeyInfo, UNNOTED));

/** RSA of at least 2048 bits, in whole octets, or one of the three curves of NIST. */
export function hasClassicalKey(view: NamedKeyView): boolean {
  const { bits = 0, curve = '' } = keyOf(view) ?? {};
  if (view.key?.oid === RSA) return bits >= 2048 && bits % 8 === 0;
  return view.key?.oid === EC && CURVES.has(curve);
}

export function hasClassicalSignature({ signature, signatureAlgorithm }: SignedView): boolean {
  const oid = signature?.oid ?? '';
  if (oid !== RSASSA_PSS) return RSA_SHA2.has(oid) || ECDSA_SHA2.has(oid);
  const parameters = ifReadable(() => describeAlgorithm(signatureAlgorithm).parameters) ?? [];
  return !parameters.includes('hash SHA-1');
}

export const namesOf = (view: NamedKeyView): readonly AnyName[] => view.value('subjectAltName') ?? [];

export const policiesOf = (view: CertificateView): readonly string[] =>
  (view.value('certificatePolicies') ?? []).map(({ oid }) => oid);

const isHttp = (name: AnyName): boolean => name.kind === 'URI' && /^http:\/\/./i.test(name.value);

/** Whether every address of a CRL is an HTTP URI. */
export const hasHttpPoints = (view: CertificateView): boolean =>
  (view.value('cRLDistributionPoints') ?? []).every(
    ({ names = [] }) => names.length > 0 && names.every(isHttp),
  );

export const hasHttpAccess = (view: CertificateView): boolean =>
  (view.value('authorityInfoAccess') ?? []).every(({ location }) => isHttp(location));

export const hasAccess = (view: CertificateView, method: string): boolean =>
  (view.value('authorityInfoAccess') ?? []).some((access) => access.method === method);

/** RFC 6761, RFC 6762, RFC 8244 and names that networks use without asking. */
const PRIVATE_SUFFIXES: ReadonlySet<string> = new Set([
  'alt',
  'corp',
  'example',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localhost',
  'private',
  'test',
]);

export function isPublicName(text: string): boolean {
  const labels = text.toLowerCase().replace(/^\*\./, '').split('.');
  return labels.length > 1 && !PRIVATE_SUFFIXES.has(labels.at(-1) ?? '');
}

const RESERVED = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  RESERVED.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  RESERVED.addSubnet(network, prefix, 'ipv6');

/** Whether an address of 4 or 16 octets is not reserved by IANA. */
export const isPublicAddress = (octets: Uint8Array): boolean =>
  !RESERVED.check(formatIpAddress(octets), octets.length === 4 ? 'ipv4' : 'ipv6');
