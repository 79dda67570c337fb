/** Who had what issued: lines of the log that LOG_LEVEL does not thin out, though `silent` silences them. */

import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { auditedIssuer, type RequestIssuer } from './audited-issuer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The issuer, on behalf of whoever sent this request. */
    readonly issuer: RequestIssuer;
  }
}

export const audit = fp(
  async (app) => {
    const level = app.config.LOG_LEVEL === 'silent' ? 'silent' : 'info';
    const log = app.log.child({ log: 'audit' }, { level });
    app.decorateRequest('issuer', {
      getter(this: FastifyRequest) {
        const who = { request: this.id, principal: this.principal?.id, client: this.ip };
        return auditedIssuer(app.issuer, app.keys, (record) => log.info({ ...who, ...record }, 'audit'));
      },
    });
  },
  { name: 'audit', dependencies: ['auth', 'config', 'crypto'] },
);
