/** A profile as its operator writes it: the JSON document that the API accepts, and the store keeps each version of. */

import { ML_KEM_PARAMETER_SETS } from '../algorithms/ml-kem/parameter-sets.ts';
import { SLH_DSA_PARAMETER_SETS } from '../algorithms/slh-dsa/parameter-sets.ts';
import type { KeyUsage } from '../x509/extensions/key-usage.ts';

/** Kinds of subject alternative names, by the prefix of their text. */
export const NAME_KINDS = Object.freeze([
  'DNS',
  'IP',
  'email',
  'URI',
  'RID',
  'dirName',
  'UPN',
  'SRV',
  'SmtpUTF8Mailbox',
  'KRB5',
  'otherName',
] as const);
export type NameKind = (typeof NAME_KINDS)[number];

/** `rsa` is every size from `rsa_minimum_bits`, and `slh-dsa` and `ml-kem` every parameter set. */
export const PROFILE_KEY_ALGORITHMS = Object.freeze([
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
  'rsa',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'ed25519',
  'slh-dsa',
  ...SLH_DSA_PARAMETER_SETS,
  'ml-kem',
  ...ML_KEM_PARAMETER_SETS,
] as const);
export type ProfileKeyAlgorithm = (typeof PROFILE_KEY_ALGORITHMS)[number];

export const PRESET_NAMES = Object.freeze(['cnsa2', 'cabf-tls'] as const);
export type PresetName = (typeof PRESET_NAMES)[number];

export const DUPLICATE_KEYS = Object.freeze(['allow', 'deny', 'same-names'] as const);
export const PRESENCES = Object.freeze(['required', 'optional', 'forbidden'] as const);

export interface PatternsDocument {
  /** A name must match one of them; any name when absent. */
  readonly allow?: readonly string[];
  /** A name must match none of them. They are stronger than `allow`. */
  readonly deny?: readonly string[];
}

export interface DnsDocument extends PatternsDocument {
  readonly wildcards?: boolean;
  readonly underscore?: boolean;
}

export interface NamesDocument {
  readonly kinds?: readonly NameKind[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly dns?: DnsDocument;
  /** Networks. */
  readonly ip?: PatternsDocument;
  readonly email?: PatternsDocument;
  readonly uri?: PatternsDocument;
  /** Dotted OIDs of the types of otherName without a kind of their own. */
  readonly other_names?: readonly string[];
}

export interface AttributeDocument {
  readonly presence?: (typeof PRESENCES)[number];
  /** The profile adds this value, and allows no other. */
  readonly fixed?: string;
  /** Patterns: a value must match one of them. */
  readonly values?: readonly string[];
  /** Each value must be one of the subject alternative names. */
  readonly from_san?: boolean;
}

export interface SubjectDocument {
  /** By short name, long name or dotted OID of the attribute. */
  readonly attributes?: Readonly<Record<string, AttributeDocument>>;
  /** Attributes without a rule; allowed when absent. */
  readonly others?: 'allowed' | 'forbidden';
}

export interface KeysDocument {
  readonly algorithms?: readonly ProfileKeyAlgorithm[];
  readonly rsa_minimum_bits?: number;
  /** Algorithms of the key of the authority. */
  readonly issuer_algorithms?: readonly ProfileKeyAlgorithm[];
}

/** Durations of ISO 8601. */
export interface ValidityDocument {
  readonly default?: string;
  readonly maximum?: string;
}

export interface ExtensionsDocument {
  readonly crl_distribution_points?: readonly string[];
  readonly ocsp?: readonly string[];
  readonly ca_issuers?: readonly string[];
  readonly certificate_policies?: readonly { readonly oid: string; readonly cps?: string }[];
  readonly must_staple?: boolean;
}

/** What a profile demands. A preset has these members only. */
export interface RulesDocument {
  readonly keys?: KeysDocument;
  readonly validity?: ValidityDocument;
  readonly names?: NamesDocument;
  readonly subject?: SubjectDocument;
  /** Patterns for `Principal.id`; every caller when absent. */
  readonly callers?: readonly string[];
}

export interface ProfileDocument extends RulesDocument {
  /** Name of a built-in profile. */
  readonly extends: string;
  readonly description?: string;
  /** True when absent. */
  readonly enabled?: boolean;
  readonly narrow?: readonly PresetName[];
  readonly key_usage?: readonly KeyUsage[];
  /** Names or dotted OIDs. */
  readonly extended_key_usage?: readonly string[];
  /** What the certificate contains; a request cannot change it. */
  readonly extensions?: ExtensionsDocument;
  /** Whether a key that has a valid certificate can get another one; `allow` when absent. */
  readonly duplicate_keys?: (typeof DUPLICATE_KEYS)[number];
}
