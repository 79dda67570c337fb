/** TLS: the certificate, versions, key agreement and HTTP/2. */

import { once } from 'node:events';
import { connect, createSecureContext, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { hostOf, isThisMachine, serverNameOf, type Deployment, type Target } from './deployment.ts';
import { notJudged, ok, orElse, wrong, type Finding } from './finding.ts';

const DAY_MS = 86_400_000;
const ENOUGH_DAYS = 14;

interface Handshake {
  readonly alpn: string | false | null;
  readonly validTo: Date | undefined;
  /** Why its certificate does not hold; undefined where it does. */
  readonly refused: string | undefined;
}

/** Rejects where nothing can be agreed on. */
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
  socket.on('timeout', () => socket.destroy(new Error('no answer within 5 s')));
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
  // The types say Error; it is the code of one.
  refused: socket.authorized ? undefined : String(socket.authorizationError),
});

const agrees = (target: Target, options: ConnectionOptions): Promise<boolean> =>
  shakeHands(target, options).then(
    () => true,
    () => false,
  );

/** Whether a key may be sent: over TLS whose certificate holds, or within this machine. */
export async function isPrivate(target: Target): Promise<boolean> {
  if (target.url.protocol === 'http:') return isThisMachine(target.url);
  return shakeHands(target).then(
    ({ refused }) => refused === undefined,
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
    ? notJudged('plain http on this machine')
    : wrong(
        'Whoever is on the way can read keys',
        'serve https, by TLS_CERT_FILE and TLS_KEY_FILE or a proxy',
      );

async function checkCertificate(deployment: Deployment): Promise<readonly Finding[]> {
  const { refused, validTo } = await shakeHands(deployment);
  if (refused !== undefined) {
    return [
      wrong(
        `The certificate does not hold for ${hostOf(deployment.url)} (${refused})`,
        'renew it with this name and its chain; for an authority of your own give its certificate with --ca',
      ),
    ];
  }
  const days = Math.floor(((validTo?.getTime() ?? 0) - Date.now()) / DAY_MS);
  return days < ENOUGH_DAYS
    ? [
        wrong(
          `The certificate ends in ${days} days`,
          `renew it ${ENOUGH_DAYS} days before its end at the latest`,
        ),
      ]
    : [ok(`the certificate holds for ${hostOf(deployment.url)} and ${days} more days`)];
}

/** What is refused by current advice (RFC 8996) must be offered at this level to be found out. */
const OLD: ConnectionOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };

async function checkVersions(deployment: Deployment): Promise<readonly Finding[]> {
  const [isOld, isNew] = await Promise.all([
    agrees(deployment, OLD),
    agrees(deployment, { minVersion: 'TLSv1.3' }),
  ]);
  const faults: Finding[] = [];
  if (isOld) faults.push(wrong('TLS 1.1 or older is spoken', 'allow TLS 1.2 and 1.3 alone (RFC 8996)'));
  if (!isNew) faults.push(wrong('TLS 1.3 is not spoken', 'allow it in what ends TLS'));
  return orElse(faults, 'TLS 1.3 is spoken, and nothing older than 1.2');
}

async function checkKeyAgreement(deployment: Deployment): Promise<readonly Finding[]> {
  const group = 'X25519MLKEM768';
  if (!knowsGroup(group)) return [notJudged(`OpenSSL of this Node.js does not know ${group}`)];
  return (await agrees(deployment, { minVersion: 'TLSv1.3', ecdhCurve: group }))
    ? [ok(`keys are agreed on with ${group}`)]
    : [
        wrong(
          `${group} is not agreed on, so that who records the traffic may read the keys in it one day`,
          'end TLS in the service, or in a proxy with OpenSSL 3.5 or later',
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
    ? [ok('HTTP/2 is spoken')]
    : [wrong('HTTP/2 is not spoken', 'let what ends TLS offer h2 (nginx: http2 on)')];
}
