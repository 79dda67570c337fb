/** CRLs by another CA with the name of the issuer, and by other keys of the issuer (RFC 5280 §6.3.3 f). */

import t from 'tap';
import { contextPrimitive, sequence, unsignedInteger } from '../../src/formats/der/writer.ts';
import { keyIdentifier } from '../../src/x509/extensions/key-identifiers.ts';
import { craftMember, type Member } from '../ca/hierarchy.ts';
import { extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { codesOf, craftCrl, opensslVerdict, verify, type Given } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

const root = await member('Root');
const sub = await member('Sub A', { by: root });
const other = await member('Sub B', { by: root });
const ca = await member('CA', { by: sub });
const leafOf = (by: Member): Promise<Member> =>
  member('Leaf', {
    by,
    serialNumber: unsignedInteger(42),
    extensions: { basicConstraints: undefined, keyUsage: undefined },
  });

/** Codes of the failures with a CRL of the issuer of the leaf that `by` signed. */
async function codes(by: Member, given: Pick<Given, 'leaf' | 'intermediates'>): Promise<string> {
  const crls = await Promise.all([{ by: root }, { by: sub }, { by: other }, { by }].map(craftCrl));
  return codesOf(await verify(keys, { ...given, anchors: [root], crls })).join();
}

t.test('another CA with the name of the issuer', async (t) => {
  const leaf = await leafOf(ca);
  const namesake = await member('CA', { by: other });
  const given = { leaf, intermediates: [sub, other, ca, namesake] };
  t.equal(await codes(ca, given), '');
  t.equal(await codes(namesake, given), 'revocation-status', 'below another CA');
  const again = await member('CA', { by: namesake });
  const more = { leaf, intermediates: [...given.intermediates, again] };
  t.equal(await codes(again, more), 'revocation-status', 'a self-issued certificate of the other CA');
  const direct = await member('CA', { by: root });
  t.equal(await codes(direct, { leaf, intermediates: [sub, ca, direct] }), 'revocation-status');
});

t.test('other keys of the same CA', async (t) => {
  const next = await member('CA', { by: sub });
  const all = [sub, other, ca, next];
  t.equal(await codes(next, { leaf: await leafOf(ca), intermediates: all }), '', 'the new key');
  t.equal(await codes(ca, { leaf: await leafOf(next), intermediates: all }), '', 'the old key');
  const linked = await member('CA', { by: ca });
  const self = { leaf: await leafOf(ca), intermediates: [sub, other, ca, linked] };
  t.equal(await codes(linked, self), '', 'a new key that the old one certifies');
  const below = { ...self, leaf: await leafOf(linked) };
  t.equal(await codes(ca, below), '', 'the old key, which certifies the new one');
});

t.test('a trust anchor with a new key', async (t) => {
  const next = await member('Root', { by: root });
  const leaf = await leafOf(root);
  const crls = [await craftCrl({ by: next })];
  t.equal(codesOf(await verify(keys, { leaf, intermediates: [next], anchors: [root], crls })).join(), '');
});

t.test('OpenSSL compares the trust anchors only', { skip: opensslMissing }, async (t) => {
  const leaf = await leafOf(ca);
  const namesake = await member('CA', { by: other });
  const identified = ({ key }: Member) =>
    extension('2.5.29.35', false, sequence(contextPrimitive(0, keyIdentifier(key.publicKey.bits))));
  const crls = await Promise.all(
    [root, sub, other, namesake].map((by) => craftCrl({ by, extensions: [identified(by)] })),
  );
  const given = { leaf, intermediates: [sub, other, ca, namesake], anchors: [root], crls };
  const { isValid, message } = await opensslVerdict(given, '-crl_check_all', '-extended_crl');
  t.ok(isValid, message);
  t.equal(codesOf(await verify(keys, given)).join(), 'revocation-status');
});
