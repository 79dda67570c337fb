/** What signatures of SLH-DSA count in admission control: their time, up to half of the places. */

import { Counter, Registry } from '@prometheus-io/client';
import t from 'tap';
import { createAdmission } from '../../../plugins/overload/admission.ts';

const LIMIT = 8;

function open(t: Tap, slowLoad: number) {
  const shed = new Counter({
    name: 'shed',
    help: 'Shed',
    labelNames: ['reason'],
    registers: [new Registry()],
  });
  const queue = { depth: 0, slowLoad };
  const admission = createAdmission<string>({ queue, metrics: { shed }, limit: LIMIT });
  t.teardown(() => admission.stop());
  /** Takes places until one is refused. */
  const fill = (): number => {
    for (let taken = 0; ; taken += 1) {
      try {
        admission.take(`request ${taken}`, 1);
      } catch {
        return taken;
      }
    }
  };
  return { admission, queue, fill };
}

type Tap = Pick<typeof t, 'teardown'>;

t.test('the time of slow signatures takes places', async (t) => {
  t.equal(open(t, 0).fill(), LIMIT);
  t.equal(open(t, 0.2).fill(), LIMIT, 'a second of five is less than a place of eight');
  t.equal(open(t, 0.25).fill(), LIMIT - 1);
  t.equal(open(t, 0.5).fill(), LIMIT - 2);
});

t.test('slow signatures leave half of the places to the others', async (t) => {
  t.equal(open(t, 1).fill(), LIMIT / 2);
  t.equal(open(t, 1.2).fill(), LIMIT / 2, 'the last one that was accepted is beyond the limit');
});

t.test('what was computed takes no place', async (t) => {
  const { admission, queue } = open(t, 1);
  t.equal(admission.depth(), LIMIT / 2);
  queue.slowLoad = 0;
  t.equal(admission.depth(), 0);
  await t.resolves(admission.wait());
});
