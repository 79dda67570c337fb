/** CRLs over HTTP by another clock: after the end of a CA, and after the clock was ahead. */

import { join } from 'node:path';
import t from 'tap';
import { composeAuthorities } from '../../src/authorities/compose.ts';
import { openKeyStore } from '../../service/authorities.ts';
import { readExposition } from '../support/exposition.ts';
import { authorityOrder, openStore, TESTER } from '../support/authorities.ts';
import { startApp } from '../support/service.ts';
import { until } from '../support/until.ts';

const DAY = 86_400_000;

t.test('the last CRL of a CA is served after its end, and the clock of the service counts', async (t) => {
  const start = Date.now();
  let now = start;
  const environment = { DATA_DIR: join(t.testdir({}), 'data'), CRL_DELAY: '1', CRL_VALIDITY: '172800' };
  const app = await startApp(t, environment, async (config, { context, keys }, onFault) =>
    composeAuthorities({
      context: { ...context, clock: () => new Date(now) },
      store: await openStore(config.DATA_DIR ?? ''),
      keyStore: openKeyStore(config, keys),
      onFault,
    }),
  );
  const { authorityDomain: domain, publication } = app;
  if (domain === undefined || publication === undefined) throw new Error('The service has no store');
  const { keys } = await domain.authorities(TESTER.principal).create(authorityOrder('root', { days: 10 }));
  const url = `/crl/${keys[0]?.id}.crl`;
  const get = async () => {
    const { statusCode, headers } = await app.inject({ url });
    return [statusCode, headers['cache-control'], headers['last-modified']];
  };
  const dateOf = (time: number) => new Date(Math.floor(time / 1000) * 1000).toUTCString();
  const ahead = async () => {
    const families = readExposition(await app.metrics.registry.metrics());
    return families.get('crl_this_update_ahead_seconds')?.samples[0]?.value ?? -1;
  };
  const publish = async (days: number) => {
    now = start + days * DAY;
    await publication.publisher.run();
    publication.crls.forget();
  };
  await until(async () => (await get())[0] === 200);
  await publish(5);
  now += 2 * DAY - 60_000;
  const [status, control] = await get();
  t.match([status, control], [200, /^public, max-age=(?:59|60), no-transform$/]);
  await publish(3);
  t.ok(Math.abs((await ahead()) - 2 * 86_400) < 60, 'thisUpdate stays ahead');
  await publish(9);
  t.equal(await ahead(), 0);
  now += 3 * DAY;
  await publish(10.5);
  const last = dateOf(start + 10.5 * DAY);
  t.same((await get())[2], last, 'one more after the end');
  await publish(400);
  t.same(await get(), [200, 'public, max-age=0, no-transform', last]);
});
