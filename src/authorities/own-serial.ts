import type { Authority, AuthorityKey, SerialStatus, Store } from '../storage/ports.ts';
import { readStoredCertificate } from './stored-certificate.ts';

/** What became of the certificate of an authority; undefined if no authority here issued it. */
export async function ownSerial(
  store: Pick<Store, 'serialStatus'>,
  { parentId }: Authority,
  { certificate }: Pick<AuthorityKey, 'certificate'>,
): Promise<SerialStatus | undefined> {
  if (parentId === undefined || certificate === undefined) return undefined;
  const { serialNumber: serial } = readStoredCertificate(certificate);
  return store.serialStatus({ authorityId: parentId, serial });
}
