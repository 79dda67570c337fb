/** Every fault and attack that is tested, with its tests. docs/security.md has the figures. */

export interface Row {
  readonly id: string;
  readonly fault: string;
  readonly expected: string;
  /**
   * Files in `test`, without `.ts`. `npm test` runs all except those in `faults/long`. Empty if there is nothing to
   * test yet.
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
    '408, closed within 7 s',
    `${F}slow-clients.test`,
    `${F}long/slow-http`,
    `${P}http2/time-limits.test`,
  ],
  [
    'T02',
    'slow bodies',
    '408, closed within 17 s',
    `${F}slow-clients.test`,
    `${F}long/slow-http`,
    `${P}http2/time-limits.test`,
  ],
  [
    'T03',
    'clients that do not read',
    'connection closed, descriptors and memory flat, health replies',
    `${F}slow-clients.test`,
    `${F}unread-replies.test`,
    `${F}long/slow-http`,
    `${F}long/unread-replies`,
    `${P}http2/time-limits.test`,
  ],
  ['T04', 'bodies over the limit, wrong lengths', '413 or 400, nothing kept', `${F}oversized-bodies.test`],
  ['T05', 'deep, wide, huge JSON', '400', `${P}bodies/json.test`],
  ['T06', '`__proto__`, duplicate members', '400, no prototype changed', `${P}bodies/json.test`],
  ['T07', 'regular expressions', 'linear', 'house/regular-expressions.test'],
  [
    'T08',
    'large and many header fields',
    '431',
    `${P}framing.test`,
    `${P}client-certificates/forwarded-certificates.test`,
  ],
  ['T09', 'values of another type', '400', `${P}errors/validation.test`],
  ['T10', 'unknown members', '400', `${P}errors/validation.test`],
  ['T11', 'spellings of Content-Type', '415, never past the schema', `${P}bodies/json.test`],
  ['T12', 'smuggled requests, direct and through proxies', 'none', `${P}framing.test`, `${F}smuggling.test`],
  ['T13', 'floods of HTTP/2', 'connection closed, memory flat, others served', `${P}http2/floods.test`],
  ['T14', 'TRACE, CONNECT, PUT', '405 with Allow', `${P}framing.test`, `${P}errors/errors.test`],
  [
    'T15',
    'more load than capacity',
    '503 fast, health below 50 ms',
    `${P}overload/overload.test`,
    `${F}long/overload`,
  ],
  ['T16', 'more connections than file descriptors', 'stays up, serves again', `${F}connections.test`],
  ['T17', 'a minute of mixed load', 'memory does not grow', `${F}long/soak`],
  ['T18', 'forged X-Forwarded-For', 'does not change the count', `${P}limits/trust-proxy.test`],
  ['T19', 'forged X-Forwarded-Proto and -Host', 'ignored', `${P}headers.test`],
  ['T20', 'addresses of one IPv6 network', 'one client', `${P}limits/limits.test`],
  ['T21', 'two processes, one Redis', 'one limit, exact', `${P}limits/shared-limits.test`],
  ['T22', 'many probes', 'always answered', `${P}readiness.test`],
  ['T23', 'Redis killed, hung, slow', 'at most 200 ms, then local', `${P}limits/shared-limits.test`],
  [
    'T24',
    'counters without expiry, clock steps',
    'no client banned for ever',
    `${P}limits/limit-stores.test`,
    `${F}clock-step.test`,
    `${P}limits/shared-limits.test`,
  ],
  ['T25', 'timing of the key comparison', 'Welch t below 4.5', `${P}auth/auth.test`, 'access/api-keys.test'],
  ['T26', 'credentials in logs, errors, metrics', 'none', `${F}canary.test`],
  [
    'T27',
    'keys that are invalid, expired or lack a scope',
    '401 or 403',
    `${P}auth/auth.test`,
    `${P}auth/api-keys.test`,
  ],
  ['T28', 'guesses at a key', '429 after 20', `${P}limits/limits.test`],
  ['T29', 'tokens of other algorithms', '401', `${P}auth/access-tokens.test`],
  ['T30', 'tokens with wrong claims', '401', `${P}auth/access-tokens.test`],
  ['T31', 'unknown and hostile `kid`', '401, one fetch', `${P}auth/issuer-keys.test`],
  ['T32', 'issuer that hangs, fails or floods', '503, bounded', `${P}auth/issuer-keys.test`],
  ['T33', 'tokens signed with ML-DSA', 'accepted', `${P}auth/access-tokens.test`],
  [
    'T34',
    'requests forged from here (SSRF)',
    'only JWKS_URL is fetched',
    `${P}auth/issuer-keys.test`,
    'config/access.test',
  ],
  ['T35', 'pages of other origins', 'not allowed', `${P}cors.test`],
  ['T36', 'forms of other pages', '415', `${P}bodies/json.test`],
  ['T37', 'a CA certificate without its scope', '403', `${P}auth/auth.test`],
  [
    'T38',
    'certificates of other callers',
    '404, like a certificate that does not exist',
    'routes/certificates-access.test',
  ],
  ['T58', 'private keys in logs, errors, metrics, files', 'none', `${F}canary.test`],
  [
    'T59',
    'private keys in memory after the reply',
    'none, neither made nor sent',
    `${F}key-residue.test`,
    `${F}sent-key-residue.test`,
  ],
  ['T64', 'forged log lines', 'one line an event', `${P}audit/audit.test`],
  ['T65', 'junk in metric labels', 'no new series', `${P}metrics/metrics.test`],
  [
    'T66',
    'killed while it issues',
    'what was acknowledged is stored, no serial number twice',
    'authorities/kill.test',
    'storage/sqlite-faults.test',
    'storage/postgres-faults.test',
  ],
  [
    'T67',
    'SIGTERM under load',
    'nothing lost',
    'service/shutdown.test',
    'service/workers/shutdown.test',
    `${P}http2/leaving.test`,
  ],
  ['T68', 'rolling restart behind nginx', 'nothing lost', 'service/shutdown.test'],
  [
    'T70',
    'a read-only file system',
    '503 with Retry-After, heals without a restart',
    `${F}issuing.test`,
    'storage/sqlite-faults.test',
  ],
  [
    'T72',
    'stored, but the client is gone',
    'listed, and one certificate for the Idempotency-Key',
    `${F}issuing.test`,
  ],
  [
    'T75',
    'every variable empty, huge or invalid',
    'exit code 78, the variable is named',
    'config/config.test',
    'service/server.test',
    'config/matrix.test',
  ],
  [
    'T76',
    'a thread of the engine crashes while it signs',
    '503, nothing is returned, the next request is served',
    'authorities/engine-crash.test',
  ],
  [
    'T80',
    'every kind of invalid client certificate',
    '403',
    `${P}tls.test`,
    `${P}client-certificates/client-certificates.test`,
  ],
  [
    'T81',
    'requests that deviate from the standards in any way',
    '400 or a certificate that does not deviate',
    `${F}lenient-reading.test`,
  ],
  [
    'T91',
    'kill -9 while certificates are revoked',
    'each acknowledged revocation on the next CRL, no number twice',
    'revocation/crl/kill.test',
  ],
  [
    'T92',
    'a clock that steps back, a store that is away',
    'no lower CRL number or thisUpdate; the last CRL is served',
    'revocation/crl/publishing.test',
    'routes/crl.test',
  ],
  ['T93', 'a CRL of 100,000 entries', 'made in parts', 'revocation/crl/long-list.test'],
  ['T94', 'OCSP requests with any mutation', 'an OCSP error or a signed response', `${F}ocsp-requests.test`],
  ['T95', 'kill -9 while a process revokes', 'revoked in the next OCSP response', 'ocsp/kill.test'],
];

export const ROWS: readonly Row[] = ENTRIES.map(([id, fault, expected, ...tests]) => ({
  id,
  fault,
  expected,
  tests,
}));
