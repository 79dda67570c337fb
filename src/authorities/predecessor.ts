/** The certificate that is renewed or rekeyed. */

import { PkiError } from '../base/errors.ts';
import type { CertifiedNames } from '../ca/requested-content.ts';
import { extensionOid } from '../formats/oids.ts';
import type { PublicKey } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { Certificate as StoredCertificate, Store } from '../storage/ports.ts';
import { readStoredCertificate } from './stored-certificate.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { decodeGeneralNames } from '../x509/names/general-name-encoding.ts';
import type { Caller } from './context.ts';
import type { Predecessor } from './order.ts';
import { unknownCertificate } from './refusals.ts';

export interface CertifiedBefore {
  readonly profile: string;
  readonly publicKey: PublicKey;
  readonly isKeyProven: boolean;
  readonly names: CertifiedNames;
}

/** Throws PkiError at `renew` or `rekey`. A certificate of another caller is as unknown as one that does not exist. */
export async function readPredecessor(
  store: Pick<Store, 'getCertificate'>,
  { way, certificateId }: Predecessor,
  authorityId: string,
  caller: Caller,
): Promise<CertifiedBefore> {
  const stored = await store.getCertificate(certificateId);
  if (stored === undefined || !mayUse(stored, caller)) throw unknownCertificate([way]);
  if (stored.authorityId !== authorityId)
    throw new PkiError('invalid-authority', 'Another authority issued this certificate; use that one', [way]);
  if (stored.revokedAt !== undefined && way === 'renew')
    throw new PkiError('invalid-public-key', 'The certificate is revoked; a new one needs a new key', [way]);
  return contentOf(stored);
}

const mayUse = ({ principal }: StoredCertificate, caller: Caller): boolean =>
  caller.readsAll || principal === caller.principal;

function contentOf({ profile, der, isKeyProven = false }: StoredCertificate): CertifiedBefore {
  const { subject, subjectPublicKeyInfo, extensions } = readStoredCertificate(der);
  const names = extensionValue(extensions, extensionOid.subjectAltName);
  return {
    profile,
    publicKey: readPublicKey(subjectPublicKeyInfo),
    isKeyProven,
    names: {
      subject,
      subjectName: decodeDistinguishedName(subject),
      subjectAltNames: names ? decodeGeneralNames(names).filter((name) => name.kind !== 'other') : [],
    },
  };
}
