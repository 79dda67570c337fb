import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder of package.json, for the sources and for what is built in dist/. */
export const ROOT = dirname(findPackageJSON(import.meta.url) ?? '.');
