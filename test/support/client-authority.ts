/** CAs of clients, operated with OpenSSL: certificates and revocation lists from another implementation. */

import { X509Certificate } from 'node:crypto';
import { openssl, opensslMissing } from './openssl.ts';
import type { Identity } from './tls.ts';

export interface Wish {
  /** As an argument of `req -newkey`. Default: ML-DSA-65. */
  readonly algorithm?: string;
  readonly subject?: string;
  /** From and to, in days from now. Default: a month from yesterday. */
  readonly days?: readonly [number, number];
  /** As arguments of `req -addext`. Default: extensions for clients. */
  readonly extensions?: readonly string[];
}

export interface ListWish {
  readonly revoked?: readonly Identity[];
  readonly days?: readonly [number, number];
  /** Lines of an OpenSSL configuration. Without lines the list has version 1. */
  readonly extensions?: readonly string[];
}

const CA_EXTENSIONS = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

export const createCa = (wish: Wish = {}, above?: Identity): Promise<Identity> =>
  certify({ subject: '/CN=CA', extensions: CA_EXTENSIONS, ...wish }, above);

/** Self-signed if `ca` is missing. */
export async function certify(wish: Wish = {}, ca?: Identity): Promise<Identity> {
  const { algorithm = 'ml-dsa-65', subject = '/CN=client', days = [-1, 30], extensions = FOR_CLIENTS } = wish;
  const [begin, end] = days.map(timeIn);
  const args = [
    'req',
    '-x509',
    '-newkey',
    ...algorithm.split(' '),
    '-noenc',
    '-keyout',
    '-',
    '-subj',
    subject,
  ];
  args.push('-not_before', begin ?? '', '-not_after', end ?? '');
  args.push(...(ca ? ['-CA', 'ca', '-CAkey', 'key'] : []));
  args.push(...extensions.flatMap((extension) => ['-addext', extension]), '-config', 'config');
  const files = {
    config: '[req]\ndistinguished_name=none\n[none]\n',
    ca: ca?.cert ?? '',
    key: ca?.key ?? '',
  };
  const pem = await output(args, files);
  const [key = '', cert = ''] = pem.split(/(?=-----BEGIN CERT)/);
  return { cert, key };
}

const FOR_CLIENTS = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=clientAuth',
];

/** PEM. */
export async function revocationList({ cert, key }: Identity, wish: ListWish = {}): Promise<string> {
  const { revoked = [], days = [-1, 30], extensions = [] } = wish;
  const [begin, end] = days.map(timeIn);
  const index = revoked.map(
    ({ cert }) =>
      `R\t${timeIn(9).slice(2)}\t${timeIn(-1).slice(2)}\t${serialOf(cert)}\tunknown\t/CN=client\n`,
  );
  const config = [
    '[ca]',
    'default_ca=d',
    '[d]',
    'database=index',
    'default_md=default',
    '[e]',
    ...extensions,
  ];
  const args = 'ca -gencrl -config config -cert ca -keyfile key'.split(' ');
  args.push('-crl_lastupdate', begin ?? '', '-crl_nextupdate', end ?? '');
  if (extensions.length > 0) args.push('-crlexts', 'e');
  return output(args, { ca: cert, key, config: config.join('\n'), index: index.join('') });
}

const serialOf = (cert: string): string => new X509Certificate(cert).serialNumber;

/** Undefined without OpenSSL: the tests that use it are then skipped. */
async function output(args: readonly string[], files: Record<string, string>): Promise<string> {
  if (opensslMissing !== false) return '';
  const { code, stdout, stderr } = await openssl(args, { files });
  if (code !== 0) throw new Error(stderr);
  return stdout.toString();
}

/** GeneralizedTime. */
const timeIn = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
