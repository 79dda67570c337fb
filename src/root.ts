import { join } from 'node:path';

/** The folder of the service, one above src/, where this is written, and above dist/, where it is built. */
export const ROOT = join(import.meta.dirname, '..');
