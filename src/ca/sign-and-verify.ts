import type { Keys, PrivateKey } from '../keys/key.ts';
import { encodeSigned } from '../x509/certificate-writer.ts';

/** A fault in memory or in an engine, found in time. */
export class SignatureVerificationError extends Error {
  constructor(algorithm: string) {
    super(`a signature just made by ${algorithm} does not verify`);
    this.name = 'SignatureFault';
  }
}

/**
 * Signs an encoded TBSCertificate or CertificationRequestInfo and verifies the signature before anybody sees it: a
 * fault in memory or in an engine must not leave the house (STANDARDS S1.6). Answers the whole SIGNED structure, DER.
 * Throws SignatureFault.
 */
export async function signAndVerify(
  keys: Keys,
  signer: PrivateKey,
  toBeSigned: Uint8Array,
): Promise<Uint8Array> {
  const { signatureAlgorithm, publicKey } = signer;
  const signature = await signer.sign(toBeSigned);
  if (!(await keys.verify(publicKey, signatureAlgorithm, toBeSigned, signature))) {
    throw new SignatureVerificationError(publicKey.algorithm);
  }
  return encodeSigned(toBeSigned, signatureAlgorithm, signature);
}
