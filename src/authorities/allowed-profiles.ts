/** The profiles by which an authority issues. Without a list it issues by every profile. */

import { PkiError } from '../base/errors.ts';
import type { Profile } from '../ca/profile.ts';
import { builtInProfile } from '../policy/built-in.ts';
import type { Refusal } from '../policy/rule.ts';
import type { Authority } from '../storage/ports.ts';
import type { AuthorityContext } from './context.ts';

/** Returns the names that the operator chose; undefined for every profile. A list that is damaged allows none. */
export function allowedProfiles({ settings }: Pick<Authority, 'settings'>): readonly string[] | undefined {
  const { profiles } = settings;
  if (profiles === undefined) return undefined;
  return Array.isArray(profiles) ? profiles.filter((name): name is string => typeof name === 'string') : [];
}

/** Returns the settings of an authority with these profiles, and others that stay. Throws PkiError for an unknown one. */
export async function settingsOf(
  { policy }: Pick<AuthorityContext, 'policy'>,
  profiles: readonly string[] | undefined,
  others: Authority['settings'] = {},
): Promise<Authority['settings']> {
  if (profiles === undefined) return others;
  for (const [index, name] of profiles.entries())
    if ((await policy.profile(name)) === undefined)
      throw new PkiError('invalid-authority', `The profile ${name} does not exist`, ['profiles', index]);
  return { ...others, profiles: [...profiles] };
}

/** Returns a refusal unless the authority issues by the profile. */
export function profileRefusals(authority: Authority, profile: Profile): readonly Refusal[] {
  const allowed = allowedProfiles(authority);
  const isAllowed = allowed?.some((name) => (builtInProfile(name)?.name ?? name) === profile.name) ?? true;
  if (isAllowed) return [];
  return [
    {
      rule: 'authority.profiles',
      path: ['profile', 'name'],
      message: `The authority ${authority.name} issues by these profiles only: ${allowed?.join(', ')}`,
      value: profile.name,
    },
  ];
}
