/**
 * The bodies of requests. A route tree declares the media types that it accepts; without a declaration there is none, so
 * that forms are rejected, which any web page can send.
 */

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { UNSUPPORTED_MEDIA_TYPE } from '../errors/problem-of.ts';
import { ProblemError } from '../errors/problem.ts';
import { readOctets } from './body-octets.ts';
import { utf8Text } from './encoding.ts';
import { rejectContentCoding } from './content-coding.ts';
import { readRaw, type RawBody } from './raw-body.ts';
import { JsonFault } from '../../src/base/json/fault.ts';
import { markSecretMembers, extractSecrets } from './secret-members.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Lets the routes of this instance accept JSON in UTF-8 (RFC 8259). */
    acceptJson(): void;
    /** Lets the routes with `rawBody` accept bodies of these media types. */
    acceptRaw(types: readonly string[]): void;
    /** Lets them accept this media type, as the octets that were received, and no other. */
    acceptOctets(mediaType: string): void;
  }
  interface FastifyContextConfig {
    rawBody?: RawBody;
  }
}

export const bodies = fp(
  async (app) => {
    markSecretMembers(app);
    app.removeAllContentTypeParsers();
    app.decorate('acceptJson', acceptJson);
    app.decorate('acceptRaw', acceptRaw);
    app.decorate('acceptOctets', acceptOctets);
    app.addHook('preValidation', (request, _reply, done) => {
      if (request.body === undefined && request.routeOptions.schema?.body !== undefined) request.body = {};
      done();
    });
  },
  { name: 'bodies', dependencies: ['errors'] },
);

function acceptJson(this: FastifyInstance): void {
  this.addContentTypeParser('application/json', readJson);
}

function acceptRaw(this: FastifyInstance, types: readonly string[]): void {
  this.addContentTypeParser([...types], readRaw);
}

function acceptOctets(this: FastifyInstance, mediaType: string): void {
  this.removeAllContentTypeParsers();
  this.addContentTypeParser(mediaType, readOctets);
}

async function readJson(request: FastifyRequest, payload: IncomingMessage): Promise<unknown> {
  const octets = await readOctets(request, payload);
  try {
    rejectEncodings(request);
    const text = utf8Text(octets);
    return text.length === 0 ? undefined : parsed(request, text);
  } catch (error) {
    throw error instanceof JsonFault
      ? new ProblemError({ code: 'invalid-json', detail: error.message })
      : error;
  } finally {
    octets.fill(0);
  }
}

/** UTF-8 is the only charset (RFC 8259 §8.1). */
function rejectEncodings(request: FastifyRequest): void {
  const type = request.headers['content-type'] ?? '';
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw new ProblemError(UNSUPPORTED_MEDIA_TYPE);
  rejectContentCoding(request);
}
const NONE: ReadonlySet<string> = new Set();

/** `octets` must be UTF-8. */
function parsed(request: FastifyRequest, octets: Buffer): unknown {
  const { secretMembers = NONE, secretObjects } = request.routeOptions.config;
  request.secrets = extractSecrets(octets, secretMembers, secretObjects);
  try {
    return JSON.parse(octets.toString());
  } catch {
    // The scanner accepts nothing that JSON.parse rejects. If it did, the error of JSON.parse would show the text.
    throw new JsonFault('The body is not valid JSON');
  }
}
