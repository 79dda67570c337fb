/** Requests to the deployment, each on a new connection and with a timeout. */

import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';

export interface Target {
  /** The address of the service with its `BASE_PATH`. */
  readonly url: URL;
  /** The CA certificate of the service in PEM, if Node.js does not trust that CA. */
  readonly ca: string | undefined;
  /** An API key. It is sent only if the certificate of the deployment is valid, and it is never printed. */
  readonly key: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** By name in lower case. A field that occurs twice has two values. */
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

/** A request with this field is sent only if the certificate is valid. */
export const KEY_FIELD = 'X-API-Key';

/** Of a reply, in bytes: three times as much as the OpenAPI document. */
const MAX_REPLY_LENGTH = 1_048_576;

/** `signal` aborts requests in progress. Only one check reports an invalid certificate; the others ignore it. */
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
    if (length > MAX_REPLY_LENGTH) break;
    chunks.push(chunk);
  }
  return { status: reply.statusCode ?? 0, fields: fieldsOf(reply), body: Buffer.concat(chunks).toString() };
}

const fieldsOf = ({ headersDistinct }: IncomingMessage): Answer['fields'] =>
  new Map(Object.entries(headersDistinct).map(([name, values]) => [name, values ?? []]));

/** The value of a header field; undefined if it is absent. */
export const fieldOf = ({ fields }: Answer, name: string): string | undefined => fields.get(name)?.join(', ');

/** The members of a JSON object; none if the body is something else. */
export function membersOf({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The host without the brackets of an IPv6 address. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** SNI contains names only, no addresses (RFC 6066 §3). */
export const serverNameOf = (url: URL): string | undefined =>
  isIP(hostOf(url)) === 0 ? hostOf(url) : undefined;

/** A service for development: it is on this machine, without TLS, and its operator has no key for it. */
export const isDevelopment = ({ url, key }: Target): boolean =>
  url.protocol === 'http:' && key === undefined && isThisMachine(url);

export const isThisMachine = (url: URL): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(hostOf(url));
