/** Makes and publishes the CRLs of one authority key. */

import { hash } from 'node:crypto';
import type { OpenKey } from '../../authorities/open-authorities.ts';
import { ownKeyIdentifier } from '../../ca/authority.ts';
import { prepareCertificateList } from '../../ca/prepared.ts';
import { LENIENT } from '../../formats/reading.ts';
import { readPublicKey } from '../../keys/public-key.ts';
import type {
  AuditEvent,
  CrlPlace,
  CrlSummary,
  Revocation,
  RevocationFilter,
  StoredCrl,
} from '../../storage/ports.ts';
import { encodeEntries, type RevokedCertificate } from '../../x509/certificate-list-writer.ts';
import { encodeCrlExtensions } from '../../x509/extensions/crl-extensions-writer.ts';
import type { CrlContext } from './context.ts';
import type { CrlIssuer } from './crl-issuers.ts';
import { crlUrl, scopeOf, scopesOf, shardingOf, type Sharding } from './place.ts';

export interface CrlOrder {
  readonly issuer: CrlIssuer;
  /** The newest CRL of each scope that has one. */
  readonly previous: ReadonlyMap<string, CrlSummary>;
  /** The sum of the revisions of its keys, read before the revocations: they are at least as new. */
  readonly revision: number;
}

/** Publishes the CRL of each scope. Returns false when another replica was faster. Rejects with PkiError. */
export async function publishCrls(context: CrlContext, order: CrlOrder): Promise<boolean> {
  const sharding = shardingOf(order.issuer.authority);
  // Before the entries are read: what ends while they are read is on this CRL
  const now = context.clock();
  const opened = await context.opened.openKey(order.issuer.key);
  const entries = await readEntries(context, order, { sharding, now });
  for (const scope of scopesOf(sharding)) {
    const crl = await signCrl(context, order, {
      scope,
      now,
      opened,
      sharding,
      entries: entries.get(scope) ?? NONE,
    });
    const outcome = await context.store.publishCrl({ crl, audit: auditOf(order.issuer, crl) });
    if (outcome === 'outdated') return false;
    context.observer.published(crl, crl.der.length);
  }
  return true;
}

interface Entries {
  count: number;
  /** Each one or more entries, DER. */
  readonly parts: Uint8Array[];
}

const NONE: Entries = Object.freeze({ count: 0, parts: [] });

/** Entries that are encoded in one turn of the event loop. */
const PAGE = 500;

/** By scope. An entry stays until one CRL after the end of its certificate (RFC 5280 §3.3). */
async function readEntries(
  { store }: CrlContext,
  { issuer, previous }: CrlOrder,
  { sharding, now }: Pick<Scope, 'sharding' | 'now'>,
): Promise<ReadonlyMap<string, Entries>> {
  const entries = new Map<string, Entries>();
  for await (const page of pagesOf(store, issuer.keyIds, ended(sharding, previous, now)))
    for (const [scope, revocations] of Map.groupBy(page, ({ serial }) => scopeOf(sharding, serial))) {
      const known = entries.get(scope) ?? { count: 0, parts: [] };
      known.parts.push(encodeEntries(revocations.map(revokedCertificate)));
      known.count += revocations.length;
      entries.set(scope, known);
    }
  return entries;
}

async function* pagesOf(
  store: CrlContext['store'],
  keyIds: readonly string[],
  filter: Omit<RevocationFilter, 'authorityKeyId'>,
): AsyncGenerator<readonly Revocation[]> {
  for (const authorityKeyId of keyIds) {
    let after: Uint8Array | undefined;
    for (;;) {
      const place = after === undefined ? {} : { after };
      const page = await store.listRevocations({ authorityKeyId, ...filter, ...place, limit: PAGE });
      yield page;
      after = page.at(-1)?.serial;
      if (page.length < PAGE) break;
    }
  }
}

/**
 * What ended before the CRL before was on that one. Everything is listed without a CRL of each scope, and after one that a
 * clock made that was ahead: certificates that end before its thisUpdate can still be valid.
 */
function ended(
  sharding: Sharding | undefined,
  previous: ReadonlyMap<string, CrlSummary>,
  now: Date,
): { readonly notAfterFrom?: Date } {
  const times = scopesOf(sharding).map((scope) => previous.get(scope)?.thisUpdate.getTime());
  const past = times.flatMap((time) => (time !== undefined && time <= now.getTime() ? [time] : []));
  return past.length < times.length ? {} : { notAfterFrom: new Date(Math.min(...past)) };
}

const revokedCertificate = ({
  serial,
  revokedAt,
  reason,
  invalidityDate,
}: Revocation): RevokedCertificate => ({
  serialNumber: serial,
  revokedAt,
  reason,
  invalidFrom: invalidityDate,
});

interface Scope {
  readonly scope: string;
  readonly sharding: Sharding | undefined;
  readonly now: Date;
  readonly opened: OpenKey;
  readonly entries: Entries;
}

async function signCrl(
  { periods }: CrlContext,
  { issuer, previous, revision }: CrlOrder,
  { scope, sharding, now, opened, entries }: Scope,
): Promise<StoredCrl> {
  const place: CrlPlace = { authorityKeyId: issuer.key.id, scope };
  const before = previous.get(scope);
  const number = (before?.number ?? 0) + 1;
  const thisUpdate = wholeSeconds(Math.max(now.getTime(), before?.thisUpdate.getTime() ?? 0));
  const nextUpdate = wholeSeconds(thisUpdate.getTime() + periods.validity);
  const content = {
    // RFC 5280 §5.1.2.3: the subject of the CA, octet for octet
    issuer: issuer.certificate.subject,
    thisUpdate,
    nextUpdate,
    entries: entries.parts,
    extensions: encodeCrlExtensions({
      authorityKeyIdentifier: ownKeyIdentifier(issuer.certificate, LENIENT),
      number,
      distributionPoint: sharding && crlUrl(sharding.url, place),
    }),
  };
  const issuerKey = readPublicKey(issuer.certificate.subjectPublicKeyInfo, LENIENT);
  const prepared = await prepareCertificateList(opened.signer, content, issuerKey);
  const der = await prepared.issue(opened.keys);
  const sha256 = hash('sha256', der, 'buffer');
  return { ...place, number, revision, thisUpdate, nextUpdate, entries: entries.count, sha256, der };
}

/** The resolution of a Time. A clock that stepped back never lowers thisUpdate. */
const wholeSeconds = (milliseconds: number): Date => new Date(Math.floor(milliseconds / 1000) * 1000);

const auditOf = ({ authority, key }: CrlIssuer, crl: StoredCrl): AuditEvent => ({
  at: crl.thisUpdate,
  action: 'crl/publish',
  outcome: 'success',
  principal: 'service',
  details: {
    authority: authority.id,
    authorityName: authority.name,
    authorityKey: key.id,
    ...(crl.scope !== '' && { scope: crl.scope }),
    number: crl.number,
    entries: crl.entries,
    nextUpdate: crl.nextUpdate.toISOString(),
    sha256: Buffer.from(crl.sha256).toString('hex'),
  },
});
