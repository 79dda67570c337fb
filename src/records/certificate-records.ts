/** The certificates that were issued, as far as a reader may see them. */

import { chainOf } from '../authorities/issued-order.ts';
import { findAuthority } from '../authorities/open-authorities.ts';
import { unknownCertificate } from '../authorities/refusals.ts';
import { atMemberAsync } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import type {
  Certificate,
  CertificateCursor,
  CertificateFilter,
  CertificateOrder,
  CertificateSummary,
  Store,
} from '../storage/ports.ts';
import { visibleTo, type Reader } from './reader.ts';

export interface CertificateSearch {
  readonly filter: Omit<CertificateFilter, 'authorityId'>;
  /** Id or name of an authority. */
  readonly authority?: string | undefined;
  readonly order: CertificateOrder;
}

export interface CertificatePageSearch extends CertificateSearch {
  readonly after?: CertificateCursor | undefined;
  readonly limit: number;
}

export interface CertificatePage {
  readonly certificates: readonly CertificateSummary[];
  /** Whether more follow the last of them. */
  readonly hasNext: boolean;
}

export interface ShownCertificate {
  readonly certificate: Certificate;
  /** Certificates above it, its issuer first and without the root, DER. */
  readonly issuers: readonly Uint8Array[];
}

/** Every method rejects with PkiError store-unavailable while the store cannot be used. */
export interface CertificateRecords {
  /** Rejects with PkiError unknown-authority at `authority`. */
  search(search: CertificatePageSearch): Promise<CertificatePage>;
  /**
   * Rejects with PkiError unknown-certificate, in the same way and time for a certificate of another principal and for
   * one that does not exist.
   */
  show(id: string): Promise<ShownCertificate>;
  /** Every match, in pages that are read when the one before was used. Rejects as {@link CertificateRecords.search}. */
  export(search: CertificateSearch): Promise<AsyncIterable<readonly Certificate[]>>;
}

type RecordStore = Pick<
  Store,
  | 'exportCertificates'
  | 'findAuthority'
  | 'getAuthority'
  | 'getCertificate'
  | 'listAuthorityKeys'
  | 'searchCertificates'
>;

export function certificateRecords(store: RecordStore, clock: Clock, reader: Reader): CertificateRecords {
  return {
    async search({ after, limit, ...search }) {
      const filter = await filterOf(store, reader, search);
      if (filter === undefined) return { certificates: [], hasNext: false };
      const { order } = search;
      const query = { filter, now: clock(), order, limit: limit + 1, ...(after && { after }) };
      const found = await store.searchCertificates(query);
      return { certificates: found.slice(0, limit), hasNext: found.length > limit };
    },

    async show(id) {
      const certificate = await store.getCertificate(id, reader.readsAll ? undefined : reader.principal);
      if (certificate === undefined) throw unknownCertificate([]);
      return { certificate, issuers: await issuersOf(store, certificate) };
    },

    async export(search) {
      const filter = await filterOf(store, reader, search);
      if (filter === undefined) return nothing();
      return store.exportCertificates({ filter, now: clock(), order: search.order });
    },
  };
}

async function filterOf(
  store: RecordStore,
  reader: Reader,
  { filter, authority }: CertificateSearch,
): Promise<CertificateFilter | undefined> {
  const visible = visibleTo(reader, filter);
  if (visible === undefined || authority === undefined) return visible;
  const { id } = await atMemberAsync('authority', () => findAuthority(store, authority));
  return { ...visible, authorityId: id };
}

async function issuersOf(
  store: RecordStore,
  { authorityId, authorityKeyId }: Certificate,
): Promise<readonly Uint8Array[]> {
  const keys = await store.listAuthorityKeys(authorityId);
  const key = keys.find(({ id }) => id === authorityKeyId);
  return key === undefined ? [] : chainOf(key);
}

async function* nothing(): AsyncGenerator<never> {}
