/**
 * Identifies files of other systems by their first octets. The octets can be a private key, so they are compared and never
 * become a string.
 */

import { ML_DSA, ML_DSA_PARAMETER_SETS, standardName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { ML_KEM, ML_KEM_PARAMETER_SETS, mlKemStandardName } from '../algorithms/ml-kem/parameter-sets.ts';
import { SLH_DSA, SLH_DSA_PARAMETER_SETS, slhDsaStandardName } from '../algorithms/slh-dsa/parameter-sets.ts';
import { asBuffer } from '../base/octets.ts';
import type { PartType } from './part-types.ts';

type Signature = readonly [start: Buffer, type: PartType];

const hex = (start: string, type: PartType): Signature => [Buffer.from(start, 'hex'), type];
const ascii = (start: string, type: PartType): Signature => [Buffer.from(start, 'latin1'), type];

const BINARY: readonly Signature[] = [
  hex('feedfeed', 'java-keystore'),
  hex('cececece', 'java-keystore'),
  ascii('openssh-key-v1\0', 'ssh-private-key'),
  // RFC 4253 §6.6: the length of the name of the algorithm, and the name
  ascii('\0\0\0\u0007ssh-', 'ssh-public-key'),
  ascii('\0\0\0\u000bssh-', 'ssh-public-key'),
  ascii('\0\0\0\u0013ecdsa-sha2-', 'ssh-public-key'),
  hex('504b0304', 'archive'),
  hex('1f8b08', 'archive'),
  hex('fd377a585a00', 'archive'),
  hex('28b52ffd', 'archive'),
  hex('89504e470d0a1a0a', 'document'),
  hex('ffd8ffe0', 'document'),
  ascii('%PDF-', 'document'),
  ascii('SQLite format 3\0', 'document'),
  ascii('\u007fELF', 'document'),
];

const TEXT: readonly Signature[] = [
  ascii('PuTTY-User-Key-File-', 'putty-key'),
  ascii('---- BEGIN SSH2 PUBLIC KEY', 'ssh-public-key'),
  ascii('---- BEGIN SSH2 ENCRYPTED PRIVATE KEY', 'ssh-private-key'),
  ascii('AGE-SECRET-KEY-', 'age'),
  ascii('age-encryption.org/', 'age'),
  ascii('age1', 'age'),
  ascii('# created: ', 'age'),
  ascii('<', 'document'),
];

const startsWith = (octets: Buffer, start: Buffer): boolean => octets.subarray(0, start.length).equals(start);

const find = (octets: Buffer, signatures: readonly Signature[]): PartType | undefined =>
  signatures.find(([start]) => startsWith(octets, start))?.[1];

/** Returns the type of octets of another system; undefined for others. */
export const foreignType = (octets: Uint8Array): PartType | undefined =>
  find(asBuffer(octets), BINARY) ?? (isPacketOfOpenPgp(octets) ? 'pgp' : undefined);

/** RFC 9580 §4.2, §5.5: a public-key or secret-key packet, and its version after the length. */
function isPacketOfOpenPgp(octets: Uint8Array): boolean {
  const [tag = 0, length = 0] = octets.subarray(0, 2);
  const isOld = tag === 0x99 || tag === 0x95;
  const version = octets[isOld ? 3 : length < 0xc0 ? 2 : 3] ?? 0;
  return (isOld || tag === 0xc6 || tag === 0xc5) && version >= 3 && version <= 6;
}

/** {@link foreignType} for text. White space before it is ignored. */
export function foreignTextType(text: Uint8Array): PartType | undefined {
  const octets = asBuffer(text).subarray(endOfSpace(text));
  return find(octets, TEXT) ?? sshType(octets) ?? (isToken(octets) ? 'json-web-token' : undefined);
}

export function endOfSpace(text: Uint8Array): number {
  let at = 0;
  while (isSpace(text[at])) at += 1;
  return at;
}

const isSpace = (octet: number | undefined): boolean =>
  octet === 0x20 || (octet !== undefined && octet >= 0x09 && octet <= 0x0d);

/** Options come before the type in the file authorized_keys. */
const MAX_OPTIONS = 256;
const NAMES = ['ssh-rsa', 'ssh-dss', 'ssh-ed25519', 'ssh-ed448', 'ecdsa-sha2-', 'sk-ssh-', 'sk-ecdsa-sha2-'];
const CERTIFICATE = '-cert-v01@openssh.com ';
/** base64 of the length of the name. */
const KEY = ' AAAA';

/** `ssh-ed25519 AAAA…`, with or without options before it. */
function sshType(octets: Buffer): PartType | undefined {
  const line = octets.subarray(0, MAX_OPTIONS);
  const start = NAMES.map((name) => line.indexOf(name)).find((at) => at >= 0) ?? -1;
  if (start < 0 || !line.includes(KEY, start)) return undefined;
  return line.includes(CERTIFICATE, start) ? 'ssh-certificate' : 'ssh-public-key';
}

/** RFC 7515 §7.1: base64url of `{"`, and parts with full stops between them. */
const isToken = (octets: Buffer): boolean => octets.subarray(0, 3).equals(TOKEN) && octets.includes('.');
const TOKEN = Buffer.from('eyJ');

/** Lengths of keys and signatures without structure, and what has them. */
const RAW_LENGTHS: ReadonlyMap<number, string> = new Map([
  [32, 'the seed of an ML-DSA key, an Ed25519 or X25519 key, or a public key of SLH-DSA'],
  [48, 'a public key of SLH-DSA'],
  [57, 'an Ed448 key'],
  [64, 'the seed of an ML-KEM key, a key of SLH-DSA, or an Ed25519 signature'],
  [96, 'a private key of SLH-DSA'],
  [128, 'a private key of SLH-DSA'],
  ...ML_DSA_PARAMETER_SETS.flatMap((name): [number, string][] => {
    const { publicKeyLength, expandedKeyLength, signatureLength } = ML_DSA[name];
    return [
      [publicKeyLength, `an ${standardName(name)} public key`],
      [expandedKeyLength, `an expanded ${standardName(name)} private key`],
      [signatureLength, `an ${standardName(name)} signature`],
    ];
  }),
  ...ML_KEM_PARAMETER_SETS.flatMap((name): [number, string][] => [
    [ML_KEM[name].publicKeyLength, `an ${mlKemStandardName(name)} public key`],
    [ML_KEM[name].expandedKeyLength, `an expanded ${mlKemStandardName(name)} private key`],
  ]),
  // A set with SHA-2 and the set with SHAKE have the same lengths
  ...SLH_DSA_PARAMETER_SETS.map((name): [number, string] => [
    SLH_DSA[name].signatureLength,
    `a signature of ${slhDsaStandardName(name)} or of the set with the other hash function`,
  ]),
]);

/** What raw octets of this length can be; undefined for another length. */
export const rawMeaning = (length: number): string | undefined => RAW_LENGTHS.get(length);
