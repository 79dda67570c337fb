import { PkiError } from '../base/errors.ts';
import { encodeRequestInfo } from '../x509/request-writer.ts';
import type { CsrInput, KeyWithCsr } from './issuer.ts';
import { subjectAltName } from './profiles.ts';
import { signAndVerify } from './sign-and-verify.ts';
import { readSubject } from './subject.ts';
import type { IssuanceContext } from './issuance-context.ts';

/** A new key and a request for it that asks for the subject and its names, and for nothing else. */
export async function makeCertificationRequest(
  tools: IssuanceContext,
  content: CsrInput,
): Promise<KeyWithCsr> {
  const subject = readSubject(content.subject, content.san);
  // RFC 5280 §4.1.2.6: an empty subject needs a subjectAltName
  if (subject.isEmpty && subject.san.length === 0) {
    throw new PkiError(
      'invalid-subject',
      'must name at least one attribute when there is no san',
      '/subject',
    );
  }
  const key = await tools.keys.generate(content.algorithm);
  try {
    const info = encodeRequestInfo({
      subject: subject.name,
      subjectPublicKeyInfo: key.publicKey.spki,
      extensions: subjectAltName(subject.san, subject.isEmpty),
    });
    return { csr: await signAndVerify(tools.keys, key, info), key };
  } catch (error) {
    key.destroy();
    throw error;
  }
}
