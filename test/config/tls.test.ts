import { join } from 'node:path';
import t from 'tap';
import { configFrom, type Environment } from '../../src/config/load.ts';
import { readTls } from '../../src/config/tls.ts';
import { openDomain } from '../support/domain.ts';
import { buildEdge } from '../support/edge.ts';
import { identityOf } from '../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

t.test('invalid files stop the start, with a line that shows nothing of them', async (t) => {
  const other = await identityOf(issuer);
  const begin = '-----BEGIN ENCRYPTED PRIVATE KEY-----';
  const folder = t.testdir({ ...own, other: other.key, words: 'secret', encrypted: `${begin}\nAAAA\n` });
  const path = (name: string): string => join(folder, name);
  const [TLS_CERT_FILE, TLS_KEY_FILE] = [path('cert'), path('key')];
  const faults: readonly [Environment, RegExp][] = [
    [{ TLS_CERT_FILE }, /^TLS_KEY_FILE must be set if TLS_CERT_FILE is set$/],
    [{ TLS_KEY_FILE }, /^TLS_CERT_FILE must be set if TLS_KEY_FILE is set$/],
    [{ TLS_CLIENT_CA_FILE: path('cert') }, /^TLS_CLIENT_CA_FILE must be set together with TLS_CERT_FILE/],
    [{ TLS_CERT_FILE: path('secret'), TLS_KEY_FILE }, /^TLS_CERT_FILE names a file that cannot be read$/],
    [{ TLS_CERT_FILE, TLS_KEY_FILE: folder }, /^TLS_KEY_FILE names a file that cannot be read$/],
    [{ TLS_CERT_FILE: path('words'), TLS_KEY_FILE }, /^TLS_CERT_FILE .* certificate in PEM$/],
    [
      { TLS_CERT_FILE, TLS_KEY_FILE: path('words') },
      /^TLS_KEY_FILE must name a file with a private key in PEM/,
    ],
    [{ TLS_CERT_FILE, TLS_KEY_FILE: path('encrypted') }, /^TLS_KEY_FILE .* not encrypted$/],
    [{ TLS_CERT_FILE, TLS_KEY_FILE: path('other') }, /^TLS_KEY_FILE must name the file with the private key/],
    [{ TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE: path('words') }, /^TLS_CLIENT_CA_FILE .* in PEM$/],
  ];
  for (const [environment, message] of faults) {
    t.throws(() => readTls(configFrom(environment)), { name: 'ConfigError', message });
    const line = await buildEdge(t, environment).catch((error: Error) => error.message);
    t.notMatch(line, 'secret');
    t.notMatch(line, folder);
  }
  t.equal(readTls(configFrom({})), undefined);
});
