/**
 * The place after a page, as an opaque text: base64url of a digest (8 octets), the time (8 octets, milliseconds) and what
 * orders equal times. The digest is over the rest and over the query, so a cursor fits its own query only.
 */

import { hash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../../src/base/canonical-json.ts';
import { PkiError } from '../../src/base/errors.ts';

export interface Place {
  readonly time: Date;
  /** The id or the sequence of the last member of the page. */
  readonly tie: string;
}

const DIGEST = 8;
const HEADER = DIGEST + 8;

/** `query` has the parameters of the request; its `cursor` and `limit` have no effect. */
export function encodeCursor({ time, tie }: Place, query: JsonObject): string {
  const body = Buffer.alloc(8 + Buffer.byteLength(tie));
  body.writeBigInt64BE(BigInt(time.getTime()));
  body.write(tie, 8);
  return Buffer.concat([digestOf(body, query), body]).toString('base64url');
}

/** `isTie` returns whether the text can end a place. Throws PkiError invalid-query at `cursor`. */
export function decodeCursor(text: string, query: JsonObject, isTie: (tie: string) => boolean): Place {
  const octets = Buffer.from(text, 'base64url');
  const body = octets.subarray(DIGEST);
  const isOurs =
    octets.length > HEADER &&
    octets.toString('base64url') === text &&
    digestOf(body, query).equals(octets.subarray(0, DIGEST));
  const tie = body.toString('utf8', 8);
  const time = isOurs ? new Date(Number(body.readBigInt64BE())) : new Date(Number.NaN);
  if (!Number.isNaN(time.getTime()) && isTie(tie)) return { time, tie };
  throw new PkiError('invalid-query', 'It must be `next` of a reply to the same query', ['cursor']);
}

function digestOf(body: Buffer, parameters: JsonObject): Buffer {
  const { cursor: _, limit: __, ...query } = parameters;
  const digest = hash('sha256', Buffer.concat([body, Buffer.from(canonicalJson(query))]), 'buffer');
  return digest.subarray(0, DIGEST);
}
