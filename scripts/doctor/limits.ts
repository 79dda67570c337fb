/** Checks that each request counts once for the rate limit of its sender, even if it claims another address. */

import { fieldOf, type Answer, type Deployment } from './deployment.ts';
import { notChecked, ok, wrong, type Finding } from './finding.ts';

const REQUESTS = 3;

export async function checkLimits(deployment: Deployment): Promise<readonly Finding[]> {
  const plain = await remainingOver(deployment, () => ({}));
  if (plain === 'refused')
    return [notChecked('this address has used up its rate limit: try again within the hour')];
  if (plain === 'unlimited') {
    return [
      wrong(
        'Replies have no RateLimit field',
        'set RATE_LIMIT_PER_HOUR, and let the proxy forward the field',
      ),
    ];
  }
  const spoofed = await remainingOver(deployment, (i) => ({
    'X-Forwarded-For': `203.0.113.${i + 1}`,
    Forwarded: `for=203.0.113.${i + 1}`,
  }));
  if (typeof spoofed === 'string')
    return [notChecked('the rate limit was used up during the check: try again within the hour')];
  return [limitFinding(plain, spoofed)];
}

async function remainingOver(
  { ask }: Deployment,
  headers: (i: number) => Readonly<Record<string, string>>,
): Promise<readonly number[] | 'refused' | 'unlimited'> {
  const left: number[] = [];
  for (let i = 0; i < REQUESTS; i++) {
    const answer = await ask('/api/v1/info', { headers: headers(i) });
    if (answer.status === 429) return 'refused';
    const remaining = remainingOf(answer);
    if (remaining === undefined) return 'unlimited';
    left.push(remaining);
  }
  return left;
}

/** `r` of the policy `hour` (draft-ietf-httpapi-ratelimit-headers §4). */
function remainingOf(answer: Answer): number | undefined {
  const [, remaining] = /"hour";r=(\d+)/.exec(fieldOf(answer, 'ratelimit') ?? '') ?? [];
  return remaining === undefined ? undefined : Number(remaining);
}

const steps = (left: readonly number[]): readonly number[] =>
  left.slice(1).map((value, i) => (left[i] ?? 0) - value);

function limitFinding(plain: readonly number[], spoofed: readonly number[]): Finding {
  if (steps(plain).some((step) => step < 1)) {
    return wrong(
      `The remaining requests of the rate limit do not decrease (${plain.join(', ')})`,
      'let all processes count together, with REDIS_URL',
    );
  }
  const [last = 0] = plain.slice(-1);
  if (steps([last, ...spoofed]).some((step) => step < 1)) {
    return wrong(
      'A caller that claims another address in X-Forwarded-For gets its own rate limit',
      'list only the proxies in TRUST_PROXY, not a network of clients, and let the outermost proxy set the field',
    );
  }
  return steps([...plain, ...spoofed]).every((step) => step === 1)
    ? ok('each request counts once, even if it claims another address')
    : wrong(
        `Requests of other clients count with the requests of this machine (${[...plain, ...spoofed].join(', ')})`,
        'name the proxy in TRUST_PROXY, unless other clients share the address of this machine',
      );
}
