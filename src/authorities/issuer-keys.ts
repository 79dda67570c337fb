/** Every key that issues, or issued, certificates: what OCSP responses can be about. */

import { PkiError } from '../base/errors.ts';
import { LENIENT } from '../formats/reading.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { IssuerKey } from '../ocsp/ports.ts';
import type { Authority, AuthorityKey, Store } from '../storage/ports.ts';
import { readStoredCertificate } from './stored-certificate.ts';

/** Called for a key whose certificate in the store cannot be read. */
export type UnreadableKey = (key: Pick<AuthorityKey, 'id'>, error: PkiError) => void;

type KeyLists = Pick<Store, 'listAuthorities' | 'listAuthorityKeys'>;

const PAGE = 100;

/** Those of disabled authorities too, and retired keys; not those that wait for their certificate. */
export async function listIssuerKeys(
  store: KeyLists,
  unreadable: UnreadableKey,
): Promise<readonly IssuerKey[]> {
  const issuers: IssuerKey[] = [];
  for await (const { id } of allAuthorities(store))
    for (const key of await store.listAuthorityKeys(id)) issuers.push(...readableIssuers(key, unreadable));
  return issuers;
}

/** A key whose certificate was damaged in the store does not keep the others from being used. */
function readableIssuers(key: AuthorityKey, unreadable: UnreadableKey): readonly IssuerKey[] {
  try {
    return issuerOf(key);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    unreadable(key, error);
    return [];
  }
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
    {
      id,
      keyIds: [id],
      authorityId,
      identity,
      key,
      publicKey: readPublicKey(certificate.subjectPublicKeyInfo, LENIENT),
    },
  ];
}
