/** Checks which callers and which bodies the deployment accepts. No request issues anything. */

import { fieldOf, KEY_FIELD, membersOf, type Answer, type Deployment } from './deployment.ts';
import { notChecked, ok, wrong, type Finding } from './finding.ts';

const ISSUING = '/api/v1/certificate/generate';
const JSON_BODY = { 'Content-Type': 'application/json' };

export const credentialsOf = ({ key }: Deployment): Readonly<Record<string, string>> =>
  key === undefined ? {} : { [KEY_FIELD]: key };

/** Requests a certificate without a subject. The reply is 401 if the caller is not authenticated, and 400 if it is. */
const askForNothing = (
  { ask }: Deployment,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => ask(ISSUING, { method: 'POST', headers: { ...JSON_BODY, ...headers }, body: '{}' });

export async function checkAuthentication(deployment: Deployment): Promise<readonly Finding[]> {
  const findings = [anonymousFinding(await askForNothing(deployment))];
  if (deployment.key === undefined) return findings;
  const { status } = await askForNothing(deployment, credentialsOf(deployment));
  return [...findings, keyFinding(status)];
}

function anonymousFinding(answer: Answer): Finding {
  const { status } = answer;
  if (status === 403) return ok('a caller without a client certificate is refused');
  if (status === 429) return notChecked('this address has used up its rate limit: try again in a minute');
  if (status !== 401) {
    return wrong(
      `A caller without a key is not refused (expected 401, got ${status})`,
      'set API_KEYS_FILE or JWT_ISSUER, and unset ALLOW_ANONYMOUS',
    );
  }
  return fieldOf(answer, 'www-authenticate') === undefined
    ? wrong('A reply with 401 has no WWW-Authenticate', 'let the proxy forward it (RFC 9110 §15.5.2)')
    : ok('a caller without a key is refused');
}

function keyFinding(status: number): Finding {
  if (status === 400) return ok('the key is accepted');
  if (status === 429) return notChecked('the key has used up its rate limit: try again in a minute');
  return wrong(
    `The key is not accepted (${status})`,
    'check that it has not expired and has the scope certs:issue, and that the proxy forwards X-API-Key',
  );
}

/** Any web page may send a form to any site without a preflight. */
export async function checkForm(deployment: Deployment): Promise<readonly Finding[]> {
  const { status } = await deployment.ask(ISSUING, {
    method: 'POST',
    headers: { ...credentialsOf(deployment), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'days=1',
  });
  if (status === 415) return [ok('forms are refused')];
  if (status === 401) return [notChecked('without a key it is unknown whether forms are refused')];
  if (status === 429) return [notChecked('the rate limit is used up: try again in a minute')];
  return [
    wrong(
      `A form is not refused (expected 415, got ${status})`,
      'let the proxy forward Content-Type unchanged',
    ),
  ];
}

/** One octet more than the default of `BODY_LIMIT`, and one more than its maximum. */
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
  if (status === 401) return notChecked('without a key the limit of the body is unknown');
  if (status === 429) return notChecked('the rate limit is used up: try again in a minute');
  if (status === 413 && membersOf(answer).code === 'body-too-large')
    return ok('a body that is too long is refused in JSON');
  return wrong(
    `A body that is too long gets ${status} from a proxy, and not the JSON of the service`,
    'let the proxy accept more than BODY_LIMIT (nginx: client_max_body_size 1m)',
  );
}
