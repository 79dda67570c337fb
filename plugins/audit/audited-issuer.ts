/** Issues on behalf of one request: each certificate, key and signing request leaves a record before it is answered. */

import type { KeyWithCertificate, Issuer, SelfSignedInput, IssuedCertificate } from '../../src/ca/issuer.ts';
import { PkiError } from '../../src/base/errors.ts';
import type { KeyAlgorithmName, Keys, PrivateKey } from '../../src/keys/key.ts';
import { hexadecimal } from '../../src/base/hexadecimal.ts';
import { keyIdentifier } from '../../src/x509/extensions/key-identifier.ts';
import { ProblemError } from '../errors/problem.ts';
import { outcomeOf } from '../outcome.ts';
import type { AuditOperation, AuditResult, AuditTrail } from './record.ts';

export interface RequestIssuer extends Issuer {
  /** The caller destroys the key when done. */
  generateKey(algorithm: KeyAlgorithmName): Promise<PrivateKey>;
}

export function auditedIssuer(issuer: Issuer, keys: Keys, trail: AuditTrail): RequestIssuer {
  const audited = auditor(trail);
  return {
    generateKey: (algorithm) =>
      audited(
        { operation: 'keys/generate', algorithm },
        () => keys.generate(algorithm),
        (key) => [{ facts: factsOfKey(key), key }],
      ),

    selfSigned: (request) =>
      audited(
        { operation: 'certificate/generate', algorithm: request.algorithm, ...wanted(request) },
        () => issuer.selfSigned(request),
        (certified) => [madeFor(request, certified)],
      ),

    hybridPair: (request) =>
      audited(
        { operation: 'certificate/hybrid', ...wanted(request) },
        () => issuer.hybridPair(request),
        ({ mlDsa, classical }) => [mlDsa, classical].map((certified) => madeFor(request, certified)),
      ),

    createCsr: (content) =>
      audited(
        { operation: 'csr/generate', algorithm: content.algorithm, names: content.san?.length ?? 0 },
        () => issuer.createCsr(content),
        ({ key }) => [{ facts: { ...subjectOf(content), ...factsOfKey(key) }, key }],
      ),

    signCsr: (request) =>
      audited(
        { operation: 'csr/sign', profile: profileOf(request), days: request.days },
        () => issuer.signCsr(request),
        (signed) => [{ facts: factsOfSigned(signed) }],
      ),
  };
}

/** One thing that came of an act, and its new key where it has one. */
interface Made {
  readonly facts: AuditResult;
  readonly key?: PrivateKey;
}

/** One record for everything that was made, or one for what went wrong. */
const auditor =
  (trail: AuditTrail) =>
  async <T>(
    act: AuditOperation,
    task: () => Promise<T>,
    partsOf: (made: T) => readonly Made[],
  ): Promise<T> => {
    try {
      trail.ensureWritable();
      const made = await task();
      await keepRecords(trail, act, partsOf(made));
      return made;
    } catch (error) {
      trail.write({ ...act, outcome: outcomeOf(error), problem: codeOf(error) });
      throw error;
    }
  };

/** What is not on record is not given out: its keys are destroyed. */
async function keepRecords(trail: AuditTrail, act: AuditOperation, parts: readonly Made[]): Promise<void> {
  for (const { facts } of parts) trail.write({ ...act, ...facts, outcome: 'success' });
  try {
    await trail.ensureWritten();
  } catch (error) {
    for (const { key } of parts) key?.destroy();
    throw error;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.code;
  return error instanceof PkiError ? error.code : 'internal-error';
}

const profileOf = ({ isCa }: { readonly isCa: boolean }): 'ca' | 'end-entity' => (isCa ? 'ca' : 'end-entity');

const wanted = (request: Omit<SelfSignedInput, 'algorithm'>) => ({
  profile: profileOf(request),
  days: request.days,
  names: request.san?.length ?? 0,
});

/** Longer than any subject that is certified in practice. */
const LONGEST_SUBJECT = 256;

/** Only of what was made: a text that is no subject may be anything, such as a key in the wrong member. */
const subjectOf = ({ subject }: Pick<SelfSignedInput, 'subject'>): AuditResult => ({
  subject: subject.slice(0, LONGEST_SUBJECT),
});

const factsOfKey = ({ publicKey }: PrivateKey): AuditResult => ({
  algorithm: publicKey.algorithm,
  key: hexadecimal(keyIdentifier(publicKey.bits)),
});

const factsOfCertified = ({ serialNumber, subjectKeyIdentifier, key }: KeyWithCertificate): AuditResult => ({
  serial: serialNumber,
  algorithm: key.publicKey.algorithm,
  key: hexadecimal(subjectKeyIdentifier),
});

const madeFor = (request: Pick<SelfSignedInput, 'subject'>, certified: KeyWithCertificate): Made => ({
  facts: { ...subjectOf(request), ...factsOfCertified(certified) },
  key: certified.key,
});

const factsOfSigned = (signed: IssuedCertificate): AuditResult => ({
  serial: signed.serialNumber,
  key: hexadecimal(signed.subjectKeyIdentifier),
  algorithm: signed.keyAlgorithm,
  subject: signed.subject.slice(0, LONGEST_SUBJECT),
  issuer: signed.issuer.slice(0, LONGEST_SUBJECT),
  names: signed.nameCount,
});
