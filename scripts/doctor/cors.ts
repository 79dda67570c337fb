/** CORS: pages of origins that are not listed must not read a reply. */

import { fieldOf, type Ask, type Deployment } from './deployment.ts';
import { orElse, wrong, type Finding } from './finding.ts';

const UNLISTED = ['https://origin.invalid', 'null'];

export async function checkCors({ ask }: Deployment): Promise<readonly Finding[]> {
  const faults: Finding[] = [];
  for (const origin of UNLISTED) {
    for (const { path, ...request } of asksFrom(origin)) {
      const allowed = fieldOf(await ask(path, request), 'access-control-allow-origin');
      if (allowed === undefined || !(allowed.includes('*') || allowed.includes(origin))) continue;
      faults.push(
        wrong(
          `The reply to ${request.method} from the origin ${origin} has Access-Control-Allow-Origin: ${allowed}`,
          'list your origins in CORS_ORIGINS, and remove the field from the proxy',
        ),
      );
    }
  }
  return orElse(faults, 'pages of other origins cannot read replies');
}

const asksFrom = (origin: string): readonly (Ask & { path: string })[] => [
  { path: '/health', method: 'GET', headers: { Origin: origin } },
  {
    path: '/api/v1/certificate/generate',
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
  },
];
