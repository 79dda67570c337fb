/** Every key that issues, or issued, certificates: what OCSP responses can be about. */

import { LENIENT } from '../formats/reading.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { IssuerKey } from '../ocsp/ports.ts';
import type { Authority, AuthorityKey, Store } from '../storage/ports.ts';
import { readStoredCertificate } from './stored-certificate.ts';

type KeyLists = Pick<Store, 'listAuthorities' | 'listAuthorityKeys'>;

const PAGE = 100;

/** Those of disabled authorities too, and retired keys; not those that wait for their certificate. */
export async function listIssuerKeys(store: KeyLists): Promise<readonly IssuerKey[]> {
  const issuers: IssuerKey[] = [];
  for await (const { id } of allAuthorities(store))
    issuers.push(...(await store.listAuthorityKeys(id)).flatMap(issuerOf));
  return issuers;
}

export async function* allAuthorities(store: Pick<Store, 'listAuthorities'>): AsyncGenerator<Authority> {
  let after: string | undefined;
  for (;;) {
    const page: readonly Authority[] = await store.listAuthorities({
      limit: PAGE,
      ...(after !== undefined && { after }),
    });
    yield* page;
    after = page.at(-1)?.name;
    if (page.length < PAGE) return;
  }
}

function issuerOf(key: AuthorityKey): IssuerKey[] {
  const { id, authorityId, certificate: der } = key;
  if (der === undefined) return [];
  const certificate = readStoredCertificate(der);
  // RFC 6960 §4.1.1: the name and the key octet for octet
  const identity = {
    name: certificate.subject,
    keyBits: readSubjectPublicKeyInfo(certificate.subjectPublicKeyInfo).bits,
  };
  return [
    { id, authorityId, identity, key, publicKey: readPublicKey(certificate.subjectPublicKeyInfo, LENIENT) },
  ];
}
