/** All checks, in the order in which they are printed. */

import { checkAuthentication, checkBodyLimit, checkForm } from './access.ts';
import { checkCors } from './cors.ts';
import { deploymentAt, type Deployment, type Target } from './deployment.ts';
import { notJudged, wrong, type Finding } from './finding.ts';
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

/** For each check. */
const LIMIT_MS = 20_000;

export interface Examined extends Finding {
  readonly check: string;
}

/** One check after another, as many of them have rate limits; where the service does not answer, that alone is said. */
export async function* examine(target: Target): AsyncGenerator<Examined> {
  const health = await findingsOf(checkHealth, target);
  yield* health.map((finding) => ({ check: 'health', ...finding }));
  if (health.some(({ outcome }) => outcome === 'wrong')) return;
  const keeps = target.key === undefined || (await isPrivate(target));
  if (!keeps) {
    yield { check: 'key', ...notJudged('it is not sent where others may read it') };
  }
  for (const [check, run] of Object.entries(CHECKS)) {
    const findings = await findingsOf(run, keeps ? target : { ...target, key: undefined });
    yield* findings.map((finding) => ({ check, ...finding }));
  }
}

async function findingsOf(run: Check, target: Target): Promise<readonly Finding[]> {
  try {
    return await run(deploymentAt(target, AbortSignal.timeout(LIMIT_MS)));
  } catch (error) {
    return [
      wrong(
        `No answer (${reasonOf(error)})`,
        'check that it runs, its address, and what stands in front of it',
      ),
    ];
  }
}

/** The code of an error of the network; messages may be long. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
