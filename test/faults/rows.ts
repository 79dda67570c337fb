/** Every fault and attack that the service is held against, and what proves it. docs/security.md has the figures. */

export interface Row {
  readonly id: string;
  readonly fault: string;
  readonly expected: string;
  /**
   * Files below `test`, without `.ts`; `npm test` runs all but those in `faults/long`. None where there is nothing yet to
   * be tried.
   */
  readonly tests: readonly string[];
}

type Entry = readonly [id: string, fault: string, expected: string, ...tests: readonly string[]];

const P = 'plugins/';
const F = 'faults/';

const ENTRIES: readonly Entry[] = [
  [
    'T01',
    'slow headers',
    '408, gone within 7 s',
    `${F}slow-clients.test`,
    `${F}long/slow-http`,
    `${P}http2/time-limits.test`,
  ],
  [
    'T02',
    'slow bodies',
    '408, gone within 17 s',
    `${F}slow-clients.test`,
    `${F}long/slow-http`,
    `${P}http2/time-limits.test`,
  ],
  [
    'T03',
    'readers that do not read',
    'cut, descriptors and memory flat, health answers',
    `${F}slow-clients.test`,
    `${F}unread-replies.test`,
    `${F}long/slow-http`,
    `${F}long/unread-replies`,
    `${P}http2/time-limits.test`,
  ],
  ['T04', 'bodies over the limit, lying lengths', '413 or 400, nothing kept', `${F}oversized-bodies.test`],
  ['T05', 'deep, wide, huge JSON', '400', `${P}json-body.test`],
  ['T06', '`__proto__`, members twice', '400, no prototype changed', `${P}json-body.test`],
  ['T07', 'regular expressions', 'linear', 'house/regular-expressions.test'],
  ['T08', 'large and many header fields', '431', `${P}framing.test`, `${P}forwarded-certificates.test`],
  ['T09', 'values of another type', '400', `${P}validation.test`],
  ['T10', 'unknown members', '400', `${P}validation.test`],
  ['T11', 'spellings of Content-Type', '415, never past the schema', `${P}json-body.test`],
  ['T12', 'smuggled requests, direct and through proxies', 'none', `${P}framing.test`, `${F}smuggling.test`],
  ['T13', 'floods of HTTP/2', 'cut, memory flat, others served', `${P}http2/floods.test`],
  ['T14', 'TRACE, CONNECT, PUT', '405 with Allow', `${P}framing.test`, `${P}errors.test`],
  [
    'T15',
    'more than can be computed',
    '503 fast, health below 50 ms',
    `${P}overload.test`,
    `${F}long/overload`,
  ],
  ['T16', 'more connections than there are files', 'lives, serves again', `${F}connections.test`],
  ['T17', 'a minute of mixed load', 'memory does not grow', `${F}long/soak`],
  ['T18', 'forged X-Forwarded-For', 'counted all the same', `${P}trust-proxy.test`],
  ['T19', 'forged X-Forwarded-Proto and -Host', 'ignored', `${P}headers.test`],
  ['T20', 'addresses of one IPv6 network', 'one client', `${P}limits.test`],
  ['T21', 'two processes, one Redis', 'one limit, exact', `${P}shared-limits.test`],
  ['T22', 'many probes', 'always answered', `${P}readiness.test`],
  ['T23', 'Redis killed, hung, slow', 'at most 200 ms, then local', `${P}shared-limits.test`],
  [
    'T24',
    'counters without an end, clock steps',
    'nobody banned for good',
    `${P}limit-stores.test`,
    `${F}clock-step.test`,
    `${P}shared-limits.test`,
  ],
  ['T25', 'timing of a comparison of keys', 't of Welch below 4.5', `${P}auth.test`, 'access/api-keys.test'],
  ['T26', 'credentials in logs, errors, metrics', 'none', `${F}canary.test`],
  ['T27', 'keys that are wrong, over or too narrow', '401 or 403', `${P}auth.test`, `${P}api-keys.test`],
  ['T28', 'guesses at a key', '429 after 20', `${P}limits.test`],
  ['T29', 'tokens of other algorithms', '401', `${P}access-tokens.test`],
  ['T30', 'tokens with wrong claims', '401', `${P}access-tokens.test`],
  ['T31', 'unknown and hostile `kid`', '401, one fetch', `${P}issuer-keys.test`],
  ['T32', 'issuer that hangs, fails, floods', '503, bounded', `${P}issuer-keys.test`],
  ['T33', 'tokens signed with ML-DSA', 'accepted', `${P}access-tokens.test`],
  [
    'T34',
    'requests forged from here (SSRF)',
    'only JWKS_URL is fetched',
    `${P}issuer-keys.test`,
    'config/access.test',
  ],
  ['T35', 'pages of other origins', 'not allowed', `${P}cors.test`],
  ['T36', 'forms of other pages', '415', `${P}json-body.test`],
  ['T37', 'a CA without its scope', '403', `${P}auth.test`],
  ['T38', 'certificates of others', 'there is no store yet: none is kept'],
  ['T58', 'private keys in logs, errors, metrics, files', 'none', `${F}canary.test`],
  [
    'T59',
    'private keys in memory after the reply',
    'none, neither made nor sent',
    `${F}key-residue.test`,
    `${F}sent-key-residue.test`,
  ],
  ['T64', 'forged lines of the log', 'one line an event', `${P}audit.test`],
  ['T65', 'labels made of junk', 'no more series', `${P}metrics.test`],
  ['T66', 'killed while it issues', 'there is no store yet: nothing is kept to be lost'],
  [
    'T67',
    'SIGTERM under load',
    'nothing lost',
    'shutdown.test',
    'workers/leaving.test',
    `${P}http2/leaving.test`,
  ],
  ['T68', 'rolling restart behind nginx', 'nothing lost', 'shutdown.test'],
  [
    'T75',
    'every variable empty, huge, wrong',
    'exit 78 with its name',
    'config/config.test',
    'server.test',
    'config/matrix.test',
  ],
  ['T80', 'client certificates of every wrong kind', '403', `${P}tls.test`, `${P}client-certificates.test`],
];

export const ROWS: readonly Row[] = ENTRIES.map(([id, fault, expected, ...tests]) => ({
  id,
  fault,
  expected,
  tests,
}));
