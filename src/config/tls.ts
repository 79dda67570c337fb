/** What TLS is served with: the files that the configuration names, and how little of the protocol's past is spoken. */

import { constants, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigError } from './error.ts';
import type { Config } from './schema.ts';

type TlsVariable = 'TLS_CERT_FILE' | 'TLS_KEY_FILE' | 'TLS_CLIENT_CA_FILE';

/** Throws ConfigError where a variable is set without those that it needs. */
export function refuseHalfTls({ TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE }: Config): void {
  if (TLS_CERT_FILE !== undefined && TLS_KEY_FILE === undefined) {
    throw new ConfigError('TLS_KEY_FILE', 'must be set where TLS_CERT_FILE is');
  }
  if (TLS_KEY_FILE !== undefined && TLS_CERT_FILE === undefined) {
    throw new ConfigError('TLS_CERT_FILE', 'must be set where TLS_KEY_FILE is');
  }
  if (TLS_CLIENT_CA_FILE !== undefined && TLS_CERT_FILE === undefined) {
    throw new ConfigError('TLS_CLIENT_CA_FILE', 'needs TLS_CERT_FILE and TLS_KEY_FILE beside it');
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
export function readTls({
  TLS_CERT_FILE,
  TLS_KEY_FILE,
  TLS_CLIENT_CA_FILE,
}: Config): SecureContextOptions | undefined {
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined) return undefined;
  const cert = contentOf('TLS_CERT_FILE', TLS_CERT_FILE);
  const key = contentOf('TLS_KEY_FILE', TLS_KEY_FILE);
  refuseStrangers(cert, key);
  const authorities = TLS_CLIENT_CA_FILE === undefined ? {} : { ca: readAuthorities(TLS_CLIENT_CA_FILE) };
  return usable({ ...PROTOCOL, cert, key, ...authorities });
}

function contentOf(variable: TlsVariable, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new ConfigError(variable, 'names a file that cannot be read');
  }
}

function refuseStrangers(cert: Buffer, key: Buffer): void {
  if (certificateIn('TLS_CERT_FILE', cert).checkPrivateKey(privateKeyIn(key))) return;
  throw new ConfigError('TLS_KEY_FILE', 'does not hold the private key of the certificate in TLS_CERT_FILE');
}

function certificateIn(variable: TlsVariable, pem: Buffer): X509Certificate {
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
function readAuthorities(path: string): Buffer {
  const pem = contentOf('TLS_CLIENT_CA_FILE', path);
  certificateIn('TLS_CLIENT_CA_FILE', pem);
  return pem;
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
