/** What a route costs, for the rate limits (`plugins/limits.ts`): here a key or a signature. */
export const ISSUING = Object.freeze({ limit: 'issuing' } as const);

/** Here what must always answer. */
export const UNLIMITED = Object.freeze({ limit: 'none' } as const);
