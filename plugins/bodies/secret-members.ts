/**
 * Members that the schema of a route marks as `writeOnly` are secret, such as a private key. They never become a string,
 * and are zeroed when the route replies. The schema validates a placeholder with the same number of characters. A secret
 * member that can also be an object, such as a JWK, is its JSON text.
 */

import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { offHeapCopy } from '../../src/base/octets.ts';
import { openReadBuffer, type ReadBuffer } from '../node-internals/read-buffer.ts';
import { scanJson, type TextMember } from '../../src/base/json/scanner.ts';
import { countCharacters } from '../../src/base/json/fault.ts';
import { unescapeInPlace } from '../../src/base/json/string.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Names of the secret members of the body, if it has any. */
    secretMembers?: ReadonlySet<string>;
    /** Those of them that can be an object. */
    secretObjects?: ReadonlySet<string>;
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
    if (secretMembers.length === 0) return;
    route.config = {
      ...route.config,
      secretMembers: namesOf(secretMembers),
      secretObjects: namesOf(secretMembers.filter(([, member]) => typesOf(member).includes('object'))),
    };
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

const secretMembersOf = (schema: unknown): readonly [name: string, member: unknown][] =>
  Object.entries(memberOf(schema, 'properties') ?? {}).filter(
    ([, member]) => memberOf(member, 'writeOnly') === true,
  );

const namesOf = (members: readonly [name: string, member: unknown][]): ReadonlySet<string> =>
  new Set(members.map(([name]) => name));

const typesOf = (schema: unknown): readonly unknown[] => [memberOf(schema, 'type')].flat();

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
export function extractSecrets(
  octets: Uint8Array,
  names: ReadonlySet<string>,
  objects: ReadonlySet<string> = NONE,
): Map<string, Uint8Array> {
  const found = scanJson(octets).filter(({ name, isObject }) => (isObject ? objects : names).has(name));
  return new Map(found.map((member) => [member.name, extract(octets, member)]));
}

const NONE: ReadonlySet<string> = new Set();

const QUOTE = 0x22;
const SPACE = 0x20;
const PLACEHOLDER = 0x2a;

function extract(octets: Uint8Array, { start, end, isObject }: TextMember): Uint8Array {
  if (isObject) return extractObject(octets, start, end);
  const textEnd = unescapeInPlace(octets, start, end);
  const text = offHeapCopy(octets.subarray(start, textEnd));
  const placeholderEnd = start + countCharacters(text);
  octets.fill(PLACEHOLDER, start, placeholderEnd);
  octets.fill(SPACE, placeholderEnd, end + 1);
  octets[placeholderEnd] = QUOTE;
  return text;
}

/** The placeholder is a string as long as the object. */
function extractObject(octets: Uint8Array, start: number, end: number): Uint8Array {
  const text = offHeapCopy(octets.subarray(start, end));
  octets.fill(PLACEHOLDER, start, end);
  octets[start] = QUOTE;
  octets[end - 1] = QUOTE;
  return text;
}
