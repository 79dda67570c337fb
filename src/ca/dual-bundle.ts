/**
 * Bundles of one certificate, or of two for the same name: servers select the ML-DSA or the classical one by what the client
 * supports.
 */

import { PkiError } from '../base/errors.ts';
import { writeZip } from '../formats/zip.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { LENIENT } from '../formats/reading.ts';
import {
  makeSingleBundle,
  type Bundle,
  type BundleContent,
  type BundleFile,
  type BundleFormat,
  type BundleInput,
} from './bundle.ts';
import type { IssuanceContext } from './issuance-context.ts';

/** The lines of a configuration that load the files, by the program. */
export type Configuration = Readonly<Partial<Record<'nginx' | 'apache' | 'haproxy', string>>>;

type Content = () => Promise<BundleContent>;

export interface DualBundleInput extends BundleInput {
  /** Of the second certificate. */
  readonly second?: Content | undefined;
}

export interface DualBundle extends Bundle {
  /** The files of the second certificate, unless `file` is an archive of all. */
  readonly second?: Bundle;
  readonly configuration?: Configuration;
}

/** Throws PkiError. */
export async function makeBundle(context: IssuanceContext, input: DualBundleInput): Promise<DualBundle> {
  const { second, ...first } = input;
  if (second === undefined) return makeSingleBundle(context, first);
  if (!DUAL_FORMATS.has(input.format))
    throw invalid(`A second certificate is for nginx, haproxy and zip, not for ${input.format}`);
  const one = await makePart(context, input, input.content);
  const two = await atSecond(() => makePart(context, input, second)).catch((error: unknown) => {
    zero(one);
    throw error;
  });
  return combined(input, one, two, context.clock());
}

const DUAL_FORMATS: ReadonlySet<BundleFormat> = new Set<BundleFormat>(['nginx', 'haproxy', 'zip']);

const invalid = (sentence: string): PkiError =>
  new PkiError('invalid-key-options', sentence, ['second_certificate']);

interface Part extends Bundle {
  /** Of the key. */
  readonly family: string;
}

/** The form of an ML-DSA key is not that of a classical one. */
async function makePart(context: IssuanceContext, input: BundleInput, content: Content): Promise<Part> {
  const given = await content();
  const isMlDsa = given.key?.publicKey.family === 'ml-dsa';
  const made = await makeSingleBundle(context, {
    format: input.format === 'zip' ? 'nginx' : input.format,
    content: async () => given,
    choice: isMlDsa ? input.choice : { ...input.choice, keyFormat: undefined },
  });
  const { family } = readPublicKey(made.certificates[0].subjectPublicKeyInfo, LENIENT);
  const renamed = (file: BundleFile): BundleFile => ({
    ...file,
    name: file.name.replace('.pem', `-${family}.pem`),
  });
  return { ...made, family, file: renamed(made.file), keyFile: made.keyFile && renamed(made.keyFile) };
}

/** Errors are at the members of the second certificate. */
async function atSecond<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const [member = 'certificate', ...rest] = error.path;
    const path = String(member).startsWith('second_') ? error.path : [`second_${member}`, ...rest];
    throw new PkiError(error.code, error.message, path, error.where);
  }
}

const filesOf = ({ file, keyFile }: Bundle): readonly BundleFile[] => (keyFile ? [file, keyFile] : [file]);

function zero(...bundles: readonly Bundle[]): void {
  for (const { octets } of bundles.flatMap(filesOf)) octets.fill(0);
}

function combined({ format, isArchive }: BundleInput, one: Part, two: Part, now: Date): DualBundle {
  if (one.family === two.family) {
    zero(one, two);
    throw invalid(`The second certificate must have a key of another algorithm, and both have ${one.family}`);
  }
  const configuration = configurationOf(one, two);
  if (isArchive !== true && format !== 'zip') return { ...one, second: two, configuration };
  const files = [one, two].flatMap(filesOf);
  const archive = files.map(({ name, octets }) => ({ name, content: octets, isSecret: isSecret(name) }));
  try {
    const octets = writeZip(archive, now);
    const file = { name: 'certificates.zip', type: 'application/zip', octets };
    return { file, keyFile: undefined, certificates: one.certificates, configuration };
  } finally {
    zero(one, two);
  }
}

const isSecret = (name: string): boolean => !name.startsWith('fullchain');

function configurationOf(one: Part, two: Part): Configuration {
  const parts = [one, two];
  if (one.keyFile === undefined) {
    // HAProxy 3.0 refuses classical clients when the ML-DSA certificate is the first one
    const files = parts
      .toSorted((a, b) => Number(a.family === 'ml-dsa') - Number(b.family === 'ml-dsa'))
      .map(({ file }) => `crt ${file.name}`);
    return { haproxy: `bind :443 ssl ${files.join(' ')}\n` };
  }
  const lines = (certificate: string, key: string, end: string): string =>
    parts
      .map(({ file, keyFile }) => `${certificate} ${file.name}${end}\n${key} ${keyFile?.name}${end}\n`)
      .join('');
  return {
    nginx: lines('ssl_certificate', 'ssl_certificate_key', ';'),
    apache: lines('SSLCertificateFile', 'SSLCertificateKeyFile', ''),
  };
}
