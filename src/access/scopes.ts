/** The scopes that a client of the v1 contract needs, and that of the metrics. */
export const V1_SCOPES = [
  'keys:generate',
  'certs:issue',
  'certs:issue:ca',
  'csr:generate',
  'csr:sign',
  'inspect',
  'metrics:read',
] as const;

/** The permissions of API keys and access tokens (RFC 6749 §3.3): a closed list. No scope implies another. */
export const SCOPES = [...V1_SCOPES, 'certs:read', 'certs:revoke', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
