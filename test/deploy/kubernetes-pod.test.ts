/** deploy/kubernetes: the service, and Redis, with the configuration, the secrets and the probes of their pods. */

import { join } from 'node:path';
import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { isVariableName, SECRET_NAMES } from '../../src/config/schema.ts';
import { freePort } from '../support/free-port.ts';
import {
  documentedSecrets,
  environmentOf,
  HEALTHY,
  located,
  mountVolumes,
  podNamed,
  portNamed,
  probe,
  withFreePorts,
} from '../support/kubernetes-pod.ts';
import { kubectlMissing, overlay, OVERLAYS } from '../support/kubernetes.ts';
import { run, START } from '../support/process.ts';
import { launchRedis } from '../support/redis.ts';
import { rewrite } from '../support/rewrite.ts';
import { redisMissing } from '../support/services.ts';

for (const name of OVERLAYS) {
  t.test(`${name}: the configuration is the service's`, { skip: kubectlMissing }, async (t) => {
    const objects = overlay(name);
    const pod = podNamed(objects, 'mldsa-api');
    const environment = environmentOf(objects, pod);
    for (const variable of Object.keys(environment)) {
      const secret = SECRET_NAMES.find((secret) => variable === `${secret}_FILE`);
      t.ok(isVariableName(variable) || secret !== undefined, variable);
    }
    const { secrets } = await documentedSecrets(t);
    const root = t.testdir({});
    mountVolumes(root, objects, pod, secrets);
    const config = configFrom({ ...located(environment, root), NODE_ENV: 'production' });
    t.equal(config.PORT, portNamed(pod, 'http'));
    t.equal(config.METRICS_PORT, portNamed(pod, 'metrics'));
    t.equal(config.REDIS_URL !== undefined, name === 'ha');
    t.equal(
      pod.spec.terminationGracePeriodSeconds,
      config.SHUTDOWN_DELAY + 40,
      'it is not killed as it ends',
    );
  });
}

const generate = ({ PORT }: Record<string, string>, apiKey: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${PORT}/api/v1/keys/generate`, {
    method: 'POST',
    headers: { 'X-API-Key': apiKey },
  });

t.test(
  'stateless: the probes and the key of the documentation find a started service',
  { skip: kubectlMissing },
  async (t) => {
    const objects = overlay('stateless');
    const pod = podNamed(objects, 'mldsa-api');
    const { secrets, apiKey } = await documentedSecrets(t);
    const root = t.testdir({});
    mountVolumes(root, objects, pod, secrets);
    const environment = await withFreePorts(located(environmentOf(objects, pod), root));
    const service = run(t, [START], { ...environment, NODE_ENV: 'production' });
    await service.listening;
    t.same(await probe(pod, environment), HEALTHY);
    t.equal((await generate(environment, apiKey)).status, 200);
    t.equal((await generate(environment, 'another')).status, 401);
    service.kill('SIGTERM');
    await service.logged('SIGTERM');
    t.same(await probe(pod, environment), { ...HEALTHY, '/readyz': 503 }, 'while SHUTDOWN_DELAY lasts');
    t.equal((await generate(environment, apiKey)).status, 200, 'it still serves');
  },
);

t.test(
  'ha: two replicas count together in the Redis of the overlay',
  { skip: kubectlMissing || redisMissing },
  async (t) => {
    const objects = overlay('ha');
    const { secrets, apiKey } = await documentedSecrets(t);
    const root = t.testdir({});
    const redis = podNamed(objects, 'mldsa-redis');
    const pod = podNamed(objects, 'mldsa-api');
    for (const each of [redis, pod]) mountVolumes(root, objects, each, secrets);
    const port = await freePort();
    const [, file = ''] = redis.container.command ?? [];
    rewrite(join(root, file), 'include /', `include ${root}/`);
    rewrite(join(root, '/run/secrets/mldsa-redis/url'), 'mldsa-redis:6379', `127.0.0.1:${port}`);
    await launchRedis(t, [join(root, file), '--port', String(port), '--bind', '127.0.0.1']);

    const remaining: unknown[] = [];
    for (let replica = 0; replica < 2; replica += 1) {
      const environment = await withFreePorts(located(environmentOf(objects, pod), root));
      await run(t, [START], { ...environment, NODE_ENV: 'production' }).listening;
      t.same(await probe(pod, environment), HEALTHY);
      const { headers } = await generate(environment, apiKey);
      remaining.push(headers.get('x-ratelimit-remaining'));
      t.notMatch(headers.get('ratelimit-policy') ?? 'none', 'mldsa-local', 'Redis counts');
    }
    t.same(remaining, ['9', '8']);
  },
);
