/** Pages of other origins: none that was not named may read an answer. */

import { fieldOf, type Ask, type Deployment } from './deployment.ts';
import { orElse, wrong, type Finding } from './finding.ts';

const STRANGERS = ['https://origin.invalid', 'null'];

export async function checkCors({ ask }: Deployment): Promise<readonly Finding[]> {
  const faults: Finding[] = [];
  for (const origin of STRANGERS) {
    for (const { path, ...request } of asksFrom(origin)) {
      const allowed = fieldOf(await ask(path, request), 'access-control-allow-origin');
      if (allowed === undefined || !(allowed.includes('*') || allowed.includes(origin))) continue;
      faults.push(
        wrong(
          `${request.method} from the origin ${origin} is answered with Access-Control-Allow-Origin: ${allowed}`,
          'list your pages in CORS_ORIGINS and let the proxy add nothing',
        ),
      );
    }
  }
  return orElse(faults, 'pages of other origins cannot read answers');
}

const asksFrom = (origin: string): readonly (Ask & { path: string })[] => [
  { path: '/health', method: 'GET', headers: { Origin: origin } },
  {
    path: '/api/v1/certificate/generate',
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
  },
];
