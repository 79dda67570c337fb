/** Where the counts of the rate limits are shared. */

/** What REDIS_URL must be, after "must be". */
export const REDIS_ADDRESS =
  'redis:// or rediss:// with a host, such as redis://:password@redis.internal:6379/0';

/** A query would be read as options of the client, which are ours to choose. */
export function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  return (
    ['redis:', 'rediss:'].includes(protocol) &&
    hostname !== '' &&
    /^\/?\d{0,5}$/.test(pathname) &&
    search + hash === ''
  );
}
