/**
 * Members that the schema of a route marks as `writeOnly` are secret, such as a private key. They never become a string,
 * and are zeroed when the route replies. The schema validates a placeholder with the same number of characters.
 */

import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { offHeapCopy } from '../../src/base/octets.ts';
import { openReadBuffer, type ReadBuffer } from '../node-internals/read-buffer.ts';
import { scanJson, type StringMember } from '../../src/base/json/scanner.ts';
import { countCharacters } from '../../src/base/json/fault.ts';
import { unescapeInPlace } from '../../src/base/json/string.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Names of the secret members of the body, if it has any. */
    secretMembers?: ReadonlySet<string>;
  }
  interface FastifyRequest {
    /** The secret members that are strings, in UTF-8. */
    secrets: ReadonlyMap<string, Uint8Array> | null;
  }
}

/** Applies to routes that are added later. Their handlers get a `Uint8Array` for each secret member. */
export function markSecretMembers(app: FastifyInstance): void {
  let readBuffer: ReadBuffer | undefined;
  const overwrite = (): void => readBuffer?.overwrite();
  app.addHook('onListen', async () => {
    readBuffer = await openReadBuffer();
  });
  app.addHook('onClose', async () => readBuffer?.close());
  app.decorateRequest('secrets', null);
  app.addHook('onRoute', function (route) {
    const secretMembers = secretMembersOf(bodySchemaOf(this, route));
    if (secretMembers.size === 0) return;
    route.config = { ...route.config, secretMembers };
    route.preHandler = [injectSecrets, ...listOf(route.preHandler)];
    route.onSend = [zeroSecrets(overwrite), ...listOf(route.onSend)];
  });
}

/** The schema may be a reference (routes/wire/component.ts). */
function bodySchemaOf(app: FastifyInstance, { schema }: RouteOptions): unknown {
  const body = schema?.body;
  const reference = memberOf(body, '$ref');
  return typeof reference === 'string' ? app.getSchema(reference.replace(/#$/, '')) : body;
}

const secretMembersOf = (schema: unknown): ReadonlySet<string> =>
  new Set(
    Object.entries(memberOf(schema, 'properties') ?? {})
      .filter(([, member]) => memberOf(member, 'writeOnly') === true)
      .map(([name]) => name),
  );

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const listOf = <T>(hooks: T | T[] | undefined): T[] =>
  hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks];

async function injectSecrets({ body, secrets }: FastifyRequest): Promise<void> {
  for (const [name, octets] of secrets ?? []) Reflect.set(body as object, name, octets);
}

/** A reply is always sent, and not before the handler has returned or timed out. */
const zeroSecrets =
  (overwriteReadBuffer: () => void) =>
  async ({ raw, secrets }: FastifyRequest, _reply: unknown, payload: unknown): Promise<unknown> => {
    for (const octets of secrets?.values() ?? []) octets.fill(0);
    if (raw.readableDidRead) overwriteReadBuffer();
    // The request was rejected before its body was read, and its body still arrives.
    else raw.on('data', (chunk: Buffer) => chunk.fill(0)).once('close', overwriteReadBuffer);
    return payload;
  };

/** Replaces the secret members in a body by placeholders, and returns them. Throws JsonFault. */
export function extractSecrets(octets: Uint8Array, names: ReadonlySet<string>): Map<string, Uint8Array> {
  const found = scanJson(octets).filter(({ name }) => names.has(name));
  return new Map(found.map((member) => [member.name, extract(octets, member)]));
}

const QUOTE = 0x22;
const SPACE = 0x20;
const PLACEHOLDER = 0x2a;

function extract(octets: Uint8Array, { start, end }: StringMember): Uint8Array {
  const textEnd = unescapeInPlace(octets, start, end);
  const text = offHeapCopy(octets.subarray(start, textEnd));
  const placeholderEnd = start + countCharacters(text);
  octets.fill(PLACEHOLDER, start, placeholderEnd);
  octets.fill(SPACE, placeholderEnd, end + 1);
  octets[placeholderEnd] = QUOTE;
  return text;
}
