/** The TLS settings of the server: certificate and key files, protocol versions and cipher suites. */

import { constants, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { encodePem } from '../formats/pem.ts';
import { readClientAuthorities } from './client-authorities.ts';
import { ConfigError } from './error.ts';
import { readConfiguredFile } from './file-content.ts';
import type { Config } from './schema.ts';

/** Throws ConfigError if a variable is set without the variables that it needs. */
export function rejectIncompleteTls(config: Config): void {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = config;
  if (TLS_CERT_FILE !== undefined && TLS_KEY_FILE === undefined) {
    throw new ConfigError('TLS_KEY_FILE', 'must be set if TLS_CERT_FILE is set');
  }
  if (TLS_KEY_FILE !== undefined && TLS_CERT_FILE === undefined) {
    throw new ConfigError('TLS_CERT_FILE', 'must be set if TLS_KEY_FILE is set');
  }
  rejectIncompleteClientTls(config);
}

function rejectIncompleteClientTls(config: Config): void {
  const { TLS_CERT_FILE, TLS_CLIENT_CA_FILE, TLS_CLIENT_CRL_FILE, CLIENT_CERT_HEADER, TRUST_PROXY } = config;
  if (CLIENT_CERT_HEADER !== undefined && TRUST_PROXY.length === 0) {
    throw new ConfigError('TRUST_PROXY', 'must list the proxies if CLIENT_CERT_HEADER is set');
  }
  if (config.TLS_CLIENT_OWN_CRLS && TLS_CLIENT_CA_FILE === undefined) {
    throw new ConfigError('TLS_CLIENT_CA_FILE', 'must be set if TLS_CLIENT_OWN_CRLS is true');
  }
  if ((CLIENT_CERT_HEADER ?? TLS_CLIENT_CRL_FILE) !== undefined && TLS_CLIENT_CA_FILE === undefined) {
    throw new ConfigError(
      'TLS_CLIENT_CA_FILE',
      'must be set if CLIENT_CERT_HEADER or TLS_CLIENT_CRL_FILE is set',
    );
  }
  if (TLS_CLIENT_CA_FILE !== undefined && TLS_CERT_FILE === undefined && CLIENT_CERT_HEADER === undefined) {
    throw new ConfigError(
      'TLS_CLIENT_CA_FILE',
      'must be set together with TLS_CERT_FILE and TLS_KEY_FILE, or with CLIENT_CERT_HEADER',
    );
  }
}

/**
 * RFC 9325 §3.1.1 and §4.2: TLS 1.2 or newer, for TLS 1.2 only cipher suites with forward secrecy and AEAD. The first
 * group is the hybrid of X25519 and ML-KEM-768, for TLS 1.3. ML-DSA certificates need no setting, but TLS 1.3.
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

/** Reads the files and checks that key and certificate match. Undefined without TLS. Throws ConfigError. */
export function readTls(config: Config): SecureContextOptions | undefined {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = config;
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined) return undefined;
  const cert = readConfiguredFile('TLS_CERT_FILE', TLS_CERT_FILE);
  const key = readConfiguredFile('TLS_KEY_FILE', TLS_KEY_FILE);
  requireMatchingKey(cert, key);
  return requireUsable({ ...PROTOCOL, cert, key, ...authoritiesOf(config) });
}

function requireMatchingKey(cert: Buffer, key: Buffer): void {
  if (certificateIn('TLS_CERT_FILE', cert).checkPrivateKey(privateKeyIn(key))) return;
  throw new ConfigError(
    'TLS_KEY_FILE',
    'must name the file with the private key of the certificate in TLS_CERT_FILE',
  );
}

function certificateIn(variable: 'TLS_CERT_FILE' | 'TLS_CLIENT_CA_FILE', pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ConfigError(variable, 'must name a file that begins with a certificate in PEM');
  }
}

function privateKeyIn(pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConfigError('TLS_KEY_FILE', 'must name a file with a private key in PEM that is not encrypted');
  }
}

/** With a file that has no certificate Node.js would trust no CA, or the CAs of the machine. */
function authoritiesOf(config: Config): Pick<SecureContextOptions, 'ca' | 'crl'> {
  const { TLS_CLIENT_CA_FILE, TLS_CLIENT_CRL_FILE } = config;
  if (TLS_CLIENT_CA_FILE === undefined) return {};
  const ca = readConfiguredFile('TLS_CLIENT_CA_FILE', TLS_CLIENT_CA_FILE);
  certificateIn('TLS_CLIENT_CA_FILE', ca);
  if (TLS_CLIENT_CRL_FILE === undefined) return { ca };
  // Node.js reads only the first CRL of a PEM text.
  const lists = readClientAuthorities(config).lists.map(({ der }) => Buffer.from(encodePem('X509 CRL', der)));
  return { ca, crl: lists };
}

/** Throws ConfigError if OpenSSL rejects the files, for example because the key is too weak. */
function requireUsable(options: SecureContextOptions): SecureContextOptions {
  try {
    createSecureContext(options);
    return options;
  } catch {
    throw new ConfigError('TLS_CERT_FILE', 'must name a file that OpenSSL accepts for TLS');
  }
}
