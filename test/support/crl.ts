/** CRLs of stored authorities, for tests without HTTP. */

import type { Authority, AuthorityKey, CrlSummary, ReasonCode } from '../../src/storage/ports.ts';
import type { CrlContext } from '../../src/revocation/crl/context.ts';
import { CrlPublisher } from '../../src/revocation/crl/publisher.ts';
import { PublishedCrls } from '../../src/revocation/crl/published-crls.ts';
import { crlName } from '../../src/revocation/crl/place.ts';
import { openssl } from './openssl.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { event } from '../storage/samples.ts';
import type { AuthorityDomain } from '../../src/authorities/compose.ts';

export const HOUR = 3_600_000;

export interface TestCrls {
  readonly publisher: CrlPublisher;
  readonly published: PublishedCrls;
  /** Those that were published, the newest last. */
  readonly made: readonly CrlSummary[];
  readonly errors: readonly unknown[];
  /** Of each run, the newest CRLs before and after it. */
  readonly checked: readonly (readonly (CrlSummary | undefined)[])[];
  /** The newest CRL of a key, DER. */
  newest(key: AuthorityKey, scope?: string): Promise<Uint8Array>;
}

/** What happens within a second counts as many changes unless `delay` is given. */
export function openCrls({ context }: AuthorityDomain, given: Partial<CrlContext> = {}): TestCrls {
  const made: CrlSummary[] = [];
  const errors: unknown[] = [];
  const checked: (readonly (CrlSummary | undefined)[])[] = [];
  const { store, clock, opened } = context;
  const publisher = new CrlPublisher({
    store,
    clock,
    opened,
    periods: { delay: 0, validity: 48 * HOUR },
    observer: {
      published: (crl) => void made.push(crl),
      failed: (error) => void errors.push(error),
      checked: (crls) => void checked.push(crls),
    },
    ...given,
  });
  const published = new PublishedCrls({ store, clock, onFault: (error) => void errors.push(error) });
  return {
    publisher,
    published,
    made,
    errors,
    checked,
    async newest({ id }, scope = '') {
      const crl = await store.getCrl({ authorityKeyId: id, scope });
      if (crl === undefined) throw new Error(`There is no CRL ${crlName({ authorityKeyId: id, scope })}`);
      return crl.der;
    },
  };
}

/** Revokes by the id of a certificate. */
export async function revoke(
  { store }: Pick<AuthorityDomain, 'store'>,
  id: string,
  reason: ReasonCode = 1,
  revokedAt = new Date(),
): Promise<void> {
  const { outcome } = await store.revoke({
    id,
    reason,
    revokedAt,
    principal: 'tester',
    audit: event('certificate/revoke', { id }),
  });
  if (outcome !== 'revoked') throw new Error(`Expected revoked, got ${outcome}`);
}

export interface Checked {
  readonly certificate: Uint8Array;
  /** From the issuer up to the root. */
  readonly chain: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}

/** Returns what `openssl verify -crl_check_all` says: `OK`, or its error. */
export async function opensslVerdict({ certificate, chain, lists }: Checked): Promise<string> {
  const pem = (label: 'CERTIFICATE' | 'X509 CRL', all: readonly Uint8Array[]) =>
    all.map((der) => Buffer.from(encodePem(label, der)).toString()).join('');
  const files = {
    'root.pem': pem('CERTIFICATE', chain.slice(-1)),
    'chain.pem': pem('CERTIFICATE', chain),
    'lists.pem': pem('X509 CRL', lists),
    'leaf.pem': pem('CERTIFICATE', [certificate]),
  };
  const args =
    'verify -crl_check_all -extended_crl -CAfile root.pem -untrusted chain.pem -CRLfile lists.pem leaf.pem';
  const { code, stdout, stderr } = await openssl(args.split(' '), { files });
  if (code === 0 && stdout.toString() === 'leaf.pem: OK\n') return 'OK';
  return /^error \d+ at \d+ depth lookup: (.*)$/m.exec(stderr)?.[1] ?? stderr;
}

/** The key that signs at present. */
export async function activeKey(
  { store }: Pick<AuthorityDomain, 'store'>,
  name: string,
): Promise<{ readonly authority: Authority; readonly key: AuthorityKey }> {
  const authority = await store.findAuthority(name);
  const keys = authority && (await store.listAuthorityKeys(authority.id));
  const key = keys?.find(({ state }) => state === 'active');
  if (authority === undefined || key === undefined)
    throw new Error(`The authority ${name} has no active key`);
  return { authority, key };
}
