/** Puts the use cases of authorities together. */

import type { IssuanceContext } from '../ca/issuance-context.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import type { OcspResponder } from '../ocsp/responder.ts';
import type { Authority, Reservation, Store } from '../storage/ports.ts';
import { announcingStore } from './announcing-store.ts';
import { announceNothing, type Announce } from './announcements.ts';
import { createAuthorities, type ObservedAuthorities } from './authorities.ts';
import { createClockGuard, unguarded } from './clock-guard.ts';
import type { AuthorityContext } from './context.ts';
import { Responders, type OcspOptions } from './ocsp.ts';
import { OpenAuthorities, type KeyFault } from './open-authorities.ts';
import type { IssuancePolicy } from './policy.ts';
import { createProfiles, type ObservedProfiles } from './profiles.ts';
import { openReservations } from './reservations.ts';
import type { StepObserver } from './steps.ts';
import { StoredPolicy } from './stored-policy.ts';

export interface AuthorityPorts {
  readonly context: IssuanceContext;
  readonly store: Store;
  readonly keyStore: KeyStore;
  /** The built-in profiles and those of the store unless given. */
  readonly policy?: IssuancePolicy;
  readonly onFault: (fault: KeyFault) => void;
  /** What the certificates point at; nothing unless given. */
  readonly publication?: Pick<AuthorityContext, 'publicUrl' | 'pointersFor'> | undefined;
  /** Nothing is announced unless given. */
  readonly announce?: Announce | undefined;
  /** Whether to issue with a clock that is behind the last certificate; false unless given. */
  readonly allowClockBehind?: boolean;
  /** For tests. */
  readonly reached?: StepObserver | undefined;
}

export interface AuthorityDomain {
  /** For use cases outside of this folder. */
  readonly context: AuthorityContext;
  readonly authorities: ObservedAuthorities;
  readonly profiles: ObservedProfiles;
  readonly store: Store;
  readonly keyStore: KeyStore;
  /** Keys that did not open when they were last used. */
  readonly keyFaults: () => readonly KeyFault[];
  /** Whether any key is open in this process. */
  readonly hasOpenKeys: () => boolean;
  /** Opens the key of every enabled authority, so that no caller waits for it. Rejects with PkiError store-unavailable. */
  readonly warmUp: () => Promise<void>;
  /** Reservations from before this call, the oldest first. */
  readonly leftReservations: () => Promise<readonly Reservation[]>;
  /** Returns a responder with a memory and keys of its own. The caller closes it. */
  readonly createResponder: (options: OcspOptions) => OcspResponder;
  /** Destroys the keys and closes the store. */
  readonly close: () => Promise<void>;
}

export function composeAuthorities(ports: AuthorityPorts): AuthorityDomain {
  const { context: issuance, keyStore, onFault } = ports;
  const responders = new Responders();
  const store = announcingStore(ports.store, responders);
  const opened = new OpenAuthorities({ context: issuance, store, keyStore, onFault });
  const context = contextOf(ports, store, opened);
  return {
    context,
    authorities: createAuthorities(context),
    profiles: createProfiles(context),
    store,
    keyStore,
    keyFaults: () => opened.faults,
    hasOpenKeys: () => opened.hasOpenKeys,
    warmUp: () => warmUp(store, opened),
    leftReservations: () => openReservations(store, issuance.clock()),
    createResponder: (options) => responders.create(context, options),
    async close() {
      keyStore.close();
      await store.close();
    },
  };
}

function contextOf(ports: AuthorityPorts, store: Store, opened: OpenAuthorities): AuthorityContext {
  const { context: issuance, keyStore, publication, reached, announce = announceNothing } = ports;
  const { policy = new StoredPolicy(store, issuance.clock), allowClockBehind = false } = ports;
  return {
    ...issuance,
    store,
    keyStore,
    policy,
    opened,
    clockGuard: allowClockBehind ? unguarded(issuance.clock) : createClockGuard(issuance.clock, store),
    announce,
    unsettled: new Set(),
    ...publication,
    reached,
  };
}

const PAGE = 100;

/** A key that does not open is reported by `opened`, and does not keep the others from opening. */
async function warmUp(store: Store, opened: OpenAuthorities): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const page: readonly Authority[] = await store.listAuthorities({
      limit: PAGE,
      ...(after !== undefined && { after }),
    });
    const enabled = page.filter(({ status }) => status === 'enabled');
    await Promise.allSettled(enabled.map(({ id }) => opened.signing(id)));
    after = page.at(-1)?.name;
    if (page.length < PAGE) break;
  }
  await forgetUnused(store, opened);
}

/** A key that is retired, or of an authority that is not enabled, is not opened again. */
async function forgetUnused(store: Store, opened: OpenAuthorities): Promise<void> {
  for (const { authorityId, keyId } of opened.faults) {
    const authority = await store.getAuthority(authorityId);
    const keys = await store.listAuthorityKeys(authorityId);
    const isActive = keys.some(({ id, state }) => id === keyId && state === 'active');
    if (authority?.status !== 'enabled' || !isActive) opened.forgetFault(keyId);
  }
}
