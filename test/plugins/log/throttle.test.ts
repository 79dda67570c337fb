/** A fault that repeats is logged once a minute. */

import t from 'tap';
import { throttleErrors } from '../../../plugins/log/throttle.ts';

t.test('each message is logged once a minute, and no number of messages fills the memory', (t) => {
  let now = 0;
  const logged: string[] = [];
  const log = throttleErrors(
    (error) => void logged.push(error instanceof Error ? error.message : 'no error'),
    () => now,
  );
  for (let i = 0; i < 3; i += 1) for (const message of ['one', 'two']) log(new Error(message));
  t.same(logged, ['one', 'two']);
  now = 59_999;
  log(new Error('one'));
  t.equal(logged.length, 2);
  now = 60_000;
  log(new Error('one'));
  log('a text');
  t.same(logged.splice(0), ['one', 'two', 'one', 'no error']);
  for (let i = 0; i < 200; i += 1) log(new Error(`fault ${i}`));
  t.equal(logged.length, 98, '100 messages in all, and one of the others');
  t.end();
});
