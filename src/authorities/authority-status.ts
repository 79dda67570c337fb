import { PkiError } from '../base/errors.ts';
import type { AuthorityContext, Caller } from './context.ts';
import { withKeys, type AuthorityWithKeys } from './create-authority.ts';
import { keyIdOf } from './certificate-row.ts';
import { findAuthority } from './open-authorities.ts';
import { ownSerial } from './own-serial.ts';
import { changed } from './refusals.ts';
import type { Authority, AuthorityKey, AuthorityUpdate, Store } from '../storage/ports.ts';

export interface StatusOrder {
  /** Id or name. */
  readonly authority: string;
  readonly caller: Pick<Caller, 'principal'>;
  readonly status: 'enabled' | 'disabled';
  /** Whether others have its key, which is then never certified again. */
  readonly isCompromised?: boolean;
}

type StatusContext = Pick<AuthorityContext, 'store' | 'clock'> & {
  readonly opened: Pick<AuthorityContext['opened'], 'forget'>;
};

/** A disabled authority issues nothing. Throws PkiError. */
export async function setStatus(
  context: StatusContext,
  { authority: reference, caller: { principal }, status, isCompromised = false }: StatusOrder,
): Promise<AuthorityWithKeys> {
  const { store, clock, opened } = context;
  const authority = await findAuthority(store, reference);
  if (authority.status === 'pending')
    throw new PkiError(
      'authority-inactive',
      `The authority ${authority.name} is pending: import its certificate first`,
    );
  if (status === 'enabled') await requireTrusted(store, authority, principal);
  const compromised = isCompromised ? await compromisedKey(store, authority) : {};
  if (authority.status !== status || isCompromised) {
    const details = { authority: authority.id, name: authority.name };
    const action = status === 'enabled' ? 'authority/enable' : 'authority/disable';
    const audit = { at: clock(), action, outcome: 'success', principal, details } as const;
    const update = { id: authority.id, status, expectedRevision: authority.revision, audit, ...compromised };
    changed(await store.updateAuthority(update), reference);
    opened.forget();
  }
  return withKeys(context, authority.id);
}

async function compromisedKey(
  store: Store,
  { id }: Authority,
): Promise<Pick<AuthorityUpdate, 'compromisedKeyId'>> {
  const active = activeKey(await store.listAuthorityKeys(id));
  return active === undefined ? {} : { compromisedKeyId: keyIdOf({ spki: active.publicKey }) };
}

const activeKey = (keys: readonly AuthorityKey[]) => keys.find(({ state }) => state === 'active');

/** Throws PkiError if relying parties do not trust the certificate with which it signs. */
async function requireTrusted(store: Store, authority: Authority, principal: string): Promise<void> {
  const active = activeKey(await store.listAuthorityKeys(authority.id));
  if (active === undefined) return;
  const own = await ownSerial(store, authority, active);
  if (own?.status === 'revoked')
    throw new PkiError(
      'authority-inactive',
      `The certificate of the authority ${authority.name} is revoked or on hold; give it a new key, or release the hold`,
    );
  if (await store.isKeyCompromised({ keyId: keyIdOf({ spki: active.publicKey }), principal }))
    throw new PkiError(
      'authority-inactive',
      `The key of the authority ${authority.name} is compromised; give it a new key`,
    );
}
