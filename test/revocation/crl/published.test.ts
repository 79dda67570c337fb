/** CRLs in memory: what is damaged is not served, what was used last stays, and nothing is served after its end. */

import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t from 'tap';
import { PublishedCrls } from '../../../src/revocation/crl/published-crls.ts';
import type { CrlSummary, StoredCrl } from '../../../src/storage/ports.ts';
import { storeUnavailable } from '../../../src/storage/unavailable.ts';

const NOW = new Date('2026-05-01T12:00:00Z');
const END = new Date('2026-05-08T12:00:00Z');

const crlOf = (octets: number, members: Partial<StoredCrl> = {}): StoredCrl => {
  const der = new Uint8Array(octets).fill(7);
  const sha256 = new Uint8Array(createHash('sha256').update(der).digest());
  return {
    authorityKeyId: randomUUID(),
    scope: '',
    number: 1,
    revision: 0,
    thisUpdate: NOW,
    nextUpdate: END,
    entries: 0,
    sha256,
    der,
    ...members,
  };
};

function summaryOf(crl: StoredCrl): CrlSummary {
  const { der: _, ...summary } = crl;
  return summary;
}

function publish(crls: StoredCrl[], capacity?: number) {
  const state = { isAway: false, isHanging: false, now: NOW, reads: 0, faults: [] as unknown[] };
  const orAway = async <T>(value: T): Promise<T> => {
    await nextTurn();
    if (state.isAway) throw storeUnavailable('is away');
    if (state.isHanging) await Promise.withResolvers<never>().promise;
    return value;
  };
  const published = new PublishedCrls({
    store: {
      listCrls: () => orAway(crls.map(summaryOf)),
      getCrl(place) {
        state.reads += 1;
        return orAway(crls.find(({ authorityKeyId }) => authorityKeyId === place.authorityKeyId));
      },
    },
    clock: () => state.now,
    onFault: (error) => void state.faults.push(error),
    ...(capacity !== undefined && { capacity }),
  });
  return { published, state };
}

const numberOf = (found: Awaited<ReturnType<PublishedCrls['find']>>) =>
  typeof found === 'object' ? found.number : found;

t.test('a CRL is read once, and again when there is a newer one', async (t) => {
  const first = crlOf(10);
  const crls = [first];
  const { published, state } = publish(crls);
  const name = first.authorityKeyId;
  const found = await Promise.all([1, 2, 3].map(() => published.find(name)));
  t.same(found.map(numberOf), [1, 1, 1]);
  t.equal(state.reads, 1);
  crls[0] = { ...first, number: 2 };
  t.equal(numberOf(await published.find(name)), 1, 'the list is used for a second');
  published.forget();
  t.equal(numberOf(await published.find(name)), 2);
  t.equal(await published.find(randomUUID()), undefined);
  t.equal(state.reads, 2, 'an unknown name is not looked for in the store');
});

t.test('while the store is away, the last CRL is served until its end', async (t) => {
  const crl = crlOf(10);
  const { published, state } = publish([crl, crlOf(10)]);
  await published.find(crl.authorityKeyId);
  state.isAway = true;
  published.forget();
  t.equal(numberOf(await published.find(crl.authorityKeyId)), 1);
  t.ok(published.isFaulty);
  t.equal(state.faults.length, 1, 'it is reported once');
  state.now = new Date(END.getTime() + 1);
  t.equal(await published.find(crl.authorityKeyId), 'ended');
  state.isAway = false;
  published.forget();
  await published.list();
  t.notOk(published.isFaulty);
  t.same(state.faults.at(-1), undefined, 'so is its return');
});

t.test('a CRL that is damaged is not served', async (t) => {
  const good = crlOf(10);
  const crls = [good];
  const { published, state } = publish(crls);
  const name = good.authorityKeyId;
  await published.find(name);
  crls[0] = { ...good, number: 2, der: new Uint8Array(10) };
  published.forget();
  t.equal(numberOf(await published.find(name)), 1, 'the one before is');
  t.match(state.faults[0], { message: /is damaged$/ });
});

t.test('the CRLs that were used last stay in memory', async (t) => {
  const crls = [crlOf(60), crlOf(60), crlOf(200)];
  const { published, state } = publish(crls, 130);
  const [a = '', b = '', long = ''] = crls.map(({ authorityKeyId }) => authorityKeyId);
  await published.find(a);
  await published.find(b);
  await published.find(a);
  t.equal(state.reads, 2);
  t.equal(numberOf(await published.find(long)), 1, 'one that is too long for the memory is served too');
  await published.find(b);
  t.equal(state.reads, 4);
});

t.test('a store that hangs delays no CRL in memory', async (t) => {
  const crl = crlOf(10);
  const crls = [crl];
  const { published, state } = publish(crls);
  const name = crl.authorityKeyId;
  await published.find(name);
  crls[0] = { ...crl, number: 2 };
  published.forget();
  await published.list();
  state.isHanging = true;
  t.equal(numberOf(await published.find(name)), 1, 'the newer one cannot be read');
  published.forget();
  t.equal(numberOf(await published.find(name)), 1, 'nor can the list');
  t.equal((await published.list()).length, 1);
  state.now = new Date(END.getTime() + 1);
  t.equal(await published.find(name), 'ended');
  t.equal(numberOf(await published.findLast(name)), 1);
});
