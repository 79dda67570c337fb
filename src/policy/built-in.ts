import { CUSTOM, PROFILES, type Profile } from '../ca/profile.ts';

const BY_NAME: ReadonlyMap<string, Profile> = new Map(Object.entries({ ...PROFILES, custom: CUSTOM }));

/** A certificate keeps the name of its profile, which can differ from the one that selects it. */
const BY_OWN_NAME: ReadonlyMap<string, Profile> = new Map(
  Object.values(PROFILES).map((profile) => [profile.name, profile]),
);

/** By the names that select them. */
export const BUILT_IN_PROFILES: readonly (readonly [name: string, profile: Profile])[] = [...BY_NAME];

export const builtInProfile = (name: string): Profile | undefined =>
  BY_NAME.get(name) ?? BY_OWN_NAME.get(name);

/** Names in paths below `/api/v1/profiles`. */
const PATHS: ReadonlySet<string> = new Set(['schema']);

/** Whether no stored profile can have the name, in any case. */
export const isReservedName = (name: string): boolean =>
  builtInProfile(name.toLowerCase()) !== undefined || PATHS.has(name.toLowerCase());
