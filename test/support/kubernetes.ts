/** What kustomize and helm make of deploy/, and whether Kubernetes would take it. */

import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Model } from '@kubernetes-models/base';
import { HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Ingress, NetworkPolicy, type INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import {
  ConfigMap,
  Namespace,
  PersistentVolumeClaim,
  Service,
  ServiceAccount,
  type IService,
} from 'kubernetes-models/v1';
import type { Test } from 'tap';
import { parseAllDocuments, stringify } from 'yaml';
import { ROOT } from './process.ts';
import { findProgram } from '../../scripts/find-program.ts';
import { missing, type Missing } from './services.ts';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** The one that `.ci/services` has brought, else the one on the PATH, if `expected` is in what it prints for `args`. */
const find = (name: string, args: readonly string[], expected: string): string | undefined =>
  [join(ROOT, '.ci/bin', name), findProgram(name)]
    .filter((path) => path !== undefined)
    .find((path) => spawnSync(path, args, { encoding: 'utf8' }).stdout?.includes(expected));

export const kubectl = find('kubectl', ['version', '--client'], 'Kustomize Version: v5');
export const kubectlMissing: Missing =
  kubectl === undefined && missing('no kubectl with kustomize 5 is at hand');

const helm = find('helm', ['version', '--short'], 'v');
export const helmMissing: Missing = helm === undefined && missing('helm is not installed');

const objectsIn = (yaml: string): KubernetesObject[] =>
  parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);

/**
 * Returns the objects of a folder with a kustomization. Throws if kustomize prints a warning, for example about
 * deprecated fields.
 */
export function kustomize(folder: string): KubernetesObject[] {
  const { stdout, stderr } = spawnSync(kubectl ?? '', ['kustomize', folder], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return objectsIn(stdout);
}

export const OVERLAYS = ['stateless', 'single', 'ha'];

/** Those without a component that stores something. */
export const STATELESS = ['stateless', 'ha'];

/** Returns the objects of one of our overlays. */
export const overlay = (name: string): KubernetesObject[] =>
  kustomize(join(ROOT, 'deploy/kubernetes/overlays', name));

/** Returns the objects of one of our overlays with one of our components, as docs/kubernetes.md has it. */
export function overlayWith(t: Test, name: string, component: string): KubernetesObject[] {
  const folder = t.testdir({});
  const at = (path: string): string => relative(folder, join(ROOT, 'deploy/kubernetes', path));
  const kustomization = {
    namespace: 'mldsa-api',
    resources: [at(`overlays/${name}`)],
    components: [at(`components/${component}`)],
  };
  writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
  return kustomize(folder);
}

/** The stateless overlays with the store that each is for: name of the overlay, name of the component. */
export const WITH_STORE = [
  ['stateless', 'sqlite'],
  ['ha', 'postgresql'],
] as const;

export const CHART = join(ROOT, 'deploy/helm');

/** Runs helm, and returns its output. Throws Error with the message of helm if it fails. */
export const runHelm = (...args: readonly string[]): string =>
  execFileSync(helm ?? '', args, { encoding: 'utf8', stdio: 'pipe' });

/** The objects of the chart. Throws Error with the message of helm for values that the chart rejects. */
export const template = (...args: readonly string[]): KubernetesObject[] =>
  objectsIn(runHelm('template', 'mldsa-api', CHART, ...args));

export const findObject = (
  objects: readonly KubernetesObject[],
  kind: string,
  name = 'mldsa-api',
): KubernetesObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

/** For each kind, the module of its type and its validator. */
const KINDS: Readonly<Record<string, readonly [string, new (data: never) => Model<object>]>> = {
  'v1 ConfigMap': ['kubernetes-models/v1', ConfigMap],
  'v1 Namespace': ['kubernetes-models/v1', Namespace],
  'v1 PersistentVolumeClaim': ['kubernetes-models/v1', PersistentVolumeClaim],
  'v1 Service': ['kubernetes-models/v1', Service],
  'v1 ServiceAccount': ['kubernetes-models/v1', ServiceAccount],
  'apps/v1 Deployment': ['kubernetes-models/apps/v1', Deployment],
  'autoscaling/v2 HorizontalPodAutoscaler': ['kubernetes-models/autoscaling/v2', HorizontalPodAutoscaler],
  'gateway.networking.k8s.io/v1 HTTPRoute': [
    '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1',
    HTTPRoute,
  ],
  'networking.k8s.io/v1 Ingress': ['kubernetes-models/networking.k8s.io/v1', Ingress],
  'networking.k8s.io/v1 NetworkPolicy': ['kubernetes-models/networking.k8s.io/v1', NetworkPolicy],
  'policy/v1 PodDisruptionBudget': ['kubernetes-models/policy/v1', PodDisruptionBudget],
  'monitoring.coreos.com/v1 ServiceMonitor': [
    '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
    ServiceMonitor,
  ],
};

function modelOf({ apiVersion, kind }: KubernetesObject): (typeof KINDS)[string] {
  const found = KINDS[`${apiVersion} ${kind}`];
  if (found === undefined) throw new Error(`no schema is known for ${apiVersion} ${kind}`);
  return found;
}

/** Throws for a value that the schema of the API forbids. */
export function validate(object: KubernetesObject): void {
  const [, Kind] = modelOf(object);
  new Kind(object as never).validate();
}

const COMPILER = {
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2024', 'dom'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/**
 * Returns errors for fields that the API does not have. The schemas accept such fields, the types of literals do not.
 */
export function unknownFields(t: Test, objects: readonly KubernetesObject[]): string {
  const folder = t.testdir({
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER, files: ['objects.ts'] }),
  });
  const lines = objects.map((object) => {
    const type = `import('${modelOf(object)[0]}').I${object.kind}`;
    return `void (${JSON.stringify(object)} satisfies ${type});`;
  });
  writeFileSync(join(folder, 'objects.ts'), `${lines.join('\n')}\nexport {};\n`);
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  // Through NODE_OPTIONS, tap would load its modules into the compiler.
  const command = ['-u', 'NODE_OPTIONS', process.execPath, compiler, '--project', folder];
  return spawnSync('/usr/bin/env', command, { encoding: 'utf8' }).stdout;
}

/** Returns the objects of one kind. Other tests check `apiVersion` and the fields. */
export const deploymentsOf = (objects: readonly KubernetesObject[]): IDeployment[] =>
  objects.filter(({ kind }) => kind === 'Deployment') as IDeployment[];
export const servicesOf = (objects: readonly KubernetesObject[]): IService[] =>
  objects.filter(({ kind }) => kind === 'Service') as IService[];
export const policiesOf = (objects: readonly KubernetesObject[]): INetworkPolicy[] =>
  objects.filter(({ kind }) => kind === 'NetworkPolicy') as INetworkPolicy[];
