/** From the document of a profile to what is applied and checked. */

import { afterDuration, parseDuration, type Duration } from '../ca/duration.ts';
import { longEnough } from '../ca/validity-period.ts';
import { checkOptions, type ExtensionPointers } from '../ca/options.ts';
import type { Profile } from '../ca/profile.ts';
import { withUsages } from '../ca/usages.ts';
import { extendedKeyUsageOid } from '../formats/oids.ts';
import { otherNameOid } from '../x509/names/other-name-forms.ts';
import { builtInProfile } from './built-in.ts';
import type { ExtensionsDocument, ProfileDocument, RulesDocument } from './document.ts';
import { fixedAttributes, type FixedAttribute } from './fixed-subject.ts';
import { inDocument, invalidDocument } from './invalid-document.ts';
import { presetAt, type Preset } from './presets.ts';
import type { Refusal, Rule } from './rule.ts';
import { callerRule } from './rules/caller-rules.ts';
import { extensionRule } from './rules/extension-rules.ts';
import { keyRules } from './rules/key-rules.ts';
import { nameRules } from './rules/name-rules.ts';
import { subjectRules } from './rules/subject-rules.ts';
import { usageRules } from './rules/usage-rules.ts';
import { validityRule } from './rules/validity-rules.ts';

export interface CompiledProfile {
  /** What is certified, with the name and the version of the document. */
  readonly profile: Profile;
  readonly isEnabled: boolean;
  /** The longest validity. */
  readonly maximum: Duration;
  /** In place of those of a request. */
  readonly pointers?: ExtensionPointers | undefined;
  readonly fixed: readonly FixedAttribute[];
  readonly duplicateKeys: NonNullable<ProfileDocument['duplicate_keys']>;
  /** Its own, and those of its presets. */
  readonly rules: readonly Rule[];
}

export interface NamedDocument {
  readonly name: string;
  readonly version: number;
  readonly document: ProfileDocument;
}

/** Presets depend on the time. Throws PkiError invalid-profile-document at the member. */
export function compileProfile({ name, version, document }: NamedDocument, now: Date): CompiledProfile {
  const presets = (document.narrow ?? []).map((preset) => ({ name: preset, ...presetAt(preset, now) }));
  const own = withOwnUsages(baseOf(document), document);
  const usages = presets.reduce(narrowed, own);
  const profile = {
    ...usages,
    name,
    version,
    otherNames: otherNamesOf(own, document),
    defaultValidity: defaultValidity(own, document, presets),
  };
  const pointers = document.extensions && pointersOf(document.extensions);
  if (pointers !== undefined) inDocument([], () => checkOptions(profile, { pointers }));
  return {
    profile,
    isEnabled: document.enabled ?? true,
    maximum: shortest(inDays(own.maxDays), ...maximaOf(document, presets)),
    pointers,
    fixed: fixedAttributes(document.subject),
    duplicateKeys: document.duplicate_keys ?? 'allow',
    rules: [
      ...rulesOf(document),
      ...presets.flatMap((preset) => rulesOf(preset.rules).map((rule) => ofPreset(preset.name, rule))),
      ...usageRules(profile),
      ...(pointers ? [extensionRule(pointers)] : []),
    ],
  };
}

function baseOf({ extends: base }: ProfileDocument): Profile {
  const profile = builtInProfile(base);
  if (profile !== undefined) return profile;
  throw invalidDocument('The name must be that of a built-in profile, such as tls or custom', ['extends']);
}

/** As in requests: a built-in profile is what its name says, apart from `custom` and `ca`. */
function withOwnUsages(base: Profile, document: ProfileDocument): Profile {
  const { key_usage: keyUsage, extended_key_usage: purposes } = document;
  if (keyUsage === undefined && purposes === undefined) return base;
  if (document.extends !== 'custom' && document.extends !== 'ca')
    throw invalidDocument(
      `The profile ${document.extends} has its own usages; extend custom or ca, or leave out this member`,
      [keyUsage === undefined ? 'extended_key_usage' : 'key_usage'],
    );
  const extendedKeyUsage = purposes && [...new Set(purposes.map(purposeOid))];
  return inDocument([], () => withUsages(base, { keyUsage, extendedKeyUsage }));
}

const PURPOSES: ReadonlyMap<string, string> = new Map(Object.entries(extendedKeyUsageOid));

