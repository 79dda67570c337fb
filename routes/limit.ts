/** What a route costs, for the rate limits (`plugins/limits`): here a key or a signature. */
export const ISSUING = Object.freeze({ limit: 'issuing' } as const);

/** Here what must always answer, and so asks nobody who they are. */
export const UNLIMITED = Object.freeze({ limit: 'none', scope: 'public' } as const);
