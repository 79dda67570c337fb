/** What a route costs, for rate limits (`plugins/limits`) and for admission control (`plugins/overload`). */

/** Generates a key, a signature or both. */
export const ISSUING = Object.freeze({ limit: 'issuing', cost: 1 } as const);

/** An RSA key takes about 100 times as long as an ML-DSA key; not every pair has one. */
export const ISSUING_PAIRS = Object.freeze({ limit: 'issuing', cost: 16 } as const);

/** Derives keys from passwords: PBKDF2 takes about as long as an RSA key. */
export const CONVERTING = Object.freeze({ limit: 'issuing', cost: 16, scope: 'keys:generate' } as const);

/** Parses the input and verifies one signature. */
export const INSPECTING = Object.freeze({ cost: 1, scope: 'inspect' } as const);

/** Verifies the signatures of a chain, or of many certificates that could be one. */
export const VERIFYING = Object.freeze({ cost: 4, scope: 'inspect' } as const);

/** May derive a key from a password, which takes as long as an RSA key. */
export const INSPECTING_KEYS = Object.freeze({ cost: 16, scope: 'inspect' } as const);

/** Must reply at any time: no authentication and no rate limit. */
export const UNLIMITED = Object.freeze({ limit: 'none', scope: 'public' } as const);

/** What relying parties read: they have no credentials. */
export const PUBLISHED = Object.freeze({ limit: 'publication', scope: 'public', reader: 'program' } as const);
