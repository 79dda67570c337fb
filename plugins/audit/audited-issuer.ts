/** Issues on behalf of one request: each certificate, key and signing request leaves a record before it is answered. */

import type { CertifiedKey, Issuer, SelfSignedRequest, SignedRequest } from '../../src/ca/issuer.ts';
import { PkiError } from '../../src/errors.ts';
import type { KeyAlgorithmName, Keys, SigningKey } from '../../src/keys/key.ts';
import { hexadecimal } from '../../src/x509/hexadecimal.ts';
import { keyIdentifier } from '../../src/x509/key-identifier.ts';
import { outcomeOf } from '../outcome.ts';
import type { Act, Result, WriteRecord } from './record.ts';

export interface RequestIssuer extends Issuer {
  /** The caller destroys the key when done. */
  generateKey(algorithm: KeyAlgorithmName): Promise<SigningKey>;
}

export function auditedIssuer(issuer: Issuer, keys: Keys, write: WriteRecord): RequestIssuer {
  const audited = auditor(write);
  return {
    generateKey: (algorithm) =>
      audited({ operation: 'keys/generate', algorithm }, keys.generate(algorithm), (key) => [
        factsOfKey(key),
      ]),

    selfSigned: (request) =>
      audited(
        { operation: 'certificate/generate', algorithm: request.algorithm, ...wanted(request) },
        issuer.selfSigned(request),
        (certified) => [{ ...subjectOf(request), ...factsOfCertified(certified) }],
      ),

    hybridPair: (request) =>
      audited(
        { operation: 'certificate/hybrid', ...wanted(request) },
        issuer.hybridPair(request),
        ({ mlDsa, classical }) =>
          [mlDsa, classical].map((certified) => ({ ...subjectOf(request), ...factsOfCertified(certified) })),
      ),

    certificationRequest: (content) =>
      audited(
        { operation: 'csr/generate', algorithm: content.algorithm, names: content.san?.length ?? 0 },
        issuer.certificationRequest(content),
        ({ key }) => [{ ...subjectOf(content), ...factsOfKey(key) }],
      ),

    signRequest: (request) =>
      audited(
        { operation: 'csr/sign', profile: profileOf(request), days: request.days },
        issuer.signRequest(request),
        (signed) => [factsOfSigned(signed)],
      ),
  };
}

/** One record for everything that was made, or one for what went wrong. */
const auditor =
  (write: WriteRecord) =>
  async <T>(act: Act, task: Promise<T>, resultsOf: (made: T) => readonly Result[]): Promise<T> => {
    try {
      const made = await task;
      for (const result of resultsOf(made)) write({ ...act, ...result, outcome: 'success' });
      return made;
    } catch (error) {
      const problem = error instanceof PkiError ? error.code : 'internal-error';
      write({ ...act, outcome: outcomeOf(error), problem });
      throw error;
    }
  };

const profileOf = ({ isCa }: { readonly isCa: boolean }): 'ca' | 'end-entity' => (isCa ? 'ca' : 'end-entity');

const wanted = (request: Omit<SelfSignedRequest, 'algorithm'>) => ({
  profile: profileOf(request),
  days: request.days,
  names: request.san?.length ?? 0,
});

/** Longer than any subject that is certified in practice. */
const LONGEST_SUBJECT = 256;

/** Only of what was made: a text that is no subject may be anything, such as a key in the wrong member. */
const subjectOf = ({ subject }: Pick<SelfSignedRequest, 'subject'>): Result => ({
  subject: subject.slice(0, LONGEST_SUBJECT),
});

const factsOfKey = ({ publicKey }: SigningKey): Result => ({
  algorithm: publicKey.algorithm,
  key: hexadecimal(keyIdentifier(publicKey.bits)),
});

const factsOfCertified = ({ serialNumber, key }: CertifiedKey): Result => ({
  serial: serialNumber,
  ...factsOfKey(key),
});

const factsOfSigned = (signed: SignedRequest): Result => ({
  serial: signed.serialNumber,
  key: hexadecimal(signed.subjectKeyIdentifier),
  algorithm: signed.keyAlgorithm,
  subject: signed.subject.slice(0, LONGEST_SUBJECT),
  issuer: signed.issuer.slice(0, LONGEST_SUBJECT),
  names: signed.nameCount,
});
