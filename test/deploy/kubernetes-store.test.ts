/** deploy/kubernetes/components: the store of authorities, and who can read and write what of it. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { freePort } from '../support/free-port.ts';
import {
  documentedSecrets,
  environmentOf,
  HEALTHY,
  located,
  mountVolumes,
  podNamed,
  probe,
  withFreePorts,
  type Pod,
} from '../support/kubernetes-pod.ts';
import {
  deploymentsOf,
  findObject,
  kubectlMissing,
  overlay,
  overlayWith,
  policiesOf,
  STATELESS,
  WITH_STORE,
} from '../support/kubernetes.ts';
import { issueFrom, makeAuthorities } from '../support/made-authorities.ts';
import { allowedBy } from '../support/network-policy.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { run, START } from '../support/process.ts';
import { rewrite } from '../support/rewrite.ts';

/** Names of the volumes that the service can write to. */
const writable = ({ container }: Pod): string[] =>
  (container.volumeMounts ?? []).filter(({ readOnly }) => readOnly !== true).map(({ name }) => name);

t.test(
  'without a component the service has no volume that it can write to',
  { skip: kubectlMissing },
  (t) => {
    for (const name of STATELESS) {
      const objects = overlay(name);
      t.same(writable(podNamed(objects, 'mldsa-api')), [], name);
      t.equal(findObject(objects, 'PersistentVolumeClaim', 'mldsa-api-data'), undefined);
    }
    t.end();
  },
);

for (const [name, component] of WITH_STORE) {
  t.test(`${component}: only the service reads its secrets`, { skip: kubectlMissing }, async (t) => {
    const { spec, container } = podNamed(overlayWith(t, name, component), 'mldsa-api');
    const secrets = (spec.volumes ?? []).flatMap(({ secret }) => secret ?? []);
    const store = component === 'sqlite' ? [] : ['mldsa-database'];
    for (const secretName of ['mldsa-key-encryption', ...store])
      t.equal(secrets.filter((secret) => secret.secretName === secretName).length, 1, secretName);
    t.equal(
      secrets.length,
      spec.volumes?.filter(({ persistentVolumeClaim }) => !persistentVolumeClaim).length,
    );
    // The files belong to root and to the group of fsGroup.
    for (const { secretName, defaultMode } of secrets) t.equal(defaultMode, 0o440, secretName ?? '');
    t.equal(spec.securityContext?.fsGroup, spec.securityContext?.runAsGroup);
    t.equal(container.securityContext?.readOnlyRootFilesystem, true);
  });
}

t.test(
  'sqlite: the volume has one pod at a time, and the service can write to it',
  { skip: kubectlMissing },
  async (t) => {
    const objects = overlay('single');
    const [deployment] = deploymentsOf(objects);
    t.match(deployment?.spec, { replicas: 1, strategy: { type: 'Recreate', rollingUpdate: undefined } });
    const pod = podNamed(objects, 'mldsa-api');
    t.same(writable(pod), ['data'], 'and to nothing else');
    t.match(pod.spec.securityContext, { fsGroup: 65532, fsGroupChangePolicy: 'OnRootMismatch' });
    const claim = findObject(objects, 'PersistentVolumeClaim', 'mldsa-api-data');
    t.match(claim, { spec: { accessModes: ['ReadWriteOnce'] } });
    t.match(
      pod.spec.volumes?.find(({ name }) => name === 'data'),
      { persistentVolumeClaim: { claimName: claim?.metadata.name } },
    );
    const mount = pod.container.volumeMounts?.find(({ name }) => name === 'data');
    t.equal(environmentOf(objects, pod).DATA_DIR, mount?.mountPath);
  },
);

t.test(
  'postgresql: the network lets the service reach it, and nothing more',
  { skip: kubectlMissing },
  async (t) => {
    const allowed = allowedBy(policiesOf(overlayWith(t, 'ha', 'postgresql')));
    const before = new Set(allowedBy(policiesOf(overlay('ha'))));
    t.same(
      allowed.filter((line) => !before.has(line)),
      ['service of mldsa-api to namespace postgresql: TCP 5432'],
    );
    t.equal(allowed.length, before.size + 1);
    t.same(
      policiesOf(overlayWith(t, 'stateless', 'postgresql')),
      [],
      'stateless has no policy, which would forbid the rest',
    );
    t.same(writable(podNamed(overlayWith(t, 'ha', 'postgresql'), 'mldsa-api')), []);
  },
);

/** Starts a pod. Returns its environment, and what stops it. */
async function start(t: Test, environment: Record<string, string>) {
  const variables: Record<string, string> = {
    ...(await withFreePorts(environment)),
    SHUTDOWN_DELAY: '0',
  };
  const service = run(t, [START], { ...variables, NODE_ENV: 'production' });
  await service.listening;
  return {
    variables,
    stop: async () => {
      service.kill('SIGTERM');
      await service.end;
    },
  };
}

t.test('single: authorities outlive the pod, and need the store', { skip: kubectlMissing }, async (t) => {
  const { secrets, apiKey } = await documentedSecrets(t);
  const root = t.testdir({});
  const objects = overlay('single');
  const pod = podNamed(objects, 'mldsa-api');
  mountVolumes(root, objects, pod, secrets);
  const environment = located(environmentOf(objects, pod), root);
  await makeAuthorities(t, environment);
  for (const which of ['first', 'second']) {
    const { variables, stop } = await start(t, environment);
    t.same(await probe(pod, variables), HEALTHY);
    t.equal(await issueFrom(variables.PORT ?? '', apiKey), 201, `the ${which} pod issues`);
    await stop();
  }
  t.equal(statSync(join(environment.DATA_DIR ?? '', 'authority.db')).mode & 0o777, 0o600);

  const { DATA_DIR: _, KEY_ENCRYPTION_KEY_FILE: _key, ...stateless } = environment;
  const { variables, stop } = await start(t, stateless);
  t.same(await probe(pod, variables), HEALTHY, 'without the component the service starts');
  t.equal(await issueFrom(variables.PORT ?? '', apiKey), 503, 'and has no authorities');
  await stop();
});

t.test(
  'ha: replicas share the authorities in PostgreSQL',
  { skip: kubectlMissing || postgresMissing },
  async (t) => {
    const { secrets, apiKey } = await documentedSecrets(t);
    const root = t.testdir({});
    const objects = overlayWith(t, 'ha', 'postgresql');
    const pod = podNamed(objects, 'mldsa-api');
    mountVolumes(root, objects, pod, secrets);
    const postgres = await startPostgres(t);
    postgres.sql('CREATE ROLE mldsa LOGIN');
    postgres.sql('CREATE DATABASE mldsa OWNER mldsa');
    const environment = located(environmentOf(objects, pod), root);
    rewrite(
      environment.DATABASE_URL_FILE ?? '',
      'postgresql.postgresql.svc:5432',
      new URL(postgres.url).host,
    );
    // The rate limits are not the subject. A port where nothing listens is a Redis that is down.
    rewrite(environment.REDIS_URL_FILE ?? '', 'mldsa-redis:6379', `127.0.0.1:${await freePort()}`);
    const replicas = await Promise.all([start(t, environment), start(t, environment)]);
    await makeAuthorities(t, environment);
    for (const { variables } of replicas) {
      t.same(await probe(pod, variables), HEALTHY);
      t.equal(await issueFrom(variables.PORT ?? '', apiKey), 201);
    }
    await Promise.all(replicas.map(({ stop }) => stop()));
  },
);
