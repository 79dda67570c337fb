import type { X509Certificate } from 'node:crypto';
import type { Principal } from '../../src/access/principal.ts';
import { V1_SCOPES } from '../../src/access/scopes.ts';

/** A client with a certificate of a CA in TLS_CLIENT_CA_FILE has all scopes of the v1 contract. */
export const certificatePrincipal = ({ fingerprint256, subject }: X509Certificate): Principal => ({
  id: `certificate:${fingerprint256.replaceAll(':', '').toLowerCase()}`,
  name: subject.replaceAll('\n', ', '),
  scopes: new Set(V1_SCOPES),
});
