/** Who may ask what, beside the scope that each route names (plugins/auth). */

import type { FastifyRequest, RouteOptions } from 'fastify';

/** A route that anybody may ask. */
export const PUBLIC = Object.freeze({ scope: 'public' } as const);

/** Fastify's `preHandler`: what a CA certifies, others trust, so it takes a scope of its own on every route. */
export async function requireCaScope(request: FastifyRequest): Promise<void> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || !('is_ca' in body)) return;
  if (body.is_ca === true) request.requireScope('certs:issue:ca');
}

/** Fastify's `onRoute`: tells the OpenAPI document how to show who asks (plugins/openapi), and with which scope. */
export function documentAccess({ schema, config }: RouteOptions): void {
  if (schema === undefined) return;
  const { scope } = config ?? {};
  const scopes = scope === undefined || scope === 'public' ? [] : [scope];
  schema.security = scopes.length === 0 ? [] : [{ ApiKey: scopes }, { Bearer: scopes }];
}
