/** From the members of `certificate-options.ts` to values of the domain. Every error points at the member. */

import type { Static, TSchema } from 'typebox';
import { atMember, PkiError, type ErrorCode, type PathStep } from '../../src/base/errors.ts';
import { closestValue } from '../../src/base/spelling.ts';
import { parseDuration } from '../../src/ca/duration.ts';
import type { CertificateOptions, ExtensionPointers } from '../../src/ca/options.ts';
import type { RequestedUsages } from '../../src/ca/usages.ts';
import type { RequestedValidity } from '../../src/ca/validity-period.ts';
import { objectIdentifier } from '../../src/formats/der/writer.ts';
import { extendedKeyUsageOid } from '../../src/formats/oids.ts';
import type { CertificatePolicy } from '../../src/x509/extensions/certificate-policies.ts';
import type { WritableNameConstraints } from '../../src/x509/extensions/name-constraints-writer.ts';
import { quoted } from '../../src/x509/names/printable-text.ts';
import { parseSubtree } from '../../src/x509/names/subtree-text.ts';
import { parseUri } from '../../src/x509/names/uri.ts';
import { withoutKey } from '../../src/x509/names/without-key.ts';
import type { certificateOptions } from './certificate-options.ts';
import { parseMoment } from './moment.ts';
import { PURPOSES } from './spellings.ts';

type Members = {
  readonly [Name in keyof typeof certificateOptions]?:
    | ((typeof certificateOptions)[Name] extends TSchema ? Static<(typeof certificateOptions)[Name]> : never)
    | undefined;
};

/** The members that select the kind of certificate; `days` has its own schema on each route. */
export type OptionMembers = Members & { readonly days?: number | undefined };

/** Throws PkiError at the member. */
export const decodeOptions = (members: OptionMembers): CertificateOptions => ({
  validity: decodeValidity(members),
  usages: decodeUsages(members),
  nameConstraints: decodeNameConstraints(members),
  pointers: decodeExtensions(members),
});

/** Whether the caller requests the validity in another way than by days. */
export const hasOtherValidity = ({ validity, not_before, not_after }: OptionMembers): boolean =>
  validity !== undefined || not_before !== undefined || not_after !== undefined;

/** The validity when the caller requests it in another way than by days. */
function decodeValidity({
  days,
  validity,
  not_before,
  not_after,
}: OptionMembers): RequestedValidity | undefined {
  const ways = { days, validity, not_after: not_after ?? not_before };
  const given = Object.entries(ways).filter(([, value]) => value !== undefined);
  const [first, second] = given.map(([name]) => name);
  if (first !== undefined && second !== undefined)
    throw invalid(
      'invalid-validity',
      `The validity is given by ${first} and again by ${second}; give one of days, validity, or not_before and not_after`,
      [second === 'not_after' && not_after === undefined ? 'not_before' : second],
    );
  if (validity !== undefined) return { duration: atMember('validity', () => parseDuration(validity)) };
  return not_before === undefined && not_after === undefined
    ? undefined
    : decodePeriod(not_before, not_after);
}

function decodePeriod(not_before: string | undefined, not_after: string | undefined): RequestedValidity {
  if (not_after === undefined)
    throw invalid('invalid-validity', 'The start of the validity must come with its end, not_after', [
      'not_before',
    ]);
  return {
    notBefore: not_before === undefined ? undefined : atMember('not_before', () => parseMoment(not_before)),
    notAfter: atMember('not_after', () => parseMoment(not_after)),
  };
}

function decodeUsages({ key_usage, extended_key_usage }: OptionMembers): RequestedUsages | undefined {
  if (key_usage === undefined && extended_key_usage === undefined) return undefined;
  return {
    keyUsage: key_usage,
    extendedKeyUsage: extended_key_usage && [
      ...new Set(extended_key_usage.map((text, index) => decodePurpose(text, ['extended_key_usage', index]))),
    ],
  };
}

const PURPOSE_OIDS: ReadonlyMap<string, string> = new Map(Object.entries(extendedKeyUsageOid));

