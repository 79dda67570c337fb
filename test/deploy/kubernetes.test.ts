/** deploy/kubernetes: what kustomize makes of it, held to the API's schema, and to itself. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { podNamed, podOf, portNamed } from '../support/kubernetes-pod.ts';
import {
  deploymentsOf,
  kubectlMissing,
  kustomize,
  overlay,
  OVERLAYS,
  overlayWith,
  policiesOf,
  servicesOf,
  unknownFields,
  validate,
  WITH_STORE,
  type KubernetesObject,
} from '../support/kubernetes.ts';
import { allowedBy } from '../support/network-policy.ts';
import { ROOT } from '../support/process.ts';

const objectOf = (objects: readonly KubernetesObject[], kind: string): KubernetesObject | undefined =>
  objects.find((object) => object.kind === kind);

/** As docs/kubernetes.md has it: an overlay of one's own. */
function ownOverlay(t: Test): KubernetesObject[] {
  const docs = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
  const [, kustomization = ''] = /^```yaml\n(.*?)^```$/ms.exec(docs) ?? [];
  const folder = t.testdir({});
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    kustomization
      .replace('../ha', '../../../deploy/kubernetes/overlays/ha')
      .replace('../../components', '../../../deploy/kubernetes/components'),
  );
  return kustomize(folder);
}

const has = (
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> = {},
): boolean => Object.entries(wanted).every(([name, value]) => labels[name] === value);

t.test('the API knows every field of every object, and takes its value', { skip: kubectlMissing }, (t) => {
  const withStore = WITH_STORE.map(([name, component]) => overlayWith(t, name, component));
  for (const objects of [...OVERLAYS.map(overlay), ...withStore, ownOverlay(t)]) {
    t.ok(objects.length >= 5);
    for (const object of objects) t.doesNotThrow(() => validate(object), object.kind);
    t.equal(unknownFields(t, objects), '');
  }
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };
  const wrong = { ...service, spec: { ports: [{ port: 'http' }] } };
  t.throws(() => validate(wrong), /port must be integer/);
  const unknown = { ...service, spec: { selectors: {} } };
  t.match(unknownFields(t, [unknown]), '"selectors"\' does not exist');
  t.end();
});

for (const name of OVERLAYS) {
  t.test(`${name}: nothing in a pod has rights`, { skip: kubectlMissing }, async (t) => {
    const objects = overlay(name);
    const namespace = objects.find(({ kind }) => kind === 'Namespace');
    t.equal(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'], 'restricted');
    for (const { spec, container } of deploymentsOf(objects).map(podOf)) {
      t.match(spec, { automountServiceAccountToken: false, enableServiceLinks: false });
      t.match(spec.securityContext, { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      t.same(container.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    const [user = '', group = ''] =
      /^USER (\d+):(\d+)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))?.slice(1) ?? [];
    const { spec } = podNamed(objects, 'mldsa-api');
    t.match(spec.securityContext, { runAsUser: Number(user), runAsGroup: Number(group) }, 'as in the image');
  });

  t.test(`${name}: what selects finds, and what names a port finds it`, { skip: kubectlMissing }, (t) => {
    const objects = overlay(name);
    const pods = deploymentsOf(objects).map(podOf);
    for (const { metadata, spec } of servicesOf(objects)) {
      const [pod, another] = pods.filter(({ labels }) => has(labels, spec?.selector));
      t.equal(another, undefined, `${metadata?.name} is for the pods of one deployment`);
      for (const { port, targetPort } of spec?.ports ?? [])
        t.equal(pod && portNamed(pod, targetPort), port, `${metadata?.name} ${port}`);
    }
    for (const deployment of deploymentsOf(objects)) {
      const { labels, name } = podOf(deployment);
      t.same(deployment.spec?.selector.matchLabels, labels);
      t.equal(pods.filter((pod) => has(pod.labels, labels)).length, 1, `${name} owns its pods alone`);
    }
    t.end();
  });
}

t.test('ha: the objects for replicas select the pods of the service', { skip: kubectlMissing }, async (t) => {
  const objects = ownOverlay(t);
  const { labels, spec, container } = podNamed(objects, 'mldsa-api');
  t.match(objectOf(objects, 'PodDisruptionBudget'), { spec: { selector: { matchLabels: labels } } });
  t.match(objectOf(objects, 'HorizontalPodAutoscaler'), {
    spec: {
      minReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'mldsa-api' },
    },
  });
  t.equal(spec.topologySpreadConstraints?.length, 2);
  for (const { labelSelector } of spec.topologySpreadConstraints ?? [])
    t.same(labelSelector, { matchLabels: labels });
  t.match(objectOf(objects, 'Deployment'), { spec: { replicas: undefined } }, 'the autoscaler’s to say');

  const [metrics] = servicesOf(objects).filter(({ metadata }) => metadata?.name === 'mldsa-api-metrics');
  t.match(objectOf(objects, 'ServiceMonitor'), {
    spec: {
      selector: { matchLabels: metrics?.metadata?.labels },
      endpoints: [{ port: metrics?.spec?.ports?.[0]?.name, path: '/metrics' }],
    },
  });
  t.equal(container.image, 'registry.example.com/ml-dsa-certificate-api:1.0.0');
});

t.test('ha: nothing passes the network but what is named', { skip: kubectlMissing }, async (t) => {
  const policies = policiesOf(overlay('ha'));
  const everything = policies.filter(({ spec }) => spec?.podSelector?.matchLabels === undefined);
  t.match(everything, [
    { spec: { policyTypes: ['Ingress', 'Egress'], ingress: undefined, egress: undefined } },
  ]);
  t.equal(everything.length, 1);
  t.same(allowedBy(policies), [
    'service of mldsa-api from namespace ingress-nginx: TCP 8000',
    'service of mldsa-api from namespace monitoring: TCP 9090',
    'service of mldsa-api to namespace kube-system kube-dns: UDP 53',
    'service of mldsa-api to namespace kube-system kube-dns: TCP 53',
    'service of mldsa-api to redis of mldsa-api: TCP 6379',
    'redis of mldsa-api from service of mldsa-api: TCP 6379',
  ]);
});
