/**
 * Members that the schema of a route marks `writeOnly` are secret, such as a private key: they never become a string, and
 * are zeroed when the route has answered. The schema judges a text of as many characters in their place.
 */

import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { offHeapCopy } from '../../src/base/octets.ts';
import { openReadBuffer, type ReadBuffer } from '../node-internals/read-buffer.ts';
import { scanJson, type StringMember } from './json-scanner.ts';
import { countCharacters } from './json-fault.ts';
import { unescapeInPlace } from './json-string.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Names of the secret members of the body, where it has such. */
    secretMembers?: ReadonlySet<string>;
  }
  interface FastifyRequest {
    /** Those that came as strings, in UTF-8. */
    secrets: ReadonlyMap<string, Uint8Array> | null;
  }
}

/** To routes that are added from now on. The handler gets octets (`Uint8Array`) for each secret member. */
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
    route.preHandler = [handOver, ...listOf(route.preHandler)];
    route.onSend = [zeroSecrets(overwrite), ...listOf(route.onSend)];
  });
}

/** The schema may be named only (routes/wire/component.ts). */
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

async function handOver({ body, secrets }: FastifyRequest): Promise<void> {
  for (const [name, octets] of secrets ?? []) Reflect.set(body as object, name, octets);
}

/** Nothing is sent before the handler is done, or was given up; and something is sent whatever happens. */
const zeroSecrets =
  (overwriteReadBuffer: () => void) =>
  async ({ raw, secrets }: FastifyRequest, _reply: unknown, payload: unknown): Promise<unknown> => {
    for (const octets of secrets?.values() ?? []) octets.fill(0);
    if (raw.readableDidRead) overwriteReadBuffer();
    // The body of a request that was refused by its header runs out all the same.
    else raw.on('data', (chunk: Buffer) => chunk.fill(0)).once('close', overwriteReadBuffer);
    return payload;
  };

/** Cuts the secret members out of the octets of a body. Throws JsonFault. */
export function extractSecrets(octets: Uint8Array, names: ReadonlySet<string>): Map<string, Uint8Array> {
  const found = scanJson(octets).filter(({ name }) => names.has(name));
  return new Map(found.map((member) => [member.name, cutOut(octets, member)]));
}

const QUOTE = 0x22;
const SPACE = 0x20;
const STAND_IN = 0x2a;

function cutOut(octets: Uint8Array, { start, end }: StringMember): Uint8Array {
  const textEnd = unescapeInPlace(octets, start, end);
  const text = offHeapCopy(octets.subarray(start, textEnd));
  const standInEnd = start + countCharacters(text);
  octets.fill(STAND_IN, start, standInEnd);
  octets.fill(SPACE, standInEnd, end + 1);
  octets[standInEnd] = QUOTE;
  return text;
}
