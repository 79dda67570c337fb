import type { CertificateFilter } from '../storage/ports.ts';

/** Who reads, as far as the records need it. */
export interface Reader {
  /** `Principal.id`, or `anonymous`. */
  readonly principal: string;
  /** Whether the reader sees the certificates of others. */
  readonly readsAll: boolean;
}

/** Returns the filter that finds only what the reader may see; undefined if that is nothing. */
export function visibleTo(
  { principal, readsAll }: Reader,
  filter: CertificateFilter,
): CertificateFilter | undefined {
  if (readsAll) return filter;
  return filter.principal === undefined || filter.principal === principal
    ? { ...filter, principal }
    : undefined;
}
