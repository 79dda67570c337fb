import type { PathStep } from '../../src/base/errors.ts';

/** Inputs of the domain by the members of the v1 contract that they come from; others have the same name. */
const MEMBERS: Readonly<Record<string, string>> = Object.freeze({
  request: 'csr',
  publicKey: 'public_key',
  signer: 'private_key',
  crlShards: 'crl_shards',
  algorithm: 'key_algorithm',
  keyFormat: 'key_format',
  newPassword: 'new_password',
  relatedCertificate: 'related_certificate',
  relatedSigner: 'related_private_key',
  includePublicKey: 'include_public_key',
  friendlyName: 'friendly_name',
  subjectAltNames: 'san',
  profile: 'is_ca',
  'profile.name': 'profile',
  pathLength: 'path_length',
  keyUsage: 'key_usage',
  extendedKeyUsage: 'extended_key_usage',
  nameConstraints: 'name_constraints',
  notBefore: 'not_before',
  notAfter: 'not_after',
  invalidityDate: 'invalidity_date',
  'extensions.crlDistributionPoints': 'extensions/crl_distribution_points',
  'extensions.mustStaple': 'extensions/must_staple',
  'authority.certificate': 'ca_certificate',
  'authority.signer': 'ca_private_key',
});

/** Returns the JSON Pointer (RFC 6901) of the member of a v1 request. */
export function pointerOf([first, second, ...rest]: readonly PathStep[]): string {
  if (first === undefined) return '';
  const both = MEMBERS[`${first}.${second}`];
  const steps = both === undefined ? [MEMBERS[first] ?? first, second] : [both];
  return [...steps, ...rest].flatMap((step) => (step === undefined ? [] : `/${step}`)).join('');
}