/** Returns the dotted OID. Throws PkiError invalid-extension at `path`. */
export function decodePurpose(text: string, path: readonly PathStep[]): string {
  const known = PURPOSE_OIDS.get(text);
  if (known !== undefined) return known;
  if (/^[\d.]+$/.test(text)) return decodeOid(text, path);
  const meant = closestValue(text, PURPOSES);
  const purposes = [...PURPOSE_OIDS.keys()].slice(1).join(', ');
  const hint =
    meant === undefined ? `the purposes are ${purposes}, and dotted OIDs` : `did you mean ${meant}?`;
  throw invalid('invalid-extension', `The purpose ${quoted(text)} is unknown; ${hint}`, path);
}

/** Returns `text` if it is a dotted OID. Throws PkiError invalid-extension at `path`. */
export function decodeOid(text: string, path: readonly PathStep[]): string {
  try {
    objectIdentifier(text);
    return text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(
      'invalid-extension',
      `The object identifier ${quoted(text)} must be dotted numbers, such as 1.3.6.1.4.1.32473.1`,
      path,
    );
  }
}

function decodeNameConstraints({ name_constraints }: OptionMembers): WritableNameConstraints | undefined {
  if (name_constraints === undefined) return undefined;
  const { permitted = [], excluded = [] } = name_constraints;
  // RFC 5280 §4.2.1.10
  if (permitted.length + excluded.length === 0)
    throw invalid('invalid-extension', 'Name constraints must have a permitted or an excluded name', [
      'name_constraints',
    ]);
  return atMember('name_constraints', () => ({
    permitted: atMember('permitted', () => permitted.map(decodeSubtree)),
    excluded: atMember('excluded', () => excluded.map(decodeSubtree)),
  }));
}

const decodeSubtree = (text: string, index: number) => atMember(index, () => parseSubtree(text));

function decodeExtensions({ extensions }: OptionMembers): ExtensionPointers | undefined {
  if (extensions === undefined) return undefined;
  const { crl_distribution_points, ocsp, ca_issuers, certificate_policies, must_staple } = extensions;
  return atMember('extensions', () => ({
    crlDistributionPoints: decodeUris('crl_distribution_points', crl_distribution_points),
    ocsp: decodeUris('ocsp', ocsp),
    caIssuers: decodeUris('ca_issuers', ca_issuers),
    policies: atMember('certificate_policies', () => decodePolicies(certificate_policies ?? [])),
    mustStaple: must_staple ?? false,
  }));
}

const decodeUris = (member: string, texts: readonly string[] = []): readonly string[] =>
  atMember(member, () => [
    ...new Set(texts.map((text, index) => atMember(index, () => decodeHttpUri(text)))),
  ]);

const decodeHttpUri = (text: string): string => withoutKey(text, 'a URI', () => parsePublicUri(text));

/** `http` or `https`, and without a user name, which would be published with the certificate. */
function parsePublicUri(text: string): string {
  const uri = parseHttpUri(text);
  if (/^https?:\/\/[^/?#@]+(?:[/?#]|$)/.test(uri)) return uri;
  throw invalid(
    'invalid-extension',
    `The URI ${quoted(text)} must begin with http:// or https:// and a host, as in http://pki.example.com/ca.crl`,
    [],
  );
}

function parseHttpUri(text: string): string {
  try {
    return parseUri(text);
  } catch (error) {
    throw error instanceof PkiError ? invalid('invalid-extension', error.message, []) : error;
  }
}

type PolicyMembers = NonNullable<NonNullable<OptionMembers['extensions']>['certificate_policies']>[number];

function decodePolicies(policies: readonly PolicyMembers[]): readonly CertificatePolicy[] {
  const seen = new Set<string>();
  return policies.map(({ oid, cps }, index) => {
    decodeOid(oid, [index, 'oid']);
    // RFC 5280 §4.2.1.4
    if (seen.has(oid))
      throw invalid('invalid-extension', `The policy ${quoted(oid)} must not occur twice`, [index, 'oid']);
    seen.add(oid);
    return {
      oid,
      cps: cps === undefined ? undefined : atMember(index, () => atMember('cps', () => decodeHttpUri(cps))),
    };
  });
}

const invalid = (code: ErrorCode, sentence: string, path: readonly PathStep[]): PkiError =>
  new PkiError(code, sentence, path);
