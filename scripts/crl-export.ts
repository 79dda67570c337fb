/** `npm run crl:export`: writes the published CRLs and CA certificates to files, for a web server or a CDN. */

import { mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { certifiedKeys } from '../src/revocation/crl/crl-issuers.ts';
import { crlName } from '../src/revocation/crl/place.ts';
import type { Store } from '../src/storage/ports.ts';
import { orExit, readOptions } from './command-line.ts';
import { withAuthorities } from './open-authorities.ts';

const USAGE = `npm run crl:export -- DIR
  Writes the newest CRLs to DIR/crl/ID.crl and the CA certificates to DIR/issuers/ID.cer, both as DER.
  The paths are those below PUBLIC_URL, so DIR can be the root of a web server or a CDN.
  A file is replaced as a whole, and only when it differs. Its time is thisUpdate.
  Run it again and again, for example by cron.

Example:
  DATA_DIR=/var/lib/mldsa npm run -s crl:export -- /var/www/pki
`;

const { positionals } = readOptions(USAGE, {}, true);

interface Export {
  /** Below the folder. */
  readonly path: string;
  readonly octets: Uint8Array;
  readonly time: Date;
}

function folderOf(): string {
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error('One folder must be given');
  return folder;
}

const warn = ({ id }: { readonly id: string }): void =>
  console.error(`The certificate of the authority key ${id} cannot be read; it is left out`);

async function* exportsOf(store: Store): AsyncGenerator<Export> {
  for await (const { key, certificate } of certifiedKeys(store, warn)) {
    const { der, validity } = certificate;
    yield { path: `issuers/${key.id}.cer`, octets: der, time: validity.notBefore };
  }
  for (const place of await store.listCrls()) {
    const crl = await store.getCrl(place);
    if (crl !== undefined) yield { path: `crl/${crlName(crl)}.crl`, octets: crl.der, time: crl.thisUpdate };
  }
}

/** Returns whether it was changed. A reader sees the old file or the new one. */
async function write(folder: string, { path, octets, time }: Export): Promise<boolean> {
  const file = join(folder, path);
  const known = await readFile(file).catch(() => undefined);
  if (known !== undefined && Buffer.compare(known, octets) === 0) return false;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  await writeFile(temporary, octets, { mode: 0o644, flush: true });
  await utimes(temporary, time, time);
  await rename(temporary, file);
  return true;
}

const folder = orExit(USAGE, folderOf);
await withAuthorities(async ({ stored }) => {
  for await (const exported of exportsOf(stored.store)) {
    const isChanged = await write(folder, exported);
    console.log(`${exported.path} ${isChanged ? 'written' : 'unchanged'}`);
  }
});
