/** The keys of completed requests do not stay in the store for ever. */

import t from 'tap';
import { authorityOrder, openAuthorities, openPatiently, TESTER } from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';
import { startApp } from '../support/service.ts';
import { until } from '../support/until.ts';

const domain = await openDomain(t);

const repeatable = (key: string) => ({ key, route: 'POST /', requestDigest: new Uint8Array(32) });
const hoursAgo = (hours: number) => () => new Date(Date.now() - hours * 3_600_000);

t.test('a key is known for a day, and forgotten after that', async (t) => {
  const first = await openAuthorities(t, domain, { clock: hoursAgo(25) });
  await first.use.create(authorityOrder('old', { repeatable: repeatable('old') }));
  const second = await openAuthorities(t, domain, { beside: first, clock: hoursAgo(23) });
  await second.use.create(authorityOrder('recent', { repeatable: repeatable('recent') }));
  const find = (key: string) =>
    first.store.findIdempotent({ ...repeatable(key), principal: TESTER.principal });
  t.match(await find('old'), { outcome: 'replayed' });

  const app = await startApp(t, { DATA_DIR: first.folder }, openPatiently);
  await until(async () => (await find('old')) === undefined);
  t.match(await find('recent'), { outcome: 'replayed' });
  await app.close();
});
