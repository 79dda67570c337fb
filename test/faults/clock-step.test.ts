/**
 * The clock of a running service is set a day forward or back (T24): no client is banned, and no client gets a higher
 * limit.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { keyFile, makeKey } from '../support/api-keys.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../support/process.ts';
import { faketimeMissing } from '../support/services.ts';

// Each test waits for the end of a window of one minute.
t.jobs = 2;

const HALF_A_DAY = 43_200_000;
const LIMIT = 3;

/**
 * Settings of libfaketime: it changes the system clock and not the monotonic clock, as an administrator does who sets
 * the clock.
 */
const fakeClock = (file: string) => ({
  LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  DONT_FAKE_MONOTONIC: '1',
});

async function startSteppable(t: Test) {
  const keys = [
    makeKey(['keys:generate']),
    makeKey(['keys:generate'], { notAfter: new Date(Date.now() + HALF_A_DAY) }),
  ];
  const { path } = keyFile(t, ...keys.map(({ key }) => key));
  const clock = join(path, '../clock');
  const step = (offset: string): void => writeFileSync(clock, `${offset}\n`);
  step('+0');
  const limits = { RATE_LIMIT_GENERATE_PER_MINUTE: String(LIMIT), RATE_LIMIT_PER_HOUR: '0' };
  const env = { ...WITHOUT_STORE, ...limits, API_KEYS_FILE: path, ...fakeClock(clock) };
  const url = addressIn(await run(t, [START], env).listening);
  /** A valid request: an invalid one would not count for the limit. */
  const ask = async (index: number) => {
    const headers = { 'X-API-Key': keys[index]?.text ?? '', 'Content-Type': 'application/json' };
    const reply = await fetch(`${url}/api/v1/keys/generate`, { method: 'POST', headers, body: '{}' });
    await reply.text();
    return {
      status: reply.status,
      date: reply.headers.get('date') ?? '',
      again: Number(reply.headers.get('retry-after')),
    };
  };
  return { step, ask };
}

for (const [offset, days, shortKey] of [
  ['-1d', -1, 200],
  ['+1d', 1, 401],
] as const) {
  t.test(`the clock is set by ${offset}`, { skip: faketimeMissing }, async (t) => {
    const { step, ask } = await startSteppable(t);
    const begun = performance.now();
    for (let i = 0; i < LIMIT; i++) t.equal((await ask(0)).status, 200);
    t.equal((await ask(0)).status, 429);
    step(offset);
    await wait(1500);
    const stepped = await ask(0);
    t.ok(
      Math.abs(Date.parse(stepped.date) - Date.now() - days * 86_400_000) < HALF_A_DAY,
      `the service uses the new date: ${stepped.date}`,
    );
    t.equal(stepped.status, 429, 'the window of the limit continues');
    t.ok(
      stepped.again > 0 && stepped.again <= 60,
      `the window ends at the same time as without the change: after ${stepped.again} s`,
    );
    t.equal((await ask(1)).status, shortKey, 'a key of half a day');
    await wait(stepped.again * 1000 + 1000);
    const after = await ask(0);
    t.equal(after.status, 200, 'the client is served again afterwards');
    const seconds = Math.round((performance.now() - begun) / 1000);
    t.comment(
      `T24: clock set by ${offset}: ${LIMIT} served, then refused, served again after ${seconds} s of a window of 60 s`,
    );
  });
}
