/** What TLS is served with: the files that the configuration names, and how little of the protocol's past is spoken. */

import { constants, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { encodePem } from '../formats/pem.ts';
import { readClientAuthorities } from './client-authorities.ts';
import { ConfigError } from './error.ts';
import { readConfiguredFile } from './file-content.ts';
import type { Config } from './schema.ts';

/** Throws ConfigError where a variable is set without those that it needs. */
export function rejectIncompleteTls(config: Config): void {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = config;
  if (TLS_CERT_FILE !== undefined && TLS_KEY_FILE === undefined) {
    throw new ConfigError('TLS_KEY_FILE', 'must be set where TLS_CERT_FILE is');
  }
  if (TLS_KEY_FILE !== undefined && TLS_CERT_FILE === undefined) {
    throw new ConfigError('TLS_CERT_FILE', 'must be set where TLS_KEY_FILE is');
  }
  refuseHalfClients(config);
}

function refuseHalfClients(config: Config): void {
  const { TLS_CERT_FILE, TLS_CLIENT_CA_FILE, TLS_CLIENT_CRL_FILE, CLIENT_CERT_HEADER, TRUST_PROXY } = config;
  if (CLIENT_CERT_HEADER !== undefined && TRUST_PROXY.length === 0) {
    throw new ConfigError('TRUST_PROXY', 'must name the proxies where CLIENT_CERT_HEADER is set');
  }
  if ((CLIENT_CERT_HEADER ?? TLS_CLIENT_CRL_FILE) !== undefined && TLS_CLIENT_CA_FILE === undefined) {
    throw new ConfigError(
      'TLS_CLIENT_CA_FILE',
      'must be set where CLIENT_CERT_HEADER or TLS_CLIENT_CRL_FILE is',
    );
  }
  if (TLS_CLIENT_CA_FILE !== undefined && TLS_CERT_FILE === undefined && CLIENT_CERT_HEADER === undefined) {
    throw new ConfigError(
      'TLS_CLIENT_CA_FILE',
      'needs TLS_CERT_FILE and TLS_KEY_FILE beside it, or CLIENT_CERT_HEADER',
    );
  }
}

/**
 * RFC 9325 §3.1.1 and §4.2: no TLS before 1.2, and of 1.2 only what keeps past sessions secret and authenticates what it
 * encrypts. The first group is ML-KEM-768 beside X25519, for TLS 1.3; ML-DSA needs no setting, and no TLS before 1.3 has it.
 */
const PROTOCOL: SecureContextOptions = Object.freeze({
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  honorCipherOrder: true,
  ecdhCurve: 'X25519MLKEM768:X25519:P-256:P-384',
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
});

/** Reads the files, and sees that they fit each other. Undefined without TLS. Throws ConfigError for what is not right. */
export function readTls(config: Config): SecureContextOptions | undefined {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = config;
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined) return undefined;
  const cert = readConfiguredFile('TLS_CERT_FILE', TLS_CERT_FILE);
  const key = readConfiguredFile('TLS_KEY_FILE', TLS_KEY_FILE);
  refuseStrangers(cert, key);
  return usable({ ...PROTOCOL, cert, key, ...authoritiesOf(config) });
}

function refuseStrangers(cert: Buffer, key: Buffer): void {
  if (certificateIn('TLS_CERT_FILE', cert).checkPrivateKey(privateKeyIn(key))) return;
  throw new ConfigError('TLS_KEY_FILE', 'does not hold the private key of the certificate in TLS_CERT_FILE');
}

function certificateIn(variable: 'TLS_CERT_FILE' | 'TLS_CLIENT_CA_FILE', pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ConfigError(variable, 'names a file that does not begin with a certificate in PEM');
  }
}

function privateKeyIn(pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConfigError(
      'TLS_KEY_FILE',
      'names a file that holds no private key in PEM, or an encrypted one',
    );
  }
}

/** Without a certificate in the file Node.js would trust nobody, or whoever the machine trusts. */
function authoritiesOf(config: Config): Pick<SecureContextOptions, 'ca' | 'crl'> {
  const { TLS_CLIENT_CA_FILE, TLS_CLIENT_CRL_FILE } = config;
  if (TLS_CLIENT_CA_FILE === undefined) return {};
  const ca = readConfiguredFile('TLS_CLIENT_CA_FILE', TLS_CLIENT_CA_FILE);
  certificateIn('TLS_CLIENT_CA_FILE', ca);
  if (TLS_CLIENT_CRL_FILE === undefined) return { ca };
  // Of a PEM text Node.js reads the first list only.
  const lists = readClientAuthorities(config).lists.map(({ der }) => Buffer.from(encodePem('X509 CRL', der)));
  return { ca, crl: lists };
}

/** OpenSSL refuses keys that are too weak, and chains that it cannot read. */
function usable(options: SecureContextOptions): SecureContextOptions {
  try {
    createSecureContext(options);
    return options;
  } catch {
    throw new ConfigError('TLS_CERT_FILE', 'names a file that OpenSSL does not take for TLS');
  }
}
