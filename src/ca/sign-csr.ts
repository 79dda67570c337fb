import { PkiError } from '../base/errors.ts';
import { encodeTbsCertificate } from '../x509/certificate-writer.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { keyIdentifier } from '../x509/extensions/key-identifier.ts';
import { checkNameConstraints } from '../x509/path/name-constraints.ts';
import { formatOneLine } from '../x509/names/name-text.ts';
import { drawSerialNumber, formatSerialNumber } from '../x509/serial-number.ts';
import { validityOfDays, wholeDaysBetween, type Validity } from '../x509/validity.ts';
import { loadAuthority, type Authority } from './authority.ts';
import type { IssuedCertificate, SignCsrInput } from './issuer.ts';
import { profileExtensions } from './profiles.ts';
import { signAndVerify } from './sign-and-verify.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { readRequestedContent, type RequestedContent } from './requested-content.ts';

/**
 * Certifies the key of a request under a CA that the caller supplies. From the request come the subject, the key and
 * the subjectAltName; what else it asks for is named in the answer and never granted (STANDARDS S4.8).
 */
export async function signCsr(tools: IssuanceContext, request: SignCsrInput): Promise<IssuedCertificate> {
  const now = tools.clock();
  const wish = await readRequestedContent(tools.keys, request);
  const authority = await loadAuthority(tools.keys, request, now);
  try {
    return await certify(tools, request, wish, authority, now);
  } finally {
    authority.key.destroy();
  }
}

const DEFAULT_DAYS = 365;

async function certify(
  tools: IssuanceContext,
  request: SignCsrInput,
  wish: RequestedContent,
  authority: Authority,
  now: Date,
): Promise<IssuedCertificate> {
  requireOtherKey(wish, authority);
  requireNamedCa(request, wish);
  requirePathLength(request, authority);
  if (authority.nameConstraints) checkNameConstraints(authority.nameConstraints, wish.subjectName, wish.san);
  const validity = validityWithin(authority, request.days, now);
  const serialNumber = drawSerialNumber(tools.random);
  const tbs = toBeSigned(request, wish, authority, validity, serialNumber);
  const { certificate: issuer } = authority;
  return {
    certificate: await signAndVerify(tools.keys, authority.key, tbs),
    issuerCertificate: issuer.der,
    serialNumber: formatSerialNumber(serialNumber),
    ...validity,
    subject: formatOneLine(wish.subjectName),
    issuer: formatOneLine(decodeDistinguishedName(issuer.subject)),
    subjectKeyIdentifier: keyIdentifier(wish.publicKey.bits),
    keyAlgorithm: wish.publicKey.algorithm,
    nameCount: wish.san.length,
    ignoredExtensions: wish.ignoredExtensions,
  };
}

/** STANDARDS S4.6: a CA does not certify its own key again. */
function requireOtherKey({ publicKey }: RequestedContent, { certificate }: Authority): void {
  if (Buffer.compare(publicKey.spki, certificate.subjectPublicKeyInfo) !== 0) return;
  throw new PkiError(
    'issuer-key-reused',
    'is for the key of the CA itself; make a request for a key of its own',
    '/csr',
  );
}

/** RFC 5280 §4.1.2.6: the subject of a CA is not empty. */
function requireNamedCa({ isCa }: SignCsrInput, { subjectName }: RequestedContent): void {
  if (!isCa || subjectName.length > 0) return;
  throw new PkiError('invalid-csr', 'has an empty subject, which a CA must not have', '/csr');
}

/** RFC 5280 §4.2.1.9: how many CA certificates may follow. */
function requirePathLength({ isCa, pathLength }: SignCsrInput, { pathLength: limit }: Authority): void {
  if (!isCa && pathLength !== undefined)
    throw new PkiError('path-length-exceeded', 'must be left out when is_ca is not true', '/path_length');
  if (!isCa || limit === undefined) return;
  if (limit === 0) {
    throw new PkiError(
      'path-length-exceeded',
      'cannot be true: the CA certificate allows no CA below it',
      '/is_ca',
    );
  }
  if (pathLength !== undefined && pathLength >= limit) {
    throw new PkiError(
      'path-length-exceeded',
      `must be below the CA certificate's own, ${limit}`,
      '/path_length',
    );
  }
}

/**
 * What is issued ends no later than its issuer (STANDARDS S5.21) and begins no earlier. A period that nobody asked for
 * is shortened, one that was asked for is refused.
 */
function validityWithin({ certificate }: Authority, days: number | undefined, now: Date): Validity {
  const { notBefore, notAfter } = certificate.validity;
  const validity = validityOfDays(now, days ?? DEFAULT_DAYS, notBefore);
  if (validity.notAfter <= notAfter) return validity;
  if (days === undefined) return { notBefore: validity.notBefore, notAfter };
  const longest = wholeDaysBetween(validity.notBefore, notAfter);
  const right = longest < 1 ? 'cannot be any number' : `must be at most ${longest}`;
  throw new PkiError(
    'exceeds-issuer',
    `${right}: the CA certificate expires at ${notAfter.toISOString()}`,
    '/days',
  );
}

function toBeSigned(
  { isCa, pathLength }: SignCsrInput,
  { publicKey, subject, subjectName, san }: RequestedContent,
  { certificate, key, keyIdentifier: authorityKeyIdentifier }: Authority,
  validity: Validity,
  serialNumber: Uint8Array,
): Uint8Array {
  return encodeTbsCertificate({
    serialNumber,
    signatureAlgorithm: key.signatureAlgorithm,
    // RFC 5280 §4.1.2.4: the CA's subject octet for octet
    issuer: certificate.subject,
    validity,
    subject,
    subjectPublicKeyInfo: publicKey.spki,
    extensions: profileExtensions({
      isCa,
      pathLength,
      subjectKeyIdentifier: keyIdentifier(publicKey.bits),
      authorityKeyIdentifier,
      san,
      subjectIsEmpty: subjectName.length === 0,
    }),
  });
}
