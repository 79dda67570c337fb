/** Checks of authentication and of request bodies. No request creates anything. */

import { fieldOf, isDevelopment, KEY_FIELD, membersOf, type Answer, type Deployment } from './deployment.ts';
import { note, skipped, ok, wrong, type Finding } from './finding.ts';

const ISSUING = '/api/v1/certificate/generate';
const JSON_BODY = { 'Content-Type': 'application/json' };

export const credentialsOf = ({ key }: Deployment): Readonly<Record<string, string>> =>
  key === undefined ? {} : { [KEY_FIELD]: key };

/** Requests a certificate without a subject: the status is 401 for a caller that is rejected, and 400 for one that is not. */
const requestNothing = (
  { ask }: Deployment,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => ask(ISSUING, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body: '{}' });

export async function checkAuthentication(deployment: Deployment): Promise<readonly Finding[]> {
  const findings = [anonymousFinding(await requestNothing(deployment), isDevelopment(deployment))];
  if (deployment.key === undefined) return findings;
  const { status } = await requestNothing(deployment, credentialsOf(deployment));
  return [...findings, keyFinding(status)];
}

function anonymousFinding(answer: Answer, inDevelopment: boolean): Finding {
  const { status } = answer;
  if (status === 403) return ok('a request without a client certificate is rejected');
  if (status === 429) return skipped('this address has reached its rate limit: try again in a minute');
  if (status === 400 && inDevelopment) {
    return note(
      'requests need no key, which is right in development; in production set API_KEYS_FILE or JWT_ISSUER',
    );
  }
  if (status !== 401) {
    return wrong(
      `A request without a key is not rejected (expected 401, got ${status})`,
      'set API_KEYS_FILE or JWT_ISSUER, and unset ALLOW_ANONYMOUS',
    );
  }
  return fieldOf(answer, 'www-authenticate') === undefined
    ? wrong('A reply 401 has no WWW-Authenticate', 'configure the proxy to keep it (RFC 9110 §15.5.2)')
    : ok('a request without a key is rejected');
}

function keyFinding(status: number): Finding {
  if (status === 400) return ok('the key is accepted');
  if (status === 429) return skipped('the key has reached its rate limit: try again in a minute');
  return wrong(
    `The key is rejected (${status})`,
    'check that it has not expired, that it has the scope certs:issue, and that the proxy forwards X-API-Key',
  );
}

/** Any page may send a form to any site without a CORS preflight. */
export async function checkForm(deployment: Deployment): Promise<readonly Finding[]> {
  const { status } = await deployment.ask(ISSUING, {
    method: 'POST',
    headers: { ...credentialsOf(deployment), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'days=1',
  });
  if (status === 415) return [ok('forms are rejected')];
  if (status === 401) return [skipped('forms can be checked with a key only')];
  if (status === 429) return [skipped('the rate limit is reached: try again in a minute')];
  return [
    wrong(
      `A form is not rejected (expected 415, got ${status})`,
      'configure the proxy to forward Content-Type unchanged',
    ),
  ];
}

/** One byte more than the default of `BODY_LIMIT`, and one more than its maximum. */
const TOO_LONG = [262_145, 16_777_217];

export async function checkBodyLimit(deployment: Deployment): Promise<readonly Finding[]> {
  for (const length of TOO_LONG) {
    const answer = await deployment.ask(ISSUING, {
      method: 'POST',
      headers: { ...credentialsOf(deployment), ...JSON_BODY },
      body: ' '.repeat(length),
    });
    if (answer.status === 400) continue;
    return [longBodyFinding(answer)];
  }
  return [wrong('A body of 16 MiB is accepted', 'set BODY_LIMIT')];
}

function longBodyFinding(answer: Answer): Finding {
  const { status } = answer;
  if (status === 401) return skipped('the body limit can be checked with a key only');
  if (status === 429) return skipped('the rate limit is reached: try again in a minute');
  if (status === 413 && membersOf(answer).code === 'body-too-large')
    return ok('a body that is too long is rejected with a problem document');
  return wrong(
    `A body that is too long gets ${status} from a proxy, not a problem document from the service`,
    'allow the proxy more than BODY_LIMIT (nginx: client_max_body_size 1m)',
  );
}
