/** The files of deploy/compose, as `docker compose` merges them, and their secrets. */

import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { parse } from 'yaml';
import { findProgram } from '../../scripts/find-program.ts';
import { paste } from './children.ts';
import { ROOT } from './process.ts';
import { missingProgram } from './services.ts';

export interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes?: Readonly<Record<string, object>>;
}

export const FOLDER = join(ROOT, 'deploy/compose');

const readFile = (name: string): Compose => parse(readFileSync(join(FOLDER, name), 'utf8'), { merge: true });

/** compose.yaml, and on top of it the files with these names. */
export function readCompose(...names: readonly string[]): Compose {
  return names.map(readFile).reduce(
    (below, above) => ({
      services: mergeServices(below.services, above.services),
      networks: { ...below.networks, ...above.networks },
      secrets: { ...below.secrets, ...above.secrets },
      volumes: { ...below.volumes, ...above.volumes },
    }),
    readFile('compose.yaml'),
  );
}

function mergeServices(below: Compose['services'], above: Compose['services']): Compose['services'] {
  const merged = Object.entries(above).map(([name, service]) => [name, merge(below[name] ?? {}, service)]);
  return { ...below, ...Object.fromEntries(merged) };
}

/** As the Compose Specification has it (chapter "Merge"): maps are merged, and sequences are appended. */
const merge = (below: Service, above: Service): Service => ({
  ...below,
  ...above,
  environment: { ...below.environment, ...above.environment },
  secrets: [...(below.secrets ?? []), ...(above.secrets ?? [])],
  volumes: [...(below.volumes ?? []), ...(above.volumes ?? [])],
  depends_on: [...new Set([...namesIn(below.depends_on), ...namesIn(above.depends_on)])],
});

/** The names of a short or a long list. */
export const namesIn = (list: readonly string[] | object = []): readonly string[] =>
  Array.isArray(list) ? list : Object.keys(list);

/** Why {@link makeSecrets} cannot run here: the commands start openssl, of any version. */
export const makingSecretsMissing = missingProgram(findProgram('openssl'), 'openssl');

/** Runs these blocks of docs/deployment.md in a copy. Returns the folder of the secrets. */
export async function makeSecrets(t: Test, blocks: readonly string[]): Promise<string> {
  const tree = t.testdir({});
  const folder = join(tree, 'deploy/compose');
  mkdirSync(join(tree, 'deploy'));
  cpSync(FOLDER, folder, { recursive: true, filter: (path) => !path.includes('/secrets') });
  for (const name of ['package.json', 'bin', 'scripts', 'src', 'node_modules'])
    symlinkSync(join(ROOT, name), join(tree, name));
  const { NODE_OPTIONS: _, ...env } = process.env;
  await paste(t, blocks.map(commandsOf).join(''), { cwd: tree, env });
  return join(folder, 'secrets');
}

/** The commands after `<!-- compose: NAME -->`. Throws Error if there are none. */
function commandsOf(name: string): string {
  const guide = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8');
  const block = new RegExp(`<!-- compose: ${name} -->\\n+\`\`\`bash\\n([^]*?)^\`\`\`$`, 'm').exec(guide);
  if (block?.[1] === undefined) throw new Error(`The guide has no block "${name}"`);
  return block[1];
}
