/** Stored authorities without HTTP: real cryptography, and a store: SQLite in a folder of the test unless given. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Authorities } from '../../src/authorities/authorities.ts';
import {
  composeAuthorities,
  type AuthorityDomain,
  type AuthorityPorts,
} from '../../src/authorities/compose.ts';
import type { NewAuthorityOrder } from '../../src/authorities/authority-order.ts';
import type { Caller } from '../../src/authorities/context.ts';
import type { KeyFault } from '../../src/authorities/open-authorities.ts';
import type { KeySource, Order } from '../../src/authorities/order.ts';
import { END_ENTITY } from '../../src/ca/profile.ts';
import { SealedKeyStore } from '../../src/key-store/sealed-key-store.ts';
import { sealingKeyOf } from '../../src/key-store/sealing-key.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { postgresStore } from '../../src/storage/postgres/postgres-store.ts';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';
import type { Store } from '../../src/storage/ports.ts';
import { createReading } from '../../src/formats/reading.ts';
import { parseGeneralNames } from '../../src/x509/names/general-name.ts';
import { parseDistinguishedName } from '../../src/x509/names/name-text.ts';
import { openKeyStore, type openAuthorities as openFromConfig } from '../../service/authorities.ts';
import type { TestDomain } from './domain.ts';

export const SEALING_KEY = sealingKeyOf(Buffer.alloc(32, 7));

export interface TestAuthorities extends AuthorityDomain {
  /** The use cases for the caller `tester`. */
  readonly use: Authorities;
  readonly faults: readonly KeyFault[];
  /** Of SQLite. */
  readonly folder: string;
}

type Given = Partial<Omit<AuthorityPorts, 'context' | 'store'>> &
  Partial<AuthorityPorts['context']> & {
    /** An earlier one, whose folder is opened again. */
    readonly after?: TestAuthorities;
    /** Another process, as far as the store can see: it has the same database open. */
    readonly beside?: TestAuthorities;
    /** URL of a database of PostgreSQL. */
    readonly url?: string | undefined;
    /** Replaces methods of the store. */
    readonly change?: (store: Store) => Partial<Store>;
  };

/** Closed when `t` ends. */
export async function openAuthorities(
  t: Test,
  { domain }: TestDomain,
  given: Given = {},
): Promise<TestAuthorities> {
  const {
    after,
    beside,
    url,
    change,
    keyStore,
    policy,
    publication,
    reached,
    onFault,
    allowClockBehind,
    ...context
  } = given;
  const folder = (after ?? beside)?.folder ?? join(folderOf(t), randomUUID());
  const opened = beside?.store ?? (await openStore(url ?? folder));
  const store = withChanges(opened, change?.(opened) ?? {});
  const keys = context.keys ?? domain.keys;
  const faults: KeyFault[] = [];
  const stored = composeAuthorities({
    context: { ...domain.context, ...context, keys },
    store,
    keyStore: keyStore ?? new SealedKeyStore({ keys, sealingKey: SEALING_KEY }),
    onFault: onFault ?? ((fault) => faults.push(fault)),
    reached,
    publication,
    ...(policy && { policy }),
    ...(allowClockBehind && { allowClockBehind }),
  });
  if (beside === undefined) t.teardown(() => stored.close());
  return { ...stored, use: stored.authorities(TESTER.principal), faults, folder };
}

/** `testdir` removes what is in it, and a test can open several stores. */
const folderOf = (t: Test): string => (existsSync(t.testdirName) ? t.testdirName : t.testdir());

/** For `startApp`: the store of DATA_DIR, with a wide limit of time. */
export const openPatiently: typeof openFromConfig = async (config, { context, keys }, onFault) =>
  composeAuthorities({
    context,
    store: await openStore(config.DATA_DIR ?? ''),
    keyStore: openKeyStore(config, keys),
    onFault,
  });

/** On a loaded machine a thread can take longer to start than a request may take. */
const PATIENT = { timeout: 60_000 };

/** `place` is the folder of SQLite, or the URL of PostgreSQL. */
export async function openStore(place: string): Promise<Store> {
  const { store, preparation } = /^postgres(?:ql)?:/.test(place)
    ? postgresStore({ url: place, ...PATIENT })
    : sqliteStore({ path: databaseIn(place), ...PATIENT });
  await preparation.done();
  return store;
}

/** A store is a class, so its methods are bound. */
const withChanges = (store: Store, changes: Partial<Store>): Store =>
  new Proxy(store, {
    get(target, name: keyof Store) {
      const value = changes[name] ?? target[name];
      return typeof value === 'function' && changes[name] === undefined ? value.bind(target) : value;
    },
  });

export const caller = (principal: string, readsAll = false): Caller => ({
  principal,
  readsAll,
  requireCaScope() {},
});

export const TESTER = caller('tester');

type AuthorityText = Partial<Omit<NewAuthorityOrder, 'names'>> & { readonly subject?: string };

export const authorityOrder = (
  name: string,
  { subject = `/CN=${name}`, ...given }: AuthorityText = {},
): NewAuthorityOrder => ({
  caller: TESTER,
  name,
  algorithm: 'ml-dsa-44',
  issuer: { is: 'self' },
  names: () => ({ subject: parseDistinguishedName(subject), subjectAltNames: [] }),
  options: () => ({}),
  ...given,
});

type OrderText = Partial<Omit<Order, 'authority'>> & {
  readonly key?: KeySource;
  readonly subject?: string;
  readonly san?: readonly string[];
};

/** A certificate of `a.example` for a new key, unless something else is given. */
export const order = (authority: string, given: OrderText = {}): Order => {
  const {
    key = { from: 'new-key', algorithm: 'ml-dsa-44' },
    subject = '/CN=a.example',
    san = ['DNS:a.example'],
    ...rest
  } = given;
  const isNamed = key.from !== 'csr' && rest.predecessor === undefined;
  const names = { subject: parseDistinguishedName(subject), subjectAltNames: parseGeneralNames(san) };
  return {
    authority,
    caller: TESTER,
    isDefaultProfile: false,
    ...(rest.predecessor === undefined && { profile: END_ENTITY }),
    content: () => ({
      key,
      names: isNamed ? names : undefined,
      addedNames: [],
      options: {},
      reading: createReading({ isStrict: true }),
    }),
    ...rest,
  };
};

/** A root and an intermediate below it, by their names. */
export async function rootAndIssuing({ use }: TestAuthorities): Promise<void> {
  await use.create(authorityOrder('root'));
  await use.create(authorityOrder('issuing', { issuer: { is: 'parent', reference: 'root' }, pathLength: 0 }));
}
