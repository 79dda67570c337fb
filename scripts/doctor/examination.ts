/** All checks, in the order of the output. */

import { checkAuthentication, checkBodyLimit, checkForm } from './access.ts';
import { checkCors } from './cors.ts';
import { deploymentAt, type Deployment, type Target } from './deployment.ts';
import { skipped, wrong, type Finding } from './finding.ts';
import { checkClock, checkHeaders } from './headers.ts';
import { checkIssuance } from './issuance.ts';
import { checkLimits } from './limits.ts';
import { checkDocumentation, checkHealth, checkMetrics, checkProbes } from './routes.ts';
import { checkTls, isPrivate } from './tls.ts';

type Check = (deployment: Deployment) => Promise<readonly Finding[]>;

const CHECKS: Readonly<Record<string, Check>> = {
  tls: checkTls,
  clock: checkClock,
  probes: checkProbes,
  metrics: checkMetrics,
  documentation: checkDocumentation,
  headers: checkHeaders,
  cors: checkCors,
  'rate limit': checkLimits,
  authentication: checkAuthentication,
  forms: checkForm,
  'body limit': checkBodyLimit,
  issuance: checkIssuance,
};

/** The timeout of each check. */
const LIMIT_MS = 20_000;

export interface Examined extends Finding {
  readonly check: string;
}

/** Runs one check after another, because of rate limits. If the service does not reply, that is the only finding. */
export async function* examine(target: Target): AsyncGenerator<Examined> {
  const health = await findingsOf(checkHealth, target);
  yield* health.map((finding) => ({ check: 'health', ...finding }));
  if (health.some(({ outcome }) => outcome === 'wrong')) return;
  const sendsKey = target.key === undefined || (await isPrivate(target));
  if (!sendsKey) {
    yield { check: 'key', ...skipped('it is not sent, because the connection is not private') };
  }
  for (const [check, run] of Object.entries(CHECKS)) {
    const findings = await findingsOf(run, sendsKey ? target : { ...target, key: undefined });
    yield* findings.map((finding) => ({ check, ...finding }));
  }
}

async function findingsOf(run: Check, target: Target): Promise<readonly Finding[]> {
  try {
    return await run(deploymentAt(target, AbortSignal.timeout(LIMIT_MS)));
  } catch (error) {
    return [
      wrong(`No reply (${reasonOf(error)})`, 'check the address, the proxy, and that the service runs'),
    ];
  }
}

/** The code of a network error is shorter than its message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
