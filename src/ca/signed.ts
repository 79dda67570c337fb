import type { Keys, SigningKey } from '../keys/key.ts';
import { encodeSigned } from '../x509/certificate-writer.ts';

/**
 * Signs an encoded TBSCertificate or CertificationRequestInfo and verifies the signature before anybody sees it: a
 * fault in memory or in an engine must not leave the house (STANDARDS S1.6). Answers the whole SIGNED structure, DER.
 */
export async function signed(keys: Keys, signer: SigningKey, toBeSigned: Uint8Array): Promise<Uint8Array> {
  const { signatureAlgorithm, publicKey } = signer;
  const signature = await signer.sign(toBeSigned);
  if (!(await keys.verify(publicKey, signatureAlgorithm, toBeSigned, signature))) {
    throw new Error(`a signature just made by ${publicKey.algorithm} does not verify`);
  }
  return encodeSigned(toBeSigned, signatureAlgorithm, signature);
}
