/** Certificates as JSON, PEM or DER, by the field Accept. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodePemString } from '../../src/formats/pem.ts';
import { preferredType } from './negotiate.ts';

/** RFC 8555 §9.1 for a chain; the other name is what file managers use. */
const PEM_TYPES = ['application/pem-certificate-chain', 'application/x-pem-file'] as const;
/** RFC 2585 §4.1: one certificate. */
const DER_TYPE = 'application/pkix-cert';

const ONE = ['application/json', ...PEM_TYPES, DER_TYPE] as const;
const SEVERAL = ['application/json', ...PEM_TYPES] as const;

/** Media types of a reply with one certificate, for the OpenAPI document. */
export const FILE_TYPES: readonly string[] = ONE;

/** Sends the certificates as PEM or DER. Returns false if the client prefers JSON. Throws a problem 406. */
export function sendAsFile(
  { headers: { accept } }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  certificates: readonly Uint8Array[],
  isChain: boolean,
): boolean {
  const available = isChain ? SEVERAL : ONE;
  const type = preferredType(accept, available);
  reply.header('Vary', withAccept(reply));
  if (type === undefined) reply.refuseAccept(available);
  if (type === 'application/json') return false;
  reply.type(type);
  if (type === DER_TYPE) reply.send(certificates[0]);
  else reply.send(certificates.map((der) => encodePemString('CERTIFICATE', der)).join(''));
  return true;
}

/** CORS sets Vary too. */
export function withAccept(reply: FastifyReply): string {
  const others = reply.getHeader('Vary');
  return others === undefined ? 'Accept' : `${String(others)}, Accept`;
}
