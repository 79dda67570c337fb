/** What must hold of the certificates of a path beside their signatures (RFC 5280 §6.1), for clients of TLS. */

import { rfc3339 } from '../../base/clock.ts';
import { PkiError } from '../../base/errors.ts';
import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import type { Certificate } from '../certificate.ts';
import { unknownCriticalExtension } from '../extensions/critical-extensions.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';
import { extensionValue } from '../extensions/extension.ts';
import {
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  type KeyUsage,
} from '../extensions/extension-values.ts';
import { decodeGeneralNames } from '../names/general-name-encoding.ts';
import { isSameName } from '../names/comparison.ts';
import { readNameConstraints } from '../extensions/name-constraints-reader.ts';
import { checkNameConstraints, type NameConstraints } from './name-constraints.ts';

/** Of a certificate that nobody need believe; the sentence goes on after what it is called. */
export const pathError = (sentence: string): PkiError => new PkiError('invalid-certificate', sentence);

/**
 * `path` leads from the certificate in question over the CA that issued it to the anchor, which may be the certificate
 * itself. Throws PkiError invalid-certificate, invalid-extension or name-constraints-violated.
 */
export function validatePath(path: readonly Certificate[], now: Date): void {
  path.forEach((certificate, depth) => {
    const what = depth === 0 ? 'it' : 'a CA above it';
    requireValidAt(certificate, now, what);
    const unknown = unknownCriticalExtension(certificate);
    if (unknown !== undefined)
      throw pathError(`${what} has a critical extension that is not known here: ${unknown}`);
    requireClientPurpose(certificate, what);
    if (depth === 0) requireKeyUsage(certificate, ['digitalSignature', 'keyAgreement'], what);
    else requireCa(certificate, path.slice(0, depth));
  });
}

export function requireValidAt(
  { validity: { notBefore, notAfter } }: Certificate,
  now: Date,
  what = 'it',
): void {
  if (now < notBefore) throw pathError(`${what} is not valid before ${rfc3339(notBefore)}`);
  if (now > notAfter) throw pathError(`${what} expired at ${rfc3339(notAfter)}`);
}

/** Where it names no purpose it is for all (RFC 5280 §4.2.1.12); a CA lends those that it names. */
function requireClientPurpose({ extensions }: Certificate, what: string): void {
  const value = extensionValue(extensions, extensionOid.extendedKeyUsage);
  if (value === undefined) return;
  const purposes = readExtendedKeyUsage(value);
  const { anyExtendedKeyUsage, clientAuth } = extendedKeyUsageOid;
  if (purposes.includes(clientAuth) || purposes.includes(anyExtendedKeyUsage)) return;
  throw pathError(`${what} is for other purposes than clientAuth`);
}

/** One use of these is enough, and so is no word on use. */
export function requireKeyUsage({ extensions }: Certificate, uses: readonly KeyUsage[], what: string): void {
  const value = extensionValue(extensions, extensionOid.keyUsage);
  if (value === undefined || readKeyUsage(value).some((usage) => uses.includes(usage))) return;
  throw pathError(`${what} has a keyUsage without ${uses.join(' or ')}`);
}

/** `below`: the certificates that it stands for, the last of them its own. */
function requireCa(authority: Certificate, below: readonly Certificate[]): void {
  const { extensions } = authority;
  const constraints = extensionValue(extensions, extensionOid.basicConstraints);
  const { cA, pathLength = Infinity } = constraints ? readBasicConstraints(constraints) : { cA: false };
  if (!cA) throw pathError('what issued it is no CA');
  requireKeyUsage(authority, ['keyCertSign'], 'a CA above it');
  // RFC 5280 §4.2.1.9: neither the last certificate nor those that a CA issues to itself count
  if (below.slice(1).filter(isNotSelfIssued).length > pathLength) {
    throw pathError('the path length of a CA above it is used up');
  }
  const value = extensionValue(extensions, extensionOid.nameConstraints);
  if (value === undefined) return;
  const names = readNameConstraints(value);
  for (const [depth, certificate] of below.entries()) {
    if (depth === 0 || isNotSelfIssued(certificate)) requireNames(names, certificate);
  }
}

const isNotSelfIssued = ({ issuer, subject }: Certificate): boolean =>
  !isSameName(decodeDistinguishedName(issuer), decodeDistinguishedName(subject));

function requireNames(constraints: NameConstraints, { subject, extensions }: Certificate): void {
  const value = extensionValue(extensions, extensionOid.subjectAltName);
  const names = value === undefined ? [] : decodeGeneralNames(value);
  const known = names.filter((name) => name.kind !== 'other');
  const { permitted, excluded } = constraints;
  if (known.length < names.length && [...permitted, ...excluded].some(({ kind }) => kind === 'other')) {
    throw pathError('it has a name of a kind that a CA above it constrains and that is not judged here');
  }
  checkNameConstraints(constraints, decodeDistinguishedName(subject), known);
}
