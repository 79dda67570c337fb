/** T93: a CRL of 100,000 entries is made, served and read in parts. */

import { randomBytes } from 'node:crypto';
import t from 'tap';
import { heldBy } from '../../../bench/held.ts';
import { serialNumbersOf } from '../../../src/revocation/crl/serial-numbers.ts';
import type { Revocation, RevocationPage } from '../../../src/storage/ports.ts';
import { authorityOrder, openAuthorities } from '../../support/authorities.ts';
import { activeKey, openCrls } from '../../support/crl.ts';
import { openDomain } from '../../support/domain.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';

const ENTRIES = 100_000;

/** By serial number, as the store lists them. */
const revocations: readonly Revocation[] = Array.from({ length: ENTRIES }, (_, i) => ({
  id: String(i),
  authorityId: 'a',
  authorityKeyId: 'k',
  serial: new Uint8Array(randomBytes(20).fill(0x5a, 0, 1)),
  reason: 1 as const,
  revokedAt: new Date(1_780_000_000_000 + i * 1000),
  principal: 'tester',
  revision: 1,
})).toSorted((a, b) => Buffer.compare(a.serial, b.serial));

const hexadecimal = (serial: Uint8Array): string => Buffer.from(serial).toString('hex');

const PLACES = new Map(revocations.map(({ serial }, place) => [hexadecimal(serial), place]));

const listRevocations = async ({ after, limit }: RevocationPage): Promise<readonly Revocation[]> => {
  const start = after === undefined ? 0 : (PLACES.get(hexadecimal(after)) ?? 0) + 1;
  return revocations.slice(start, start + limit);
};

t.test('100,000 entries', { skip: opensslMissing }, async (t) => {
  const authorities = await openAuthorities(t, await openDomain(t), { change: () => ({ listRevocations }) });
  await authorities.use.create(authorityOrder('root'));
  const { key } = await activeKey(authorities, 'root');
  const crls = openCrls(authorities);
  const start = performance.now();
  const held = await heldBy(() => crls.publisher.run());
  t.same(crls.errors, []);
  const der = await crls.newest(key);
  const figure = `${der.length} octets in ${Math.round(performance.now() - start)} ms`;
  t.comment(`T93: ${ENTRIES} entries, ${figure}, at most ${held} ms of processor time in one turn`);
  const { code, stdout } = await openssl(['crl', '-inform', 'DER', '-noout', '-text'], { input: der });
  t.equal(code, 0);
  t.equal(stdout.toString().match(/Serial Number: /g)?.length, ENTRIES);
  const published = await crls.published.find(key.id);
  if (published === undefined || published === 'ended') throw new Error('The CRL is not published');
  t.equal((await serialNumbersOf(published)).size, ENTRIES);
  const input = await published.pem();
  const again = await openssl(['crl', '-inform', 'PEM', '-outform', 'DER'], { input });
  t.ok(again.stdout.equals(der), 'the PEM is that of OpenSSL');
});
