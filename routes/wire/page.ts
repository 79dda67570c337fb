/** Members and header fields of replies that are one page of a list. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'The most members of a page.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        '`next` of the page before. The other parameters must be the same as there; only `limit` may differ.',
    }),
  ),
};

export const next = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  description: '`cursor` of the next page; null on the last page. The field Link has the whole address.',
});

/** Sets `Link: <…>; rel="next"` (RFC 8288 §3.3), relative to the address of the request. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, cursor: string | null): void {
  if (cursor === null) return;
  const [path = '', query = ''] = request.originalUrl.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  reply.header('Link', `<${path}?${parameters.toString()}>; rel="next"`);
}
