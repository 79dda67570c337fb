/** The port, made of the transactions and a driver that runs them. */

import type { Certificate, CertificateQuery } from '../port/certificates.ts';
import type { Store, StoreFault } from '../ports.ts';
import { isUnavailable } from '../unavailable.ts';
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
    auditHead: () => read('auditHead', undefined),
    counts: async (now, days) => ({ ...(await read('counts', { now, days })), size: await driver.size() }),
    exportCertificates: (query) => exportPages(driver, query),
    fault: () => faultOf(driver),
    findAuthority: (name) => read('findAuthority', name),
    findCertificate: (authorityId, serial) => read('findCertificate', { authorityId, serial }),
    findIdempotent: (key) => read('findIdempotent', key),
    getAuthority: (id) => read('getAuthority', id),
    getCertificate: (id, principal) => read('getCertificate', { id, principal }),
    getProfile: (name, version) => read('getProfile', { name, version }),
    getServiceKey: (purpose) => read('getServiceKey', purpose),
    lastCheckpoint: () => read('lastCheckpoint', undefined),
    listAuthorities: (page) => read('listAuthorities', page),
    listAuthorityKeys: (authorityId) => read('listAuthorityKeys', authorityId),
    listOpenReservations: (page) => read('listOpenReservations', page),
    listProfiles: (page) => read('listProfiles', page),
    listSealedKeys: (page) => read('listSealedKeys', page),
    readAudit: (page) => read('readAudit', page),
    readCheckpoints: (page) => read('readCheckpoints', page),
    searchAudit: (query) => read('searchAudit', query),
    searchCertificates: (query) => read('searchCertificates', query),
    close: () => (closing ??= driver.close()),
  };
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
    complete: write('complete'),
    createAuthority: write('createAuthority'),
    forgetIdempotencyKeys: write('forgetIdempotencyKeys'),
    importAuthorityCertificate: write('importAuthorityCertificate'),
    reseal: write('reseal'),
    resealServiceKey: write('resealServiceKey'),
    reserve: write('reserve'),
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
