/** The routes that must be served, and those that must not be public. */

import { isDevelopment, membersOf, type Answer, type Deployment } from './deployment.ts';
import { note, ok, wrong, type Finding } from './finding.ts';

export async function checkHealth({ ask }: Deployment): Promise<readonly Finding[]> {
  const answer = await ask('/health');
  const { status, service } = membersOf(answer);
  return status === 'healthy' && service === 'ML-DSA Certificate API'
    ? [ok('the service is healthy')]
    : [
        wrong(
          `/health returned ${answer.status}, and not from this service`,
          'check the address, BASE_PATH and the proxy',
        ),
      ];
}

export async function checkProbes({ ask }: Deployment): Promise<readonly Finding[]> {
  const [live, ready] = [await ask('/livez'), await ask('/readyz')];
  return [probeFinding('/livez', live), probeFinding('/readyz', ready)];
}

const HIDDEN = [401, 403, 404];

function probeFinding(path: string, answer: Answer): Finding {
  const { status } = answer;
  if (status === 200) return ok(`${path} returned 200`);
  if (HIDDEN.includes(status)) return ok(`${path} is not public`);
  const checks = Object.keys({ ...asObject(membersOf(answer).checks) }).join(', ');
  return wrong(
    `${path} returned ${status}`,
    checks === '' ? 'read the log of the service' : `repair ${checks}`,
  );
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

export async function checkMetrics(deployment: Deployment): Promise<readonly Finding[]> {
  const { status } = await deployment.ask('/metrics');
  if (status === 200 && isDevelopment(deployment)) {
    return [
      note('/metrics is public, which is right in development; in production set METRICS_PORT or API keys'),
    ];
  }
  return status === 200
    ? [wrong('/metrics is public', 'set METRICS_PORT, or configure API keys with the scope metrics:read')]
    : [ok('/metrics is not public')];
}

export async function checkDocumentation({ ask }: Deployment): Promise<readonly Finding[]> {
  const { status } = await ask('/docs');
  if (status === 404) return [ok('the documentation is disabled')];
  const document = await ask('/docs/json');
  return status === 200 && typeof membersOf(document).openapi === 'string'
    ? [ok('the documentation is served')]
    : [
        wrong(
          `/docs returned ${status} and /docs/json ${document.status}`,
          'configure the proxy to forward every path below /docs',
        ),
      ];
}
