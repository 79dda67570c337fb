/** Reads files and folders for `x509-lint`. */

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { PkiError } from '../src/base/errors.ts';
import { systemCode } from '../src/base/system-code.ts';
import { lintData } from '../src/lint/lint-data.ts';
import type { ReportedFile, ReportedPart } from '../src/lint/report/report.ts';
import type { LintProfile } from '../src/lint/rule.ts';

interface Options {
  readonly profile: LintProfile | undefined;
  /** Ids of rules whose findings are left out. */
  readonly ignored: ReadonlySet<string>;
}

interface Input {
  readonly path: string;
  /** Whether it was found in a folder: then it may have nothing to lint. */
  readonly isFound: boolean;
}

const NOT_SEARCHED: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** In octets. Longer files have other content. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** Lints the files one after another, in the order of their names. */
export async function lintPaths(
  paths: readonly string[],
  options: Options,
): Promise<readonly ReportedFile[]> {
  const files: ReportedFile[] = [];
  for (const path of paths) {
    const inputs = await inputsOf(path).catch((error: unknown): ReportedFile => unreadable(path, error));
    if (!Array.isArray(inputs)) files.push(inputs as ReportedFile);
    else
      for (const input of inputs as readonly Input[]) {
        const file = await lintFile(input, options);
        if (file !== undefined) files.push(file);
      }
  }
  return files;
}

async function inputsOf(path: string): Promise<readonly Input[]> {
  const status = await lstat(path);
  return status.isDirectory() ? filesBelow(path) : [{ path, isFound: false }];
}

/** Links are not followed: they can lead out of the folder. */
async function filesBelow(folder: string): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_SEARCHED.has(entry.name)) inputs.push(...(await filesBelow(path)));
    else if (entry.isFile()) inputs.push({ path, isFound: true });
  }
  return inputs;
}

/** Undefined for a file that was found and has nothing to lint. */
async function lintFile({ path, isFound }: Input, options: Options): Promise<ReportedFile | undefined> {
  const octets = await readOctets(path).catch((error: unknown) => unreadable(path, error));
  if (!(octets instanceof Uint8Array)) return octets;
  try {
    return { path: shown(path), parts: await partsOf(octets, options) };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return isFound ? undefined : { path: shown(path), parts: [], problem: error.message };
  } finally {
    // It can be a private key
    octets.fill(0);
  }
}

async function readOctets(path: string): Promise<Uint8Array> {
  const { size } = await lstat(path);
  return size > MAX_LENGTH ? new Uint8Array() : readFile(path);
}

const unreadable = (path: string, error: unknown): ReportedFile => ({
  path: shown(path),
  parts: [],
  problem: `The file cannot be read (${systemCode(error) ?? 'unknown error'})`,
});

const shown = (path: string): string => {
  const inside = relative('', path);
  return (inside.startsWith('..') || inside === '' ? path : inside).split(sep).join('/');
};

/** Rejects with PkiError when no part of the file has rules. */
async function partsOf(octets: Uint8Array, options: Options): Promise<readonly ReportedPart[]> {
  const pieces = piecesOf(octets);
  const parts: ReportedPart[] = [];
  let refusal: PkiError | undefined;
  for (const piece of pieces) {
    const linted = await lintPiece(piece, options).catch((error: unknown) => {
      if (error instanceof PkiError) refusal = error;
      else throw error;
      return [];
    });
    parts.push(...linted);
  }
  if (parts.length === 0 && refusal !== undefined) throw refusal;
  return parts;
}

interface Piece {
  readonly octets: Uint8Array;
  readonly line: number | undefined;
}

const BEGIN = '-----BEGIN ';

/** Each PEM block is a piece of its own, so that a file can have any number of them. */
function piecesOf(octets: Uint8Array): readonly Piece[] {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  const starts: number[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) starts.push(at);
  if (starts.length === 0) return [{ octets, line: undefined }];
  const pieces: Piece[] = [];
  let line = 1;
  let counted = 0;
  for (const [index, start] of starts.entries()) {
    for (; counted < start; counted += 1) if (text[counted] === LINE_FEED) line += 1;
    pieces.push({ octets: octets.subarray(start, starts[index + 1] ?? octets.length), line });
  }
  return pieces;
}

const LINE_FEED = 0x0a;

async function lintPiece(
  { octets, line }: Piece,
  { profile, ignored }: Options,
): Promise<readonly ReportedPart[]> {
  const { parts, findings } = await lintData(octets, profile);
  return parts.flatMap(({ type, isLinted }, index) =>
    isLinted
      ? [
          {
            type,
            line,
            findings: findings.filter(({ part, rule }) => part === index && !ignored.has(rule)),
          },
        ]
      : [],
  );
}
