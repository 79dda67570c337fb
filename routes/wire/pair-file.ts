/**
 * A hybrid pair as one file in place of JSON, where the field Accept prefers one: PEM with both keys, or a ZIP archive with the
 * names of `bundle`. Another Accept gets JSON, as in earlier versions.
 */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { systemClock } from '../../src/base/clock.ts';
import { concat } from '../../src/formats/der/writer.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { writeZip, type ZipEntry } from '../../src/formats/zip.ts';
import type { KeyFormat, KeyPair } from '../../src/keys/key.ts';
import { withAccept } from './certificate-file.ts';
import { DEFAULTS } from './fields.ts';
import { preferredType } from './negotiate.ts';

const JSON_TYPE = 'application/json';
const PEM_FILE = 'application/x-pem-file';
const ZIP = 'application/zip';

interface Half {
  readonly key: KeyPair;
  /** The certificate or CSR of the key, DER. */
  readonly der: Uint8Array;
}

export interface PairFile {
  /** ML-DSA first. */
  readonly halves: readonly [Half, Half];
  /** Of ML-DSA keys. */
  readonly format: KeyFormat | undefined;
  readonly label: PemLabel;
  /** Of a member of the archive and of the files themselves, each without its ending. */
  readonly names: { readonly member: string; readonly pem: string; readonly zip: string };
}

type Accepting = Pick<FastifyRequest, 'headers'>;

/** Whether a file was sent. */
export async function sendPairAsFile(
  { headers: { accept } }: Accepting,
  reply: FastifyReply,
  pair: PairFile,
): Promise<boolean> {
  const type = preferredType(accept, [JSON_TYPE, PEM_FILE, ZIP]) ?? JSON_TYPE;
  if (type === JSON_TYPE) return false;
  const entries = await entriesOf(pair);
  const contents = entries.map(({ content }) => content);
  const octets = type === ZIP ? writeZip(entries, systemClock()) : concat(contents);
  for (const content of contents) content.fill(0);
  const { names } = pair;
  reply.header('Vary', withAccept(reply));
  reply.sendSecretFile({ octets, type, name: type === ZIP ? `${names.zip}.zip` : `${names.pem}.pem` });
  return true;
}

/** Key and certificate of the first half, then of the second. */
async function entriesOf({ halves, ...pair }: PairFile): Promise<readonly ZipEntry[]> {
  const entries: ZipEntry[] = [];
  for (const half of halves) entries.push(...(await entriesOfHalf(half, pair)));
  return entries;
}

async function entriesOfHalf(
  { key, der }: Half,
  { format = DEFAULTS.keyFormat, label, names }: Omit<PairFile, 'halves'>,
): Promise<readonly ZipEntry[]> {
  const { family } = key.publicKey;
  const pkcs8 = await key.exportPkcs8(format);
  const pem = encodePem('PRIVATE KEY', pkcs8);
  pkcs8.fill(0);
  return [
    { name: `privkey-${family}.pem`, content: pem, isSecret: true },
    { name: `${names.member}-${family}.pem`, content: encodePem(label, der), isSecret: false },
  ];
}
