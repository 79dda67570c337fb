/** deploy/helm: every value is used, and Kubernetes accepts the objects. */

import { join } from 'node:path';
import t, { type Test } from 'tap';
import { stringify } from 'yaml';
import {
  deploymentsOf,
  findObject as find,
  helmMissing as skip,
  policiesOf,
  template,
  unknownFields,
  validate,
  type KubernetesObject,
} from '../support/kubernetes.ts';
import { allowedBy } from '../support/network-policy.ts';

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
  database: { existingSecret: 'database', cidr: '192.0.2.0/28', port: 6432 },
  keyEncryption: { existingSecret: 'sealing' },
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

/** The values of persistence, which the chart rejects together with a database and with replicas. */
const PERSISTENT = {
  persistence: { enabled: true, size: '50Gi', storageClass: 'fast' },
  keyEncryption: { existingSecret: 'sealing' },
};

t.test('a store has its volume or its database, and the sealing key', { skip }, (t) => {
  const objects = withValues(t, PERSISTENT);
  for (const object of objects) t.doesNotThrow(() => validate(object), `the schema accepts ${object.kind}`);
  t.equal(unknownFields(t, objects), '', 'the types of Kubernetes have every field');
  t.match(find(objects, 'PersistentVolumeClaim', 'mldsa-api-data'), {
    spec: { storageClassName: 'fast', resources: { requests: { storage: '50Gi' } } },
  });
  const volumesOf = (values: object): unknown => {
    const [deployment] = deploymentsOf(withValues(t, values));
    return deployment?.spec?.template.spec?.volumes;
  };
  const sealing = { name: 'key-encryption', secret: { secretName: 'sealing', defaultMode: 0o440 } };
  t.match(volumesOf(PERSISTENT), [
    { name: 'data', persistentVolumeClaim: { claimName: 'mldsa-api-data' } },
    sealing,
  ]);
  t.match(volumesOf(EVERYTHING), [{ name: 'database-url', secret: { secretName: 'database' } }, sealing]);
  t.ok(
    allowedBy(policiesOf(withValues(t, EVERYTHING))).includes(
      'service of mldsa-api to 192.0.2.0/28: TCP 6432',
    ),
    'the network lets the service reach its database',
  );
  t.end();
});
