/** TLS: the certificate, versions, key agreement and HTTP/2. */

import { once } from 'node:events';
import { connect, createSecureContext, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { hostOf, isThisMachine, serverNameOf, type Deployment, type Target } from './deployment.ts';
import { skipped, ok, orElse, wrong, type Finding } from './finding.ts';

const DAY_MS = 86_400_000;
const ENOUGH_DAYS = 14;

interface Handshake {
  readonly alpn: string | false | null;
  readonly validTo: Date | undefined;
  /** Why the certificate is invalid; undefined if it is valid. */
  readonly invalid: string | undefined;
}

/** Rejects if the handshake fails. */
async function shakeHands({ url, ca }: Target, options: ConnectionOptions = {}): Promise<Handshake> {
  const socket = connect({
    host: hostOf(url),
    port: Number(url.port) || 443,
    servername: serverNameOf(url),
    ca,
    rejectUnauthorized: false,
    timeout: 5000,
    ...options,
  });
  socket.on('timeout', () => socket.destroy(new Error('no reply within 5 s')));
  try {
    await once(socket, 'secureConnect');
    return handshakeOf(socket);
  } finally {
    socket.destroy();
  }
}

const handshakeOf = (socket: TLSSocket): Handshake => ({
  alpn: socket.alpnProtocol,
  validTo: socket.getPeerX509Certificate()?.validToDate,
  // The type is Error, but the value is the code of an error.
  invalid: socket.authorized ? undefined : String(socket.authorizationError),
});

const agrees = (target: Target, options: ConnectionOptions): Promise<boolean> =>
  shakeHands(target, options).then(
    () => true,
    () => false,
  );

/** Whether a key may be sent: over TLS with a valid certificate, or within this machine. */
export async function isPrivate(target: Target): Promise<boolean> {
  if (target.url.protocol === 'http:') return isThisMachine(target.url);
  return shakeHands(target).then(
    ({ invalid }) => invalid === undefined,
    () => false,
  );
}

export async function checkTls(deployment: Deployment): Promise<readonly Finding[]> {
  if (deployment.url.protocol === 'http:') return [withoutTls(deployment)];
  const found = await Promise.all([
    checkCertificate(deployment),
    checkVersions(deployment),
    checkKeyAgreement(deployment),
    checkHttp2(deployment),
  ]);
  return found.flat();
}

const withoutTls = ({ url }: Deployment): Finding =>
  isThisMachine(url)
    ? skipped('plain http on this machine')
    : wrong(
        'The connection is not encrypted, so keys can be read in transit',
        'serve https, with TLS_CERT_FILE and TLS_KEY_FILE or with a proxy',
      );

async function checkCertificate(deployment: Deployment): Promise<readonly Finding[]> {
  const { invalid, validTo } = await shakeHands(deployment);
  if (invalid !== undefined) {
    return [
      wrong(
        `The certificate is not valid for ${hostOf(deployment.url)} (${invalid})`,
        'renew it with this name and its chain; if the CA is your own, pass its certificate with --ca',
      ),
    ];
  }
  const days = Math.floor(((validTo?.getTime() ?? 0) - Date.now()) / DAY_MS);
  return days < ENOUGH_DAYS
    ? [
        wrong(
          `The certificate expires in ${days} days`,
          `renew it at least ${ENOUGH_DAYS} days before it expires`,
        ),
      ]
    : [ok(`the certificate is valid for ${hostOf(deployment.url)} and for ${days} more days`)];
}

/** OpenSSL offers TLS 1.1, which RFC 8996 deprecates, at this security level only. */
const OLD: ConnectionOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };

async function checkVersions(deployment: Deployment): Promise<readonly Finding[]> {
  const [isOld, isNew] = await Promise.all([
    agrees(deployment, OLD),
    agrees(deployment, { minVersion: 'TLSv1.3' }),
  ]);
  const faults: Finding[] = [];
  if (isOld) faults.push(wrong('TLS 1.1 or older is accepted', 'allow TLS 1.2 and 1.3 only (RFC 8996)'));
  if (!isNew) faults.push(wrong('TLS 1.3 is not supported', 'enable it where TLS is terminated'));
  return orElse(faults, 'TLS 1.3 is supported, and nothing older than 1.2');
}

async function checkKeyAgreement(deployment: Deployment): Promise<readonly Finding[]> {
  const group = 'X25519MLKEM768';
  if (!knowsGroup(group)) return [skipped(`the OpenSSL of this Node.js does not support ${group}`)];
  return (await agrees(deployment, { minVersion: 'TLSv1.3', ecdhCurve: group }))
    ? [ok(`the key agreement is ${group}`)]
    : [
        wrong(
          `${group} is not supported, so a quantum computer could decrypt recorded traffic with private keys`,
          'terminate TLS in the service, or in a proxy with OpenSSL 3.5 or later',
        ),
      ];
}

function knowsGroup(group: string): boolean {
  try {
    createSecureContext({ ecdhCurve: group });
    return true;
  } catch {
    return false;
  }
}

async function checkHttp2(deployment: Deployment): Promise<readonly Finding[]> {
  const { alpn } = await shakeHands(deployment, { ALPNProtocols: ['h2', 'http/1.1'] });
  return alpn === 'h2'
    ? [ok('HTTP/2 is supported')]
    : [wrong('HTTP/2 is not supported', 'enable h2 where TLS is terminated (nginx: http2 on)')];
}
