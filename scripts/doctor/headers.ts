/** Header fields of answers, as they arrive past whatever stands in front; and the clock by which they are dated. */

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

/** What each answer must have. */
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
    ...toldBy(answer),
  ];
  return orElse(faults, 'security headers are all there, once each, and tell no version');
}

const missingIn = (answer: Answer): readonly Finding[] =>
  NEEDED.filter(([field, value]) => !value.test(fieldOf(answer, field) ?? '')).map(([field]) =>
    wrong(`Answers lack ${field} as the service sets it`, 'let the proxy pass on what the service answers'),
  );

function transportSecurity(answer: Answer, { protocol }: URL): readonly Finding[] {
  const isThere = fieldOf(answer, 'strict-transport-security') !== undefined;
  if (isThere === (protocol === 'https:')) return [];
  return [
    isThere
      ? wrong(
          'Strict-Transport-Security comes over plain http',
          'set X-Forwarded-Proto in the proxy to what it speaks',
        )
      : wrong(
          'Answers over https lack Strict-Transport-Security',
          'name the proxy in TRUST_PROXY and let it set X-Forwarded-Proto',
        ),
  ];
}

const repeatedIn = ({ fields }: Answer): readonly Finding[] =>
  SINGLE.filter((name) => (fields.get(name)?.length ?? 0) > 1).map((name) =>
    wrong(`${name} comes twice`, 'let the proxy not add what the service sets itself'),
  );

const toldBy = (answer: Answer): readonly Finding[] =>
  FORBIDDEN_VERSION.filter((name) => /\/?\d+\.\d+\.\d/.test(fieldOf(answer, name) ?? '')).map((name) =>
    wrong(
      `${name} tells the version of a program`,
      'turn it off (nginx: server_tokens off; Apache: ServerTokens Prod)',
    ),
  );

const CLOCK_TOLERANCE_S = 60;

export async function checkClock({ ask }: Deployment): Promise<readonly Finding[]> {
  const date = Date.parse(fieldOf(await ask('/health'), 'date') ?? '');
  if (Number.isNaN(date)) return [wrong('Answers lack Date', 'let the proxy pass it on')];
  const seconds = Math.round(Math.abs(Date.now() - date) / 1000);
  return seconds > CLOCK_TOLERANCE_S
    ? [
        wrong(
          `Its clock and the one here differ by ${seconds} s`,
          'synchronize both: certificates begin by its clock',
        ),
      ]
    : [ok('its clock is right to a minute')];
}
