/** The domain with the texts of the v1 contract as input and output, as in the routes. */

import { PkiError } from '../../src/base/errors.ts';
import { createReading } from '../../src/formats/reading.ts';
import type { Issuer } from '../../src/ca/issuer.ts';
import type { HybridPairInput } from '../../src/ca/hybrid-pair.ts';
import type { SelfSignedInput } from '../../src/ca/self-signed.ts';
import { CA, END_ENTITY, PROFILES, type ProfileName } from '../../src/ca/profile.ts';
import type { SignCsrInput } from '../../src/ca/sign-csr.ts';
import type { KeyAlgorithmName, Keys, PrivateKey } from '../../src/keys/key.ts';
import type { Inspector } from '../../src/x509/description/inspector.ts';
import {
  decodeCertificate,
  decodeCertificates,
  decodeNames,
  decodePrivateKey,
  decodeRequest,
  decodeSan,
} from '../../routes/wire/decode.ts';
import { pointerOf } from '../../routes/wire/pointers.ts';
import {
  presentCertificateDescription,
  presentRequestDescription,
} from '../../routes/wire/present-description.ts';

interface Names {
  readonly subject: string;
  readonly san?: readonly string[] | undefined;
}

interface Kind {
  readonly isCa: boolean;
  readonly profile?: ProfileName | undefined;
}

export type SelfSignedText = Names & Kind & Pick<SelfSignedInput, 'algorithm' | 'days'>;
type HybridPairText = Names & Kind & Pick<HybridPairInput, 'parameterSet' | 'classical' | 'days'>;

export interface SignCsrText extends Kind, Pick<SignCsrInput, 'days' | 'pathLength'> {
  readonly csr: string;
  readonly caCertificate: string;
  readonly caPrivateKey: Uint8Array;
  readonly san?: readonly string[] | undefined;
  readonly dns_underscore?: boolean | undefined;
  /** True unless given. */
  readonly strict?: boolean;
}

export interface TextIssuer {
  selfSigned(input: SelfSignedText): ReturnType<Issuer['selfSigned']>;
  hybridPair(input: HybridPairText): ReturnType<Issuer['hybridPair']>;
  createCsr(input: Names & { readonly algorithm: KeyAlgorithmName }): ReturnType<Issuer['createCsr']>;
  signCsr(input: SignCsrText): ReturnType<Issuer['signCsr']>;
  /** What {@link selfSigned} would issue. */
  preview(input: SelfSignedText): ReturnType<Issuer['preview']['selfSigned']>;
}

const profileOf = ({ isCa, profile }: Kind) =>
  profile === undefined ? (isCa ? CA : END_ENTITY) : PROFILES[profile];

/** A PkiError gets the `pointer` that a caller of the API would see. */
async function pointed<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof PkiError ? Object.assign(error, { pointer: pointerOf(error.path) }) : error;
  }
}

/** The names are decoded inside the use case, as in the routes. */
const withNames = <T extends Names & Partial<Kind>>(input: T) => ({
  ...input,
  profile: profileOf({ isCa: input.isCa === true }),
  names: () => decodeNames(input),
});

export const textIssuer = (keys: Keys, issuer: Issuer): TextIssuer => ({
  selfSigned: (input) => pointed(() => issuer.selfSigned(withNames(input))),
  hybridPair: (input) => pointed(() => issuer.hybridPair(withNames(input))),
  createCsr: (input) => pointed(() => issuer.createCsr(withNames(input))),
  signCsr: (input) => pointed(() => signText(keys, issuer, input)),
  preview: (input) => pointed(() => issuer.preview.selfSigned(withNames(input))),
});

async function signText(keys: Keys, issuer: Issuer, input: SignCsrText) {
  let signer: PrivateKey | undefined;
  const reading = createReading({ isStrict: input.strict ?? true });
  const ofAuthority = reading.at('authority');
  const content = async () => {
    const request = decodeRequest('csr', input.csr, reading.at('request'));
    const subjectAltNames = decodeSan(input);
    const certificates = decodeCertificates(
      'ca_certificate',
      input.caCertificate,
      ofAuthority.at('certificate'),
    );
    signer = await decodePrivateKey(keys, 'ca_private_key', input.caPrivateKey, ofAuthority.at('signer'));
    const allowUnderscore = input.dns_underscore;
    return { request, subjectAltNames, allowUnderscore, authority: { certificates, signer }, reading };
  };
  try {
    return await issuer.signCsr({
      ...input,
      profile: profileOf(input),
      isDefaultProfile: !input.isCa,
      content,
    });
  } finally {
    signer?.destroy();
  }
}

/** Accepts the input of the inspect routes, and returns their replies. */
export const textInspector = (inspector: Inspector) => ({
  certificate: async (text: string) =>
    presentCertificateDescription(await inspector.certificate(decodeCertificate('certificate', text))),
  request: async (text: string) =>
    presentRequestDescription(await inspector.request(decodeRequest('csr', text))),
});

export type TextInspector = ReturnType<typeof textInspector>;
