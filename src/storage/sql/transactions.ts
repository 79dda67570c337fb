/** Every transaction by name. Adapters run them; `sql-store.ts` makes the port of them. */

import * as audit from './audit.ts';
import * as auditSearch from './audit-search.ts';
import * as authorities from './authorities.ts';
import * as authorityKeys from './authority-keys.ts';
import * as certificates from './certificates.ts';
import * as compromisedKeys from './compromised-keys.ts';
import * as counts from './counts.ts';
import * as crls from './crls.ts';
import * as idempotency from './idempotency.ts';
import * as issuance from './issuance.ts';
import * as keyChanges from './key-changes.ts';
import * as profiles from './profiles.ts';
import * as revocation from './revocation.ts';
import * as revocations from './revocations.ts';
import * as search from './search.ts';
import * as serialStatus from './serial-status.ts';
import * as serviceKeys from './service-keys.ts';
import * as termIndex from './term-index.ts';
import { run, type Transaction } from './transaction.ts';
import * as webhooks from './webhooks.ts';

/** The size of a large certificate: a disk that has room for less is full. */
const PROBE_LENGTH = 8192;

/** Proves that a commit reaches the disk. */
function* probe(now: Date): Transaction<void> {
  const content = new Uint8Array(PROBE_LENGTH).fill(now.getTime());
  yield* run('UPDATE store_probe SET written_at = $1, content = $2', now.getTime(), content);
}

export const WRITES = {
  abandon: issuance.abandon,
  addAuthorityKey: keyChanges.addAuthorityKey,
  addCheckpoint: audit.addCheckpoint,
  addProfileVersion: profiles.addProfileVersion,
  addServiceKey: serviceKeys.addServiceKey,
  appendAudit: audit.appendAudit,
  claimLease: crls.claimLease,
  claimWebhooks: webhooks.claimWebhooks,
  complete: issuance.complete,
  completeUnindexed: issuance.completeUnindexed,
  createAuthority: authorities.createAuthority,
  forgetIdempotencyKeys: idempotency.forgetIdempotencyKeys,
  forgetWebhooks: webhooks.forgetWebhooks,
  importAuthorityCertificate: keyChanges.importAuthorityCertificate,
  indexTerms: termIndex.indexTerms,
  probe,
  publishCrl: crls.publishCrl,
  queueWebhooks: webhooks.queueWebhooks,
  release: revocation.release,
  reseal: keyChanges.reseal,
  resealServiceKey: serviceKeys.resealServiceKey,
  reserve: issuance.reserve,
  retryWebhook: webhooks.retryWebhook,
  revoke: revocation.revoke,
  settleWebhook: webhooks.settleWebhook,
  updateAuthority: authorities.updateAuthority,
};

export const READS = {
  auditHead: audit.auditHead,
  countOpenReservations: counts.countOpenReservations,
  countPart: counts.countPart,
  findAuthority: authorities.findAuthority,
  findCertificate: certificates.findCertificate,
  findIdempotent: idempotency.findIdempotent,
  getAuthority: authorities.getAuthority,
  getAuthorityKey: authorityKeys.getKey,
  getCertificate: certificates.getCertificate,
  getCrl: crls.getCrl,
  getProfile: profiles.getProfile,
  getServiceKey: serviceKeys.getServiceKey,
  hasDueWebhooks: webhooks.hasDueWebhooks,
  isKeyCompromised: compromisedKeys.isKeyCompromised,
  lastCheckpoint: audit.lastCheckpoint,
  listAuthorities: authorities.listAuthorities,
  listAuthorityKeys: authorityKeys.listAuthorityKeys,
  listCrls: crls.listCrls,
  listDeadWebhooks: webhooks.listDeadWebhooks,
  listOpenReservations: issuance.listOpenReservations,
  listProfiles: profiles.listProfiles,
  listRevocationRevisions: revocations.listRevocationRevisions,
  listRevocations: revocations.listRevocations,
  listSealedKeys: authorityKeys.listSealedKeys,
  readAudit: audit.readAudit,
  readCheckpoints: audit.readCheckpoints,
  readWholeCertificates: search.readWholeCertificates,
  revocationCount: revocations.revocationCount,
  revocationRevision: revocations.revocationRevision,
  searchAudit: auditSearch.searchAudit,
  searchCertificates: search.searchCertificates,
  serialStatus: serialStatus.serialStatus,
  termPlaces: termIndex.termPlaces,
  webhookCounts: webhooks.webhookCounts,
  webhookMark: webhooks.webhookMark,
};

export type WriteName = keyof typeof WRITES;
export type ReadName = keyof typeof READS;

type Table = typeof WRITES & typeof READS;

export type InputOf<Name extends keyof Table> = Parameters<Table[Name]>[0];
export type OutputOf<Name extends keyof Table> =
  ReturnType<Table[Name]> extends Transaction<infer Output> ? Output : never;

/** A call of a transaction. It can be cloned. */
export interface Call<Name extends string = string> {
  readonly name: Name;
  readonly input: unknown;
}

export const startWrite = ({ name, input }: Call<WriteName>): Transaction<unknown> =>
  WRITES[name](input as never);
export const startRead = ({ name, input }: Call<ReadName>): Transaction<unknown> =>
  READS[name](input as never);
