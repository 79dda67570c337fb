import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces `words` in a file. Throws Error if the file does not have them. */
export function rewrite(path: string, words: string, others: string): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(words)) throw new Error(`${path} has no ${words}`);
  writeFileSync(path, text.replace(words, others));
}
