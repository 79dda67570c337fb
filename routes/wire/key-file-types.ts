/** Media types and names of files with a private key, and which of them the field Accept prefers. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FileEncoding, FileForm } from '../../src/keys/key-file.ts';
import { withAccept } from './certificate-file.ts';
import { preferredType } from './negotiate.ts';

export interface FileType {
  readonly type: string;
  readonly name: string;
}

const PEM: FileType = { type: 'application/x-pem-file', name: 'key.pem' };
const OCTETS = 'application/octet-stream';
const TRADITIONAL = { pem: PEM, der: { type: OCTETS, name: 'key.der' } };

/** RFC 5958 §7, RFC 8351 §5, RFC 7517 §8.5. */
const TYPES: Readonly<Record<FileForm, Readonly<Partial<Record<FileEncoding, FileType>>>>> = {
  pkcs8: { pem: PEM, der: { type: 'application/pkcs8', name: 'key.p8' } },
  'encrypted-pkcs8': { pem: PEM, der: { type: 'application/pkcs8-encrypted', name: 'key.p8e' } },
  pkcs12: { der: { type: 'application/x-pkcs12', name: 'key.p12' } },
  pkcs1: TRADITIONAL,
  sec1: TRADITIONAL,
  jwk: { json: { type: 'application/jwk+json', name: 'key.jwk' } },
  raw: { binary: { type: OCTETS, name: 'key.bin' }, hex: { type: 'text/plain', name: 'key.hex' } },
};

export const keyFileType = (form: FileForm, encoding: FileEncoding): FileType =>
  TYPES[form][encoding] ?? { type: OCTETS, name: 'key.bin' };

const JSON_TYPE = 'application/json';

/**
 * Returns the encoding of the file that the client prefers to JSON; undefined for JSON. With `encoding` only that one is
 * available. Throws a problem 406.
 */
export function preferredEncoding(
  { headers: { accept } }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { form, encoding }: { readonly form: FileForm; readonly encoding?: FileEncoding | undefined },
): FileEncoding | undefined {
  const files = Object.entries(TYPES[form]).filter(([name]) => encoding === undefined || name === encoding);
  const available = [JSON_TYPE, ...files.map(([, { type }]) => type)];
  const type = preferredType(accept, available);
  reply.header('Vary', withAccept(reply));
  if (type === undefined) reply.refuseAccept(available);
  return files.find(([, file]) => file.type === type)?.[0] as FileEncoding | undefined;
}
