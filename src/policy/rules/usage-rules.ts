import type { Profile } from '../../ca/profile.ts';
import { oidName } from '../../formats/oids.ts';
import { quoted } from '../../x509/names/printable-text.ts';
import { listed } from '../listed.ts';
import type { Rule } from '../rule.ts';

/** A request can ask for fewer usages than the profile has, never for others. */
export const usageRules = (profile: Profile): readonly Rule[] => [
  subsetRule('key_usage', 'keyUsage', profile.keyUsage),
  // A CA without purposes has every purpose
  ...(profile.isCa && profile.extendedKeyUsage.length === 0
    ? []
    : [subsetRule('extended_key_usage', 'extendedKeyUsage', profile.extendedKeyUsage)]),
];

const subsetRule = (
  rule: string,
  member: 'keyUsage' | 'extendedKeyUsage',
  allowed: readonly string[],
): Rule =>
  function* ({ requested: { usages } }) {
    for (const [index, usage] of (usages?.[member] ?? []).entries())
      if (!allowed.includes(usage))
        yield {
          rule,
          path: [member, index],
          value: oidName(usage),
          message: `The usage ${quoted(oidName(usage))} is not one of the profile: ${listed(allowed.map(oidName))}`,
        };
  };
