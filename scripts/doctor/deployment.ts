/** The deployment as a client meets it: each request on a connection of its own, with a limit of time. */

import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';

export interface Target {
  /** Where the service is, with its `BASE_PATH` and without a slash at the end. */
  readonly url: URL;
  /** PEM of the authority of its certificate, where Node.js does not trust it of its own. */
  readonly ca: string | undefined;
  /** An API key: sent to a deployment only whose certificate holds, and never printed. */
  readonly key: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** By name in small letters; a field that stands there twice has two values. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Deployment extends Target {
  /** Rejects where there is no answer. */
  readonly ask: (path: string, ask?: Ask) => Promise<Answer>;
}

/** What it stands in is sent over a connection only whose certificate holds. */
export const KEY_FIELD = 'X-API-Key';

/** Of an answer, in octets: a certificate with its keys is a sixth of it. */
const LONGEST_ANSWER = 262_144;

/** `signal` ends what is under way. Whether the certificate of the server holds is for one check to say; the others go on. */
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

/** The value of a field; undefined where it is not there. */
export const fieldOf = ({ fields }: Answer, name: string): string | undefined => fields.get(name)?.join(', ');

/** The members of a JSON object; none where the body is anything else. */
export function membersOf({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** What a name is looked up as: an address of IPv6 stands in brackets in a URL. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** A field of SNI has names only (RFC 6066 §3). */
export const serverNameOf = (url: URL): string | undefined =>
  isIP(hostOf(url)) === 0 ? hostOf(url) : undefined;

export const isThisMachine = (url: URL): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(hostOf(url));
