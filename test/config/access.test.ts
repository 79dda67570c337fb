/** The variables that decide which callers are accepted. */

import t from 'tap';
import { configFrom } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';
import { faultOf } from '../support/config-fault.ts';

const ISSUER = {
  JWT_ISSUER: 'https://login.example/',
  JWT_AUDIENCE: 'pki',
  JWKS_URL: 'https://login.example/jwks.json',
};

const CLIENTS = { TLS_CERT_FILE: '/run/a', TLS_KEY_FILE: '/run/b', TLS_CLIENT_CA_FILE: '/run/c' };

t.test('issuer, audience and keys of access tokens need each other', async (t) => {
  t.equal(faultOf(ISSUER), 'none');
  for (const missing of Object.keys(ISSUER)) {
    const message = `${missing} must be set too: JWT_ISSUER, JWT_AUDIENCE, JWKS_URL need each other`;
    t.equal(faultOf({ ...ISSUER, [missing]: '' }), message);
  }
  t.equal(
    faultOf({ JWT_AUDIENCE: 'pki' }),
    'JWT_ISSUER must be set too: JWT_ISSUER, JWT_AUDIENCE, JWKS_URL need each other',
  );
});

t.test('the keys of an issuer are fetched by https, or from this machine outside production', async (t) => {
  const production = { ...ISSUER, NODE_ENV: 'production' };
  for (const url of ['https://login.example/keys?a=b', 'https://10.0.0.7:8443/keys', 'https://localhost/']) {
    t.equal(faultOf({ ...production, JWKS_URL: url }), 'none', url);
  }
  for (const url of ['http://localhost:1/', 'http://127.0.0.1:1/', 'http://127.1/keys', 'http://[::1]:1/']) {
    t.equal(faultOf({ ...ISSUER, JWKS_URL: url }), 'none', url);
    t.match(faultOf({ ...production, JWKS_URL: url }), /^JWKS_URL must be an https URL/, url);
  }
  const refused = `http://login.example/ http://localhost.evil.example/ http://127.0.0.1.evil.example/ http://10.0.0.7/
    http://169.254.169.254/ https://user:word@login.example/ https://user@login.example/ https://login.example/#a
    file:///etc/passwd ftp://localhost/ data:,{} login.example /keys http://0.0.0.0/`;
  for (const url of refused.trim().split(/\s+/)) {
    t.match(faultOf({ ...ISSUER, JWKS_URL: url }), /^JWKS_URL must be an https URL/, url);
  }
});

t.test('production starts with authentication, or with ALLOW_ANONYMOUS', async (t) => {
  const production = { NODE_ENV: 'production' };
  const key = 'k'.repeat(32);
  t.equal(
    faultOf(production),
    'API_KEYS must be set in production, or one of API_KEYS_FILE, JWT_ISSUER and TLS_CLIENT_CA_FILE; ALLOW_ANONYMOUS=true turns authentication off',
  );
  t.equal(faultOf({ ...production, ALLOW_ANONYMOUS: 'false' }), faultOf(production));
  t.equal(faultOf({ ...production, ALLOW_ANONYMOUS: 'true' }), 'none');
  t.equal(faultOf({ ...production, API_KEYS: key }), 'none');
  t.equal(faultOf({ ...production, API_KEYS_FILE: '/run/keys' }), 'none');
  t.equal(faultOf({ ...production, ...ISSUER }), 'none');
  t.equal(faultOf({ ...production, ...CLIENTS }), 'none');
  for (const guard of [{ API_KEYS: key }, { API_KEYS_FILE: '/run/keys' }, ISSUER, CLIENTS]) {
    t.equal(
      faultOf({ ...guard, ALLOW_ANONYMOUS: 'true' }),
      'ALLOW_ANONYMOUS must not be true when keys, tokens or client certificates are configured',
    );
  }
});

t.test('keys must be long in production, and visible ASCII everywhere', async (t) => {
  const production = { NODE_ENV: 'production' };
  const key = 'k'.repeat(32);
  for (const keys of ['key1,key2,key3', 'key1', `${key},short`, 'k'.repeat(31)]) {
    t.equal(
      faultOf({ ...production, API_KEYS: keys }),
      'API_KEYS must be keys of at least 32 characters in production',
    );
    t.equal(faultOf({ API_KEYS: keys }), 'none', 'outside production short keys are accepted');
  }
  for (const odd of ['schl\u00fcssel', 'two words', 'a\u200bb']) {
    t.match(faultOf({ API_KEYS: `${key},${odd}` }), /^API_KEYS must be keys of visible ASCII characters/);
  }
});

t.test('only the SHA-256 of a key in the environment is kept', async (t) => {
  const config = configFrom({ API_KEYS: 'abc, another-key ,abc' });
  // The example of NIST for FIPS 180-4.
  t.equal(config.API_KEYS[0], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  t.equal(config.API_KEYS.length, 2);
  t.notMatch(JSON.stringify(config), /abc|another-key/);
  t.match(printConfig(config), /^API_KEYS=\[secret\]$/m);
  t.match(printConfig(configFrom({})), /^API_KEYS=$/m);
});
