import type { Static } from 'typebox';
import type { CertificateWish } from '../../src/ca/create-csr.ts';
import { decodeOptions } from '../wire/decode-options.ts';
import { requestedProfile } from '../wire/profile.ts';
import type { HybridCsrRequest } from './hybrid-schema.ts';
import type { CsrRequest } from './schema.ts';

/** What the CSR asks for beside its names, when a member says so. */
export function wishOf(
  body: Static<typeof CsrRequest.ref> | Static<typeof HybridCsrRequest.ref>,
): CertificateWish | undefined {
  const { profile, key_usage, extended_key_usage, path_length, name_constraints, extensions } = body;
  const members = [profile, key_usage, extended_key_usage, path_length, name_constraints, extensions];
  if (members.every((member) => member === undefined)) return undefined;
  return {
    profile: requestedProfile(body),
    pathLength: path_length,
    options: () => decodeOptions(body),
  };
}
