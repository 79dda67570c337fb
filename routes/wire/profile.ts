import type { FastifyRequest } from 'fastify';
import { CA, END_ENTITY, type Profile } from '../../src/ca/profile.ts';

/**
 * Returns the profile that `is_ca` selects. Others trust what a CA certifies, so its certificate needs a scope of its
 * own on every route. Throws a problem 403.
 */
export function selectProfile(
  request: Pick<FastifyRequest, 'requireScope'>,
  { is_ca: isCa }: { readonly is_ca?: boolean | null },
): Profile {
  if (isCa !== true) return END_ENTITY;
  request.requireScope('certs:issue:ca');
  return CA;
}
