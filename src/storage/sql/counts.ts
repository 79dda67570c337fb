/**
 * How many certificates there are, and how many expire soon. They are counted in parts, so that other reads need not wait
 * for the count of a million.
 */

import type { StoreCounts } from '../port/certificates.ts';
import { integer, text } from './columns.ts';
import { first, type Transaction } from './transaction.ts';

/** Certificates of a part. To count them takes some milliseconds. */
const PART = 50_000;

/** A certificate in the order of `notAfter`, then `id`. */
interface Place {
  readonly notAfter: number;
  readonly id: string;
}

export interface PartInput {
  /** The part begins after this place. */
  readonly after: Place;
  /** The part ends before certificates with this `notAfter`. */
  readonly before: number;
  /** The most certificates of the part. */
  readonly limit: number;
}

export interface Part {
  readonly number: number;
  /** The last certificate, if more may follow. */
  readonly last?: Place;
}

export function* countPart({ after, before, limit }: PartInput): Transaction<Part> {
  const place = [after.notAfter, after.id, before] as const;
  const row = yield* first(
    `SELECT not_after, id ${REST} ORDER BY not_after, id LIMIT 1 OFFSET $4`,
    ...place,
    limit - 1,
  );
  if (row !== undefined)
    return { number: limit, last: { notAfter: integer(row, 'not_after'), id: text(row, 'id') } };
  return { number: yield* count(`SELECT count(*) AS number ${REST}`, ...place) };
}

const REST = 'FROM certificates WHERE (not_after, id) > ($1, $2) AND not_after < $3';

export function* countOpenReservations(): Transaction<number> {
  return yield* count(`SELECT count(*) AS number FROM reservations WHERE state = 'open'`);
}

function* count(sql: string, ...values: (number | string)[]): Transaction<number> {
  const row = yield* first(sql, ...values);
  return row === undefined ? 0 : integer(row, 'number');
}

const DAY = 86_400_000;

/** Before and after every time of a Date. */
const [BEGINNING, END] = [-8.64e15 - 1, 8.64e15 + 1];

type Reading = (part: PartInput) => Promise<Part>;

/** `read` reads a part. */
export async function countCertificates(
  now: Date,
  days: readonly number[],
  read: Reading,
  limit = PART,
): Promise<Pick<StoreCounts, 'certificates' | 'expiring'>> {
  const start = now.getTime();
  const ends = days.map((day) => start + day * DAY);
  /** The number of certificates with an earlier `notAfter`, by time. */
  const earlier = new Map<number, number>();
  let [certificates, from] = [0, BEGINNING];
  for (const before of [start, ...ends, END].toSorted((a, b) => a - b)) {
    certificates += await countPeriod(from, { before, limit }, read);
    earlier.set(before, certificates);
    from = before;
  }
  const earlierThan = (time: number): number => earlier.get(time) ?? 0;
  return { certificates, expiring: ends.map((end) => earlierThan(end) - earlierThan(start)) };
}

async function countPeriod(
  from: number,
  end: Pick<PartInput, 'before' | 'limit'>,
  read: Reading,
): Promise<number> {
  let number = 0;
  // No id is empty.
  for (let after: Place | undefined = { notAfter: from, id: '' }; after !== undefined;) {
    const part: Part = await read({ ...end, after });
    number += part.number;
    after = part.last;
  }
  return number;
}
