/** deploy/helm: the chart makes the objects of deploy/kubernetes, and rejects values that it does not use. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { chartValues } from '../../scripts/chart-readme.ts';
import {
  CHART,
  findObject as find,
  helmMissing,
  kubectlMissing,
  overlay,
  overlayWith,
  runHelm,
  template,
  type KubernetesObject,
} from '../support/kubernetes.ts';

const HA = ['--set', 'highAvailability.enabled=true'];
const KEY = ['--set', 'keyEncryption.existingSecret=mldsa-key-encryption'];
const VOLUME = ['--set', 'persistence.enabled=true'];
const DATABASE = ['--set', 'database.existingSecret=mldsa-database'];

/** Removes what kustomize adds (the namespace, hashes in names) and what helm adds (annotations). */
function comparable(objects: readonly KubernetesObject[]): unknown[] {
  const text = JSON.stringify(objects.filter(({ kind }) => kind !== 'Namespace'))
    .replaceAll(/("name":"mldsa-(?:api|redis))-[a-z0-9]{10}"/g, '$1"')
    .replaceAll(/"annotations":\{"checksum\/config":"[0-9a-f]{64}"\},/g, '')
    .replaceAll('"annotations":{"helm.sh/resource-policy":"keep"},', '')
    .replaceAll('"namespace":"mldsa-api"', '"namespace":null');
  const read = (_name: string, value: unknown): unknown => (value === null ? undefined : value);
  const order = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;
  return (JSON.parse(text, read) as KubernetesObject[]).toSorted((a, b) => order(a).localeCompare(order(b)));
}

const skip = kubectlMissing || helmMissing;

t.test('the chart makes what the overlays make', { skip }, async (t) => {
  t.same(comparable(template()), comparable(overlay('stateless')));
  t.same(comparable(template(...HA)), comparable(overlay('ha')));
});

t.test('the chart makes what the overlays make with a store', { skip }, async (t) => {
  t.same(comparable(template(...VOLUME, ...KEY)), comparable(overlay('single')));
  t.same(comparable(template(...HA, ...DATABASE, ...KEY)), comparable(overlayWith(t, 'ha', 'postgresql')));
});

t.test('a store that cannot be used is rejected', { skip }, async (t) => {
  const rejected = (message: RegExp, ...args: readonly string[]): void =>
    void t.throws(() => template(...args), message);
  rejected(/must not be set together/, ...VOLUME, ...DATABASE, ...KEY);
  rejected(/persistence.enabled is for one replica/, ...HA, ...VOLUME, ...KEY);
  rejected(/keyEncryption.existingSecret must be set/, ...VOLUME);
  rejected(/keyEncryption.existingSecret must be set/, ...DATABASE);
  const single = template(...DATABASE, ...KEY);
  t.equal(find(single, 'NetworkPolicy'), undefined, 'one replica may have PostgreSQL, and has no policy');
});

t.test('helm uninstall keeps the volume, and the chart can use another', { skip }, async (t) => {
  const kept = { metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } } };
  t.match(find(template(...VOLUME, ...KEY), 'PersistentVolumeClaim', 'mldsa-api-data'), kept);
  const own = template(...VOLUME, ...KEY, '--set', 'persistence.existingClaim=authorities');
  t.equal(find(own, 'PersistentVolumeClaim', 'mldsa-api-data'), undefined);
  const mounted = {
    spec: { template: { spec: { volumes: [{ persistentVolumeClaim: { claimName: 'authorities' } }] } } },
  };
  t.match(find(own, 'Deployment'), mounted);
});

t.test('a service with other variables gets new pods', { skip }, async (t) => {
  const configured = template('--set', 'config.TRUST_PROXY=10.244.0.0/16');
  t.match(find(configured, 'ConfigMap'), { data: { TRUST_PROXY: '10.244.0.0/16' } });
  t.notSame(find(configured, 'Deployment'), find(template(), 'Deployment'), 'the pods are replaced');
});

t.test('numbers that --set makes are accepted', { skip }, async (t) => {
  const set = (value: string) => template('--set', value);
  t.match(find(set('config.RATE_LIMIT_PER_HOUR=500'), 'ConfigMap'), { data: { RATE_LIMIT_PER_HOUR: '500' } });
  t.match(find(set('config.BODY_LIMIT=1048576'), 'ConfigMap'), { data: { BODY_LIMIT: '1048576' } });
  const image = {
    spec: { template: { spec: { containers: [{ image: 'ml-dsa-certificate-api:20261128' }] } } },
  };
  t.match(find(set('image.tag=20261128'), 'Deployment'), image);
  const annotated = { spec: { template: { metadata: { annotations: { port: '9090' } } } } };
  t.match(find(set('podAnnotations.port=9090'), 'Deployment'), annotated);
});

