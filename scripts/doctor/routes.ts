/** What is served, and what must not be. */

import { membersOf, type Answer, type Deployment } from './deployment.ts';
import { ok, wrong, type Finding } from './finding.ts';

export async function checkHealth({ ask }: Deployment): Promise<readonly Finding[]> {
  const answer = await ask('/health');
  const { status, service } = membersOf(answer);
  return status === 'healthy' && service === 'ML-DSA Certificate API'
    ? [ok('the service is healthy')]
    : [
        wrong(
          `/health is answered ${answer.status}, not by the service`,
          'check the address, BASE_PATH and the proxy',
        ),
      ];
}

export async function checkProbes({ ask }: Deployment): Promise<readonly Finding[]> {
  const [live, ready] = [await ask('/livez'), await ask('/readyz')];
  return [judgeProbe('/livez', live), judgeProbe('/readyz', ready)];
}

const HIDDEN = [401, 403, 404];

function judgeProbe(path: string, answer: Answer): Finding {
  const { status } = answer;
  if (status === 200) return ok(`${path} says so too`);
  if (HIDDEN.includes(status)) return ok(`${path} is not for everybody`);
  const checks = Object.keys({ ...asObject(membersOf(answer).checks) }).join(', ');
  return wrong(
    `${path} is answered ${status}`,
    checks === '' ? 'see the log of the service' : `see to ${checks}`,
  );
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

export async function checkMetrics({ ask }: Deployment): Promise<readonly Finding[]> {
  const { status } = await ask('/metrics');
  return status === 200
    ? [
        wrong(
          'Everybody can read /metrics',
          'set METRICS_PORT, or keys, which then need the scope metrics:read',
        ),
      ]
    : [ok('/metrics is not for everybody')];
}

export async function checkDocumentation({ ask }: Deployment): Promise<readonly Finding[]> {
  const { status } = await ask('/docs');
  if (status === 404) return [ok('the documentation is turned off')];
  const document = await ask('/docs/json');
  return status === 200 && typeof membersOf(document).openapi === 'string'
    ? [ok('the documentation is served')]
    : [
        wrong(
          `/docs is answered ${status} and /docs/json ${document.status}`,
          'let the proxy pass on all that is below /docs',
        ),
      ];
}
