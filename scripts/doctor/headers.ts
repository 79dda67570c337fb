/** Header fields of replies as clients get them, and the clock of the service. */

import { fieldOf, type Answer, type Deployment } from './deployment.ts';
import { ok, orElse, wrong, type Finding } from './finding.ts';

const FORBIDDEN_VERSION = ['server', 'x-powered-by', 'via', 'x-aspnet-version'];
const SINGLE = [
  'cache-control',
  'content-security-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
];

/** The header fields of every reply. */
const REQUIRED: readonly (readonly [field: string, value: RegExp])[] = [
  ['x-content-type-options', /^nosniff\b/i],
  ['cache-control', /\bno-store\b/i],
  ['content-security-policy', /default-src/],
  ['x-frame-options', /^(DENY|SAMEORIGIN)\b/i],
];

export async function checkHeaders({ ask, url }: Deployment): Promise<readonly Finding[]> {
  const answer = await ask('/api/v1/info');
  const faults = [
    ...missingIn(answer),
    ...transportSecurity(answer, url),
    ...repeatedIn(answer),
    ...versionsIn(answer),
  ];
  return orElse(faults, 'all security header fields are present once, and none contains a version');
}

const missingIn = (answer: Answer): readonly Finding[] =>
  REQUIRED.filter(([field, value]) => !value.test(fieldOf(answer, field) ?? '')).map(([field]) =>
    wrong(
      `Replies have no ${field} as the service sets it`,
      'configure the proxy to keep the header fields of the service',
    ),
  );

function transportSecurity(answer: Answer, { protocol }: URL): readonly Finding[] {
  const isThere = fieldOf(answer, 'strict-transport-security') !== undefined;
  if (isThere === (protocol === 'https:')) return [];
  return [
    isThere
      ? wrong(
          'Replies over plain http have Strict-Transport-Security',
          'set X-Forwarded-Proto in the proxy to the scheme of the client',
        )
      : wrong(
          'Replies over https have no Strict-Transport-Security',
          'list the proxy in TRUST_PROXY and set X-Forwarded-Proto in the proxy',
        ),
  ];
}

const repeatedIn = ({ fields }: Answer): readonly Finding[] =>
  SINGLE.filter((name) => (fields.get(name)?.length ?? 0) > 1).map((name) =>
    wrong(`Replies have ${name} twice`, 'remove the field from the proxy: the service sets it'),
  );

const versionsIn = (answer: Answer): readonly Finding[] =>
  FORBIDDEN_VERSION.filter((name) => /\/?\d+\.\d+\.\d/.test(fieldOf(answer, name) ?? '')).map((name) =>
    wrong(
      `The field ${name} contains the version of a program`,
      'turn it off (nginx: server_tokens off; Apache: ServerTokens Prod)',
    ),
  );

const CLOCK_TOLERANCE_S = 60;

export async function checkClock({ ask }: Deployment): Promise<readonly Finding[]> {
  const date = Date.parse(fieldOf(await ask('/health'), 'date') ?? '');
  if (Number.isNaN(date)) return [wrong('Replies have no Date', 'configure the proxy to keep it')];
  const seconds = Math.round(Math.abs(Date.now() - date) / 1000);
  return seconds > CLOCK_TOLERANCE_S
    ? [
        wrong(
          `The clock of the service and the clock of this machine differ by ${seconds} s`,
          'synchronize both: the validity of certificates begins at the time of the service',
        ),
      ]
    : [ok('the clock of the service is right to a minute')];
}
