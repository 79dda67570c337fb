/** DATABASE_URL, the database of the store. */

/** Completes the sentence "DATABASE_URL must be". */
export const DATABASE_ADDRESS =
  'a URL that begins with postgres:// or postgresql:// and has a host and a database, such as postgres://mldsa:password@db.internal:5432/mldsa';

export function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, hash } = new URL(text);
  return (
    ['postgres:', 'postgresql:'].includes(protocol) &&
    hostname !== '' &&
    /^\/[^/]+$/.test(pathname) &&
    hash === ''
  );
}
