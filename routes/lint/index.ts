import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { atMemberAsync } from '../../src/base/errors.ts';
import { lintData } from '../../src/lint/lint-data.ts';
import { LISTED_RULES } from '../../src/lint/registry.ts';
import { INSPECTING } from '../wire/cost.ts';
import { RAW_TYPES } from '../wire/media-types.ts';
import { presentLint, presentRule } from './present.ts';
import { components, lintInput, listRules } from './schema.ts';

export const lint: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post(
    '',
    { schema: lintInput, config: { ...INSPECTING, rawBody: { member: 'data', types: RAW_TYPES } } },
    async ({ body: { data, profile } }) => {
      const linted = await atMemberAsync('data', () => lintData(data, profile));
      app.collectKeys();
      return presentLint(linted, profile);
    },
  );

  app.get(
    '/rules',
    { schema: listRules, config: { scope: 'inspect' } },
    async ({ query: { profile, kind, severity } }) => ({
      rules: LISTED_RULES.filter(
        (rule) =>
          (profile === undefined || rule.profile === profile) &&
          (kind === undefined || rule.kinds.includes(kind)) &&
          (severity === undefined || rule.severity === severity),
      ).map(presentRule),
    }),
  );

  done();
};
