import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { WEBHOOK_EVENTS } from '../../src/webhooks/receivers.ts';
import { faultOf } from '../support/config-fault.ts';

t.test('without variables the service has the defaults of the v1 contract', async (t) => {
  t.same(configFrom({}), {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: 8000,
    BASE_PATH: '',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'auto',
    AUDIT_REQUIRED: false,
    STRICT_READING: false,
    DEBUG: false,
    DATA_DIR: 'data',
    ALLOW_CLOCK_BEHIND: false,
    CORS_ORIGINS: [],
    API_KEYS: [],
    ALLOW_ANONYMOUS: false,
    TRUST_PROXY: [],
    RATE_LIMIT_PER_HOUR: 1000,
    RATE_LIMIT_GENERATE_PER_MINUTE: 100,
    RATE_LIMIT_FAILED_AUTH_PER_MINUTE: 20,
    BODY_LIMIT: 262144,
    QUEUE_LIMIT: 64,
    MAX_CONNECTIONS: 2000,
    MAX_CONNECTIONS_PER_ADDRESS: 0,
    SHUTDOWN_DELAY: 0,
    WEB_CONCURRENCY: 1,
    WORKER_TIMEOUT: 120,
    NOT_BEFORE_SKEW: 300,
    OTEL_SERVICE_NAME: 'ml-dsa-certificate-api',
    OTEL_TRACES_SAMPLER_ARG: 1,
    OTEL_SDK_DISABLED: false,
    DOCS_ENABLED: true,
    CRYPTO_ENGINE: 'auto',
    OCSP_ENABLED: true,
    OCSP_SIGNER: 'delegated',
    OCSP_VALIDITY: 43_200,
    OCSP_MAX_AGE: 3600,
    OCSP_CACHE_SIZE: 67_108_864,
    CRL_DELAY: 10,
    CRL_VALIDITY: 604_800,
    CRL_MAX_AGE: 604_800,
    RATE_LIMIT_OCSP_PER_MINUTE: 600,
    TLS_CLIENT_OWN_CRLS: false,
    WEBHOOK_URLS: [],
    WEBHOOK_SECRET: [],
    WEBHOOK_EVENTS: [...WEBHOOK_EVENTS],
    WEBHOOK_ALLOWED_NETWORKS: [],
    WEBHOOK_EXPIRY_DAYS: 30,
    WEBHOOK_RETENTION_DAYS: 30,
    WEBHOOK_AUTHORITY_EXPIRY_DAYS: 90,
  });
  const production = { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true' };
  t.equal(configFrom(production).HOST, '0.0.0.0');
  t.equal(configFrom(production).SHUTDOWN_DELAY, 5);
  t.equal(configFrom(production).DATA_DIR, undefined);
  t.equal(configFrom({ NODE_ENV: 'test' }).DATA_DIR, undefined);
  t.equal(configFrom({ ...production, HOST: '10.0.0.1' }).HOST, '10.0.0.1');
});

t.test('each variable is converted to its type', async (t) => {
  const read: readonly [string, string, unknown][] = [
    ['PORT', '0', 0],
    ['PORT', '65535', 65535],
    ['HOST', '::1', '::1'],
    ['BASE_PATH', '/pki', '/pki'],
    ['BASE_PATH', '/a/b-c_d.e~f', '/a/b-c_d.e~f'],
    ['LOG_LEVEL', 'silent', 'silent'],
    ['LOG_LEVEL', 'INFO', 'info'],
    ['LOG_LEVEL', 'Warning', 'warn'],
    ['LOG_LEVEL', 'CRITICAL', 'fatal'],
    ...['true', 'True', 'TRUE', '1', 'yes', 'On'].map(
      (word) => ['DEBUG', word, true] as [string, string, boolean],
    ),
    ...['false', 'False', '0', 'no', 'OFF'].map(
      (word) => ['DEBUG', word, false] as [string, string, boolean],
    ),
    ['DOCS_ENABLED', 'no', false],
    ['CORS_ORIGINS', 'https://a.example', ['https://a.example']],
    [
      'CORS_ORIGINS',
      ' https://a.example ,http://b.example:8080,, https://a.example',
      ['https://a.example', 'http://b.example:8080'],
    ],
    ['CORS_ORIGINS', '*', ['*']],
    ['TRUST_PROXY', '10.0.0.7, 10.1.0.0/16,2001:db8::/32', ['10.0.0.7', '10.1.0.0/16', '2001:db8::/32']],
    ['RATE_LIMIT_PER_HOUR', '0', 0],
    ['RATE_LIMIT_PER_HOUR', '8640000', 8_640_000],
    ['BODY_LIMIT', '1024', 1024],
    ['WEB_CONCURRENCY', '64', 64],
    ...['auto', 'AUTO'].map(
      (word) => ['WEB_CONCURRENCY', word, Math.min(availableParallelism(), 64)] as [string, string, number],
    ),
    ['WORKER_TIMEOUT', '1', 1],
    ['CRYPTO_ENGINE', 'noble', 'noble'],
  ];
  for (const [name, text, value] of read) {
    t.same(
      configFrom({ [name]: text })[name as keyof ReturnType<typeof configFrom>],
      value,
      `${name}=${text}`,
    );
  }
});

t.test('DEBUG has the alias FLASK_DEBUG, and logs more', async (t) => {
  t.match(configFrom({ FLASK_DEBUG: 'True' }), { DEBUG: true, LOG_LEVEL: 'debug' });
  t.match(configFrom({ DEBUG: 'true', FLASK_DEBUG: '1' }), { DEBUG: true });
  t.match(configFrom({ DEBUG: 'true', LOG_LEVEL: 'error' }), { DEBUG: true, LOG_LEVEL: 'error' });
  const fault = faultOf({ DEBUG: 'true', FLASK_DEBUG: 'False' });
  t.match(fault, /^FLASK_DEBUG must not be set together with DEBUG, which has another value$/);
});

t.test('a later environment takes precedence, unless its variable is empty', async (t) => {
  t.equal(configFrom({ PORT: '1' }, { PORT: '2' }).PORT, 2);
  t.equal(configFrom({ PORT: '1' }, { PORT: '' }).PORT, 1);
});

t.test('an invalid value is rejected by the name of its variable and never shown', async (t) => {
  const wrong: readonly [string, string, RegExp][] = [
    ['PORT', 'secret', /^PORT must be a whole number from 0 to 65535$/],
    ['PORT', '-1', /^PORT must be/],
    ['PORT', '65536', /^PORT must be/],
    ['PORT', '80.5', /^PORT must be/],
    ['PORT', '1e400', /^PORT must be/],
    ['PORT', 'tcp://10.0.0.1:8000', /^PORT must be/],
    ['NODE_ENV', 'prod', /^NODE_ENV must be one of development, production, test$/],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL must be one of fatal, error/],
    ['WEB_CONCURRENCY', 'all', /^WEB_CONCURRENCY must be a whole number from 1 to 64, or auto$/],
    ['WEB_CONCURRENCY', '0', /^WEB_CONCURRENCY must be/],
    ['WEB_CONCURRENCY', '65', /^WEB_CONCURRENCY must be/],
    ['WORKER_TIMEOUT', '0', /^WORKER_TIMEOUT must be a whole number from 1 to 3600$/],
    ['DEBUG', 'maybe', /^DEBUG must be true or false$/],
    ['FLASK_DEBUG', 'maybe', /^FLASK_DEBUG must be true or false$/],
    ['DOCS_ENABLED', '2', /^DOCS_ENABLED must be true or false$/],
    ['HOST', 'h'.repeat(256), /^HOST must be/],
    ...['pki', 'pki/', '/pki/'].map(
      (path) =>
        [
          'BASE_PATH',
          path,
          /^BASE_PATH must be a path that begins with a slash and does not end with one, such as \/pki$/,
        ] as [string, string, RegExp],
    ),
    ['BASE_PATH', '/', /^BASE_PATH must be/],
    ['BASE_PATH', '/a/../b', /^BASE_PATH must be/],
    ['BASE_PATH', '/a//b', /^BASE_PATH must be/],
    ['BASE_PATH', '/:id', /^BASE_PATH must be/],
    ['RATE_LIMIT_PER_HOUR', '-1', /^RATE_LIMIT_PER_HOUR must be/],
    ['RATE_LIMIT_PER_HOUR', '1000000001', /^RATE_LIMIT_PER_HOUR must be/],
    ['RATE_LIMIT_GENERATE_PER_MINUTE', 'ten', /^RATE_LIMIT_GENERATE_PER_MINUTE must be/],
    ['BODY_LIMIT', '1023', /^BODY_LIMIT must be a whole number from 1024 to 16777216$/],
    ['CRYPTO_ENGINE', 'openssl', /^CRYPTO_ENGINE must be one of auto, native, node, noble$/],
    ...[
      'https://a.example/',
      'a.example',
      'https://A.example',
      'https://a.example:443',
      'null',
      'file:///etc',
      'https://a.example,*',
      '*,*.b',
      'https://*.a.example/x',
    ].map(
      (origins) =>
        ['CORS_ORIGINS', origins, /^CORS_ORIGINS must be \* or origins such as/] as [string, string, RegExp],
    ),
  ];
  for (const [name, text, fault] of wrong) {
    const message = faultOf({ [name]: text });
    t.match(message, fault, `${name}=${text.slice(0, 40)}`);
    t.notOk(text.length > 4 && message.includes(text), 'the value is not shown');
  }
});

