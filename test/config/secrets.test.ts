/** Secrets, in variables and in files. */

import { chmodSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';

const URL_WITH_SECRET = 'rediss://limits:secret-of-redis@redis.internal:6380/3';

t.test('REDIS_URL must be the URL of a Redis, and is never shown', async (t) => {
  for (const url of [
    'redis://10.0.0.7',
    'redis://redis:6379/',
    'redis://:p@[::1]:6379/15',
    URL_WITH_SECRET,
  ]) {
    t.equal(configFrom({ REDIS_URL: url }).REDIS_URL, url);
  }
  const refused = `redis 10.0.0.7:6379 http://redis redis:// redis:///0 redis:redis redis://redis/name redis://redis/0/1
    redis://redis?enableOfflineQueue=true redis://redis/0#1 redis://redis:65536 file:///redis unix:///redis.sock`;
  for (const url of refused.split(/\s+/)) {
    t.throws(
      () => configFrom({ REDIS_URL: url }),
      { message: /^REDIS_URL must be a URL that begins with redis:\/\/ or rediss:\/\// },
      url,
    );
  }
  t.match(printConfig(configFrom({ REDIS_URL: URL_WITH_SECRET })), /^REDIS_URL=\[secret\]$/m);
  t.match(printConfig(configFrom({})), /^REDIS_URL=$/m);
});

t.test('DATABASE_URL must be the URL of a PostgreSQL database, and is never shown', async (t) => {
  const secret = 'postgres://mldsa:secret-of-postgres@db.internal:5432/mldsa?sslmode=verify-full';
  for (const url of ['postgres://10.0.0.7/mldsa', 'postgresql://u@[::1]:6432/a', secret]) {
    t.equal(configFrom({ DATABASE_URL: url }).DATABASE_URL, url);
  }
  const refused = `postgres db:5432 mysql://db/mldsa http://db/mldsa postgres:// postgres://db postgres://db/
    postgres://db/a/b postgres:///mldsa postgres://db/mldsa#1 postgres://db:65536/mldsa file:///mldsa`;
  for (const url of refused.split(/\s+/)) {
    t.throws(
      () => configFrom({ DATABASE_URL: url }),
      { message: /^DATABASE_URL must be a URL that begins with/ },
      url,
    );
  }
  t.match(printConfig(configFrom({ DATABASE_URL: secret })), /^DATABASE_URL=\[secret\]$/m);
});

t.test('a secret may be in a file', async (t) => {
  const path = join(t.testdir({ url: `${URL_WITH_SECRET}\n`, empty: '\n', wrong: 'secret-of-redis' }), 'url');
  chmodSync(path, 0o600);
  const from = (file: string) => configFrom({ REDIS_URL_FILE: file });
  t.equal(from(path).REDIS_URL, URL_WITH_SECRET);
  t.throws(() => from(`${path}s`), { message: 'REDIS_URL_FILE names a file that cannot be read' });
  t.throws(() => from(join(path, '../empty')), { message: 'REDIS_URL_FILE names an empty file' });
  t.throws(() => from(join(path, '../wrong')), { message: /^REDIS_URL must be (?!.*secret-of)/ });
  t.throws(() => configFrom({ REDIS_URL_FILE: path, REDIS_URL: 'redis://redis' }), {
    message: 'REDIS_URL_FILE must not be set together with REDIS_URL',
  });
  t.equal(configFrom({ REDIS_URL_FILE: '', REDIS_URL: 'redis://redis' }).REDIS_URL, 'redis://redis');
});

t.test('a secret that every user can read causes a warning', async (t) => {
  const path = join(t.testdir(), 'url');
  writeFileSync(path, URL_WITH_SECRET, { mode: 0o644 });
  chmodSync(path, 0o644);
  const warned = once(process, 'warning');
  configFrom({ REDIS_URL_FILE: path });
  const [warning] = await warned;
  t.equal(warning.message, 'REDIS_URL_FILE can be read by every user of this machine');
});
