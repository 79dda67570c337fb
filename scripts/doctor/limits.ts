/** Rate limits: each request takes one off what its sender has left, whatever address it claims to come from. */

import { fieldOf, type Answer, type Deployment } from './deployment.ts';
import { notJudged, ok, wrong, type Finding } from './finding.ts';

const REQUESTS = 3;

export async function checkLimits(deployment: Deployment): Promise<readonly Finding[]> {
  const plain = await remainingOver(deployment, () => ({}));
  if (plain === 'refused')
    return [notJudged('this address has used up its rate limit: try again within the hour')];
  if (plain === 'unlimited') {
    return [
      wrong(
        'Answers have no RateLimit field',
        'set RATE_LIMIT_PER_HOUR, and let the proxy pass the field on',
      ),
    ];
  }
  const spoofed = await remainingOver(deployment, (i) => ({
    'X-Forwarded-For': `203.0.113.${i + 1}`,
    Forwarded: `for=203.0.113.${i + 1}`,
  }));
  if (typeof spoofed === 'string')
    return [notJudged('the rate limit ended under way: try again within the hour')];
  return [judge(plain, spoofed)];
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

function judge(plain: readonly number[], spoofed: readonly number[]): Finding {
  if (steps(plain).some((step) => step < 1)) {
    return wrong(
      `What is left of the rate limit does not go down (${plain.join(', ')})`,
      'let all processes count together, by REDIS_URL',
    );
  }
  const [last = 0] = plain.slice(-1);
  if (steps([last, ...spoofed]).some((step) => step < 1)) {
    return wrong(
      'Who claims another address in X-Forwarded-For has a rate limit of its own',
      'let TRUST_PROXY name the proxies alone, no network of clients, and let the outermost one set the field',
    );
  }
  return steps([...plain, ...spoofed]).every((step) => step === 1)
    ? ok('each request counts once, whatever address it claims')
    : wrong(
        `Requests of others count with those from here (${[...plain, ...spoofed].join(', ')})`,
        'name the proxy in TRUST_PROXY, unless others do share this address',
      );
}
