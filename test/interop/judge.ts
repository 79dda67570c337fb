import type { Test } from 'tap';
import { openssl } from '../support/openssl.ts';

export type Files = Record<string, Uint8Array | string>;

/** Returns the output of OpenSSL. Throws its error message if it fails. Arguments with spaces are passed separately. */
export async function judged(command: string | readonly string[], files: Files): Promise<string> {
  const args = typeof command === 'string' ? command.split(' ') : command;
  const { code, stdout, stderr } = await openssl(args, { files });
  if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${stdout.toString()}${stderr}`);
  return stdout.toString();
}

/** Verifies each certificate, PEM by name, under one of `roots`, a text of one or more PEM blocks. */
export async function verifyAll(
  t: Test,
  certificates: Record<string, string>,
  roots: string,
  options: string,
): Promise<void> {
  const names = Object.keys(certificates);
  const args = `verify -x509_strict ${options} -CAfile roots`.split(' ');
  const verdict = await judged([...args, ...names], { ...certificates, roots });
  t.equal(verdict, names.map((name) => `${name}: OK\n`).join(''));
}
