import { atMember } from '../base/errors.ts';
import type { ClassicalName } from '../algorithms/classical.ts';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import type { KeyAlgorithmName, PrivateKey } from '../keys/key.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { drawSerialNumber, formatSerialNumber } from '../x509/serial-number.ts';
import { validityOfDays, type Validity } from '../x509/validity.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { prepareCertificate, type Prepared } from './prepared.ts';
import { encodeExtensions, type Profile } from './profile.ts';
import { encodeSubject, requireNonEmptySubject, type ReadNames, type Subject } from './subject.ts';
import { checkDays } from './validity-period.ts';

/** What both certificates of a pair have in common. */
interface SelfSignedContent {
  readonly names: ReadNames;
  readonly profile: Profile;
  /** Whole days from 1. */
  readonly days: number;
}

export interface SelfSignedInput extends SelfSignedContent {
  readonly algorithm: KeyAlgorithmName;
}

export interface HybridPairInput extends SelfSignedContent {
  readonly parameterSet: MlDsaParameterSetName;
  readonly classical: ClassicalName;
}

/** A certificate, DER, and the key that it certifies, which the caller destroys when done. */
export interface KeyWithCertificate {
  readonly certificate: Uint8Array;
  readonly subject: Subject;
  /** Capital hexadecimal, two digits an octet. */
  readonly serialNumber: string;
  /** Value of the extension. */
  readonly subjectKeyIdentifier: Uint8Array;
  readonly key: PrivateKey;
}

export interface HybridPair {
  readonly mlDsa: KeyWithCertificate;
  readonly classical: KeyWithCertificate;
}

/** Makes a new key and a certificate for it that the key itself signs. Throws PkiError. */
export const issueSelfSigned = async (
  context: IssuanceContext,
  input: SelfSignedInput,
): Promise<KeyWithCertificate> => certifyNewKey(context, input.algorithm, readContent(context, input));

/** Two certificates with the same subject, names and validity. Each verifies alone. Throws PkiError. */
export async function issueHybridPair(context: IssuanceContext, input: HybridPairInput): Promise<HybridPair> {
  const content = readContent(context, input);
  const mlDsa = await certifyNewKey(context, input.parameterSet, content);
  try {
    return { mlDsa, classical: await certifyNewKey(context, input.classical, content) };
  } catch (error) {
    mlDsa.key.destroy();
    throw error;
  }
}

interface Content {
  readonly profile: Profile;
  readonly subject: Subject;
  readonly validity: Validity;
}

function readContent({ clock }: IssuanceContext, input: SelfSignedContent): Content {
  const subject = requireNonEmptySubject(encodeSubject(input.names()));
  atMember('days', () => checkDays(input.profile, input.days));
  return { profile: input.profile, subject, validity: validityOfDays(clock(), input.days) };
}

async function certifyNewKey(
  { keys, random }: IssuanceContext,
  algorithm: KeyAlgorithmName,
  content: Content,
): Promise<KeyWithCertificate> {
  const key = await keys.generate(algorithm);
  try {
    const serialNumber = drawSerialNumber(random);
    const subjectKeyIdentifier = keyIdentifier(key.publicKey.bits);
    const prepared = prepareSelfSigned(key, serialNumber, subjectKeyIdentifier, content);
    const certificate = await prepared.issue(keys);
    return {
      certificate,
      subject: content.subject,
      serialNumber: formatSerialNumber(serialNumber),
      subjectKeyIdentifier,
      key,
    };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

/** Issuer and subject are the same name, and both key identifiers are the same. */
const prepareSelfSigned = (
  key: PrivateKey,
  serialNumber: Uint8Array,
  identifier: Uint8Array,
  { profile, subject, validity }: Content,
): Prepared =>
  prepareCertificate(key, {
    serialNumber,
    issuer: subject.name,
    validity,
    subject: subject.name,
    subjectPublicKeyInfo: key.publicKey.spki,
    extensions: encodeExtensions(profile, {
      subjectKeyIdentifier: identifier,
      authorityKeyIdentifier: identifier,
      subjectAltNames: subject.subjectAltNames,
      subjectIsEmpty: subject.isEmpty,
    }),
  });
