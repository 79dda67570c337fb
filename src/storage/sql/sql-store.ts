/** The port, made of the transactions and a driver that runs them. */

import type { Certificate, CertificateQuery } from '../port/certificates.ts';
import type { Store, StoreFault } from '../ports.ts';
import { isUnavailable } from '../unavailable.ts';
import { countCertificates } from './counts.ts';
import type { Call, InputOf, OutputOf, ReadName, WriteName } from './transactions.ts';

/** Runs transactions. Each method rejects with PkiError store-unavailable while the database cannot be used. */
export interface Driver {
  readonly kind: Store['kind'];
  /** Resolves when the write is on disk. */
  write(call: Call<WriteName>): Promise<unknown>;
  read(call: Call<ReadName>): Promise<unknown>;
  /** Size of the database, in bytes. */
  size(): Promise<number>;
  close(): Promise<void>;
}

/** Rows of a page of an export, which is in memory as a whole. To present them takes 2 ms of the event loop. */
const EXPORT_PAGE = 50;

export function createSqlStore(driver: Driver): Store {
  const read = readWith(driver);
  let closing: Promise<void> | undefined;
  return {
    kind: driver.kind,
    ...writesOf(driver),
    ...readsOf(driver),
    counts: async (now, days) => ({
      ...(await countCertificates(now, days, (part) => read('countPart', part))),
      openReservations: await read('countOpenReservations', undefined),
      size: await driver.size(),
    }),
    exportCertificates: (query) => exportPages(driver, query),
    fault: () => faultOf(driver),
    close: () => (closing ??= driver.close()),
  };
}

function readsOf(driver: Driver) {
  const read = readWith(driver);
  return {
    auditHead: () => read('auditHead', undefined),
    findAuthority: (name) => read('findAuthority', name),
    findCertificate: (authorityId, serial) => read('findCertificate', { authorityId, serial }),
    findIdempotent: (key) => read('findIdempotent', key),
    getAuthority: (id) => read('getAuthority', id),
    getAuthorityKey: (id) => read('getAuthorityKey', id),
    getCertificate: (id, principal) => read('getCertificate', { id, principal }),
    getCrl: (place) => read('getCrl', place),
    getProfile: (name, version) => read('getProfile', { name, version }),
    getServiceKey: (purpose) => read('getServiceKey', purpose),
    hasDueWebhooks: (due) => read('hasDueWebhooks', due),
    isKeyCompromised: (query) => read('isKeyCompromised', query),
    lastCheckpoint: () => read('lastCheckpoint', undefined),
    listAuthorities: (page) => read('listAuthorities', page),
    listAuthorityKeys: (authorityId) => read('listAuthorityKeys', authorityId),
    listCrls: () => read('listCrls', undefined),
    listDeadWebhooks: (page) => read('listDeadWebhooks', page),
    listOpenReservations: (page) => read('listOpenReservations', page),
    listProfiles: (page) => read('listProfiles', page),
    listRevocationRevisions: () => read('listRevocationRevisions', undefined),
    listRevocations: (page) => read('listRevocations', page),
    listSealedKeys: (page) => read('listSealedKeys', page),
    readAudit: (page) => read('readAudit', page),
    readCheckpoints: (page) => read('readCheckpoints', page),
    revocationCount: (filter) => read('revocationCount', filter),
    revocationRevision: (authorityKeyId) => read('revocationRevision', authorityKeyId),
    searchAudit: (query) => read('searchAudit', query),
    searchCertificates: (query) => read('searchCertificates', query),
    serialStatus: (query) => read('serialStatus', query),
    webhookCounts: () => read('webhookCounts', undefined),
    webhookMark: (name) => read('webhookMark', name),
  } satisfies Partial<Store>;
}

function writesOf(driver: Driver) {
  const write =
    <Name extends WriteName>(name: Name) =>
    (input: InputOf<Name>) =>
      driver.write({ name, input }) as Promise<OutputOf<Name>>;
  return {
    abandon: write('abandon'),
    addAuthorityKey: write('addAuthorityKey'),
    addCheckpoint: write('addCheckpoint'),
    addProfileVersion: write('addProfileVersion'),
    addServiceKey: write('addServiceKey'),
    appendAudit: write('appendAudit'),
    claimLease: write('claimLease'),
    claimWebhooks: write('claimWebhooks'),
    complete: write('complete'),
    createAuthority: write('createAuthority'),
    forgetIdempotencyKeys: write('forgetIdempotencyKeys'),
    forgetWebhooks: write('forgetWebhooks'),
    importAuthorityCertificate: write('importAuthorityCertificate'),
    publishCrl: write('publishCrl'),
    queueWebhooks: write('queueWebhooks'),
    release: write('release'),
    reseal: write('reseal'),
    resealServiceKey: write('resealServiceKey'),
    reserve: write('reserve'),
    retryWebhook: write('retryWebhook'),
    revoke: write('revoke'),
    settleWebhook: write('settleWebhook'),
    updateAuthority: write('updateAuthority'),
  };
}

const readWith =
  (driver: Driver) =>
  <Name extends ReadName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> =>
    driver.read({ name, input }) as Promise<OutputOf<Name>>;

async function* exportPages(
  driver: Driver,
  query: Omit<CertificateQuery, 'limit'>,
): AsyncGenerator<readonly Certificate[]> {
  const read = readWith(driver);
  let after = query.after;
  for (;;) {
    const place = after === undefined ? {} : { after };
    const page = await read('readWholeCertificates', { ...query, ...place, limit: EXPORT_PAGE });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < EXPORT_PAGE) return;
    after = { issuedAt: last.issuedAt, id: last.id, notAfter: last.notAfter };
  }
}

async function faultOf(driver: Driver): Promise<StoreFault | undefined> {
  if (!(await works(driver.read({ name: 'auditHead', input: undefined })))) return 'connection';
  return (await works(driver.write({ name: 'probe', input: new Date() }))) ? undefined : 'writing';
}

async function works(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isUnavailable(error)) return false;
    throw error;
  }
}
