/** The certificates above an authority that is brought from elsewhere. */

import { atMemberAsync, PkiError } from '../base/errors.ts';
import { checkSuitability } from '../ca/authority.ts';
import type { IssuanceContext } from '../ca/issuance-context.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { isSameName } from '../x509/names/comparison.ts';
import { ANY_PURPOSE } from './authority-profile.ts';

/**
 * `chain` is from the issuer of `certificate` upwards. Throws PkiError at `chain` unless each certificate is a valid CA
 * certificate and signed the one before it.
 */
export async function checkChain(
  context: IssuanceContext,
  certificate: Certificate,
  chain: readonly Certificate[],
): Promise<void> {
  let below = certificate;
  for (const [index, issuer] of chain.entries()) {
    await atMemberAsync('chain', () => atMemberAsync(index, () => checkLink(context, below, issuer)));
    below = issuer;
  }
}

async function checkLink(
  { keys, clock }: IssuanceContext,
  below: Certificate,
  issuer: Certificate,
): Promise<void> {
  requireCa(issuer, clock());
  if (!isSameName(decodeDistinguishedName(below.issuer), decodeDistinguishedName(issuer.subject)))
    throw broken('The subject of the certificate is not the issuer of the one below it');
  const key = readPublicKey(issuer.subjectPublicKeyInfo);
  if (await keys.verify(key, below.signatureAlgorithm, below.tbs, below.signature)) return;
  throw broken('The certificate did not sign the one below it');
}

/** A CA of the chain signs nothing here, so its signer is not called. */
function requireCa(certificate: Certificate, now: Date): void {
  const publicKey = readPublicKey(certificate.subjectPublicKeyInfo);
  const signer = { publicKey, signatureAlgorithm: certificate.signatureAlgorithm, sign: notCalled };
  try {
    checkSuitability({ certificate, signer }, ANY_PURPOSE, now);
  } catch (error) {
    throw error instanceof PkiError ? broken(error.message) : error;
  }
}

const notCalled = (): Promise<never> => Promise.reject(new Error('A CA of the chain signs nothing'));

const broken = (sentence: string): PkiError => new PkiError('invalid-certificate', sentence);

/** Throws PkiError at `chain` unless the issuer is in it. A self-signed certificate needs no chain. */
export function requireIssuer({ issuer, subject }: Certificate, chain: readonly Certificate[]): void {
  if (chain.length > 0 || Buffer.compare(issuer, subject) === 0) return;
  throw new PkiError(
    'invalid-certificate',
    'The chain must begin with the certificate of the issuer, whose key verifies the certificate',
    ['chain'],
  );
}
