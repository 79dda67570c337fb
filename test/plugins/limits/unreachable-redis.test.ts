import t from 'tap';
import { addressIn, FREE_PORT, run, START } from '../../support/process.ts';
import { startRedis } from '../../support/redis.ts';
import { redisMissing } from '../../support/services.ts';

const WORDS = 'REDIS_URL cannot be reached';

t.test(
  'a Redis that cannot be reached is one warning, at the start and for the first requests',
  async (t) => {
    for (const WEB_CONCURRENCY of ['1', '2']) {
      const env = { ...FREE_PORT, REDIS_URL: 'redis://:secret@127.0.0.1:1', WEB_CONCURRENCY };
      const service = run(t, [START], env);
      const line = await service.logged(WORDS);
      t.match(JSON.parse(line), { level: 40, err: { message: 'connect ECONNREFUSED 127.0.0.1:1' } });
      const address = addressIn(await service.listening);
      for (let i = 0; i < 3; i++) t.equal((await fetch(`${address}/api/v1/info`)).status, 200);
      service.kill('SIGTERM');
      const { code, stdout } = await service.end;
      t.equal(code, 0);
      t.equal(stdout.split(WORDS).length, 2, 'once');
      t.notMatch(stdout, 'secret');
    }
  },
);

t.test('a Redis that is there is no warning', { skip: redisMissing }, async (t) => {
  const redis = await startRedis(t);
  const service = run(t, [START], { ...FREE_PORT, REDIS_URL: redis.url });
  await service.listening;
  service.kill('SIGTERM');
  t.notMatch((await service.end).stdout, WORDS);
});
