/** What a route costs, for the rate limits (`plugins/limits`) and for what is done at once (`plugins/overload`). */

/** A key or a signature, or both. */
export const ISSUING = Object.freeze({ limit: 'issuing', cost: 1 } as const);

/** The search for the primes of an RSA key takes 100 times as long, though not every pair has one. */
export const ISSUING_PAIRS = Object.freeze({ limit: 'issuing', cost: 16 } as const);

/** What is read, and a signature that is verified. */
export const INSPECTING = Object.freeze({ cost: 1, scope: 'inspect' } as const);

/** Here what must always answer, and so asks nobody who they are. */
export const UNLIMITED = Object.freeze({ limit: 'none', scope: 'public' } as const);
