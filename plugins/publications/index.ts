/** Replies with what is published for relying parties and caches: conditional requests and the fields for caches. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { inSlices } from './slices.ts';

/** Octets that never change, under a name of their own. */
export interface Publication {
  readonly type: string;
  readonly octets: Uint8Array;
  /** Identifies the octets: the entity tag without its quotes. */
  readonly tag: string;
  readonly lastModified: Date;
  /** How long a cache may keep it, in seconds. */
  readonly maxAge: number;
}

declare module 'fastify' {
  interface FastifyReply {
    /** Sends it, or 304 to a client that has it already (RFC 9110 §13). */
    sendPublication(publication: Publication): FastifyReply;
  }
}

export const publications = fp(
  async (app) => {
    app.decorateReply('sendPublication', sendPublication);
  },
  { name: 'publications', dependencies: ['headers'] },
);

function sendPublication(this: FastifyReply, publication: Publication): FastifyReply {
  const { type, octets, lastModified, maxAge } = publication;
  const etag = `"${publication.tag}"`;
  this.headers({
    ETag: etag,
    'Last-Modified': lastModified.toUTCString(),
    // What is signed must not be changed on the way
    'Cache-Control': `public, max-age=${Math.max(0, Math.floor(maxAge))}, no-transform`,
  });
  if (isKnown(this.request, etag, lastModified)) return this.code(304).send();
  this.type(type).header('Content-Length', octets.length);
  return this.send(this.request.method === 'HEAD' ? octets : inSlices(octets));
}

/** RFC 9110 §13.2.2: If-None-Match decides, and If-Modified-Since only without it. */
function isKnown({ headers }: FastifyRequest, etag: string, lastModified: Date): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined)
    return tags.split(',').some((item) => [etag, `W/${etag}`, '*'].includes(item.trim()));
  const since = headers['if-modified-since'];
  return since !== undefined && wholeSeconds(lastModified) <= Date.parse(since);
}

/** The resolution of an HTTP date. */
const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000;
