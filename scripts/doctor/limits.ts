/** Rate limits: each request counts once for its client, whatever address its header fields claim. */

import { fieldOf, type Answer, type Deployment } from './deployment.ts';
import { skipped, ok, wrong, type Finding } from './finding.ts';

const REQUESTS = 3;

export async function checkLimits(deployment: Deployment): Promise<readonly Finding[]> {
  const plain = await remainingOver(deployment, () => ({}));
  if (plain === 'refused')
    return [skipped('this address has reached its rate limit: try again within the hour')];
  if (plain === 'unlimited') {
    return [
      wrong(
        'Replies have no RateLimit field',
        'set RATE_LIMIT_PER_HOUR, and configure the proxy to keep the field',
      ),
    ];
  }
  const spoofed = await remainingOver(deployment, (i) => ({
    'X-Forwarded-For': `203.0.113.${i + 1}`,
    Forwarded: `for=203.0.113.${i + 1}`,
  }));
  if (typeof spoofed === 'string')
    return [skipped('the rate limit was reached during this check: try again within the hour')];
  return [findingOf(plain, spoofed)];
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

function findingOf(plain: readonly number[], spoofed: readonly number[]): Finding {
  if (steps(plain).some((step) => step < 1)) {
    return wrong(
      `The remaining requests of the rate limit do not decrease (${plain.join(', ')})`,
      'set REDIS_URL, so that all processes share their counts',
    );
  }
  const [last = 0] = plain.slice(-1);
  if (steps([last, ...spoofed]).some((step) => step < 1)) {
    return wrong(
      'A client that sends X-Forwarded-For with another address gets another rate limit',
      'list only proxies in TRUST_PROXY, no network of clients, and set the field in the outermost proxy',
    );
  }
  return steps([...plain, ...spoofed]).every((step) => step === 1)
    ? ok('each request counts once, whatever address its header fields claim')
    : wrong(
        `Requests of other clients count together with those of this machine (${[...plain, ...spoofed].join(', ')})`,
        'list the proxy in TRUST_PROXY, unless other clients share this address',
      );
}
