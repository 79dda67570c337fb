/** The files and variables that a pod gives its container, on this machine. */

import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IContainer, IPodSpec, ISecret } from 'kubernetes-models/v1';
import type { Test } from 'tap';
import { programPath } from '../../scripts/find-program.ts';
import { startProgram } from './children.ts';
import { parseAllDocuments } from 'yaml';
import { freePort } from './free-port.ts';
import { deploymentsOf, kubectl, type KubernetesObject } from './kubernetes.ts';
import { ROOT } from './process.ts';

/** Name, file, content. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, Buffer>>>>;

/**
 * The objects and the output of the commands of a section of docs/kubernetes.md, with a kubectl that does not connect
 * to a cluster.
 */
export async function documentedSecrets(
  t: Test,
): Promise<{ readonly secrets: Secrets; readonly apiKey: string }> {
  const docs = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
  const [, section = ''] = /^## Secrets$(.*?)^## /ms.exec(docs) ?? [];
  const commands = [...section.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const folder = t.testdir({ stub: { kubectl: DRY_RUN } });
  for (const name of ['package.json', 'bin', 'scripts']) symlinkSync(join(ROOT, name), join(folder, name));
  chmodSync(join(folder, 'stub/kubectl'), 0o755);
  const real = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const env = {
    PATH: [join(folder, 'stub'), real].join(delimiter),
    HOME: process.env.HOME,
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
    KUBECTL: kubectl,
    REAL_PATH: real,
    MADE: 'made.yaml',
    SHOWN: 'shown',
  };
  // A pipe of Node.js is a socket, which tee cannot open.
  const script = `exec 2> "$SHOWN"\n${commands.join('')}`;
  const bash = startProgram(t, programPath('bash'), ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const [code] = await once(bash, 'exit');
  if (code !== 0) throw new Error(`The commands ended with exit code ${code}: ${commands.join('')}`);
  const made = parseAllDocuments(readFileSync(join(folder, 'made.yaml'), 'utf8'));
  const secrets = Object.fromEntries(made.map((document) => contentOf(document.toJS() as ISecret)));
  return {
    secrets,
    apiKey: /shown this once:\n(\S+)\n/.exec(readFileSync(join(folder, 'shown'), 'utf8'))?.[1] ?? '',
  };
}

/**
 * A stub before kubectl on the PATH. It removes itself from the PATH before it starts kubectl, because kubectl may be a
 * script that starts the next kubectl on the PATH. If it has started itself nevertheless, it ends.
 */
const DRY_RUN = `#!/bin/sh
[ -z "$DRY_RUN" ] || { echo 'The stub of kubectl has started itself' >&2; exit 70; }
export DRY_RUN=1 PATH="$REAL_PATH"
case "$*" in *create*) { echo ---; "$KUBECTL" "$@" --dry-run=client --output=yaml; } >> "$MADE"; esac
`;

function contentOf({ metadata, data = {} }: ISecret): [string, Record<string, Buffer>] {
  const files = Object.entries(data).map(([name, text]) => [name, Buffer.from(text, 'base64')] as const);
  return [metadata?.name ?? '', Object.fromEntries(files)];
}

export interface Pod {
  readonly name: string;
  readonly spec: IPodSpec;
  readonly container: IContainer;
  readonly labels: Readonly<Record<string, string>>;
}

/** Returns the only container of the only pod. Throws if there are more. */
export function podOf({ metadata, spec }: IDeployment): Pod {
  const { spec: pod, metadata: { labels = {} } = {} } = spec?.template ?? {};
  const [container, another] = pod?.containers ?? [];
  if (pod === undefined || container === undefined || another !== undefined)
    throw new Error('Expected a pod with one container');
  return { name: metadata?.name ?? '', spec: pod, container, labels };
}

/** Returns the container of the deployment with this name. */
export const podNamed = (objects: readonly KubernetesObject[], name: string): Pod => {
  const pod = deploymentsOf(objects)
    .map(podOf)
    .find((pod) => pod.name === name);
  if (pod === undefined) throw new Error(`there is no deployment ${name}`);
  return pod;
};

/** Returns 0 if no port has this name. */
export const portNamed = ({ container }: Pod, name: unknown): number =>
  container.ports?.find((port) => port.name === name)?.containerPort ?? 0;

const configMap = (objects: readonly KubernetesObject[], name = ''): Readonly<Record<string, string>> => {
  const found = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  if (found === undefined) throw new Error(`there is no ConfigMap ${name}`);
  return (found as IConfigMap).data ?? {};
};

/** Returns the environment of a container. */
export const environmentOf = (
  objects: readonly KubernetesObject[],
  { container }: Pod,
): Record<string, string> =>
  Object.assign(
    {},
    ...(container.envFrom ?? []).map((source) => configMap(objects, source.configMapRef?.name)),
  );

/** Lays out the volumes in `root`, by path in the container. Throws for what there is not. */
export function mountVolumes(
  root: string,
  objects: readonly KubernetesObject[],
  { spec, container }: Pod,
  secrets: Secrets,
): void {
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const volume = spec.volumes?.find((volume) => volume.name === name);
    if (volume?.persistentVolumeClaim) {
      mkdirSync(join(root, mountPath), { recursive: true });
      continue;
    }
    const { secretName = '', items, defaultMode: mode = 0o644 } = volume?.secret ?? {};
    const content = volume?.configMap ? configMap(objects, volume.configMap.name) : secrets[secretName];
    if (content === undefined) throw new Error(`there is nothing to mount at ${mountPath}`);
    mkdirSync(join(root, mountPath), { recursive: true });
    for (const file of items?.map(({ key }) => key) ?? Object.keys(content))
      writeFileSync(join(root, mountPath, file), content[file] ?? '', { mode });
  }
}

/** Gives the service ports that are free here. */
export const withFreePorts = async (
  environment: Record<string, string>,
): Promise<Record<string, string>> => ({
  ...environment,
  PORT: String(await freePort()),
  METRICS_PORT: String(await freePort()),
});

/** Where its files stand on this machine. */
export const located = (environment: Record<string, string>, root: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [
      name,
      /^\/(?:run|var)\//.test(text) ? join(root, text) : text,
    ]),
  );

/** The statuses of what Kubernetes would ask. */
export async function probe(
  { container }: Pod,
  environment: Record<string, string>,
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const { httpGet } of [
    container.startupProbe,
    container.livenessProbe,
    container.readinessProbe,
  ].flatMap((probe) => probe ?? [])) {
    const port = httpGet?.port === 'metrics' ? environment.METRICS_PORT : environment.PORT;
    const path = httpGet?.path ?? '';
    statuses[path] = (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  }
  return statuses;
}

/** The statuses of the probes of a service that is ready. */
export const HEALTHY = { '/startupz': 200, '/livez': 200, '/readyz': 200 };
