/** Checks the header fields of replies as a client receives them, and the clock of the service by their date. */

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

/** The fields that each reply must have. */
const NEEDED: readonly (readonly [field: string, value: RegExp])[] = [
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
  return orElse(faults, 'each security header is present once, and no header contains a version');
}

const missingIn = (answer: Answer): readonly Finding[] =>
  NEEDED.filter(([field, value]) => !value.test(fieldOf(answer, field) ?? '')).map(([field]) =>
    wrong(
      `Replies have no ${field} with the value of the service`,
      'let the proxy forward the header fields of the service',
    ),
  );

function transportSecurity(answer: Answer, { protocol }: URL): readonly Finding[] {
  const isThere = fieldOf(answer, 'strict-transport-security') !== undefined;
  if (isThere === (protocol === 'https:')) return [];
  return [
    isThere
      ? wrong(
          'A reply over plain http has Strict-Transport-Security',
          'let the proxy set X-Forwarded-Proto to the protocol of its client',
        )
      : wrong(
          'Replies over https have no Strict-Transport-Security',
          'name the proxy in TRUST_PROXY and let it set X-Forwarded-Proto',
        ),
  ];
}

const repeatedIn = ({ fields }: Answer): readonly Finding[] =>
  SINGLE.filter((name) => (fields.get(name)?.length ?? 0) > 1).map((name) =>
    wrong(`${name} is repeated`, 'do not let the proxy add a field that the service sets'),
  );

const versionsIn = (answer: Answer): readonly Finding[] =>
  FORBIDDEN_VERSION.filter((name) => /\/?\d+\.\d+\.\d/.test(fieldOf(answer, name) ?? '')).map((name) =>
    wrong(
      `${name} contains the version of a program`,
      'turn it off (nginx: server_tokens off; Apache: ServerTokens Prod)',
    ),
  );

const CLOCK_TOLERANCE_S = 60;

export async function checkClock({ ask }: Deployment): Promise<readonly Finding[]> {
  const date = Date.parse(fieldOf(await ask('/health'), 'date') ?? '');
  if (Number.isNaN(date)) return [wrong('Replies have no Date', 'let the proxy forward it')];
  const seconds = Math.round(Math.abs(Date.now() - date) / 1000);
  return seconds > CLOCK_TOLERANCE_S
    ? [
        wrong(
          `The clock of the service and the clock of this machine differ by ${seconds} s`,
          'synchronize both, because the service sets the validity of certificates by its clock',
        ),
      ]
    : [ok('the clock of the service is correct to a minute')];
}
