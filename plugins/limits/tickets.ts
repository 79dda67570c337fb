import type { Counted } from './count-store.ts';

/**
 * @fastify/rate-limit passes the number of requests on from its store, but not how one is taken back. So the key of each
 * request is a ticket, by which the limiter gets what its store returned.
 */
export interface Tickets {
  /** Returns a new ticket for a request that is counted under `key`. */
  issue(key: string): string;
  keyOf(ticket: string): string;
  put(ticket: string, counted: Counted): void;
  /** Returns what was put, once. */
  take(ticket: string): Counted | undefined;
}

export function createTickets(): Tickets {
  const counts = new Map<string, Counted>();
  let last = 0;
  return {
    issue(key) {
      last += 1;
      return `${last} ${key}`;
    },
    keyOf: (ticket) => ticket.slice(ticket.indexOf(' ') + 1),
    put: (ticket, counted) => void counts.set(ticket, counted),
    take(ticket) {
      const counted = counts.get(ticket);
      counts.delete(ticket);
      return counted;
    },
  };
}
