import { PkiError } from '../base/errors.ts';
import type { AuthorityKey } from '../storage/ports.ts';
import type { AuthorityWithKeys } from './create-authority.ts';

/** Returns the certificate that signs at present, DER, with those above it. Throws PkiError authority-inactive. */
export function activeCertificate({ authority, keys }: AuthorityWithKeys): Pick<AuthorityKey, 'chain'> & {
  readonly certificate: Uint8Array;
} {
  const { certificate, chain = [] } = keys.find(({ state }) => state === 'active') ?? {};
  if (certificate !== undefined) return { certificate, chain };
  throw new PkiError('authority-inactive', `The authority ${authority.name} has no certificate yet`);
}
