/** The ways along which a search walks. */

/** Where the rows are found, and in which columns their order is. */
export interface Plan {
  readonly from: string;
  /** The column of the order, before `id`. */
  readonly sorted: string;
  readonly issuedAt: string;
  readonly id: string;
  readonly notAfter: string;
  /** The term whose rows are walked; undefined if the certificates are. */
  readonly term?: string;
  /**
   * Of the rows of the term, which are sorted by their expiry before their certificates are read, this many are used.
   * Undefined if they are not sorted first.
   */
  readonly most?: number;
  /** Where a walk along the expiry ends. */
  readonly end?: PlaceOfExpiry;
  /** Finds the page if this plan does not find all of it. */
  readonly otherwise?: Plan;
  /** The only fact that an index may find; undefined for any. */
  readonly fact?: Fact | 'none';
}

export interface PlaceOfExpiry {
  readonly notAfter: number;
  readonly id: string;
}

/** Facts that many certificates share, by their columns. */
export const FACTS = { authority_id: 'authorityId', profile: 'profile', principal: 'principal' } as const;
export type Fact = keyof typeof FACTS;

/** Walks along the rows of a term. CROSS JOIN makes SQLite begin with the terms. */
export const BY_TERM: Plan = {
  from: 'certificate_terms t CROSS JOIN certificates c',
  sorted: 't.issued_at',
  issuedAt: 't.issued_at',
  id: 't.certificate_id',
  notAfter: '+c.not_after',
};

/** Walks along the certificates in their order. A column after `+` cannot be found by an index. */
export const IN_ORDER: Plan = {
  from: 'certificates c',
  sorted: 'c.issued_at',
  issuedAt: 'c.issued_at',
  id: 'c.id',
  notAfter: '+c.not_after',
};

/** Reads the few certificates that expire in the period, and sorts them. */
export const BY_EXPIRY: Plan = {
  ...IN_ORDER,
  sorted: '+c.issued_at',
  issuedAt: '+c.issued_at',
  notAfter: 'c.not_after',
};

/** Walks along the certificates in the order of their expiry. */
export const IN_ORDER_OF_EXPIRY: Plan = { ...BY_EXPIRY, sorted: 'c.not_after' };

/** Reads the few certificates of a fact, and sorts them by their expiry. */
export const SORTED_BY_EXPIRY: Plan = { ...IN_ORDER, sorted: '+c.not_after', issuedAt: '+c.issued_at' };

/** All rows of a term. */
export const ALL = 2 ** 31;

/** Sorts the rows of a term, which have the time of expiry, and reads the certificates of the first ones. */
export const OF_TERM_BY_EXPIRY = { ...BY_TERM, sorted: 't.not_after', most: ALL } satisfies Plan;
