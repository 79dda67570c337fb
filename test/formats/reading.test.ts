import t from 'tap';
import { PkiError } from '../../src/base/errors.ts';
import { createReading, LENIENT, STRICT } from '../../src/formats/reading.ts';
import { TOLERANCES, type ToleranceCode } from '../../src/formats/tolerances.ts';
import type { Tolerance } from '../../src/formats/tolerance.ts';

const fault = (sentence = 'The set is not in order') => new PkiError('invalid-der', sentence);

t.test('a deviation is noted once, with its path and what becomes of it', async (t) => {
  const reading = createReading({ isStrict: false });
  const part = reading.at('authority').at('certificate');
  part.tolerate('set-order', fault());
  part.tolerate('set-order', fault());
  reading.tolerate('set-order', fault());
  const message = `The set is not in order. ${TOLERANCES['set-order'].treatment}`;
  t.same(reading.notes, [
    { code: 'set-order', message, path: ['authority', 'certificate'] },
    { code: 'set-order', message, path: [] },
  ]);
});

t.test('many deviations of one kind do not make many notes', async (t) => {
  const reading = createReading({ isStrict: false });
  for (let i = 0; i < 1000; i += 1) reading.tolerate('boolean', fault(`Value ${i} is not DER`));
  reading.tolerate('set-order', fault());
  t.equal(reading.notes.length, 11);
});

t.test('a lenient reading notes nothing, and throws what only inspection reads', async (t) => {
  const error = fault();
  for (const [code, { inspectionOnly = false }] of Object.entries<Tolerance>(TOLERANCES)) {
    const attempt = (): void => LENIENT.at('request').tolerate(code as ToleranceCode, error);
    if (inspectionOnly) t.throws(attempt, error, code);
    else t.doesNotThrow(attempt, code);
  }
});

t.test('a strict reading throws the fault', async (t) => {
  const error = fault();
  for (const reading of [STRICT, STRICT.at('request'), createReading({ isStrict: true }).at('request')])
    t.throws(() => reading.tolerate('boolean', error), error);
});

t.test('each deviation is described in phrases that fit a note and a table', async (t) => {
  for (const [code, { found, clause, treatment, writers }] of Object.entries(TOLERANCES)) {
    t.match(code, /^[a-z-]+$/);
    t.match(found, /^(?:an?|extensions|the) .*[^.]$/, code);
    t.match(treatment, /^[A-Z].*[^.]$/, code);
    t.match(clause, /§|appendix|[A-Z]{3}/, code);
    t.not(writers, '', code);
  }
});
