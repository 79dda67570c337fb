/** The authority keys whose CRLs are published: every key that issued, until its certificate ends. */

import { readStoredCertificate } from '../../authorities/stored-certificate.ts';
import { extensionOid } from '../../formats/oids.ts';
import { LENIENT } from '../../formats/reading.ts';
import type { Authority, AuthorityKey, Store } from '../../storage/ports.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { extensionValue } from '../../x509/extensions/extension.ts';
import { readKeyUsage } from '../../x509/extensions/key-usage.ts';
import { allAuthorities } from '../affected.ts';

export interface CrlIssuer {
  readonly authority: Authority;
  readonly key: AuthorityKey;
  readonly certificate: Certificate;
}

type KeyStore = Pick<Store, 'listAuthorities' | 'listAuthorityKeys'>;

/** An authority that is disabled goes on publishing: its certificates are still in use. */
export async function listCrlIssuers(store: KeyStore, now: Date): Promise<readonly CrlIssuer[]> {
  const issuers: CrlIssuer[] = [];
  for await (const issuer of certifiedKeys(store))
    if (now <= issuer.certificate.validity.notAfter && signsCrls(issuer.certificate)) issuers.push(issuer);
  return issuers;
}

/** Every key of every authority that has a certificate. */
export async function* certifiedKeys(store: KeyStore): AsyncGenerator<CrlIssuer> {
  for (const authority of await allAuthorities(store))
    for (const key of await store.listAuthorityKeys(authority.id))
      if (key.certificate !== undefined)
        yield { authority, key, certificate: readStoredCertificate(key.certificate) };
}

/** RFC 5280 §4.2.1.3: a key with a keyUsage needs cRLSign. */
export function signsCrls({ extensions }: Pick<Certificate, 'extensions'>): boolean {
  const usage = extensionValue(extensions, extensionOid.keyUsage);
  return usage === undefined || readKeyUsage(usage, LENIENT).includes('cRLSign');
}