t.test('production rejects unsafe settings', async (t) => {
  const production = { NODE_ENV: 'production', API_KEYS: 'k'.repeat(32) };
  t.equal(faultOf({ ...production, DEBUG: 'true' }), 'DEBUG must not be true in production');
  t.equal(faultOf({ ...production, FLASK_DEBUG: 'True' }), 'DEBUG must not be true in production');
  t.match(faultOf({ ...production, CORS_ORIGINS: '*' }), /^CORS_ORIGINS must list origins in production/);
  t.equal(faultOf({ ...production, DEBUG: 'false', CORS_ORIGINS: 'https://a.example' }), 'none');
});

t.test('a required audit log cannot be silenced', async (t) => {
  t.equal(
    faultOf({ AUDIT_REQUIRED: 'true', LOG_LEVEL: 'silent' }),
    'AUDIT_REQUIRED must not be true if LOG_LEVEL is silent, which writes no audit log',
  );
  t.equal(faultOf({ AUDIT_REQUIRED: 'true', LOG_LEVEL: 'fatal' }), 'none');
  t.equal(faultOf({ LOG_LEVEL: 'silent' }), 'none');
});

t.test('a misspelled variable is rejected', async (t) => {
  const meant: readonly [string, string][] = [
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['CORS_ALLOWED_ORIGINS', 'CORS_ORIGINS'],
    ['CORSORIGINS', 'CORS_ORIGINS'],
    ['cors_origins', 'CORS_ORIGINS'],
    ['RATE_LIMIT', 'RATE_LIMIT_PER_HOUR'],
    ['RATE_LIMIT_PER_MINUTE', 'RATE_LIMIT_PER_HOUR'],
    ['RATE_LIMITS_PER_HOUR', 'RATE_LIMIT_PER_HOUR'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOG_LEVEL_CONSOLE', 'LOG_LEVEL'],
    ['NODEENV', 'NODE_ENV'],
    ['PORTS', 'PORT'],
    ['DEBUGS', 'DEBUG'],
    ['DATADIR', 'DATA_DIR'],
    ['BODYLIMIT', 'BODY_LIMIT'],
    ['BODY_LIMIT_BYTES', 'BODY_LIMIT'],
    ['DOC_ENABLED', 'DOCS_ENABLED'],
    ['CRYPT_ENGINE', 'CRYPTO_ENGINE'],
    ['BASEPATH', 'BASE_PATH'],
    ['APIKEYS', 'API_KEYS'],
    ['OTEL_EXPORTER_OTLP_ENDPOINTS', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ];
  for (const [name, ours] of meant) {
    t.equal(faultOf({ [name]: 'x' }), `${name} is not a variable of this service; did you mean ${ours}?`);
    t.equal(faultOf({ [name]: '' }), 'none', 'an empty unknown variable is ignored');
  }
});

t.test('the variables of an ordinary machine are ignored', async (t) => {
  const ordinary = `
    HOME HOSTNAME HOSTTYPE LOGNAME PATH PWD SHELL TERM USER LANG LC_ALL TZ EDITOR NODE NODE_OPTIONS
    NODE_PATH NODE_EXTRA_CA_CERTS NODE_VERSION NVM_DIR NODENV_ROOT INIT_CWD npm_config_port
    npm_package_version npm_lifecycle_event npm_node_execpath COLOR PREFIX KUBERNETES_PORT
    KUBERNETES_SERVICE_HOST REDIS_PORT MLDSA_API_PORT_8000_TCP DATABASE SECRET_KEY INVOCATION_ID
    JOURNAL_STREAM LISTEN_FDS STATE_DIRECTORY CREDENTIALS_DIRECTORY NOTIFY_SOCKET CI GITHUB_ACTIONS
    DEBIAN_FRONTEND SSH_CONNECTION DATA BASE LOG FLASK_APP http_proxy TAP`
    .trim()
    .split(/\s+/);
  for (const name of ordinary) t.equal(faultOf({ [name]: 'x' }), 'none', name);
  t.equal(faultOf(process.env), 'none', 'the variables of this machine');
});

t.test('API_KEY, which the doctor reads, is accepted with a warning', async (t) => {
  const warnings: string[] = [];
  const listener = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', listener);
  t.teardown(() => process.off('warning', listener));
  t.equal(faultOf({ API_KEY: 'secret' }), 'none');
  t.equal(faultOf({ API_KEY: 'secret', API_KEYS: 'k'.repeat(32) }), 'none');
  await setImmediate();
  t.same(warnings, [
    'API_KEY is set: only the doctor and replay scripts read it, the service reads API_KEYS',
  ]);
});

t.test('the configuration cannot be changed', async (t) => {
  const config = configFrom({ CORS_ORIGINS: 'https://a.example' });
  t.throws(() => Object.assign(config, { PORT: 1 }), TypeError);
  t.throws(() => Object.assign(config.CORS_ORIGINS, ['https://evil.example']), TypeError);
});
