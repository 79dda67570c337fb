import t from 'tap';
import { ErrorWithoutStackTrace, withoutStackTrace } from '../../src/base/without-stack-trace.ts';

t.test('errors have no stack trace during the call, and have one afterwards', async (t) => {
  const { stackTraceLimit } = Error;
  t.notMatch(withoutStackTrace(() => new Error('a')).stack, /\n\s+at /);
  t.match(new Error('b').stack, /\n\s+at /, `V8 of Node ${process.version} records no stack trace`);
  t.throws(
    () =>
      withoutStackTrace(() => {
        throw new Error('c');
      }),
    { message: 'c' },
  );
  t.notMatch(new ErrorWithoutStackTrace('d').stack, /\n\s+at /);
  t.equal(Error.stackTraceLimit, stackTraceLimit);
});

t.test('the limit is restored when the call throws', async (t) => {
  const { stackTraceLimit } = Error;
  const hostile = {
    toString(): string {
      throw new TypeError('no text');
    },
  };
  t.throws(() => new ErrorWithoutStackTrace(hostile as unknown as string), TypeError);
  t.equal(Error.stackTraceLimit, stackTraceLimit);
});
