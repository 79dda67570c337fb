import type { Policy, LimitState } from './limiter.ts';

/**
 * Returns the fields of draft-ietf-httpapi-ratelimit-headers-11 §3 and §4, and the older fields for the policy with the
 * fewest requests left. `isLocal` adds a parameter of our own: each process counts alone at the moment.
 */
export function fieldsOf(states: readonly LimitState[], isLocal: boolean): Readonly<Record<string, string>> {
  const [tightest] = states.toSorted((a, b) => a.remaining - b.remaining);
  if (tightest === undefined) return {};
  const policy = ({ name, quota, window }: Policy): string =>
    `"${name}";q=${quota};w=${window}${isLocal ? ';mldsa-local' : ''}`;
  return {
    'RateLimit-Policy': states.map((state) => policy(state.policy)).join(', '),
    RateLimit: states
      .map(({ policy, remaining, reset }) => `"${policy.name}";r=${remaining};t=${reset}`)
      .join(', '),
    'X-RateLimit-Limit': String(tightest.policy.quota),
    'X-RateLimit-Remaining': String(tightest.remaining),
    'X-RateLimit-Reset': String(tightest.reset),
  };
}
