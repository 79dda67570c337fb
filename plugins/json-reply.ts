/** Replies in JSON that hold PEM texts, private keys among them, which never become strings. */

import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { encodeBase64 } from '../src/formats/base64.ts';

/** Octets are sent as a string of base64. */
export type JsonMember = string | number | boolean | null | readonly string[] | Uint8Array;

declare module 'fastify' {
  interface FastifyReply {
    /**
     * Sends an object with these members, in their order, which nobody on the way may store. Takes the octets over:
     * they are zeroed before this returns, and what was sent is zeroed when it has left.
     */
    sendJson(members: Readonly<Record<string, JsonMember>>): this;
  }
}

export const jsonReply = fp(
  async (app) => {
    app.decorateReply('sendJson', sendJson);
  },
  { name: 'json-reply' },
);

function sendJson(this: FastifyReply, members: Readonly<Record<string, JsonMember>>): FastifyReply {
  const body = encodeObject(members);
  if (this.raw.destroyed) body.fill(0);
  else this.raw.once('close', () => body.fill(0));
  return this.headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    .type('application/json; charset=utf-8')
    .send(body);
}

function encodeObject(members: Readonly<Record<string, JsonMember>>): Buffer {
  const parts = Object.entries(members).flatMap(([name, value], i) => [
    text(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`),
    ...encodeMember(value),
  ]);
  parts.push(text(parts.length === 0 ? '{}' : '}'));
  const body = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  return body;
}

const encoder = new TextEncoder();
const text = (string: string): Uint8Array => encoder.encode(string);

function encodeMember(value: JsonMember): readonly Uint8Array[] {
  if (!(value instanceof Uint8Array)) return [text(JSON.stringify(value))];
  const encoded = encodeBase64(value);
  value.fill(0);
  return [text('"'), encoded, text('"')];
}
