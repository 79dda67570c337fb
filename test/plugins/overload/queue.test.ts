/** What counts as work of the queue. */

import t from 'tap';
import { createSlots } from '../../../plugins/overload/slots.ts';
import { buildApp } from '../../../service/app.ts';
import { createCryptography } from '../../../src/algorithms/cryptography.ts';
import { configFrom } from '../../../src/config/load.ts';
import { IDLE } from '../../support/edge.ts';

t.test('calls of the engine count from their begin to their end, however they end', async (t) => {
  const cryptography = await createCryptography({ engine: 'auto' });
  t.teardown(() => cryptography.close());
  const { engine, queue } = cryptography;
  t.equal(queue.depth, 0);
  const keys = [engine.generateKey('ml-dsa-44'), engine.generateKey('ml-dsa-65')] as const;
  t.equal(queue.depth, 2);
  const [key] = await Promise.all(keys);
  t.equal(queue.depth, 0);
  const context = new Uint8Array(256);
  const failing = engine.sign(key, new Uint8Array(1), { context });
  t.equal(queue.depth, 1);
  await t.rejects(failing);
  t.equal(queue.depth, 0);
});

t.test('calls of the engine without a request count too', async (t) => {
  const config = configFrom({ LOG_LEVEL: 'silent', QUEUE_LIMIT: '5' });
  const app = await buildApp({ domain: { ...IDLE, queue: { depth: 5, slowLoad: 0 } }, config });
  t.teardown(() => app.close());
  t.equal((await app.inject({ method: 'POST', url: '/api/v1/keys/generate' })).json().code, 'overloaded');
  t.match((await app.inject('/metrics')).body, /^engine_queue_depth 5$/m);
});

t.test('places are given back once', async (t) => {
  const places = createSlots<string>();
  places.take('a', 3);
  places.take('b', 4);
  t.equal(places.taken, 7);
  places.giveBack('a');
  places.giveBack('a');
  places.giveBack('nobody');
  t.equal(places.taken, 4);
});
