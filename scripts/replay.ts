/** `npm run replay`: sends recorded requests again, and compares the shapes of the replies with the recorded ones. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { orExit, readOptions } from './command-line.ts';
import {
  deploymentAt,
  fieldOf,
  KEY_FIELD,
  membersOf,
  type Answer,
  type Target,
} from './doctor/deployment.ts';
import { intendedFor } from './replay/intended.ts';
import { readRecording, type Recorded } from './replay/recording.ts';
import { differences } from './replay/shape.ts';

const USAGE = `npm run replay -- URL FILE [--ca FILE]
  Sends recorded requests again, and compares each reply with the recorded one: status, header fields and members.
  URL    the address of the service
  FILE   the recording, one JSON object a line
  --ca   file with the CA certificate of the service in PEM, if Node.js does not trust that CA
  The variable API_KEY is the key for the requests that were sent with one.
  Exit code 0: no reply differs. 1: a reply differs. 2: the arguments are invalid.

Example:
  API_KEY="$(cat ./api-key)" npm run replay -- http://localhost:8000 test/compat/contract.ndjson
`;

const LIMIT_MS = 30_000;
/** How often a request is sent again after a reply 429. */
const MAX_RETRIES = 3;

const { values, positionals } = readOptions(USAGE, { ca: { type: 'string' } }, true);

/** Throws Error for an invalid argument. */
function readArguments(): { target: Target; recording: readonly Recorded[] } {
  const [address = '', file, ...others] = positionals;
  const url = URL.parse(address);
  if (url === null || file === undefined || others.length > 0 || !/^https?:$/.test(url.protocol)) {
    throw new Error('The arguments must be one URL that begins with https:// or http://, and one file');
  }
  const ca = values.ca === undefined ? undefined : readFileSync(values.ca, 'utf8');
  const key = process.env.API_KEY === '' ? undefined : process.env.API_KEY;
  return { target: { url, ca, key }, recording: readRecording(readFileSync(file, 'utf8')) };
}

async function ask(target: Target, recorded: Recorded, retries = MAX_RETRIES): Promise<Answer> {
  const { method, path, headers, authenticated, body } = recorded.request;
  const answer = await deploymentAt(target, AbortSignal.timeout(LIMIT_MS)).ask(path, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
      ...(authenticated === true && target.key !== undefined && { [KEY_FIELD]: target.key }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (answer.status !== 429 || recorded.answer.status === 429 || retries === 0) return answer;
  await sleep(1000 * Math.min(60, Number(fieldOf(answer, 'retry-after') ?? 1)));
  return ask(target, recorded, retries - 1);
}

interface Comparison {
  readonly outcome: 'same' | 'intended' | 'differs';
  readonly notes: readonly string[];
}

function compare(recorded: Recorded, answer: Answer): Comparison {
  const { status, headers, body } = recorded.answer;
  const intended = intendedFor(recorded, answer);
  if (intended !== undefined) {
    return { outcome: 'intended', notes: [`status was ${status}, is ${answer.status}: ${intended.reason}`] };
  }
  const notes = [
    ...(status === answer.status ? [] : [`status was ${status}, is ${answer.status}`]),
    ...headers.filter((name) => !answer.fields.has(name.toLowerCase())).map((name) => `${name} is missing`),
    ...differences(body, membersOf(answer)),
  ];
  return { outcome: notes.length === 0 ? 'same' : 'differs', notes };
}

const compareOne = (target: Target, recorded: Recorded): Promise<Comparison> =>
  ask(target, recorded).then(
    (answer) => compare(recorded, answer),
    (error: unknown) => ({
      outcome: 'differs',
      notes: [`no reply: ${error instanceof Error ? error.message : ''}`],
    }),
  );

const { target, recording } = orExit(USAGE, readArguments);
const totals = { same: 0, intended: 0, differs: 0 };
for (const recorded of recording) {
  const { outcome, notes } = await compareOne(target, recorded);
  totals[outcome] += 1;
  console.log([`${outcome.padEnd(8)}  ${recorded.name}`, ...notes].join('\n          '));
}
console.log(`${totals.same} same, ${totals.intended} intended, ${totals.differs} differ`);
process.exitCode = totals.differs === 0 && recording.length > 0 ? 0 : 1;
