/** The CAs of client certificates and their CRLs: the files of TLS_CLIENT_CA_FILE and TLS_CLIENT_CRL_FILE. */

import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { expectKind } from '../formats/identify.ts';
import { decodePemBlocks } from '../formats/pem.ts';
import type { PemLabel } from '../formats/pem-label.ts';
import { readCertificateList } from '../x509/certificate-list.ts';
import { readCertificate } from '../x509/certificate.ts';
import type { TrustAnchors } from '../x509/path/trust-store.ts';
import { ConfigError } from './error.ts';
import { readConfiguredFile } from './file-content.ts';
import type { Config } from './schema.ts';

type Variable = 'TLS_CLIENT_CA_FILE' | 'TLS_CLIENT_CRL_FILE';

/** Reads both files. It does not check that the CAs have signed the CRLs. Throws ConfigError. */
export const readClientAuthorities = ({ TLS_CLIENT_CA_FILE, TLS_CLIENT_CRL_FILE }: Config): TrustAnchors => ({
  authorities: readAll('TLS_CLIENT_CA_FILE', TLS_CLIENT_CA_FILE, 'CERTIFICATE', readCertificate),
  lists: readAll('TLS_CLIENT_CRL_FILE', TLS_CLIENT_CRL_FILE, 'X509 CRL', readCertificateList),
});

function readAll<T>(
  variable: Variable,
  path: string | undefined,
  label: PemLabel,
  read: (der: Der) => T,
): readonly T[] {
  if (path === undefined) return [];
  const octets = readConfiguredFile(variable, path);
  try {
    const found = decodePemBlocks(octets, [label]).map((block) => read(expectKind(block, label)));
    if (found.length > 0) return found;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new ConfigError(variable, `names an invalid file: ${error.message}`);
  }
  throw new ConfigError(variable, `names a file without a PEM block of type ${label}`);
}
