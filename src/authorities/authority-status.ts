import { PkiError } from '../base/errors.ts';
import type { AuthorityContext, Caller } from './context.ts';
import { withKeys, type AuthorityWithKeys } from './create-authority.ts';
import { findAuthority } from './open-authorities.ts';
import { changed } from './refusals.ts';

export interface StatusOrder {
  /** Id or name. */
  readonly authority: string;
  readonly caller: Caller;
  readonly status: 'enabled' | 'disabled';
}

/** A disabled authority issues nothing. Throws PkiError. */
export async function setStatus(
  context: AuthorityContext,
  { authority: reference, caller: { principal }, status }: StatusOrder,
): Promise<AuthorityWithKeys> {
  const { store, clock, opened } = context;
  const authority = await findAuthority(store, reference);
  if (authority.status === 'pending')
    throw new PkiError(
      'authority-inactive',
      `The authority ${authority.name} is pending: import its certificate first`,
    );
  if (authority.status !== status) {
    const details = { authority: authority.id, name: authority.name };
    const action = status === 'enabled' ? 'authority/enable' : 'authority/disable';
    const audit = { at: clock(), action, outcome: 'success', principal, details } as const;
    const update = { id: authority.id, status, expectedRevision: authority.revision, audit };
    changed(await store.updateAuthority(update), reference);
    opened.forget();
  }
  return withKeys(context, authority.id);
}
