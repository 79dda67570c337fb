import type { ExtensionPointers } from '../../ca/options.ts';
import type { Rule } from '../rule.ts';

/** The members, by their names in a request. */
const MEMBERS = Object.freeze([
  ['crlDistributionPoints', 'crl_distribution_points'],
  ['ocsp', 'ocsp'],
  ['caIssuers', 'ca_issuers'],
  ['policies', 'certificate_policies'],
  ['mustStaple', 'must_staple'],
] as const);

/** A request can repeat what the profile fixes, and cannot add anything. */
export const extensionRule = (fixed: ExtensionPointers): Rule =>
  function* ({ requested: { pointers } }) {
    if (pointers === undefined) return;
    for (const [name, member] of MEMBERS) {
      const value = textOf(pointers[name]);
      if (value !== textOf(fixed[name]) && value !== '[]' && value !== 'false')
        yield {
          rule: `extensions.${member}`,
          path: ['extensions', member],
          value,
          message: 'The profile decides this extension; leave it out',
        };
    }
  };

/** Both sides have their members in the same order. */
const textOf = (value: ExtensionPointers[keyof ExtensionPointers]): string => JSON.stringify(value);
