/** All that a client of the v1 contract needs, and the metrics that its production guide promises. */
export const V1_SCOPES = [
  'keys:generate',
  'certs:issue',
  'certs:issue:ca',
  'csr:generate',
  'csr:sign',
  'inspect',
  'metrics:read',
] as const;

/** What a caller may do: a closed list, as API keys hold it and access tokens claim it (RFC 6749 §3.3). None implies another. */
export const SCOPES = [...V1_SCOPES, 'certs:read', 'certs:revoke', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
