/** The files of RFC 9881, appendix C. */

import { readFileSync } from 'node:fs';

/** PEM. */
export const rfc9881Text = (file: string): string =>
  readFileSync(new URL(`../vectors/rfc9881/${file}`, import.meta.url), 'utf8');

/** DER. */
export const rfc9881 = (file: string): Uint8Array =>
  new Uint8Array(Buffer.from(rfc9881Text(file).replace(/-----[^-]+-----/g, ''), 'base64'));
