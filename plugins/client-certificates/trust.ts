/** The CAs and CRLs for client certificates, read again when their files change. */

import { systemClock } from '../../src/base/clock.ts';
import { readClientAuthorities } from '../../src/config/client-authorities.ts';
import { ConfigError } from '../../src/config/error.ts';
import type { Config } from '../../src/config/schema.ts';
import { PkiError } from '../../src/base/errors.ts';
import type { Keys } from '../../src/keys/key.ts';
import type { Certificate } from '../../src/x509/certificate.ts';
import { createTrustStore, type TrustStore } from '../../src/x509/path/trust-store.ts';

export interface ClientTrust {
  /** Rejects with PkiError, which says why the certificate is not trusted. */
  validate(certificate: Certificate): Promise<void>;
  /** Throws PkiError if a certificate that was valid has been revoked. */
  refuseRevoked(certificate: Certificate): void;
  /** Rejects with ConfigError if a file is invalid, and keeps the previous content then. */
  reload(): Promise<void>;
}

/**
 * Returns undefined if OpenSSL validates alone: certificates come from the TLS connection, and there are no CRLs. Rejects
 * with ConfigError if a file is invalid.
 */
export async function openClientTrust(config: Config, keys: Keys): Promise<ClientTrust | undefined> {
  if ((config.CLIENT_CERT_HEADER ?? config.TLS_CLIENT_CRL_FILE) === undefined) return undefined;
  let store = await readStore(config, keys);
  return {
    validate: (certificate) => store.validate(certificate, systemClock()),
    refuseRevoked: (certificate) => store.refuseRevoked(certificate, systemClock()),
    async reload() {
      store = await readStore(config, keys);
    },
  };
}

async function readStore(config: Config, keys: Keys): Promise<TrustStore> {
  const anchors = readClientAuthorities(config);
  try {
    return await createTrustStore(keys, anchors);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const variable = error.code === 'invalid-crl' ? 'TLS_CLIENT_CRL_FILE' : 'TLS_CLIENT_CA_FILE';
    throw new ConfigError(variable, `names an invalid file: ${error.message}`);
  }
}
