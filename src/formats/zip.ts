/**
 * Writes a ZIP archive without compression (PKWARE APPNOTE 6.3.10 §4.3). The names are ASCII, and the modes are those of
 * Unix: a private key is for its owner only.
 */

import { crc32 } from 'node:zlib';
import { concat } from './der/writer.ts';

export interface ZipEntry {
  readonly name: string;
  /** Stays the caller's to zero. */
  readonly content: Uint8Array;
  /** Whether only the owner may read the file. */
  readonly isSecret: boolean;
}

const encoder = new TextEncoder();

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** §4.4.3: 1.0, the default. */
const VERSION = 10;
/** §4.4.2: the attributes are those of Unix. */
const MADE_BY_UNIX = (3 << 8) | VERSION;

/** Returns a new archive, which the caller zeroes when an entry is secret. The time is that of UTC. */
export function writeZip(entries: readonly ZipEntry[], time: Date): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const common = commonFields(entry, time);
    const local = concat([uint32(LOCAL_HEADER), common, encoder.encode(entry.name), entry.content]);
    directory.push(centralHeader(entry, common, offset));
    locals.push(local);
    offset += local.length;
  }
  const central = concat(directory);
  const archive = concat([...locals, central, endOfDirectory(entries.length, central.length, offset)]);
  for (const local of locals) local.fill(0);
  return archive;
}

/** §4.3.7: from the version that is needed to the length of the extra field. */
const commonFields = ({ name, content }: ZipEntry, time: Date): Uint8Array =>
  concat([
    uint16(VERSION),
    uint16(0),
    uint16(0),
    dosTime(time),
    uint32(crc32(content)),
    uint32(content.length),
    uint32(content.length),
    uint16(name.length),
    uint16(0),
  ]);

/** §4.3.12. */
const centralHeader = ({ name, isSecret }: ZipEntry, common: Uint8Array, offset: number): Uint8Array =>
  concat([
    uint32(CENTRAL_HEADER),
    uint16(MADE_BY_UNIX),
    common,
    // No comment, the first disk, no internal attributes
    new Uint8Array(6),
    uint16(0),
    uint16(isSecret ? 0o100600 : 0o100644),
    uint32(offset),
    encoder.encode(name),
  ]);

/** §4.3.16. */
const endOfDirectory = (count: number, length: number, offset: number): Uint8Array =>
  concat([
    uint32(END_OF_DIRECTORY),
    uint32(0),
    uint16(count),
    uint16(count),
    uint32(length),
    uint32(offset),
    uint16(0),
  ]);

/** §4.4.6: two seconds are the unit, and 1980 is the first year. */
const dosTime = (time: Date): Uint8Array =>
  concat([
    uint16((time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)),
    uint16(
      ((Math.max(time.getUTCFullYear(), 1980) - 1980) << 9) |
        ((time.getUTCMonth() + 1) << 5) |
        time.getUTCDate(),
    ),
  ]);

/** Little-endian. */
const uint16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
const uint32 = (value: number): Uint8Array => concat([uint16(value & 0xffff), uint16(value >>> 16)]);
