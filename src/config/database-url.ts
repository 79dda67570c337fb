/** DATABASE_URL, the PostgreSQL that has the authorities and what they issued. */

/** Completes the sentence "DATABASE_URL must be". */
export const DATABASE_ADDRESS =
  'a URL that begins with postgresql:// or postgres:// and has a host and a database, such as postgresql://pki:password@db.internal:5432/pki';

export function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, hash } = new URL(text);
  return (
    ['postgresql:', 'postgres:'].includes(protocol) &&
    hostname !== '' &&
    /^\/[^/]+$/.test(pathname) &&
    hash === ''
  );
}
