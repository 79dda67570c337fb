/** When the schemas of requests are compiled, and that all of them can be. */

import { subscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import t from 'tap';
import { validation } from '../../../plugins/schemas/validation.ts';
import { startApp } from '../../support/service.ts';

const { buildValidator } = validation;
const PARTS = ['body', 'querystring', 'params', 'headers'] as const;

t.test('no schema is compiled before it is used', async (t) => {
  const compile = buildValidator({});
  for (const httpPart of PARTS) {
    const validate = compile({ schema: { $ref: 'missing#' }, httpPart });
    t.throws(() => validate({}), /missing/, httpPart);
  }
});

t.test('the schemas of every route can be compiled', async (t) => {
  const routes: { readonly scope: FastifyInstance; readonly route: RouteOptions }[] = [];
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', function (route) {
      routes.push({ scope: this, route });
    });
  });
  await startApp(t);
  let compiled = 0;
  for (const { scope, route } of routes) {
    const compile = buildValidator(scope.getSchemas() as Parameters<typeof buildValidator>[0]);
    for (const httpPart of PARTS) {
      for (const schema of schemasOf(route.schema?.[httpPart])) {
        t.doesNotThrow(
          () => compile({ schema, httpPart })({}),
          `${String(route.method)} ${route.url}, ${httpPart}`,
        );
        compiled += 1;
      }
    }
  }
  t.ok(compiled > 50, `${compiled} schemas`);
});

/** A body can have a schema for each media type. */
function schemasOf(given: unknown): readonly object[] {
  if (typeof given !== 'object' || given === null) return [];
  if (!('content' in given)) return [given];
  return Object.values(given.content as Readonly<Record<string, { readonly schema: object }>>).map(
    ({ schema }) => schema,
  );
}
