/** No container engine is at hand: what the Dockerfile would copy and start is put together and started without one. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { plainNode } from '../support/plain-node.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Instruction {
  readonly name: string;
  readonly value: string;
}

/** The instructions of each stage, in order. */
function stagesOf(dockerfile: string): Instruction[][] {
  const lines = dockerfile.replaceAll(/\\\n\s*/g, '').split('\n');
  const stages: Instruction[][] = [];
  for (const line of lines.filter((text) => /^[A-Z]/.test(text))) {
    const [, name = '', value = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, value });
  }
  return stages;
}

const valuesOf = (stage: Instruction[], name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ value }) => value);

const commandWords = (text = ''): string[] => text.split(/\s+/);

const commandOf = (text: string): string[] => JSON.parse(text.slice(text.indexOf('['))) as string[];

/** What a stage copies from the tree rather than from another stage. */
const copiedFromTree = (stage: Instruction[]): string[] =>
  valuesOf(stage, 'COPY')
    .filter((value) => !value.startsWith('--from='))
    .flatMap((value) => value.split(/\s+/).slice(0, -1));

/** The packages that `npm ci --omit=dev --omit=optional` puts at the top of node_modules. */
async function productionPackages(): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  const packages: [string, { dev?: boolean; optional?: boolean; devOptional?: boolean }][] = Object.entries(
    lock.packages,
  );
  return packages
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !(dev || optional || devOptional))
    .map(([path]) => path)
    .filter((path) => path.lastIndexOf('node_modules/') === 0);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Starts what the image would start with its `node`. */
const start = (
  [, ...args]: string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  stderr: 'inherit' | 'ignore' = 'inherit',
): ReturnType<typeof plainNode> => plainNode(args, { env: { PATH: process.env.PATH, ...env }, cwd, stderr });

const stages = stagesOf(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
const stageNamed = (name: string): Instruction[] =>
  stages.find((stage) => valuesOf(stage, 'FROM')[0]?.endsWith(` AS ${name}`)) ?? [];
const image = stageNamed('service');
const environment = Object.fromEntries(
  valuesOf(image, 'ENV').flatMap((value) =>
    value.split(' ').map((pair) => pair.split('=') as [string, string]),
  ),
);

t.test('the build context holds what is copied and nothing else', async (t) => {
  const ignore = await readFile(join(ROOT, '.dockerignore'), 'utf8');
  const kept = ignore.split('\n').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  t.ok(ignore.split('\n').includes('*'), 'everything else is ignored');
  t.same(new Set(kept), new Set(stages.flatMap(copiedFromTree)));
});

t.test('the image is without the native engine, unless that is asked for', async (t) => {
  t.same(stages.at(-1), [{ name: 'FROM', value: 'service' }]);
  t.notMatch(image.map(({ value }) => value).join(), 'native');
  const addon = stageNamed('addon');
  const script = commandWords(valuesOf(addon, 'RUN').at(-1)).at(-1) ?? '';
  t.ok(copiedFromTree(addon).includes(script), `${script} is there to be run`);
  const said = await readFile(join(ROOT, script), 'utf8');
  const [, needed = ''] = /\(Debian: ([^)]+)\)/.exec(said) ?? [];
  const installed = commandWords(valuesOf(addon, 'RUN')[0]);
  t.same(
    needed.split(', ').filter((name) => !installed.includes(name)),
    [],
    'what it says that it needs is installed',
  );
  const folder = '/app/native/build';
  t.same(
    stageNamed('native')
      .map(({ value }) => value)
      .slice(1),
    [`--from=addon ${folder} .${folder.slice(4)}`],
  );
});

t.test('the image runs without rights, in production, and stops as the service does', async (t) => {
  t.same(valuesOf(image, 'USER'), ['65532:65532']);
  t.same(valuesOf(image, 'STOPSIGNAL'), ['SIGTERM']);
  t.equal(environment.NODE_ENV, 'production');
  t.same(valuesOf(image, 'EXPOSE'), [environment.PORT]);
});

t.test('what is copied starts, is found healthy by the health check, and ends on SIGTERM', async (t) => {
  // Outside the tree, or the packages of the developer would be found above it.
  const app = await mkdtemp(join(tmpdir(), 'image-'));
  t.teardown(() => rm(app, { recursive: true }));
  for (const source of copiedFromTree(image))
    await cp(join(ROOT, source), join(app, source), { recursive: true });
  for (const path of await productionPackages()) {
    await mkdir(join(app, dirname(path)), { recursive: true });
    await symlink(join(ROOT, path), join(app, path));
  }
  const key = randomBytes(32).toString('hex');
  const env = { ...environment, PORT: String(await freePort()), LOG_LEVEL: 'warn', API_KEYS: key };
  const check = async (): Promise<unknown> => {
    const [code] = await once(start(commandOf(valuesOf(image, 'HEALTHCHECK')[0] ?? ''), env, app), 'close');
    return code;
  };
  t.equal(await check(), 1, 'nothing runs yet');

  const command = commandOf(valuesOf(image, 'ENTRYPOINT')[0] ?? '');
  const open = start(command, { ...env, API_KEYS: '' }, app, 'ignore');
  t.same(await once(open, 'close'), [78, null], 'without a key for its callers it does not start');

  const service = start(command, env, app);
  service.stdout.resume();
  const closed = once(service, 'close');
  t.teardown(() => service.kill('SIGKILL'));
  let health: unknown;
  for (let attempt = 0; attempt < 100 && health !== 0 && service.exitCode === null; attempt += 1) {
    await sleep(200);
    health = await check();
  }
  t.equal(health, 0);

  service.kill('SIGTERM');
  t.same(await closed, [0, null]);
});
