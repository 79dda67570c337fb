import type { Policy, LimitState } from './limiter.ts';

/**
 * draft-ietf-httpapi-ratelimit-headers-11 §3 and §4, and the older fields for the policy that is nearest its end.
 * `isLocal`: each process counts for itself at the moment, which a parameter of our own says.
 */
export function fieldsOf(
  standings: readonly LimitState[],
  isLocal: boolean,
): Readonly<Record<string, string>> {
  const [tightest] = standings.toSorted((a, b) => a.remaining - b.remaining);
  if (tightest === undefined) return {};
  const policy = ({ name, quota, window }: Policy): string =>
    `"${name}";q=${quota};w=${window}${isLocal ? ';mldsa-local' : ''}`;
  return {
    'RateLimit-Policy': standings.map((standing) => policy(standing.policy)).join(', '),
    RateLimit: standings
      .map(({ policy, remaining, reset }) => `"${policy.name}";r=${remaining};t=${reset}`)
      .join(', '),
    'X-RateLimit-Limit': String(tightest.policy.quota),
    'X-RateLimit-Remaining': String(tightest.remaining),
    'X-RateLimit-Reset': String(tightest.reset),
  };
}
