/** A CA certificate and its key as the caller supplies them, judged before anything is signed (STANDARDS S5.21). */

import { atMember, atMemberAsync, PkiError } from '../base/errors.ts';
import { decodePemOrDer } from '../formats/pem-or-der.ts';
import { extendedKeyUsageOid, extensionOid } from '../formats/oids.ts';
import type { Keys, PrivateKey } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { unknownCriticalExtension } from '../x509/extensions/critical-extensions.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import {
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readSubjectKeyIdentifier,
} from '../x509/extensions/extension-values.ts';
import { keyIdentifier } from '../x509/extensions/key-identifier.ts';
import { readNameConstraints } from '../x509/extensions/name-constraints-reader.ts';
import type { NameConstraints } from '../x509/path/name-constraints.ts';

export interface Authority {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
  /** What the authorityKeyIdentifier of its certificates says: its own SKI, octet for octet (STANDARDS S5.15). */
  readonly keyIdentifier: Uint8Array;
  readonly pathLength: number | undefined;
  readonly nameConstraints: NameConstraints | undefined;
}

export interface AuthorityInput {
  /** base64 of PEM, PEM or base64 of DER, as is the key. */
  readonly caCertificate: string;
  readonly caPrivateKey: Uint8Array;
}

/** Throws PkiError that points at `/ca_certificate` or `/ca_private_key`. The caller destroys the key when done. */
export async function loadAuthority(keys: Keys, input: AuthorityInput, now: Date): Promise<Authority> {
  const keyless = atMember('/ca_certificate', () => readAuthority(input.caCertificate, now));
  const key = await atMemberAsync('/ca_private_key', () => importKey(keys, input.caPrivateKey));
  if (Buffer.compare(key.publicKey.spki, keyless.certificate.subjectPublicKeyInfo) === 0)
    return { ...keyless, key };
  key.destroy();
  throw new PkiError('key-mismatch', 'is not the key of the CA certificate', '/ca_private_key');
}

async function importKey(keys: Keys, text: Uint8Array): Promise<PrivateKey> {
  const der = decodePemOrDer(text, 'PRIVATE KEY');
  try {
    return await keys.importPrivateKey(der);
  } finally {
    der.fill(0);
  }
}

function readAuthority(text: string, now: Date): Omit<Authority, 'key'> {
  const certificate = readCertificate(decodePemOrDer(text, 'CERTIFICATE'));
  requireVersionAndSubject(certificate);
  requireKnownCriticalExtensions(certificate);
  requireKeyUsage(certificate);
  requireValidNow(certificate, now);
  const value = extensionValue(certificate.extensions, extensionOid.nameConstraints);
  return {
    certificate,
    keyIdentifier: ownKeyIdentifier(certificate),
    pathLength: requireCa(certificate),
    nameConstraints: value && readNameConstraints(value),
  };
}

const unsuitable = (sentence: string): PkiError => new PkiError('unsuitable-issuer', sentence);

function requireVersionAndSubject({ version, subject }: Certificate): void {
  // RFC 5280 §6.1.4 (k): a CA certificate is version 3
  if (version !== 3)
    throw unsuitable(`is an X.509 version ${version} certificate; a CA certificate must be version 3`);
  // RFC 5280 §4.1.2.6: a CA's subject is not empty
  if (decodeDistinguishedName(subject).length === 0)
    throw unsuitable('has an empty subject, which a CA must not have');
}

function requireKnownCriticalExtensions(certificate: Certificate): void {
  const unknown = unknownCriticalExtension(certificate);
  if (unknown !== undefined) throw unsuitable(`has a critical extension that is not known here: ${unknown}`);
}

/** Answers the path length constraint. */
function requireCa({ extensions }: Certificate): number | undefined {
  const value = extensionValue(extensions, extensionOid.basicConstraints);
  const constraints = value && readBasicConstraints(value);
  if (constraints?.cA !== true)
    throw unsuitable('is not a CA certificate: it needs basicConstraints with cA TRUE');
  return constraints.pathLength;
}

function requireKeyUsage({ extensions }: Certificate): void {
  const usage = extensionValue(extensions, extensionOid.keyUsage);
  // RFC 5280 §4.2.1.3: a CA that certifies keys has keyUsage with keyCertSign
  if (!usage || !readKeyUsage(usage).includes('keyCertSign')) {
    throw unsuitable('may not sign certificates: its keyUsage needs keyCertSign');
  }
  const extended = extensionValue(extensions, extensionOid.extendedKeyUsage);
  if (extended && !coversLeafPurposes(readExtendedKeyUsage(extended))) {
    throw unsuitable('is limited by its extendedKeyUsage to other purposes than serverAuth and clientAuth');
  }
}

const coversLeafPurposes = (purposes: readonly string[]): boolean =>
  purposes.includes(extendedKeyUsageOid.anyExtendedKeyUsage) ||
  (purposes.includes(extendedKeyUsageOid.serverAuth) && purposes.includes(extendedKeyUsageOid.clientAuth));

function requireValidNow({ validity: { notBefore, notAfter } }: Certificate, now: Date): void {
  if (now < notBefore) throw unsuitable(`is not valid before ${notBefore.toISOString()}`);
  if (now > notAfter) throw unsuitable(`expired at ${notAfter.toISOString()}`);
}

function ownKeyIdentifier({ extensions, subjectPublicKeyInfo }: Certificate): Uint8Array {
  const value = extensionValue(extensions, extensionOid.subjectKeyIdentifier);
  return value ? readSubjectKeyIdentifier(value) : keyIdentifier(readPublicKey(subjectPublicKeyInfo).bits);
}
