/** Bodies are JSON in UTF-8 (RFC 8259) or absent; nothing else is read. A form, which any page can send, is refused. */

import type { FastifyBodyParser, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { UNSUPPORTED_MEDIA_TYPE } from '../errors/problem-of.ts';
import { ProblemError } from '../errors/problem.ts';
import { jsonFault } from './json-fault.ts';

export const jsonBody = fp(
  async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, readJson);
    app.addHook('preValidation', async (request) => {
      if (request.body === undefined && request.routeOptions.schema?.body !== undefined) request.body = {};
    });
  },
  { name: 'json-body', dependencies: ['errors'] },
);

const readJson: FastifyBodyParser<Buffer> = async (
  request: FastifyRequest,
  bytes: Buffer,
): Promise<unknown> => {
  refuseEncodings(request);
  return bytes.length === 0 ? undefined : parsed(decoded(bytes));
};

/** No charset but UTF-8 (RFC 8259 §8.1), and no content coding (RFC 9110 §15.5.16). */
function refuseEncodings({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw new ProblemError(UNSUPPORTED_MEDIA_TYPE);
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() === 'identity') return;
  throw new ProblemError({
    code: 'unsupported-media-type',
    detail: 'The body must be sent without Content-Encoding',
    headers: { 'Accept-Encoding': 'identity' },
  });
}

/** A byte order mark stays, so that the JSON is refused (RFC 8259 §8.1). */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProblemError({ code: 'invalid-json', detail: 'The body is not valid UTF-8' });
  }
}

function parsed(text: string): unknown {
  const fault = jsonFault(text);
  if (fault !== undefined) throw new ProblemError({ code: 'invalid-json', detail: fault });
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError({ code: 'invalid-json', detail: 'The body is not valid JSON' });
  }
}
