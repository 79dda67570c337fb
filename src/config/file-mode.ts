import { statSync } from 'node:fs';

/** `S_IROTH` of POSIX. */
const OTHERS_READ = 0o004;

/** Whether every user of this machine may read the file. Throws Error if the file does not exist. */
export const isWorldReadable = (path: string): boolean => (statSync(path).mode & OTHERS_READ) !== 0;
