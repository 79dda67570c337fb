/** Checks that pages of an origin that is not allowed cannot read replies. */

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
          `${request.method} from the origin ${origin} gets Access-Control-Allow-Origin: ${allowed}`,
          'list the origins of your pages in CORS_ORIGINS, and let the proxy add no such field',
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
