import { settingsOf } from './allowed-profiles.ts';
import type { AuthorityContext, Caller } from './context.ts';
import { withKeys, type AuthorityWithKeys } from './create-authority.ts';
import { findAuthority } from './open-authorities.ts';
import { changed } from './refusals.ts';

export interface AllowedProfilesOrder {
  /** Id or name. */
  readonly authority: string;
  readonly caller: Caller;
  /** Undefined for every profile. */
  readonly profiles: readonly string[] | undefined;
}

/** Chooses the profiles by which an authority issues. Throws PkiError. */
export async function allowProfiles(
  context: AuthorityContext,
  { authority: reference, caller: { principal }, profiles }: AllowedProfilesOrder,
): Promise<AuthorityWithKeys> {
  const { store, clock, opened } = context;
  const authority = await findAuthority(store, reference);
  const { profiles: _, ...others } = authority.settings;
  const settings = await settingsOf(context, profiles, others);
  const details = { authority: authority.id, name: authority.name, ...settings };
  const audit = {
    at: clock(),
    action: 'authority/profiles',
    outcome: 'success',
    principal,
    details,
  } as const;
  const update = { id: authority.id, settings, expectedRevision: authority.revision, audit };
  changed(await store.updateAuthority(update), reference);
  opened.forget();
  return withKeys(context, authority.id);
}
