/** The configuration, as `app.config`. */

import fastifyEnv from '@fastify/env';
import fp from 'fastify-plugin';
import { ConfigSchema, type Config } from '../src/config/schema.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly config: Config;
  }
}

/** @fastify/env validates the configuration once more. Neither the environment nor `.env` is read again. */
export const config = fp<{ config: Config }>(
  async (app, options) => {
    await app.register(fastifyEnv, { schema: ConfigSchema, data: options.config, env: false, dotenv: false });
    Object.freeze(app.config);
  },
  { name: 'config' },
);
