/** Certificates as JSON, PEM or DER, by the field Accept. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodePemString } from '../../src/formats/pem.ts';
import { preferredType } from './negotiate.ts';

/** RFC 8555 §9.1 for a chain; the other name is what file managers use. */
const PEM_TYPES = ['application/pem-certificate-chain', 'application/x-pem-file'] as const;
/** RFC 2585 §4.1: one certificate. */
const DER_TYPE = 'application/pkix-cert';
const JSON_TYPE = 'application/json';

const ONE = [JSON_TYPE, ...PEM_TYPES, DER_TYPE] as const;
const SEVERAL = [JSON_TYPE, ...PEM_TYPES] as const;

/** Media types of a reply with one certificate, for the OpenAPI document. */
export const FILE_TYPES: readonly string[] = ONE;

type Accepting = Pick<FastifyRequest, 'headers'>;

/** Sends the certificates as PEM or DER. Returns false if the client prefers JSON. Throws a problem 406. */
export function sendAsFile(
  { headers: { accept } }: Accepting,
  reply: FastifyReply,
  certificates: readonly Uint8Array[],
  isChain: boolean,
): boolean {
  const available = isChain ? SEVERAL : ONE;
  const type = preferredType(accept, available);
  if (type === undefined || type === JSON_TYPE) reply.header('Vary', withAccept(reply));
  if (type === undefined) reply.refuseAccept(available);
  return sendFile(reply, type, certificates);
}

/**
 * {@link sendAsFile} for a route of version 1: a client that accepts neither JSON nor a file gets JSON, as in earlier versions.
 * The first certificate alone can be DER.
 */
export const sendIssuedAsFile = (
  { headers: { accept } }: Accepting,
  reply: FastifyReply,
  chain: readonly Uint8Array[],
): boolean => sendFile(reply, preferredType(accept, ONE) ?? JSON_TYPE, chain);

function sendFile(
  reply: FastifyReply,
  type: (typeof ONE)[number],
  certificates: readonly Uint8Array[],
): boolean {
  if (type === JSON_TYPE) return false;
  reply.header('Vary', withAccept(reply));
  reply.type(type).header('Content-Disposition', `attachment; filename="${nameOf(type, certificates)}"`);
  if (type === DER_TYPE) reply.send(certificates[0]);
  else reply.send(certificates.map((der) => encodePemString('CERTIFICATE', der)).join(''));
  return true;
}

/** For `curl -OJ`. */
function nameOf(type: (typeof ONE)[number], { length }: readonly Uint8Array[]): string {
  if (type === DER_TYPE) return 'certificate.cer';
  return length === 1 ? 'certificate.pem' : 'chain.pem';
}

/** CORS sets Vary too. */
export function withAccept(reply: FastifyReply): string {
  const others = reply.getHeader('Vary');
  return others === undefined ? 'Accept' : `${String(others)}, Accept`;
}
