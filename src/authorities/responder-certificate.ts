/**
 * The certificate of a delegated OCSP responder (RFC 6960 §4.2.2.2, RFC 9919 §3.2.2): issued by the authority in the usual
 * order, for a key that is in the memory of this process only. No caller can order it.
 */

import { KEY_ALGORITHMS, type KeyAlgorithmName } from '../algorithms/registry.ts';
import { SLH_DSA, type SlhDsaParameterSetName } from '../algorithms/slh-dsa/parameter-sets.ts';
import { PkiError, SERVICE_FAULTS } from '../base/errors.ts';
import { PROFILES, type Profile } from '../ca/profile.ts';
import { contentOfKey, type RequestedContent } from '../ca/requested-content.ts';
import { encodeSubject } from '../ca/subject.ts';
import { STRICT } from '../formats/reading.ts';
import type { PublicKey } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { IssuerKey, ResponderKey } from '../ocsp/ports.ts';
import type { AuthorityContext } from './context.ts';
import { issue } from './issue.ts';
import type { SigningAuthority } from './open-authorities.ts';
import { BUILT_IN_POLICY } from './policy.ts';
import { OutdatedAuthorityError } from './reserve.ts';
import { readStoredCertificate } from './stored-certificate.ts';

/** It has ocsp-nocheck, so it cannot be revoked, and is short-lived instead. */
export const RESPONDER_PROFILE: Profile = Object.freeze({ ...PROFILES['ocsp-responder'], defaultDays: 7 });

/** The principal of what the service does by itself. */
const SERVICE = 'service';

/** Returns undefined if the issuer cannot issue: it is disabled, retired or expired, or must not issue for this purpose. */
export async function delegateResponder(
  context: AuthorityContext,
  { id, authorityId }: IssuerKey,
): Promise<ResponderKey | undefined> {
  const signing = await ifAble(() => context.opened.signing(authorityId));
  if (signing === undefined || signing.key.id !== id) return undefined;
  const key = await context.keys.generate(responderAlgorithm(signing.signer.publicKey));
  try {
    const issued = await ifAble(() => issueTo(context, signing, key.publicKey));
    if (issued === undefined) key.destroy();
    return issued && { ...issued, signer: key, destroy: () => key.destroy() };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

async function issueTo(
  context: AuthorityContext,
  signing: SigningAuthority,
  publicKey: PublicKey,
): Promise<Required<Pick<ResponderKey, 'publicKey' | 'certificates' | 'validity'>>> {
  const { certificate: issued } = await issue(
    // What the authority may issue for callers does not limit it here
    { ...context, policy: BUILT_IN_POLICY },
    {
      signing,
      requested: namedKey(context, signing, publicKey),
      profile: RESPONDER_PROFILE,
      options: {},
      isDefaultProfile: false,
      isKeyProven: true,
      reading: { ...STRICT, notes: [] },
      principal: SERVICE,
      action: 'ocsp/delegate',
    },
  );
  const { certificate, validity } = issued;
  const { subjectPublicKeyInfo } = readStoredCertificate(certificate);
  return { certificates: [certificate], publicKey: readPublicKey(subjectPublicKeyInfo), validity };
}

const SUFFIX = ' OCSP responder';
/** Of commonName (RFC 5280 appendix A.1), in characters. */
const MAX_NAME_LENGTH = 64 - SUFFIX.length;

function namedKey(
  context: AuthorityContext,
  { authority: { name } }: SigningAuthority,
  publicKey: PublicKey,
): RequestedContent {
  const commonName = `${name.slice(0, MAX_NAME_LENGTH)}${SUFFIX}`;
  const subject = encodeSubject({
    subject: [[{ type: COMMON_NAME, value: commonName }]],
    subjectAltNames: [],
  });
  return contentOfKey(context, publicKey, {
    subject: subject.name,
    subjectName: subject.attributes,
    subjectAltNames: [],
  });
}

const COMMON_NAME = '2.5.4.3';

/**
 * The algorithm of the issuer; for SLH-DSA, whose signatures take up to a second, ML-DSA of its security category. RSA keys of
 * another length, and those for RSASSA-PSS, can be imported but not made.
 */
function responderAlgorithm({ family, algorithm }: PublicKey): KeyAlgorithmName {
  if (family === 'slh-dsa') return OF_CATEGORY[SLH_DSA[algorithm as SlhDsaParameterSetName].partLength];
  return Object.hasOwn(KEY_ALGORITHMS, algorithm) ? (algorithm as KeyAlgorithmName) : 'rsa-3072';
}

/** By n of SLH-DSA: categories 1, 3 and 5 (FIPS 205 §11); ML-DSA has no category 1. */
const OF_CATEGORY = Object.freeze({ 16: 'ml-dsa-44', 24: 'ml-dsa-65', 32: 'ml-dsa-87' } as const);

/**
 * Undefined for a refusal. A part of the service that does not work is no refusal; but while the clock is behind nothing is
 * issued, and the authority itself can still say what is revoked.
 */
async function ifAble<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    const isRefusal =
      error instanceof OutdatedAuthorityError ||
      (error instanceof PkiError && (error.code === 'clock-behind' || !SERVICE_FAULTS.has(error.code)));
    if (isRefusal) return undefined;
    throw error;
  }
}
