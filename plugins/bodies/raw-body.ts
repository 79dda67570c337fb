/** Bodies that are a file, such as a CSR in DER, in place of a JSON object with the file as a member. */

import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { UNSUPPORTED_MEDIA_TYPE } from '../errors/problem-of.ts';
import { ProblemError } from '../errors/problem.ts';
import { readOctets } from './body-octets.ts';
import { rejectContentCoding } from './content-coding.ts';

export interface RawBody {
  /** The member of the JSON body that the file stands for. */
  readonly member: string;
  /** Media types, lower case. */
  readonly types: readonly string[];
}

/** Returns the JSON body with the file as its only member: octets for a secret member, otherwise base64. */
export async function readRaw(request: FastifyRequest, payload: IncomingMessage): Promise<unknown> {
  const { rawBody, secretMembers } = request.routeOptions.config;
  if (rawBody === undefined || !rawBody.types.includes(typeOf(request)))
    throw new ProblemError(UNSUPPORTED_MEDIA_TYPE);
  rejectContentCoding(request);
  const octets = await readOctets(request, payload);
  const { member } = rawBody;
  if (secretMembers?.has(member) !== true) return { [member]: base64Of(octets) };
  request.secrets = new Map([[member, octets]]);
  // The schema validates a placeholder (secret-members.ts)
  return { [member]: octets.length === 0 ? '' : '*' };
}

/** The file can be a key by mistake. */
function base64Of(octets: Buffer): string {
  try {
    return octets.toString('base64');
  } finally {
    octets.fill(0);
  }
}

const typeOf = ({ headers }: FastifyRequest): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
