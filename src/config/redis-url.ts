/** REDIS_URL, the Redis that stores the counts of the rate limits. */

/** Completes the sentence "REDIS_URL must be". */
export const REDIS_ADDRESS =
  'a URL that begins with redis:// or rediss:// and has a host, such as redis://:password@redis.internal:6379/0';

/** A query is rejected: the Redis client would read it as its options, which this service sets. */
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
