/** The logger of a request. */

import { fastify, type FastifyBaseLogger } from 'fastify';
import t from 'tap';
import { childLoggerFactory } from '../../../plugins/log/request-logger.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

const lines: string[] = [];
const { log } = fastify({ logger: { level: 'trace', stream: { write: (line) => void lines.push(line) } } });

/** Counts the child loggers that are made. */
function counted(): { readonly parent: FastifyBaseLogger; readonly made: () => number } {
  let count = 0;
  const parent: FastifyBaseLogger = Object.create(log, {
    child: { value: (bindings: object) => ((count += 1), log.child(bindings)) },
  });
  return { parent, made: () => count };
}

t.test('a request that writes no line has no logger of its own', (t) => {
  const { parent, made } = counted();
  const logger = childLoggerFactory(parent, { request: 'one' }, {});
  logger.silent('nothing');
  t.equal(made(), 0);
  logger.info('line');
  logger.warn('line');
  t.equal(made(), 1);
  t.end();
});

t.test('each line has the bindings of the request, at every level', (t) => {
  lines.length = 0;
  const logger = childLoggerFactory(log, { request: 'two' }, {});
  for (const level of LEVELS) logger[level]({ more: level }, 'a line');
  t.match(
    lines.map((line) => JSON.parse(line)),
    LEVELS.map((level, i) => ({ level: (i + 1) * 10, request: 'two', more: level, msg: 'a line' })),
  );
  t.end();
});

t.test('it makes child loggers, and has the level of its parent', (t) => {
  lines.length = 0;
  const logger = childLoggerFactory(log, { request: 'three' }, {});
  logger.child({ part: 'a' }).info('a line');
  t.match(JSON.parse(lines[0] ?? ''), { request: 'three', part: 'a' });
  t.equal(logger.level, 'trace');
  t.end();
});
