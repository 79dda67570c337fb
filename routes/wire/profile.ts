import type { FastifyRequest } from 'fastify';
import type { Authorities } from '../../src/authorities/authorities.ts';
import { PkiError } from '../../src/base/errors.ts';
import { quoted } from '../../src/x509/names/printable-text.ts';
import { CA, CUSTOM, END_ENTITY, PROFILES, type Profile, type ProfileName } from '../../src/ca/profile.ts';

interface ProfileMembers {
  readonly profile?: ProfileName | undefined;
  readonly is_ca?: boolean | null | undefined;
  readonly key_usage?: readonly string[] | undefined;
  readonly extended_key_usage?: readonly string[] | undefined;
}

/**
 * Returns the profile that a request for a certificate selects. Others trust what a CA certifies, so its certificate
 * needs a scope of its own on every route. Throws PkiError for members that contradict each other, and a problem 403.
 */
export function selectProfile(
  request: Pick<FastifyRequest, 'requireScope'>,
  members: ProfileMembers,
): Profile {
  const profile = requestedProfile(members);
  if (profile.isCa) request.requireScope('certs:issue:ca');
  return profile;
}

/** Returns the profile without asking for a scope: for a CSR, which only asks for a certificate. Throws PkiError. */
export function requestedProfile(members: ProfileMembers): Profile {
  const { profile: name, is_ca: isCa } = members;
  requireOwnUsages(members);
  return name === undefined ? usualProfile(members) : agreeing(PROFILES[name], name, isCa);
}

/** The same for profiles that are built in or stored. Throws PkiError for an unknown profile. */
export async function findProfile(
  { profile: find, similarProfile }: Pick<Authorities, 'profile' | 'similarProfile'>,
  members: Omit<ProfileMembers, 'profile'> & { readonly profile?: string | undefined },
): Promise<Profile> {
  const { profile: name, is_ca: isCa } = members;
  // The policy decides which of the usages of a stored profile a request can name
  if (name === undefined || isProfileName(name)) requireOwnUsages(members);
  if (name === undefined) return usualProfile(members);
  const profile = await find(name);
  if (profile !== undefined) return agreeing(profile, name, isCa);
  const similar = await similarProfile(name);
  const hint = similar === undefined ? '' : `; did you mean ${similar}?`;
  throw new PkiError('invalid-profile', `There is no profile ${quoted(name)}${hint}`, CHOSEN_PROFILE);
}

const isProfileName = (name: string): name is ProfileName => Object.hasOwn(PROFILES, name);

function usualProfile(members: Omit<ProfileMembers, 'profile'>): Profile {
  if (members.is_ca === true) return CA;
  return hasUsages(members) ? CUSTOM : END_ENTITY;
}

function agreeing(profile: Profile, name: string, isCa: boolean | null | undefined): Profile {
  if (isCa === undefined || isCa === null || isCa === profile.isCa) return profile;
  throw new PkiError(
    'invalid-profile',
    `The profile ${name} contradicts is_ca ${isCa}; leave out one of profile and is_ca`,
    CHOSEN_PROFILE,
  );
}

/** The member `profile`; in the domain the profile can also come from `is_ca` (`pointers.ts`). */
const CHOSEN_PROFILE = Object.freeze(['profile', 'name'] as const);

const hasUsages = ({ key_usage, extended_key_usage }: Omit<ProfileMembers, 'profile'>): boolean =>
  key_usage !== undefined || extended_key_usage !== undefined;

/** Whether the profile is the default of {@link requestedProfile}, which a CA can narrow. */
export const isDefaultProfile = (
  members: Omit<ProfileMembers, 'profile'> & { readonly profile?: string | undefined },
): boolean => members.profile === undefined && members.is_ca !== true && !hasUsages(members);

/** A profile is what its name says; only that of a CA can be narrowed. */
function requireOwnUsages(
  members: Omit<ProfileMembers, 'profile'> & { readonly profile?: string | undefined },
): void {
  const { profile } = members;
  if (profile === undefined || profile === 'ca' || !hasUsages(members)) return;
  const member = members.key_usage === undefined ? 'extended_key_usage' : 'key_usage';
  throw new PkiError(
    'invalid-profile',
    `The profile ${profile} has its own usages; leave out profile or ${member}`,
    [member],
  );
}

/** A PkiError about the profile points at `profile` when that member selected it, otherwise at `is_ca`. */
export async function pointingAtProfile<T>(
  members: { readonly profile?: string | undefined },
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof PkiError) || members.profile === undefined || error.path.join() !== 'profile')
      throw error;
    throw new PkiError(error.code, error.message, CHOSEN_PROFILE);
  }
}
