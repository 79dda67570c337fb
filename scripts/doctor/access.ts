/** Who is let in, and what bodies are read. Nothing is made by any of these requests. */

import { fieldOf, KEY_FIELD, membersOf, type Answer, type Deployment } from './deployment.ts';
import { notJudged, ok, wrong, type Finding } from './finding.ts';

const ISSUING = '/api/v1/certificate/generate';
const JSON_BODY = { 'Content-Type': 'application/json' };

export const credentialsOf = ({ key }: Deployment): Readonly<Record<string, string>> =>
  key === undefined ? {} : { [KEY_FIELD]: key };

/** It asks for a certificate without a subject: 401 where it is not let in, 400 where it is. */
const askForNothing = (
  { ask }: Deployment,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => ask(ISSUING, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body: '{}' });

export async function checkAuthentication(deployment: Deployment): Promise<readonly Finding[]> {
  const findings = [judgeStranger(await askForNothing(deployment))];
  if (deployment.key === undefined) return findings;
  const { status } = await askForNothing(deployment, credentialsOf(deployment));
  return [...findings, judgeKey(status)];
}

function judgeStranger(answer: Answer): Finding {
  const { status } = answer;
  if (status === 403) return ok('who shows no client certificate is refused');
  if (status === 429) return notJudged('this address has used up its rate limit: try again in a minute');
  if (status !== 401) {
    return wrong(
      `Who shows no key is not refused (${status} in place of 401)`,
      'set API_KEYS_FILE or JWT_ISSUER, and unset ALLOW_ANONYMOUS',
    );
  }
  return fieldOf(answer, 'www-authenticate') === undefined
    ? wrong('401 comes without WWW-Authenticate', 'let the proxy pass it on (RFC 9110 §15.5.2)')
    : ok('who shows no key is refused');
}

function judgeKey(status: number): Finding {
  if (status === 400) return ok('the key is taken');
  if (status === 429) return notJudged('the key has used up its rate limit: try again in a minute');
  return wrong(
    `The key is not taken (${status})`,
    'check that it has not ended, has the scope certs:issue, and that the proxy passes X-API-Key on',
  );
}

/** A form is what any page may send to any site without asking. */
export async function checkForm(deployment: Deployment): Promise<readonly Finding[]> {
  const { status } = await deployment.ask(ISSUING, {
    method: 'POST',
    headers: { ...credentialsOf(deployment), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'days=1',
  });
  if (status === 415) return [ok('forms are refused')];
  if (status === 401) return [notJudged('without a key nobody tells whether forms are refused')];
  if (status === 429) return [notJudged('the rate limit is used up: try again in a minute')];
  return [
    wrong(
      `A form is not refused (${status} in place of 415)`,
      'let the proxy pass Content-Type on unchanged',
    ),
  ];
}

/** One more than `BODY_LIMIT` is unless set, and one more than it can be. */
const TOO_LONG = [262_145, 16_777_217];

export async function checkBodyLimit(deployment: Deployment): Promise<readonly Finding[]> {
  for (const length of TOO_LONG) {
    const answer = await deployment.ask(ISSUING, {
      method: 'POST',
      headers: { ...credentialsOf(deployment), ...JSON_BODY },
      body: ' '.repeat(length),
    });
    if (answer.status === 400) continue;
    return [judgeLongBody(answer)];
  }
  return [wrong('A body of 16 MiB is read', 'set BODY_LIMIT')];
}

function judgeLongBody(answer: Answer): Finding {
  const { status } = answer;
  if (status === 401) return notJudged('without a key nobody tells how long a body may be');
  if (status === 429) return notJudged('the rate limit is used up: try again in a minute');
  if (status === 413 && membersOf(answer).code === 'body-too-large')
    return ok('a body that is too long is refused in JSON');
  return wrong(
    `A body that is too long is answered ${status} by something in front, not by the service in JSON`,
    'let the proxy take more than BODY_LIMIT (nginx: client_max_body_size 1m)',
  );
}
