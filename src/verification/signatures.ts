/** Signatures that a verification verifies: each once, and no more than its limit. */

import { hash } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { UNNOTED } from '../formats/reading.ts';
import type { Keys } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { LIMITS } from './request.ts';

/** What was signed. `outerSignatureAlgorithm` is the AlgorithmIdentifier that is not. */
export interface SignedData {
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: Der;
  readonly outerSignatureAlgorithm: Der;
  readonly signature: Uint8Array;
}

export type SignatureResult =
  | { readonly is: 'valid' }
  | { readonly is: 'invalid' | 'unsupported' | 'mismatch' | 'limit'; readonly detail: string };

export interface Signatures {
  /** `spki` is the SubjectPublicKeyInfo of the signer. Never rejects because of the input. */
  verify(signed: SignedData, spki: Der): Promise<SignatureResult>;
  readonly isExhausted: boolean;
}

const VALID: SignatureResult = { is: 'valid' };

export function createSignatures(keys: Keys): Signatures {
  const known = new Map<SignedData, Map<string, Promise<SignatureResult>>>();
  const digests = new WeakMap<Der, string>();
  let verified = 0;
  let isExhausted = false;
  /** A key can be as long as the request, and sign all certificates. */
  function digestOf(spki: Der): string {
    const digest = digests.get(spki) ?? hash('sha256', spki, 'base64');
    digests.set(spki, digest);
    return digest;
  }
  function verify(signed: SignedData, spki: Der): Promise<SignatureResult> {
    const ofSigned = known.get(signed) ?? new Map<string, Promise<SignatureResult>>();
    known.set(signed, ofSigned);
    const key = digestOf(spki);
    const result = ofSigned.get(key) ?? verifyNew(signed, spki);
    ofSigned.set(key, result);
    return result;
  }
  async function verifyNew(signed: SignedData, spki: Der): Promise<SignatureResult> {
    // RFC 5280 §4.1.1.2, §5.1.1.2
    if (Buffer.compare(signed.signatureAlgorithm, signed.outerSignatureAlgorithm) !== 0)
      return { is: 'mismatch', detail: 'The algorithms inside and outside of the signed part differ' };
    if (verified >= LIMITS.signatures) {
      isExhausted = true;
      return { is: 'limit', detail: `At most ${LIMITS.signatures} signatures are verified` };
    }
    verified += 1;
    return verifySigned(keys, signed, spki);
  }
  return {
    verify,
    get isExhausted() {
      return isExhausted;
    },
  };
}

async function verifySigned(keys: Keys, signed: SignedData, spki: Der): Promise<SignatureResult> {
  try {
    const key = readPublicKey(spki, UNNOTED);
    const isValid = await keys.verify(key, signed.signatureAlgorithm, signed.tbs, signed.signature, UNNOTED);
    return isValid ? VALID : { is: 'invalid', detail: 'The key of the issuer does not verify the signature' };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { is: 'unsupported', detail: error.message };
  }
}
