/** Serial numbers that were reserved for a certificate that was neither stored nor abandoned. */

import type { Reservation, Store } from '../storage/ports.ts';

/** More open reservations than a service has in practice. */
const LIMIT = 1000;

/** The oldest first, at most 1000; of one authority, or of all. */
export async function openReservations(
  store: Pick<Store, 'listOpenReservations'>,
  before: Date,
  authorityId?: string,
): Promise<readonly Reservation[]> {
  const open = await store.listOpenReservations({ before, limit: LIMIT });
  return authorityId === undefined
    ? open
    : open.filter((reservation) => reservation.authorityId === authorityId);
}
