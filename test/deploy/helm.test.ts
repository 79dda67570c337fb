/** deploy/helm: the chart makes the objects of deploy/kubernetes, and refuses values that it does not know. */

import t from 'tap';
import {
  helmMissing,
  kubectlMissing,
  overlay,
  template,
  type KubernetesObject,
} from '../support/kubernetes.ts';

const HA = ['--set', 'highAvailability.enabled=true'];

/** Without what kustomize adds, the namespace and hashes in names, and what helm adds, a hash in an annotation. */
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

t.test('a service that is configured otherwise gets other pods', { skip }, async (t) => {
  const configured = template('--set', 'config.TRUST_PROXY=10.244.0.0/16');
  const find = (objects: KubernetesObject[], kind: string) => objects.find((object) => object.kind === kind);
  t.match(find(configured, 'ConfigMap'), { data: { TRUST_PROXY: '10.244.0.0/16' } });
  t.notSame(find(configured, 'Deployment'), find(template(), 'Deployment'), 'and so is rolled out');
});

t.test('values that mean nothing are refused', { skip }, async (t) => {
  for (const value of [
    'replicas=3',
    'image.name=a',
    'config.PORT=80',
    'highAvailability.minReplicas=1',
    'config.DEBUG=true',
  ])
    t.throws(() => template('--set', value), /values don't meet the specifications of the schema/, value);
});
