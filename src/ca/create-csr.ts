import { PkiError } from '../base/errors.ts';
import type { KeyAlgorithmName, PrivateKey } from '../keys/key.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { prepareRequest } from './prepared.ts';
import { encodeSubjectAltName } from './profile.ts';
import { encodeSubject, type ReadNames, type Subject } from './subject.ts';

export interface CsrInput {
  readonly algorithm: KeyAlgorithmName;
  readonly names: ReadNames;
}

/** A PKCS #10 request, DER, and its key, which the caller destroys when done. */
export interface KeyWithCsr {
  readonly csr: Uint8Array;
  readonly subject: Subject;
  readonly key: PrivateKey;
}

/** Makes a new key and a request for the subject and its names. Throws PkiError. */
export async function createCsr({ keys }: IssuanceContext, input: CsrInput): Promise<KeyWithCsr> {
  const subject = requireName(encodeSubject(input.names()));
  const key = await keys.generate(input.algorithm);
  try {
    const prepared = prepareRequest(key, {
      subject: subject.name,
      extensions: encodeSubjectAltName(subject.subjectAltNames, subject.isEmpty),
    });
    return { csr: await prepared.issue(keys), subject, key };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

/** RFC 5280 §4.1.2.6: an empty subject needs a subjectAltName. */
function requireName(subject: Subject): Subject {
  if (!subject.isEmpty || subject.subjectAltNames.length > 0) return subject;
  throw new PkiError(
    'invalid-subject',
    'The subject must have at least one attribute when there are no subject alternative names',
    ['subject'],
  );
}
