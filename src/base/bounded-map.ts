/** A map that forgets. */

/** Number of clients that are counted. What is forgotten only costs a client some units, or a worker some calls. */
export const CAPACITY = 50_000;

/** Stores an entry as the newest. A full map forgets its oldest. */
export function remember<Value>(
  map: Map<string, Value>,
  key: string,
  value: Value,
  capacity = CAPACITY,
): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > capacity && oldest !== undefined) map.delete(oldest);
}
