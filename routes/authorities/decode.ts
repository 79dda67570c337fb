/** From the members of requests about authorities to values of the domain. */

import type { Static } from 'typebox';
import type { AuthorityIssuer } from '../../src/authorities/authority-order.ts';
import type { BroughtAuthority, BroughtCertificates } from '../../src/authorities/import-authority.ts';
import { PkiError } from '../../src/base/errors.ts';
import type { CertificateOptions } from '../../src/ca/options.ts';
import type { KeyAlgorithmName, Keys } from '../../src/keys/key.ts';
import type { NotedReading } from '../../src/formats/reading.ts';
import { decodeCertificates, decodePrivateKey } from '../wire/decode.ts';
import { decodeOptions } from '../wire/decode-options.ts';
import type {
  AuthorityCertificateImport,
  AuthorityImport,
  AuthorityRequest,
  AuthorityRotation,
} from './schema.ts';

/** Values of absent members. */
export const AUTHORITY_DEFAULTS = Object.freeze({
  keyAlgorithm: 'ml-dsa-65' satisfies KeyAlgorithmName,
} as const);

/** Throws PkiError. */
export function issuerOf({ parent, signed_elsewhere }: Static<typeof AuthorityRequest.ref>): AuthorityIssuer {
  if (signed_elsewhere !== true)
    return parent === undefined ? { is: 'self' } : { is: 'parent', reference: parent };
  if (parent === undefined) return { is: 'elsewhere' };
  throw new PkiError('invalid-authority', 'An authority that is signed elsewhere has no parent here', [
    'parent',
  ]);
}

/** The validity of a request is that of the CA that signs it. Throws PkiError. */
export function decodeContent(
  body: Static<typeof AuthorityRequest.ref> | Static<typeof AuthorityRotation.ref>,
): CertificateOptions {
  const { signed_elsewhere, days, validity, not_before, not_after } = body;
  const given = Object.entries({ days, validity, not_before, not_after }).find(
    ([, value]) => value !== undefined,
  );
  if (signed_elsewhere === true && given !== undefined)
    throw new PkiError('invalid-validity', 'A CSR cannot ask for a validity; the CA that signs it decides', [
      given[0],
    ]);
  return decodeOptions(body);
}

/** Throws PkiError. The caller owns the key. */
export async function decodeBrought(
  keys: Keys,
  body: Static<typeof AuthorityImport.ref>,
  reading: NotedReading,
): Promise<BroughtAuthority> {
  const brought = decodeBroughtCertificates(body, reading);
  const { private_key, private_key_password: password } = body;
  const ofKey = reading.at('private_key');
  const key = await decodePrivateKey(keys, 'private_key', private_key, ofKey, { password });
  return { ...brought, key };
}

/** Throws PkiError. */
export const decodeBroughtCertificates = (
  { certificate, chain }: Static<typeof AuthorityCertificateImport.ref>,
  reading: NotedReading,
): BroughtCertificates => ({
  certificates: [
    ...decodeCertificates('certificate', certificate, reading.at('certificate')),
    ...(chain === undefined ? [] : decodeCertificates('chain', chain, reading.at('chain'))),
  ],
  reading,
});
