import t from 'tap';
import { configFrom, type Environment } from '../../src/config/load.ts';

t.test(
  'the limits are ten times as high only when the service is reachable from this machine alone',
  async (t) => {
    const limits = (environment: Environment): readonly number[] => {
      const { RATE_LIMIT_PER_HOUR, RATE_LIMIT_GENERATE_PER_MINUTE } = configFrom(environment);
      return [RATE_LIMIT_PER_HOUR, RATE_LIMIT_GENERATE_PER_MINUTE];
    };
    const wide: readonly Environment[] = [
      {},
      { NODE_ENV: 'development', HOST: '127.0.0.1' },
      { HOST: '::1' },
      { HOST: 'localhost' },
      { HOST: '127.0.0.2' },
    ];
    for (const environment of wide) t.same(limits(environment), [1000, 100], JSON.stringify(environment));
    const narrow: readonly Environment[] = [
      { HOST: '0.0.0.0' },
      { HOST: '127.0.0.1.example.com' },
      { NODE_ENV: 'test' },
      { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true' },
      { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true', HOST: '127.0.0.1' },
      { TRUST_PROXY: '127.0.0.1' },
    ];
    for (const environment of narrow) t.same(limits(environment), [100, 10], JSON.stringify(environment));
    t.same(limits({ RATE_LIMIT_PER_HOUR: '100', RATE_LIMIT_GENERATE_PER_MINUTE: '10' }), [100, 10]);
  },
);
