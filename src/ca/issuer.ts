/** The use cases of the service. A new one is one entry here; metrics, audit and tracing observe it without a change. */

import { systemClock } from '../base/clock.ts';
import type { CertifiableAlgorithmName, KeyPair, PublicKey } from '../keys/key.ts';
import { keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { formatOneLine } from '../x509/names/name-text.ts';
import { createSystemRandom, formatSerialNumber } from '../x509/serial-number.ts';
import { makeBundle, type DualBundle, type DualBundleInput } from './dual-bundle.ts';
import { convertKey, type ConvertedKey, type ConvertKeyInput } from './convert-key.ts';
import { createCsr, type CertificateWish, type CsrInput, type KeyWithCsr } from './create-csr.ts';
import { issueHybridPair, previewHybridPair, type HybridPair, type HybridPairInput } from './hybrid-pair.ts';
import { createHybridCsrs, type HybridCsrInput, type HybridCsrs } from './hybrid-csr.ts';
import type { IssuanceContext } from './issuance-context.ts';
import type { IssuedCertificate } from './issued-certificate.ts';
import {
  issueSelfSigned,
  previewSelfSigned,
  type KeyWithCertificate,
  type SelfSignedInput,
} from './self-signed.ts';
import { previewCsr, signCsr, type CsrPreview, type SignCsrInput } from './sign-csr.ts';
import type { Subject } from './subject.ts';
import type { Preview } from './preview.ts';
import { perform, useCase, type Issued, type IssuanceObserver, type UseCase } from './use-case.ts';

interface KeyInput {
  readonly algorithm: CertifiableAlgorithmName;
}

const USE_CASES = {
  generateKey: useCase({
    operation: 'keys/generate',
    requested: ({ algorithm }: KeyInput) => ({ algorithm }),
    issued: (key: KeyPair) => [newKey(key)],
    run: ({ keys }, { algorithm }) => keys.generatePair(algorithm),
  }),
  convertKey: useCase({
    operation: 'keys/convert',
    requested: ({ choice }: ConvertKeyInput) => ({ form: choice.form }),
    issued: ({ publicKey, octets }: ConvertedKey) => [
      { facts: keyFacts(publicKey), key: { destroy: () => void octets.fill(0) } },
    ],
    run: (_, input) => convertKey(input),
  }),
  bundle: useCase({
    operation: 'bundle',
    requested: ({ format }: DualBundleInput) => ({ form: format }),
    issued: (bundle: DualBundle) => [bundled(bundle)],
    run: makeBundle,
  }),
  selfSigned: useCase({
    operation: 'certificate/generate',
    requested: (input: SelfSignedInput) => ({ algorithm: input.algorithm, ...contentOf(input) }),
    issued: (certified: KeyWithCertificate) => [newCertificate(certified)],
    run: issueSelfSigned,
  }),
  hybridPair: useCase({
    operation: 'certificate/hybrid',
    requested: (input: HybridPairInput) => ({ algorithm: input.parameterSet, ...contentOf(input) }),
    issued: ({ mlDsa, classical }: HybridPair) => [mlDsa, classical].map(newCertificate),
    run: issueHybridPair,
  }),
  createCsr: useCase({
    operation: 'csr/generate',
    requested: ({ algorithm, wish }: CsrInput) => ({ algorithm, ...profileOf(wish) }),
    issued: (requested: KeyWithCsr) => [newRequest(requested)],
    run: createCsr,
  }),
  hybridCsrs: useCase({
    operation: 'csr/hybrid',
    requested: ({ parameterSet, wish }: HybridCsrInput) => ({
      algorithm: parameterSet,
      ...profileOf(wish),
    }),
    issued: ({ mlDsa, classical }: HybridCsrs) => [mlDsa, classical].map(newRequest),
    run: createHybridCsrs,
  }),
  signCsr: useCase({
    operation: 'csr/sign',
    requested: ({ profile, days }: SignCsrInput) => ({ profile: profile.name, days }),
    issued: (issued: IssuedCertificate) => [signedCertificate(issued)],
    run: signCsr,
  }),
};

type Method<Declaration> =
  Declaration extends UseCase<infer Input, infer Result> ? (input: Input) => Promise<Result> : never;

/** A method for each use case. Every method throws PkiError for invalid input. */
export type Issuer = { readonly [Name in keyof typeof USE_CASES]: Method<(typeof USE_CASES)[Name]> } & {
  /** What the use cases would issue. Nothing is issued, so no observer sees it. */
  readonly preview: Previewer;
};

export interface Previewer {
  selfSigned(input: SelfSignedInput): Promise<Preview>;
  hybridPair(input: HybridPairInput): Promise<Readonly<Record<keyof HybridPair, Preview>>>;
  signCsr(input: SignCsrInput): Promise<CsrPreview>;
}

/** Returns the use cases under the eyes of some observers, such as those of one HTTP request. */
export type ObservedIssuer = (...observers: readonly IssuanceObserver[]) => Issuer;

/** Five minutes, in seconds. */
const NOT_BEFORE_SKEW = 300;

type GivenContext = Pick<IssuanceContext, 'keys'> & Partial<IssuanceContext>;

/** Clock and randomness are those of the system unless given, and the skew is five minutes. */
export const issuanceContext = (given: GivenContext): IssuanceContext => ({
  clock: systemClock,
  random: createSystemRandom(),
  notBeforeSkew: NOT_BEFORE_SKEW,
  ...given,
});

/** With the defaults of {@link issuanceContext}. */
export function createIssuer(given: GivenContext): ObservedIssuer {
  const context = issuanceContext(given);
  const preview: Previewer = {
    selfSigned: (input) => previewSelfSigned(context, input),
    hybridPair: (input) => previewHybridPair(context, input),
    signCsr: (input) => previewCsr(context, input),
  };
  return (...observers) => {
    const observed =
      <Input, Result>(declaration: UseCase<Input, Result>) =>
      (input: Input): Promise<Result> =>
        perform(declaration, context, observers, input);
    return {
      generateKey: observed(USE_CASES.generateKey),
      convertKey: observed(USE_CASES.convertKey),
      bundle: observed(USE_CASES.bundle),
      selfSigned: observed(USE_CASES.selfSigned),
      hybridPair: observed(USE_CASES.hybridPair),
      createCsr: observed(USE_CASES.createCsr),
      hybridCsrs: observed(USE_CASES.hybridCsrs),
      signCsr: observed(USE_CASES.signCsr),
      preview,
    };
  };
}

const contentOf = ({ profile, days }: Omit<SelfSignedInput, 'algorithm'>) => ({
  profile: profile.name,
  days,
});

const namesOf = ({ attributes, subjectAltNames }: Subject): Issued['facts'] => ({
  subject: formatOneLine(attributes),
  names: subjectAltNames.length,
});

const newKey = (key: KeyPair, facts: Issued['facts'] = {}): Issued => ({
  facts: { ...facts, ...keyFacts(key.publicKey) },
  key,
});

const newRequest = ({ key, subject }: KeyWithCsr): Issued => newKey(key, namesOf(subject));

const profileOf = (wish: CertificateWish | undefined) =>
  wish === undefined ? {} : { profile: wish.profile.name };

const keyFacts = ({ algorithm, bits }: PublicKey): Issued['facts'] => ({
  algorithm,
  keyIdentifier: keyIdentifier(bits),
});

const newCertificate = ({
  serialNumber,
  subject,
  subjectKeyIdentifier,
  key,
}: KeyWithCertificate): Issued => ({
  facts: {
    ...namesOf(subject),
    serial: serialNumber,
    algorithm: key.publicKey.algorithm,
    keyIdentifier: subjectKeyIdentifier,
  },
  key,
});

const signedCertificate = (issued: IssuedCertificate): Issued => ({
  facts: {
    serial: issued.serialNumber,
    keyIdentifier: issued.subjectKeyIdentifier,
    algorithm: issued.keyAlgorithm,
    subject: formatOneLine(issued.subject),
    issuer: formatOneLine(issued.issuer),
    names: issued.subjectAltNames.length,
    ...(issued.notes.length > 0 && { notes: [...new Set(issued.notes.map(({ code }) => code))] }),
  },
});

const bundled = ({ certificates: [first], file, keyFile }: DualBundle): Issued => ({
  facts: {
    serial: formatSerialNumber(first.serialNumber),
    subject: formatOneLine(decodeDistinguishedName(first.subject)),
  },
  key: {
    destroy: () => {
      file.octets.fill(0);
      keyFile?.octets.fill(0);
    },
  },
});