const purposeOid = (purpose: string): string => PURPOSES.get(purpose) ?? purpose;

/** The usages that the preset leaves. A CA without purposes has every purpose, so it gets those of the preset. */
function narrowed(profile: Profile, preset: Preset & { readonly name: string }): Profile {
  const keyUsage = both(profile.keyUsage, preset.keyUsage);
  const extendedKeyUsage =
    profile.extendedKeyUsage.length === 0
      ? (preset.extendedKeyUsage ?? [])
      : both(profile.extendedKeyUsage, preset.extendedKeyUsage);
  const isLeft =
    keyUsage.length > 0 && (extendedKeyUsage.length > 0 || profile.extendedKeyUsage.length === 0);
  if (isLeft && (!profile.isCa || keyUsage.includes('keyCertSign')))
    return { ...profile, keyUsage, extendedKeyUsage };
  throw invalidDocument(`The preset ${preset.name} leaves no usage of the profile`, ['narrow']);
}

const both = <T>(values: readonly T[], limit: readonly T[] | undefined): readonly T[] =>
  limit === undefined ? values : values.filter((value) => limit.includes(value));

/** A profile that names a kind of otherName, or a type, lets a CSR have it. */
const otherNamesOf = ({ otherNames }: Profile, { names = {} }: ProfileDocument): readonly string[] => [
  ...new Set([
    ...otherNames,
    ...(names.other_names ?? []),
    ...(names.kinds ?? []).flatMap((kind) => OTHER_NAMES.get(kind) ?? []),
  ]),
];

const OTHER_NAMES: ReadonlyMap<string, string> = new Map(Object.entries(otherNameOid));

const rulesOf = ({ keys, names, subject, validity, callers }: RulesDocument): readonly Rule[] => [
  ...(keys ? keyRules(keys) : []),
  ...(names ? nameRules(names) : []),
  ...(subject ? subjectRules(subject) : []),
  ...(validity?.maximum === undefined
    ? []
    : [validityRule(durationAt('maximum', validity.maximum), validity.maximum)]),
  ...(callers ? [callerRule(callers)] : []),
];

/** The rule is named after the preset too, such as `cnsa2.keys.algorithms`. */
const ofPreset = (preset: string, rule: Rule): Rule =>
  function* (candidate): Iterable<Refusal> {
    for (const refusal of rule(candidate)) yield { ...refusal, rule: `${preset}.${refusal.rule}` };
  };

const durationAt = (member: string, text: string): Duration =>
  inDocument(['validity', member], () => longEnough(parseDuration(text)));

/** The default of the document or of the built-in profile, or the maximum if that is shorter. */
function defaultValidity(own: Profile, document: ProfileDocument, presets: readonly Preset[]): Duration {
  const text = document.validity?.default;
  if (text === undefined) return shortest(inDays(own.defaultDays), ...maximaOf(document, presets));
  const chosen = durationAt('default', text);
  if (shortest(chosen, ...maximaOf(document, [])) === chosen)
    return shortest(chosen, ...maximaOf(document, presets));
  throw invalidDocument('The default validity must not be longer than the maximum', ['validity', 'default']);
}

const maximaOf = (document: ProfileDocument, presets: readonly Preset[]): readonly Duration[] =>
  [document, ...presets.map(({ rules }) => rules)].flatMap(({ validity }) =>
    validity?.maximum === undefined ? [] : [durationAt('maximum', validity.maximum)],
  );

const inDays = (days: number): Duration => ({ years: 0, months: 0, days, seconds: 0 });

const REFERENCE = new Date('2001-01-01T00:00:00Z');

/** The first one of those that are equal. */
const shortest = (...durations: readonly [Duration, ...Duration[]]): Duration =>
  durations.reduce((least, duration) =>
    afterDuration(REFERENCE, duration) < afterDuration(REFERENCE, least) ? duration : least,
  );

const pointersOf = (extensions: ExtensionsDocument): ExtensionPointers => ({
  crlDistributionPoints: extensions.crl_distribution_points ?? [],
  ocsp: extensions.ocsp ?? [],
  caIssuers: extensions.ca_issuers ?? [],
  policies: (extensions.certificate_policies ?? []).map(({ oid, cps }) => ({ oid, cps })),
  mustStaple: extensions.must_staple ?? false,
});
