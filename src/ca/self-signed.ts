import type { PrivateKey } from '../keys/key.ts';
import { encodeTbsCertificate } from '../x509/certificate-writer.ts';
import { keyIdentifier } from '../x509/extensions/key-identifier.ts';
import { drawSerialNumber, formatSerialNumber } from '../x509/serial-number.ts';
import { validityOfDays, type Validity } from '../x509/validity.ts';
import type { KeyWithCertificate, HybridPair, HybridPairInput, SelfSignedInput } from './issuer.ts';
import { profileExtensions } from './profiles.ts';
import { signAndVerify } from './sign-and-verify.ts';
import { readSubject, requireNonEmptySubject, type Subject } from './subject.ts';
import type { IssuanceContext } from './issuance-context.ts';

export async function issueSelfSigned(
  tools: IssuanceContext,
  request: SelfSignedInput,
): Promise<KeyWithCertificate> {
  const subject = requireNonEmptySubject(readSubject(request.subject, request.san));
  const validity = validityOfDays(tools.clock(), request.days);
  return certifyNewKey(tools, request.algorithm, subject, validity, request.isCa);
}

/** Two certificates of one subject, set of names and validity, each of which verifies alone. */
export async function issueHybridPair(tools: IssuanceContext, request: HybridPairInput): Promise<HybridPair> {
  const subject = requireNonEmptySubject(readSubject(request.subject, request.san));
  const validity = validityOfDays(tools.clock(), request.days);
  const certify = (algorithm: SelfSignedInput['algorithm']): Promise<KeyWithCertificate> =>
    certifyNewKey(tools, algorithm, subject, validity, request.isCa);
  const mlDsa = await certify(request.parameterSet);
  try {
    return { mlDsa, classical: await certify(request.classical) };
  } catch (error) {
    mlDsa.key.destroy();
    throw error;
  }
}

async function certifyNewKey(
  tools: IssuanceContext,
  algorithm: SelfSignedInput['algorithm'],
  subject: Subject,
  validity: Validity,
  isCa: boolean,
): Promise<KeyWithCertificate> {
  const key = await tools.keys.generate(algorithm);
  try {
    const serialNumber = drawSerialNumber(tools.random);
    const subjectKeyIdentifier = keyIdentifier(key.publicKey.bits);
    const tbs = selfSignedContent(key, serialNumber, subjectKeyIdentifier, subject, validity, isCa);
    const certificate = await signAndVerify(tools.keys, key, tbs);
    return { certificate, serialNumber: formatSerialNumber(serialNumber), subjectKeyIdentifier, key };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

function selfSignedContent(
  key: PrivateKey,
  serialNumber: Uint8Array,
  identifier: Uint8Array,
  subject: Subject,
  validity: Validity,
  isCa: boolean,
): Uint8Array {
  return encodeTbsCertificate({
    serialNumber,
    signatureAlgorithm: key.signatureAlgorithm,
    issuer: subject.name,
    validity,
    subject: subject.name,
    subjectPublicKeyInfo: key.publicKey.spki,
    extensions: profileExtensions({
      isCa,
      subjectKeyIdentifier: identifier,
      authorityKeyIdentifier: identifier,
      san: subject.san,
      subjectIsEmpty: subject.isEmpty,
    }),
  });
}
