/** From the members of an order to its key and names. */

import type { Static } from 'typebox';
import { PkiError } from '../../src/base/errors.ts';
import type { KeySource, OrderContent, Predecessor } from '../../src/authorities/order.ts';
import type { NotedReading, Reading } from '../../src/formats/reading.ts';
import { decodePublicKey, decodeRequest, decodeSan, decodeSubject } from '../wire/decode.ts';
import { decodeOptions } from '../wire/decode-options.ts';
import { DEFAULTS } from '../wire/fields.ts';
import type { OrderRequest } from './order-schema.ts';

export type OrderBody = Static<typeof OrderRequest.ref>;

type Member = keyof OrderBody;

const NAMES_AND_PROFILE: readonly Member[] = [
  'subject',
  'san',
  'profile',
  'is_ca',
  'key_usage',
  'extended_key_usage',
];

/** For each member that decides the key or the names: the members that it excludes, with the reason. */
const EXCLUDED: readonly (readonly [member: Member, reason: string, ...excluded: readonly Member[]])[] = [
  ['renew', 'keeps the key', 'csr', 'public_key', 'key_algorithm', 'key_format', 'rekey'],
  ['renew', 'keeps the names and the profile', ...NAMES_AND_PROFILE],
  ['rekey', 'keeps the names and the profile', ...NAMES_AND_PROFILE],
  ['csr', 'has a subject of its own', 'subject'],
  ['csr', 'has a key of its own', 'public_key', 'key_algorithm', 'key_format'],
  ['public_key', 'is the key', 'key_algorithm', 'key_format'],
];

const isGiven = (body: OrderBody, member: Member): boolean =>
  body[member] !== undefined && body[member] !== null;

/** In the domain the profile can also be from `is_ca` (routes/wire/pointers.ts). */
const pathOf = (member: Member): readonly string[] => (member === 'profile' ? ['profile', 'name'] : [member]);

/** Throws PkiError invalid-order. */
export function checkOrder(body: OrderBody): void {
  for (const [member, reason, ...excluded] of EXCLUDED) {
    const other = isGiven(body, member) ? excluded.find((name) => isGiven(body, name)) : undefined;
    if (other !== undefined)
      throw new PkiError('invalid-order', `It is not allowed with ${member}, which ${reason}`, pathOf(other));
  }
}

export function predecessorOf({ renew, rekey }: OrderBody): Predecessor | undefined {
  if (renew !== undefined) return { way: 'renew', certificateId: renew };
  return rekey === undefined ? undefined : { way: 'rekey', certificateId: rekey };
}

/** Throws PkiError at the member. */
export function decodeOrder(body: OrderBody, reading: NotedReading): OrderContent {
  const key = keyOf(body, reading);
  const addedNames = decodeSan(body);
  const hasNames = key.from === 'csr' || predecessorOf(body) !== undefined;
  return {
    key,
    names: hasNames ? undefined : { subject: decodeSubject(body.subject), subjectAltNames: addedNames },
    addedNames,
    allowUnderscore: body.dns_underscore,
    options: decodeOptions({ ...body, profile: undefined }),
    reading,
  };
}

function keyOf(
  { csr, public_key, renew, key_algorithm = DEFAULTS.securityLevel }: OrderBody,
  reading: Reading,
): KeySource {
  if (csr !== undefined) return { from: 'csr', request: decodeRequest('csr', csr, reading.at('request')) };
  if (public_key !== undefined)
    return { from: 'public-key', publicKey: decodePublicKey(public_key, reading) };
  return renew === undefined ? { from: 'new-key', algorithm: key_algorithm } : { from: 'predecessor' };
}
