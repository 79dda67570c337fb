/** Clients that show a certificate (T80). */

import { Agent } from 'node:https';
import t from 'tap';
import { SECURITY_LEVELS, type SecurityLevel } from '../../src/algorithms/ml-dsa.ts';
import { authority, certificatePem, keyPem, openDomain, requestPem } from '../support/domain.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { get, identityOf, serve, type Identity } from '../support/tls.ts';

const { issuer, issuerWith } = await openDomain(t);
const own = await identityOf(issuer);

interface Client {
  readonly name: string;
  readonly identity: Partial<Identity>;
  readonly subject: string | null;
}

t.test('clients are known by their certificates', { skip: opensslMissing }, async (t) => {
  const ca = await issuer.selfSigned({ algorithm: 'ml-dsa-87', subject: '/CN=CA', days: 90, isCa: true });
  const members = await authority(ca.certificate, ca.key);
  const certified = async (algorithm: SecurityLevel, days = 30): Promise<Identity> => {
    const { csr, key } = await issuer.certificationRequest({ algorithm, subject: `/CN=${algorithm}` });
    const { certificate } = await issuer.signRequest({ ...members, csr: requestPem(csr), days, isCa: false });
    return { cert: certificatePem(certificate), key: await keyPem(key) };
  };
  const past = issuerWith({ clock: () => new Date(Date.now() - 400 * 86_400_000) });
  const old = await past.selfSigned({ algorithm: 'ml-dsa-44', subject: '/CN=Old', days: 30, isCa: false });
  const expired = { cert: certificatePem(old.certificate), key: await keyPem(old.key) };
  const args =
    'req -x509 -newkey ml-dsa-44 -noenc -CA ca -CAkey key -subj /CN=Server -addext extendedKeyUsage=serverAuth -keyout -';
  const { stdout, code, stderr } = await openssl(args.split(' '), {
    files: { ca: members.caCertificate, key: members.caPrivateKey },
  });
  t.equal(code, 0, stderr);
  const pem = stdout.toString();
  const forServers = { cert: pem.slice(pem.indexOf('-----BEGIN CERT')), key: pem };

  const clients: readonly Client[] = [
    ...(await Promise.all(
      SECURITY_LEVELS.map(async (level) => ({
        name: level,
        identity: await certified(level),
        subject: `CN=${level}`,
      })),
    )),
    { name: 'none', identity: {}, subject: null },
    { name: 'of nobody', identity: own, subject: null },
    { name: 'expired', identity: expired, subject: null },
    { name: 'for servers', identity: forServers, subject: null },
  ];
  const { port } = await serve(t, own, members.caCertificate + expired.cert);
  for (const { name, identity, subject } of clients) {
    const agent = new Agent({ ...identity, ca: own.cert });
    const reply = await get({ port, agent, path: '/me' });
    t.equal(reply.status, subject === null ? 403 : 200, name);
    if (subject !== null) t.same(JSON.parse(reply.body), { subject }, name);
    for (const probe of ['/livez', '/readyz', '/health']) {
      t.equal((await get({ port, agent, path: probe })).status, 200, `${probe}: ${name}`);
    }
  }
  const other = await serve(t, own);
  const reply = await get({ port: other.port, ca: own.cert, path: '/me', ...clients[0]?.identity });
  t.same(JSON.parse(reply.body), { subject: null }, 'who was not asked is not known');
});
