/** Every permission of the v1 contract, and the metrics that its production guide promises. */
export const V1_SCOPES = [
  'keys:generate',
  'certs:issue',
  'certs:issue:ca',
  'csr:generate',
  'csr:sign',
  'inspect',
  'metrics:read',
] as const;

/** What the routes of stored authorities need beside scopes of the v1 contract. */
export const AUTHORITY_SCOPES = [
  'authorities:manage',
  'profiles:manage',
  'certs:read',
  'certs:read:all',
  'certs:revoke',
  'admin',
] as const;

/** The closed list of scopes in API keys and access tokens (RFC 6749 §3.3). No scope implies another. */
export const SCOPES = [...V1_SCOPES, ...AUTHORITY_SCOPES] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
