/** Problems that only the reverse proxies of docs/deployment.md report: the service cannot, because they could not reach it. */

import type { ProblemKind } from '../problem-codes.ts';
import type { ProblemHelp } from './problem-help.ts';

export const PROXY_PROBLEMS: readonly (ProblemKind & ProblemHelp & { readonly code: string })[] = [
  {
    code: 'bad-gateway',
    status: 502,
    title: 'The service did not respond',
    meaning: 'The reverse proxy could not connect to the service, or the connection broke before the reply.',
    remedy:
      'Send the request again. Only a stored authority keeps what it issued: with an Idempotency-Key its first result is ' +
      'returned, and none is issued twice. ' +
      'If this continues, the operator checks that the service runs and that the proxy has its address and port.',
    example: { detail: 'The connection to the service broke' },
  },
  {
    code: 'gateway-timeout',
    status: 504,
    title: 'The service did not respond in time',
    meaning: 'The reverse proxy waited for the reply longer than its timeout.',
    remedy:
      'Send the request again later. If this continues, the operator compares the timeout of the proxy (120 s in ' +
      'docs/deployment.md) with the load of the service.',
    example: { detail: 'The service did not respond in time' },
  },
];
