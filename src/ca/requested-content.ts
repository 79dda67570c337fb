/** What a certification request and the caller beside it ask for: read, checked, and cut to what may be granted. */

import { atMember, atMemberAsync, PkiError } from '../base/errors.ts';
import { decodePemOrDer } from '../formats/pem-or-der.ts';
import { extensionOid, oidName } from '../formats/oids.ts';
import type { Keys, PublicKey } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { readCertificationRequest, type CertificationRequest } from '../x509/certification-request.ts';
import { checkExtensionValue } from '../x509/extensions/extension-check.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import { parseGeneralNames, uniqueGeneralNames } from '../x509/names/general-name.ts';
import { readRequestedNames, readRequestedSubject } from '../x509/names/requested-names.ts';
import type { DistinguishedName } from '../x509/names/distinguished-name.ts';

export interface RequestedContent {
  readonly publicKey: PublicKey;
  /** The subject as received, DER. */
  readonly subject: Uint8Array;
  readonly subjectName: DistinguishedName;
  /** The names of the request, then those of the caller, each once. */
  readonly san: readonly GeneralName[];
  /** Names (or dotted OIDs) of the extensions that were asked for and are not granted. */
  readonly ignoredExtensions: readonly string[];
}

export interface RequestedContentInput {
  readonly csr: string;
  readonly san?: readonly string[] | undefined;
}

/** Throws PkiError that points at `/csr` or `/san`. */
export async function readRequestedContent(
  keys: Keys,
  input: RequestedContentInput,
): Promise<RequestedContent> {
  const asked = await atMemberAsync('/csr', () => readRequest(keys, input.csr));
  const added = atMember('/san', () => parseGeneralNames(input.san ?? []));
  const san = atMember('/san', () => uniqueGeneralNames([...asked.san, ...added]));
  // RFC 5280 §4.1.2.6: an empty subject needs a subjectAltName
  if (asked.subjectName.length > 0 || san.length > 0) return { ...asked, san };
  throw new PkiError('invalid-csr', 'names nobody: it has an empty subject and no subjectAltName', '/csr');
}

async function readRequest(keys: Keys, text: string): Promise<RequestedContent> {
  const request = readCertificationRequest(decodePemOrDer(text, 'CERTIFICATE REQUEST'));
  const publicKey = readPublicKey(request.subjectPublicKeyInfo);
  await requireProofOfPossession(keys, publicKey, request);
  for (const extension of request.extensions) checkExtensionValue(extension);
  const names = extensionValue(request.extensions, extensionOid.subjectAltName);
  return {
    publicKey,
    subject: request.subject,
    subjectName: readRequestedSubject(request.subject),
    san: names ? uniqueGeneralNames(readRequestedNames(names)) : [],
    ignoredExtensions: request.extensions
      .filter(({ oid }) => oid !== extensionOid.subjectAltName)
      .map(({ oid }) => oidName(oid)),
  };
}

/** RFC 2986 §4.2: the request's own key signed the octets that were received. */
async function requireProofOfPossession(
  keys: Keys,
  publicKey: PublicKey,
  { info, signatureAlgorithm, signature }: CertificationRequest,
): Promise<void> {
  if (await keys.verify(publicKey, signatureAlgorithm, info, signature)) return;
  throw new PkiError('proof-of-possession-failed', 'is not signed by the private key of its own public key');
}
