/**
 * New keys as a file in place of JSON, where the field Accept prefers one. The file has the private key, which is returned this
 * once, so media types that have no place for it are not available. Another Accept gets JSON, as in earlier versions.
 */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { concat } from '../../src/formats/der/writer.ts';
import type { KeyFormat, KeyPair } from '../../src/keys/key.ts';
import { withAccept } from './certificate-file.ts';
import { DEFAULTS } from './fields.ts';
import { preferredType } from './negotiate.ts';

const PEM_FILE = 'application/x-pem-file';
const PKCS8 = 'application/pkcs8';
const JSON_TYPE = 'application/json';

export interface KeyFileReply {
  readonly key: KeyPair;
  readonly format: KeyFormat | undefined;
  /** What follows the key in PEM: DER with its label. */
  readonly more: readonly (readonly [label: PemLabel, der: Uint8Array])[];
  /** Of the file in PEM, without its ending. */
  readonly name: string;
}

type Accepting = Pick<FastifyRequest, 'headers'>;

/** Whether a file was sent. A key without anything else can be DER too. */
export async function sendKeyAsFile(
  { headers: { accept } }: Accepting,
  reply: FastifyReply,
  { key, format = DEFAULTS.keyFormat, more, name }: KeyFileReply,
): Promise<boolean> {
  const types = more.length === 0 ? [PEM_FILE, PKCS8] : [PEM_FILE];
  const type = preferredType(accept, [JSON_TYPE, ...types]) ?? JSON_TYPE;
  if (type === JSON_TYPE) return false;
  const pkcs8 = await key.exportPkcs8(format);
  reply.header('Vary', withAccept(reply));
  if (type === PKCS8) {
    reply.sendSecretFile({ octets: pkcs8, type, name: `${name}.p8` });
    return true;
  }
  const pem = encodePem('PRIVATE KEY', pkcs8);
  pkcs8.fill(0);
  const octets = concat([pem, ...more.map(([label, der]) => encodePem(label, der))]);
  pem.fill(0);
  reply.sendSecretFile({ octets, type, name: `${name}.pem` });
  return true;
}
