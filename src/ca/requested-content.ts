/** What a certification request asks for: verified, checked, and reduced to what may be granted. */

import { atMember, atMemberAsync, PkiError } from '../base/errors.ts';
import { extensionOid, oidName } from '../formats/oids.ts';
import type { Reading } from '../formats/reading.ts';
import type { Keys, PublicKey } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { isRawEcdsaSignature } from '../keys/raw-ecdsa.ts';
import type { KeyBlocklist } from '../keys/key-blocklist.ts';
import { rejectWeakKey } from '../keys/weak-key.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import { checkExtensionValue } from '../x509/extensions/check-extension.ts';
import { extensionValue, type Extension } from '../x509/extensions/extension.ts';
import { encodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import type { IssuanceContext } from './issuance-context.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { uniqueGeneralNames } from '../x509/names/general-name.ts';
import type { IgnoredName } from '../x509/names/granted-names.ts';
import { readRequestedNames, readRequestedSubject, type NameRules } from '../x509/names/requested-names.ts';

export interface RequestedContent {
  readonly publicKey: PublicKey;
  /** Name, DER, as it is certified. */
  readonly subject: Uint8Array;
  readonly subjectName: DistinguishedName;
  /** The names of the request, then the added names, each once. */
  readonly subjectAltNames: readonly GeneralName[];
  /** Names (or dotted OIDs) of the requested extensions that are not granted. */
  readonly ignoredExtensions: readonly string[];
  /** Alternative names of the request that are not granted. */
  readonly ignoredNames: readonly IgnoredName[];
}

/** Throws PkiError at `request` or `subjectAltNames`. */
export async function readRequestedContent(
  { keys, blocklist }: IssuanceContext,
  request: CertificationRequest,
  added: readonly GeneralName[],
  rules: NameRules,
): Promise<RequestedContent> {
  const content = await atMemberAsync('request', () => readContent(keys, request, { blocklist, rules }));
  const subjectAltNames = atMember('subjectAltNames', () =>
    uniqueGeneralNames([...content.subjectAltNames, ...added]),
  );
  // RFC 5280 §4.1.2.6: an empty subject needs a subjectAltName
  if (content.subjectName.length > 0 || subjectAltNames.length > 0) return { ...content, subjectAltNames };
  throw new PkiError('invalid-csr', 'The request has an empty subject and no subject alternative names', [
    'request',
  ]);
}

async function readContent(
  keys: Keys,
  request: CertificationRequest,
  { blocklist, rules }: { readonly blocklist: KeyBlocklist | undefined; readonly rules: NameRules },
): Promise<RequestedContent> {
  const publicKey = readPublicKey(request.subjectPublicKeyInfo, rules.reading);
  await requireProofOfPossession(keys, publicKey, request, rules.reading);
  rejectWeakKey(publicKey, blocklist);
  for (const extension of request.extensions) checkExtension(extension, rules.reading);
  const subjectName = readRequestedSubject(request.subject, rules.reading);
  const names = readNames(request, rules);
  return {
    publicKey,
    subject: encodeDistinguishedName(subjectName),
    subjectName,
    subjectAltNames: uniqueGeneralNames(names.granted),
    ignoredNames: names.ignored,
    ignoredExtensions: ignoredExtensions(request),
  };
}

function readNames({ extensions }: CertificationRequest, rules: NameRules) {
  const value = extensionValue(extensions, extensionOid.subjectAltName);
  return value ? readRequestedNames(value, rules) : { granted: [], ignored: [] };
}

const ignoredExtensions = ({ extensions }: CertificationRequest): readonly string[] =>
  extensions.filter(({ oid }) => oid !== extensionOid.subjectAltName).map(({ oid }) => oidName(oid));

/** What the request asks for and does not get. */
export type NotGranted = Pick<RequestedContent, 'ignoredNames' | 'ignoredExtensions'>;

/** Returns what a request that was granted under these rules did not get. */
export const notGranted = (request: CertificationRequest, rules: NameRules): NotGranted => ({
  ignoredNames: readNames(request, rules).ignored,
  ignoredExtensions: ignoredExtensions(request),
});

/** Without a request there is nothing that could be ignored. */
export const ALL_GRANTED: NotGranted = Object.freeze({ ignoredNames: [], ignoredExtensions: [] });

/** Names that are certified for a key, without a request. */
export type CertifiedNames = Pick<RequestedContent, 'subject' | 'subjectName' | 'subjectAltNames'>;

/** Returns the content for a key without a proof of possession. Throws PkiError invalid-public-key for a weak key. */
export function contentOfKey(
  { blocklist }: Pick<IssuanceContext, 'blocklist'>,
  publicKey: PublicKey,
  { subject, subjectName, subjectAltNames }: CertifiedNames,
): RequestedContent {
  rejectWeakKey(publicKey, blocklist);
  return { publicKey, subject, subjectName, subjectAltNames, ...ALL_GRANTED };
}

/** The structure of an extension that is not granted is checked in strict reading only. */
function checkExtension(extension: Extension, reading: Reading): void {
  if (extension.fault !== undefined) return;
  try {
    checkExtensionValue(extension);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    reading.tolerate('extension-value', error);
  }
}

/** RFC 9935 §1 */
const NO_PROOF =
  'A key of ML-KEM cannot sign, so it cannot sign its CSR; send its public key as public_key in place of a CSR';

/** RFC 2986 §4.2: the private key of the request signs the octets that were received. */
async function requireProofOfPossession(
  keys: Keys,
  publicKey: PublicKey,
  { info, signatureAlgorithm, signature }: CertificationRequest,
  reading: Reading,
): Promise<void> {
  if (publicKey.family === 'ml-kem') throw new PkiError('proof-of-possession-failed', NO_PROOF);
  if (await keys.verify(publicKey, signatureAlgorithm, info, signature, reading)) return;
  throw new PkiError(
    'proof-of-possession-failed',
    (await isRawEcdsaSignature(keys, publicKey, signatureAlgorithm, info, signature, reading))
      ? 'The signature of the request is raw r ‖ s; it must be the DER of Ecdsa-Sig-Value, SEQUENCE { r, s } (RFC 5480)'
      : 'The request is not signed by the private key of its public key',
  );
}
