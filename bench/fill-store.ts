/** Fills a database of SQLite without the service: a million certificates take minutes instead of hours. */

import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Certificate } from '../src/storage/ports.ts';
import { nextRecord } from '../src/storage/audit-chain.ts';
import { canonicalJson } from '../src/base/canonical-json.ts';
import { insertCertificate } from '../src/storage/sql/certificates.ts';
import { withoutAudit } from '../src/storage/sql/commit.ts';
import { runScript } from '../src/storage/sql/run-script.ts';
import { indexTerms, termPlaces } from '../src/storage/sql/term-index.ts';
import type { Transaction } from '../src/storage/sql/transaction.ts';
import { openExisting, type Connection } from '../src/storage/sqlite/connection.ts';

const DAY = 86_400_000;

/** Certificates are issued at equal distances over this time, in days. */
const HISTORY = 400;

export const PRINCIPALS = 50;
export const PROFILES = ['tls-server', 'tls-client', 'end-entity', 'code-signing'];

/** An authority issues each third certificate. */
export const AUTHORITIES = ['one', 'two', 'three'].map((name) => `authority-${name}`);

export interface Filling {
  /** The database file. It has all tables and no certificates. */
  readonly path: string;
  readonly count: number;
  /** Random octets of this length are the DER of each certificate. */
  readonly length: number;
  /** A certificate, DER, which then is the DER of each one, with the serial number of the row. */
  readonly template?: Template;
  readonly now: Date;
  readonly members?: Partial<Certificate>;
}

export interface Template {
  readonly der: Uint8Array;
  /** The content octets of its serial number: 20. */
  readonly serial: Uint8Array;
}

export const hostOf = (number: number): string => `host-${number}.dept-${number % 100}.example.com`;

/** Rows of a transaction. */
const BATCH = 5000;

export function fillStore(filling: Filling): void {
  const connection = openExisting(filling.path, false);
  connection.executeScript(FAST);
  const indexes = dropIndexes(connection, 'certificates');
  for (let start = 0; start < filling.count; start += BATCH) {
    connection.executeScript('BEGIN IMMEDIATE');
    for (let number = start; number < Math.min(start + BATCH, filling.count); number += 1)
      insertRow(connection, certificateOf(filling, number));
    indexAll(connection);
    connection.executeScript('COMMIT');
  }
  connection.executeScript(indexes);
  connection.close();
}

/** Random places are changed in memory. */
const FAST = 'PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000';

/** Returns the statements that build them again. To build one takes less time than to fill it row by row. */
function dropIndexes(connection: Connection, table: string): string {
  const sql = `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL`;
  const indexes = connection.execute({ sql, values: [table] });
  for (const { name } of indexes) connection.executeScript(`DROP INDEX ${String(name)}`);
  return indexes.map((index) => `${String(index.sql)};`).join('\n');
}

function indexAll(connection: Connection): void {
  const { newest, mark } = run(connection, termPlaces());
  for (let done = mark; done < newest;) done = run(connection, indexTerms());
}

/** With its reservation, by which its serial number is found. */
function insertRow(connection: Connection, certificate: Certificate): void {
  const { id, authorityId, authorityKeyId, serial, issuedAt, principal, profile } = certificate;
  connection.execute({
    sql: `INSERT INTO reservations (id, authority_id, authority_key_id, serial, principal, profile, profile_version,
        requested_at, idempotent, state, closed_at)
      VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 0, 'completed', $7)`,
    values: [id, authorityId, authorityKeyId, serial, principal, profile, issuedAt.getTime()],
  });
  run(connection, insertCertificate(certificate));
}

const run = <Result>(connection: Connection, transaction: Transaction<Result>): Result =>
  runScript(withoutAudit(transaction, []), (statement) => connection.execute(statement));

/** Half of the certificates are valid for 90 days, half for 365. */
function certificateOf(filling: Filling, number: number): Certificate {
  const { count, now, members } = filling;
  const issuedAt = new Date(now.getTime() - Math.floor(((count - number) / count) * HISTORY * DAY));
  const host = hostOf(number);
  const serial = randomBytes(20).fill(0x5a, 0, 1);
  const der = bodyOf(filling, serial);
  const authority = AUTHORITIES[number % AUTHORITIES.length] ?? '';
  return {
    id: idAt(issuedAt),
    authorityId: authority,
    authorityKeyId: `${authority}-key`,
    serial,
    sha256: createHash('sha256').update(der).digest(),
    subject: `CN=${host},OU=Department ${number % 100},O=Example Corporation`,
    names: [
      { type: 'dns', value: host },
      { type: 'dns', value: `host-${number}` },
    ],
    notBefore: issuedAt,
    notAfter: new Date(issuedAt.getTime() + (number % 2 === 0 ? 90 : 365) * DAY),
    issuedAt,
    profile: PROFILES[number % PROFILES.length] ?? '',
    profileVersion: 1,
    keyId: createHash('sha256').update(String(number)).digest(),
    keyAlgorithm: 'ml-dsa-65',
    isAuthority: false,
    principal: `key:${number % PRINCIPALS}`,
    der,
    ...members,
  };
}

function bodyOf({ length, template }: Filling, serial: Uint8Array): Uint8Array {
  if (template === undefined) return randomBytes(length);
  const der = Buffer.from(template.der);
  der.set(serial, der.indexOf(template.serial));
  return der;
}

/** A UUID of version 7 that was made at this time. */
function idAt(time: Date): string {
  const milliseconds = time.getTime().toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}${randomUUIDv7().slice(13)}`;
}

/** Appends records to an audit chain that has none. */
export function fillAudit({ path, count, now }: Filling): void {
  const connection = openExisting(path, false);
  connection.executeScript(`${FAST}; BEGIN IMMEDIATE`);
  const indexes = dropIndexes(connection, 'audit_records');
  let head = { sequence: 0, hash: new Uint8Array(32) };
  for (let number = 0; number < count; number += 1) {
    const record = nextRecord(head, {
      at: new Date(now.getTime() - (count - number) * 1000),
      action: 'certificate/issue',
      outcome: 'success',
      principal: `key:${number % PRINCIPALS}`,
      details: {
        authority: AUTHORITIES[number % AUTHORITIES.length] ?? '',
        names: 2,
        serial: String(number),
      },
    });
    insertRecord(connection, record);
    head = { sequence: record.sequence, hash: new Uint8Array(record.hash) };
  }
  connection.execute({
    sql: 'UPDATE audit_head SET sequence = $1, hash = $2',
    values: [head.sequence, head.hash],
  });
  connection.executeScript(`${indexes} COMMIT`);
  connection.close();
}

function insertRecord(connection: Connection, record: ReturnType<typeof nextRecord>): void {
  const { sequence, at, action, outcome, principal, details, previousHash, hash } = record;
  connection.execute({
    sql: `INSERT INTO audit_records
      (sequence, occurred_at, action, outcome, principal, details, previous_hash, hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [sequence, at.getTime(), action, outcome, principal, canonicalJson(details), previousHash, hash],
  });
}
