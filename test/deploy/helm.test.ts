/** deploy/helm: the chart makes the objects of deploy/kubernetes, uses every value, and rejects unknown ones. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse, stringify } from 'yaml';
import { chartValues } from '../../scripts/chart-readme.ts';
import {
  CHART,
  helmMissing,
  kubectlMissing,
  overlay,
  runHelm,
  template,
  unknownFields,
  validate,
  type KubernetesObject,
} from '../support/kubernetes.ts';

const HA = ['--set', 'highAvailability.enabled=true'];

/** Removes what kustomize adds (the namespace, hashes in names) and what helm adds (a hash in an annotation). */
function comparable(objects: readonly KubernetesObject[]): unknown[] {
  const text = JSON.stringify(objects.filter(({ kind }) => kind !== 'Namespace'))
    .replaceAll(/("name":"mldsa-(?:api|redis))-[a-z0-9]{10}"/g, '$1"')
    .replaceAll(/"annotations":\{"checksum\/config":"[0-9a-f]{64}"\},/g, '')
    .replaceAll('"namespace":"mldsa-api"', '"namespace":null');
  const read = (_name: string, value: unknown): unknown => (value === null ? undefined : value);
  const order = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;
  return (JSON.parse(text, read) as KubernetesObject[]).toSorted((a, b) => order(a).localeCompare(order(b)));
}

const skip = kubectlMissing || helmMissing;

t.setTimeout(240_000);

t.test('the chart makes what the overlays make', { skip }, async (t) => {
  t.same(comparable(template()), comparable(overlay('single')));
  t.same(comparable(template(...HA)), comparable(overlay('ha')));
});

const find = (objects: readonly KubernetesObject[], kind: string, name = 'mldsa-api') =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

t.test('a service with other variables gets new pods', { skip }, async (t) => {
  const configured = template('--set', 'config.TRUST_PROXY=10.244.0.0/16');
  t.match(find(configured, 'ConfigMap'), { data: { TRUST_PROXY: '10.244.0.0/16' } });
  t.notSame(find(configured, 'Deployment'), find(template(), 'Deployment'), 'the pods are replaced');
});

/** A value for every name of values.yaml. */
const EVERYTHING = {
  image: {
    repository: 'registry.example.com/ml-dsa-certificate-api',
    tag: '1.2.3',
    digest: `sha256:${'0'.repeat(64)}`,
    pullPolicy: 'Always',
  },
  imagePullSecrets: [{ name: 'registry' }],
  config: {
    BASE_PATH: '/pki',
    RATE_LIMIT_PER_HOUR: 1_000_000,
    AUDIT_REQUIRED: true,
    TRUST_PROXY: '10.0.0.0/8',
  },
  highAvailability: {
    enabled: true,
    minReplicas: 4,
    maxReplicas: 5,
    ingressNamespace: 'gateways',
    monitoringNamespace: 'metrics',
    redisImage: 'redis:8',
  },
  ingress: {
    enabled: true,
    className: 'nginx',
    host: 'pki.example.com',
    tlsSecret: 'pki-tls',
    annotations: { 'example.com/limit': 5 },
  },
  httpRoute: {
    enabled: true,
    parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
    hostnames: ['pki.example.com'],
    annotations: { 'example.com/route': true },
  },
  serviceMonitor: { enabled: true },
  service: { annotations: { 'example.com/service': 'a' } },
  serviceAccount: { annotations: { 'example.com/account': 'b' } },
  podAnnotations: { 'example.com/pod': 'c' },
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'pki', effect: 'NoSchedule' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
      },
    },
  },
  resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { memory: '1Gi' } },
};

/** The objects of the chart with these values in a file, as users write them. */
function withValues(t: Test, values: object): KubernetesObject[] {
  const folder = t.testdir({ 'values.yaml': stringify(values) });
  return template('--values', join(folder, 'values.yaml'));
}

t.test('every value is used, and Kubernetes accepts the objects', { skip }, (t) => {
  const objects = withValues(t, EVERYTHING);
  for (const object of objects) t.doesNotThrow(() => validate(object), `the schema accepts ${object.kind}`);
  t.equal(unknownFields(t, objects), '', 'the types of Kubernetes have every field');
  t.match(find(objects, 'ConfigMap'), {
    data: { RATE_LIMIT_PER_HOUR: '1000000', AUDIT_REQUIRED: 'true', BASE_PATH: '/pki' },
  });
  t.match(find(objects, 'ServiceAccount'), { metadata: { annotations: { 'example.com/account': 'b' } } });
  t.match(find(objects, 'Service'), { metadata: { annotations: { 'example.com/service': 'a' } } });
  t.match(find(objects, 'HorizontalPodAutoscaler'), { spec: { minReplicas: 4, maxReplicas: 5 } });
  const placed = {
    imagePullSecrets: EVERYTHING.imagePullSecrets,
    nodeSelector: EVERYTHING.nodeSelector,
    tolerations: EVERYTHING.tolerations,
  };
  t.match(find(objects, 'Deployment'), {
    spec: {
      template: {
        metadata: { annotations: { 'example.com/pod': 'c', 'checksum/config': /^[0-9a-f]{64}$/ } },
        spec: {
          ...placed,
          affinity: EVERYTHING.affinity,
          containers: [
            {
              image: `registry.example.com/ml-dsa-certificate-api:1.2.3@sha256:${'0'.repeat(64)}`,
              imagePullPolicy: 'Always',
              resources: { requests: { cpu: 1 } },
            },
          ],
        },
      },
    },
  });
  t.match(find(objects, 'Deployment', 'mldsa-redis'), {
    spec: { template: { spec: { ...placed, containers: [{ image: 'redis:8' }] } } },
  });
  t.end();
});

t.test(
  'an Ingress and an HTTPRoute lead to the Service, under the path of the service',
  { skip },
  async (t) => {
    const objects = withValues(t, EVERYTHING);
    t.match(find(objects, 'Ingress'), {
      metadata: { annotations: { 'example.com/limit': '5' } },
      spec: {
        ingressClassName: 'nginx',
        tls: [{ hosts: ['pki.example.com'], secretName: 'pki-tls' }],
        rules: [
          {
            host: 'pki.example.com',
            http: {
              paths: [{ path: '/pki', backend: { service: { name: 'mldsa-api', port: { name: 'http' } } } }],
            },
          },
        ],
      },
    });
    t.match(find(objects, 'HTTPRoute'), {
      metadata: { annotations: { 'example.com/route': 'true' } },
      spec: {
        parentRefs: EVERYTHING.httpRoute.parentRefs,
        hostnames: ['pki.example.com'],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/pki' } }],
            backendRefs: [{ name: 'mldsa-api', port: 8000 }],
          },
        ],
      },
    });
    t.match(find(objects, 'Service'), { spec: { ports: [{ name: 'http', port: 8000 }] } });
    t.equal(
      find(template(), 'Ingress') ?? find(template(), 'HTTPRoute'),
      undefined,
      'the default has neither',
    );
  },
);

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
  t.match(notes(), 'port-forward service/mldsa-api 8000:8000');
  const withIngress = ['--set', 'ingress.enabled=true', '--set', 'ingress.host=pki.example.com'];
  t.match(notes(...withIngress), 'curl https://pki.example.com/api/v1/info');
  t.match(notes(...withIngress), 'WARNING: config.TRUST_PROXY is not set');
  t.notMatch(notes(...withIngress, '--set', 'config.TRUST_PROXY=10.0.0.0/8'), 'WARNING');
  t.match(notes(...HA), 'mldsa-api-keys and mldsa-redis');
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
