import { openssl } from '../support/openssl.ts';

export type Files = Record<string, Uint8Array | string>;

/** What OpenSSL prints; throws with its complaint when it ends in failure. Words with spaces are given apart. */
export async function judged(command: string | readonly string[], files: Files): Promise<string> {
  const args = typeof command === 'string' ? command.split(' ') : command;
  const { code, stdout, stderr } = await openssl(args, { files });
  if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${stdout.toString()}${stderr}`);
  return stdout.toString();
}