t.test('misspelt names and wrong values are rejected', { skip }, async (t) => {
  for (const value of [
    'replicas=3',
    'image.name=a',
    'image.digest=sha256:0',
    'image.pullPolicy=Sometimes',
    'imagePullSecrets[0].nam=a',
    'config.PORT=80',
    'config.rate_limit=5',
    'highAvailability.minReplicas=1',
    'highAvailability.replicas=3',
    'config.DATA_DIR=/data',
    'config.DATABASE_URL=postgres://a/b',
    'config.KEY_ENCRYPTION_KEY_FILE=/key',
    'persistence.size=10',
    'persistence.class=a',
    'database.url=postgres://a/b',
    'database.cidr=everywhere',
    'keyEncryption.key=a',
    'ingress.enabled=true',
    'ingress.hosts=a',
    'httpRoute.enabled=true',
    'httpRoute.parentRefs[0].gateway=a',
    'serviceMonitor.on=true',
    'service.annotation=a',
    'serviceAccount.name=a',
    'tolerations[0].keys=a',
    'affinity.node=a',
    'resources.request.cpu=1',
    'resources.limits.cpus=1',
  ])
    t.throws(() => template('--set', value), /values don't meet the specifications of the schema/, value);
  const reversed = ['--set', 'highAvailability.minReplicas=5', '--set', 'highAvailability.maxReplicas=4'];
  t.throws(
    () => template(...HA, ...reversed),
    /maxReplicas must not be less than highAvailability.minReplicas/,
  );
});

t.test('helm finds no fault in the chart', { skip }, async (t) => {
  t.match(runHelm('lint', '--strict', CHART), '0 chart(s) failed');
});

/** The notes that helm prints after an installation. */
const notes = (...args: readonly string[]): string =>
  runHelm('install', 'mldsa-api', CHART, '--dry-run=client', ...args).split('\nNOTES:\n')[1] ?? '';

t.test('the notes say how to send a request', { skip }, async (t) => {
  t.match(notes(), 'port-forward svc/mldsa-api 8000:8000');
  const withIngress = ['--set', 'ingress.enabled=true', '--set', 'ingress.host=pki.example.com'];
  t.match(notes(...withIngress), 'curl https://pki.example.com/api/v1/info');
  t.match(notes(...withIngress), 'WARNING: config.TRUST_PROXY is not set');
  t.notMatch(notes(...withIngress, '--set', 'config.TRUST_PROXY=10.0.0.0/8'), 'WARNING');
  t.match(notes(...HA), 'its secrets exist: mldsa-api-keys, mldsa-redis.');
  t.match(notes(...DATABASE, ...KEY), 'mldsa-api-keys, mldsa-database, mldsa-key-encryption.');
});

t.test('the table of values has a description for each value, and the schema a type', async (t) => {
  const yaml = readFileSync(join(CHART, 'values.yaml'), 'utf8');
  const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
  const values = chartValues(yaml);
  t.ok(values.length > 25, `${values.length} values are found`);
  for (const { path } of values) {
    const found = path.split('.').reduce((at, name) => {
      const { $ref = '' } = at ?? {};
      return (schema.$defs[$ref.slice(8)] ?? at)?.properties?.[name];
    }, schema);
    t.type(found, 'object', `the schema has ${path}`);
  }
  t.throws(() => chartValues('a: 1\n'), /a has no description/);
});

t.test('Compose, kustomize and the chart have the same Redis', { skip }, async (t) => {
  const compose = parse(readFileSync(join(CHART, '../compose/compose.yaml'), 'utf8'), { merge: true });
  const { image } = compose.services.redis;
  t.match(image, /^redis:\d+\.\d+\.\d+-trixie@sha256:[0-9a-f]{64}$/);
  const redis = { spec: { template: { spec: { containers: [{ image }] } } } };
  t.match(find(template(...HA), 'Deployment', 'mldsa-redis'), redis);
  t.match(find(overlay('ha'), 'Deployment', 'mldsa-redis'), redis);
});

t.test('the chart has the version of the service', async (t) => {
  const { version } = JSON.parse(readFileSync(join(CHART, '../../package.json'), 'utf8'));
  t.match(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')), { version, appVersion: version });
});
