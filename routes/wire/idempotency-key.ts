/** Idempotency-Key: an Item Structured Header, a string (draft-ietf-httpapi-idempotency-key-header-07 §2.1). */

import { hash } from 'node:crypto';
import { Type } from 'typebox';
import type { RepeatableRequest } from '../../src/authorities/idempotency.ts';
import { canonicalJson, type Json } from '../../src/base/canonical-json.ts';
import { PkiError } from '../../src/base/errors.ts';

/** RFC 9651 §3.3.3: printable ASCII between quotes, with backslashes before quotes and backslashes. */
const KEY = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/;

export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 600,
      description:
        'Makes a repeated request safe: the service returns the result of the first one. A new random value for each new ' +
        'request, 1 to 255 characters between double quotes.',
      examples: ['"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
    }),
  ),
});

/** `route` has the method and the path with its ids. Returns undefined without a key. Throws PkiError. */
export function repeatableRequest(
  headers: { readonly 'idempotency-key'?: string | undefined },
  route: string,
  body: object,
): RepeatableRequest | undefined {
  const field = headers['idempotency-key'];
  if (field === undefined) return undefined;
  const key = KEY.exec(field)?.[1];
  if (key === undefined)
    throw new PkiError(
      'invalid-idempotency-key',
      'The Idempotency-Key must be 1 to 255 characters between double quotes, for example "8e03978e-40d5"',
    );
  return { key, route, requestDigest: hash('sha256', canonicalJson(body as Json), 'buffer') };
}
