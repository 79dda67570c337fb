/** Replies in JSON that hold private keys, which never become strings. */

import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { base64Length, Base64Text, writeBase64 } from '../src/formats/base64.ts';

/** Octets are a secret, and are sent as a string of base64. Objects and arrays hold public data only. */
export type JsonMember = JsonValue | Base64Text | Uint8Array;
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

declare module 'fastify' {
  interface FastifyReply {
    /**
     * Sends an object with these members, in their order, which nobody on the way may store. Takes the octets over:
     * they are zeroed before this returns, and what was sent is zeroed when it has left.
     */
    sendJson(members: Readonly<Record<string, JsonMember>>): this;
  }
}

export const replies = fp(
  async (app) => {
    app.decorateReply('sendJson', sendJson);
  },
  { name: 'json-reply' },
);

function sendJson(this: FastifyReply, members: Readonly<Record<string, JsonMember>>): FastifyReply {
  const body = encodeJson(members);
  // Who was given up (plugins/deadline.ts) or has left gets nothing.
  if (this.raw.destroyed || this.sent) body.fill(0);
  else this.raw.once('close', () => body.fill(0));
  return this.headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    .type('application/json; charset=utf-8')
    .send(body);
}

/** In one buffer, so that nothing else holds a secret; the octets of `members` are zeroed. */
export function encodeJson(members: Readonly<Record<string, JsonMember>>): Buffer {
  const fragments = fragmentsOf(members);
  const body = Buffer.allocUnsafeSlow(fragments.reduce((length, part) => length + lengthOf(part), 0));
  let offset = 0;
  for (const fragment of fragments) offset = writeFragment(body, offset, fragment);
  return body;
}

/** JSON text as it stands, and what stands between quotation marks of it. */
type Fragment = string | Base64Text | Uint8Array;

function fragmentsOf(members: Readonly<Record<string, JsonMember>>): Fragment[] {
  const fragments: Fragment[] = [];
  let text = '{';
  for (const [name, value] of Object.entries(members)) {
    if (text !== '{') text += ',';
    text += `${JSON.stringify(name)}:`;
    if (value instanceof Uint8Array || value instanceof Base64Text) {
      fragments.push(`${text}"`, value);
      text = '"';
    } else {
      text += JSON.stringify(value);
    }
  }
  return [...fragments, `${text}}`];
}

function lengthOf(fragment: Fragment): number {
  if (typeof fragment === 'string') return Buffer.byteLength(fragment);
  return fragment instanceof Base64Text ? fragment.text.length : base64Length(fragment.length);
}

/** Answers where it ends. */
function writeFragment(body: Buffer, offset: number, fragment: Fragment): number {
  if (typeof fragment === 'string') return offset + body.write(fragment, offset);
  if (fragment instanceof Base64Text) return offset + body.write(fragment.text, offset, 'latin1');
  const end = writeBase64(body, offset, fragment);
  fragment.fill(0);
  return end;
}
