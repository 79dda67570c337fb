/** The authority keys that sign CRLs: every key that issued. */

import { createHash } from 'node:crypto';
import { ifReadable } from '../../base/errors.ts';
import { readStoredCertificate } from '../../authorities/stored-certificate.ts';
import { extensionOid } from '../../formats/oids.ts';
import { LENIENT } from '../../formats/reading.ts';
import type { Authority, AuthorityKey, Store } from '../../storage/ports.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { extensionValue } from '../../x509/extensions/extension.ts';
import { readKeyUsage } from '../../x509/extensions/key-usage.ts';
import { allAuthorities } from '../affected.ts';

export interface CertifiedKey {
  readonly authority: Authority;
  readonly key: AuthorityKey;
  readonly certificate: Certificate;
}

export interface CrlIssuer extends CertifiedKey {
  /**
   * Of every authority key with the same name and key. For a relying party they are one CA, so the CRL of each lists what is
   * revoked of all.
   */
  readonly keyIds: readonly string[];
}

/** Called for a key whose certificate in the store cannot be read. */
type UnreadableKey = (key: Pick<AuthorityKey, 'id'>) => void;

type KeyStore = Pick<Store, 'listAuthorities' | 'listAuthorityKeys'>;

/** Those of disabled authorities and of ended certificates too. */
export async function listCrlIssuers(
  store: KeyStore,
  unreadable: UnreadableKey,
): Promise<readonly CrlIssuer[]> {
  const all: CertifiedKey[] = [];
  for await (const key of certifiedKeys(store, unreadable)) all.push(key);
  const groups = Map.groupBy(all, identityOf);
  return all
    .filter(({ certificate }) => signsCrls(certificate))
    .map((each) => ({ ...each, keyIds: (groups.get(identityOf(each)) ?? []).map(({ key }) => key.id) }));
}

const identityOf = ({ certificate }: CertifiedKey): string =>
  createHash('sha256').update(certificate.subject).update(certificate.subjectPublicKeyInfo).digest('hex');

/** Every key of every authority that has a certificate. One that is damaged does not keep the others from being used. */
export async function* certifiedKeys(
  store: KeyStore,
  unreadable: UnreadableKey,
): AsyncGenerator<CertifiedKey> {
  for (const authority of await allAuthorities(store))
    for (const key of await store.listAuthorityKeys(authority.id)) {
      if (key.certificate === undefined) continue;
      const certificate = readableCertificate(key.certificate);
      if (certificate === undefined) unreadable(key);
      else yield { authority, key, certificate };
    }
}

/** Undefined for a certificate that was damaged in the store. */
export const readableCertificate = (der: Uint8Array): Certificate | undefined =>
  ifReadable(() => readStoredCertificate(der));

/** RFC 5280 §4.2.1.3: a key with a keyUsage needs cRLSign. */
export function signsCrls({ extensions }: Pick<Certificate, 'extensions'>): boolean {
  const usage = extensionValue(extensions, extensionOid.keyUsage);
  return usage === undefined || readKeyUsage(usage, LENIENT).includes('cRLSign');
}
