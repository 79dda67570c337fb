/** The deployment as a client reaches it. Each request has its own connection, with a timeout. */

import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';

export interface Target {
  /** The address of the service, with its `BASE_PATH` and without a final slash. */
  readonly url: URL;
  /** PEM certificate of the CA of the deployment, if Node.js does not trust this CA already. */
  readonly ca: string | undefined;
  /** An API key. It is only sent to a deployment with a valid certificate, and never printed. */
  readonly key: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** By name in lower case. A repeated field has several values. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Deployment extends Target {
  /** Rejects if there is no reply. */
  readonly ask: (path: string, ask?: Ask) => Promise<Answer>;
}

/** A request with this field is only sent over a connection with a valid certificate. */
export const KEY_FIELD = 'X-API-Key';

/** In octets. A certificate with its keys has a sixth of it. */
const LONGEST_ANSWER = 262_144;

/**
 * `signal` aborts open requests. One check validates the certificate of the server; the other checks continue with an
 * invalid one.
 */
export function deploymentAt(target: Target, signal: AbortSignal): Deployment {
  const ask: Deployment['ask'] = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const { url, ca } = target;
      const options: RequestOptions = { method, headers: { ...headers }, agent: false, signal };
      const to = new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url);
      const call =
        url.protocol === 'https:'
          ? secureRequest(to, { ...options, ca, rejectUnauthorized: KEY_FIELD in headers })
          : plainRequest(to, options);
      call.on('error', reject);
      call.on('response', (reply) => void readAnswer(reply).then(resolve, reject));
      call.end(body);
    });
  return { ...target, ask };
}

async function readAnswer(reply: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) break;
    chunks.push(chunk);
  }
  return { status: reply.statusCode ?? 0, fields: fieldsOf(reply), body: Buffer.concat(chunks).toString() };
}

const fieldsOf = ({ headersDistinct }: IncomingMessage): Answer['fields'] =>
  new Map(Object.entries(headersDistinct).map(([name, values]) => [name, values ?? []]));

/** Returns the value of a field; undefined if it is absent. */
export const fieldOf = ({ fields }: Answer, name: string): string | undefined => fields.get(name)?.join(', ');

/** Returns the members of a JSON object; none if the body is anything else. */
export function membersOf({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Returns the host for a connection. In a URL an IPv6 address is in brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** Returns the name for SNI, which must not be an address (RFC 6066 §3). */
export const serverNameOf = (url: URL): string | undefined =>
  isIP(hostOf(url)) === 0 ? hostOf(url) : undefined;

export const isThisMachine = (url: URL): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(hostOf(url));
