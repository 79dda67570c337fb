/** JSON replies with private keys, which never become strings. */

import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { asBuffer } from '../src/base/octets.ts';
import { base64Length, Base64Text, writeBase64 } from '../src/formats/base64.ts';

/** A Uint8Array is a secret, and is sent as a base64 string. Objects and arrays contain public data only. */
export type JsonMember = JsonValue | Base64Text | Uint8Array;
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

export interface SecretFile {
  readonly octets: Uint8Array;
  readonly type: string;
  /** Without characters that a header field must escape. */
  readonly name: string;
}

declare module 'fastify' {
  interface FastifyReply {
    /**
     * Sends an object with these members in this order, with `Cache-Control: no-store`. Takes ownership of each
     * Uint8Array: it is zeroed before this returns. The encoded reply is zeroed once it has been sent.
     */
    sendSecretJson(members: Readonly<Record<string, JsonMember>>): this;
    /** Sends octets, which are zeroed once they have been sent, with `Cache-Control: no-store`. */
    sendSecretFile(file: SecretFile): this;
  }
}

export const replies = fp(
  async (app) => {
    app.decorateReply('sendSecretJson', sendSecretJson);
    app.decorateReply('sendSecretFile', sendSecretFile);
  },
  { name: 'replies' },
);

function sendSecretJson(this: FastifyReply, members: Readonly<Record<string, JsonMember>>): FastifyReply {
  return sendSecret(this, encodeJson(members), 'application/json; charset=utf-8');
}

function sendSecretFile(this: FastifyReply, { octets, type, name }: SecretFile): FastifyReply {
  this.header('Content-Disposition', `attachment; filename="${name}"`);
  return sendSecret(this, asBuffer(octets), type);
}

function sendSecret(reply: FastifyReply, body: Buffer, type: string): FastifyReply {
  // The deadline has passed (plugins/deadline.ts), or the client has left.
  if (reply.raw.destroyed || reply.sent) body.fill(0);
  else reply.raw.once('close', () => body.fill(0));
  return reply.headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache' }).type(type).send(body);
}

/** Encodes into one buffer, so that a secret has no other copy. Zeroes each Uint8Array of `members`. */
export function encodeJson(members: Readonly<Record<string, JsonMember>>): Buffer {
  const fragments = fragmentsOf(members);
  const body = Buffer.allocUnsafeSlow(fragments.reduce((length, part) => length + lengthOf(part), 0));
  let offset = 0;
  for (const fragment of fragments) offset = writeFragment(body, offset, fragment);
  return body;
}

/** JSON text, or the content of a JSON string. */
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

/** Returns the offset of its end. */
function writeFragment(body: Buffer, offset: number, fragment: Fragment): number {
  if (typeof fragment === 'string') return offset + body.write(fragment, offset);
  if (fragment instanceof Base64Text) return offset + body.write(fragment.text, offset, 'latin1');
  const end = writeBase64(body, offset, fragment);
  fragment.fill(0);
  return end;
}
