import { randomUUID } from 'node:crypto';
import { PkiError } from '../base/errors.ts';
import type { KeyIdentity } from '../key-store/key-store.ts';
import type {
  AuditEvent,
  Authority,
  AuthorityKey,
  AuthorityStatus,
  NewAuthority,
  NewAuthorityKey,
} from '../storage/ports.ts';
import { settingsOf } from './allowed-profiles.ts';
import { crlSettings } from './crl-settings.ts';
import { makeAuthorityKey } from './authority-key.ts';
import type { NewAuthorityOrder } from './authority-order.ts';
import type { AuthorityContext } from './context.ts';
import { fingerprint } from './fingerprint.ts';
import { keyOf, replayedResult } from './idempotency.ts';
import { isId } from './open-authorities.ts';
import { nameTaken, unknownAuthority } from './refusals.ts';

/** An authority with its keys, the newest first. */
export interface AuthorityWithKeys {
  readonly authority: Authority;
  readonly keys: readonly AuthorityKey[];
}

/** Makes a root, an intermediate below an authority here, or a request for a CA elsewhere. Throws PkiError. */
export async function createAuthority(
  context: AuthorityContext,
  order: NewAuthorityOrder,
): Promise<AuthorityWithKeys> {
  const { store } = context;
  const { principal } = order.caller;
  const idempotency = keyOf(principal, order.repeatable);
  const conflict = idempotency && (await store.findIdempotent(idempotency));
  if (conflict !== undefined) return withKeys(context, replayedResult(conflict));
  await requireFreeName(context, order.name);
  const settings = await settingsOf(context, order.profiles, crlSettings(context, order.crlShards));
  return storingKey(context, { authorityId: randomUUID(), keyId: randomUUID() }, async (identity) => {
    const { key, parent } = await makeAuthorityKey(context, identity, order, principal);
    const authority = {
      id: identity.authorityId,
      name: order.name,
      status: statusFor(key),
      ...(parent && { parentId: parent.authority.id }),
      settings,
      createdAt: key.createdAt,
    };
    const audit = creationEvent('authority/create', principal, authority, key);
    return { authority, key, audit, ...(idempotency && { idempotency }) };
  });
}

/** Throws PkiError for a name that is in use, or has the form of an id. */
export async function requireFreeName({ store }: AuthorityContext, name: string): Promise<void> {
  if (isId(name))
    throw new PkiError('invalid-authority', 'The name must not have the form of a UUID', ['name']);
  if ((await store.findAuthority(name)) !== undefined) throw nameTaken(name);
}

const statusFor = ({ state }: NewAuthorityKey): AuthorityStatus =>
  state === 'pending' ? 'pending' : 'enabled';

/** Stores what `make` returns. The key is forgotten if that fails. */
export async function storingKey(
  context: AuthorityContext,
  identity: KeyIdentity,
  make: (identity: KeyIdentity) => Promise<NewAuthority>,
): Promise<AuthorityWithKeys> {
  try {
    const made = await make(identity);
    const created = await context.store.createAuthority(made);
    switch (created.outcome) {
      case 'created':
        return { authority: created.authority, keys: [created.key] };
      case 'name-taken':
      case 'id-taken':
        throw nameTaken(made.authority.name);
      default: {
        const result = replayedResult(created);
        context.keyStore.forget(identity);
        return await withKeys(context, result);
      }
    }
  } catch (error) {
    context.keyStore.forget(identity);
    throw error;
  }
}

/** Throws PkiError unknown-authority. */
export async function withKeys(
  { store }: Pick<AuthorityContext, 'store'>,
  id: string,
): Promise<AuthorityWithKeys> {
  const [authority, keys] = await Promise.all([store.getAuthority(id), store.listAuthorityKeys(id)]);
  if (authority === undefined) throw unknownAuthority(id);
  return { authority, keys };
}

export const creationEvent = (
  action: string,
  principal: string,
  authority: Pick<Authority, 'id' | 'name' | 'status'>,
  key: NewAuthorityKey,
): AuditEvent => ({
  at: key.createdAt,
  action,
  outcome: 'success',
  principal,
  details: {
    authority: authority.id,
    name: authority.name,
    status: authority.status,
    ...keyDetails(key),
  },
});

/** Public facts about a key, for an audit record. */
export const keyDetails = ({
  id,
  algorithm,
  certificate,
}: Pick<NewAuthorityKey, 'id' | 'algorithm' | 'certificate'>) => ({
  key: id,
  algorithm,
  ...(certificate && { sha256: fingerprint(certificate) }),
});
