/** What the routes declare about access, beside the scope that each of them names (plugins/auth). */

import type { RouteOptions } from 'fastify';

/** A route without authentication. */
export const PUBLIC = Object.freeze({ scope: 'public' } as const);

type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** Fastify's `onRoute`: adds the security schemes and the scope of a route to the OpenAPI document (plugins/openapi). */
export function documentAccess({ schema, config }: RouteOptions): void {
  if (schema === undefined) return;
  const { scope } = config ?? {};
  const scopes = scope === undefined || scope === 'public' ? [] : [scope].flat();
  schema.security = scopes.flatMap((each): SecurityRequirement[] => [{ ApiKey: [each] }, { Bearer: [each] }]);
}
