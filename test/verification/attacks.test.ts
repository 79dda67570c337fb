/** Attacks on the verification that no other test has. */

import t from 'tap';
import {
  boolean,
  contextConstructed,
  contextPrimitive,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { craftMember, type Member, type MemberParts } from '../ca/hierarchy.ts';
import { extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { codesOf, craftCrl, verify, type Crl, type Given } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);
const END_ENTITY = { basicConstraints: undefined, keyUsage: undefined };
const root = await member('Root');
const ca = await member('CA', { by: root, serialNumber: unsignedInteger(11) });
const leafOf = (by: Member, parts: MemberParts = {}) =>
  member('Leaf', {
    by,
    serialNumber: unsignedInteger(42),
    ...parts,
    extensions: { ...END_ENTITY, ...parts.extensions },
  });
const leaf = await leafOf(ca);

async function codes(given: Partial<Given> = {}, lists: readonly Crl[] = []): Promise<string> {
  const crls = await Promise.all(lists.map(craftCrl));
  return codesOf(await verify(keys, { leaf, intermediates: [ca], anchors: [root], crls, ...given })).join();
}

const unknown = extension('1.3.6.1.4.1.32473.1', true, '05 00');
const point = (...members: Uint8Array[]) => extension('2.5.29.28', true, sequence(...members));
const flag = (tag: number) => contextPrimitive(tag, Uint8Array.of(255));

t.test('critical extensions and scopes of CRLs', async (t) => {
  const status = (crl: Partial<Crl>) => codes({}, [{ by: root }, { by: ca, ...crl }]);
  t.equal(await status({}), '');
  t.equal(await status({ extensions: [unknown] }), 'revocation-status');
  t.equal(await status({ revoked: [{ serial: 9, extensions: [unknown] }] }), 'revocation-status');
  t.equal(await status({ extensions: [point(flag(2))] }), 'revocation-status', 'onlyContainsCACerts');
  t.equal(await status({ extensions: [point(flag(1), flag(2))] }), 'revocation-status', 'both');
  t.equal(await status({ extensions: [point(flag(5))] }), 'revocation-status', 'onlyContainsAttributeCerts');
  t.equal(
    await status({ extensions: [point(contextPrimitive(3, Uint8Array.of(6, 0x40)))] }),
    'revocation-status',
    'keyCompromise alone',
  );
  const only = (...octets: number[]): Crl => ({
    by: ca,
    extensions: [point(contextPrimitive(3, Uint8Array.of(...octets)))],
  });
  t.equal(
    await codes({}, [{ by: root }, only(1, 0x60), only(7, 0x1e, 0x80)]),
    'revocation-status',
    'not all reasons',
  );
  t.equal(await codes({}, [{ by: root }, only(1, 0x7e), only(7, 0x01, 0x80)]), '', 'all reasons together');
});

t.test('the deltas of CRLs', async (t) => {
  const delta = (parts: Partial<Crl>, base = 7): Crl => ({
    by: ca,
    number: 8,
    ...parts,
    extensions: [extension('2.5.29.27', true, unsignedInteger(base)), ...(parts.extensions ?? [])],
  });
  t.equal(await codes({}, [{ by: root }, delta({})]), 'revocation-status', 'a delta alone');
  const held: Crl = { by: ca, revoked: [{ serial: 42, reason: 6 }] };
  const removed = { revoked: [{ serial: 42, reason: 8 }] };
  t.equal(await codes({}, [{ by: root }, held, delta(removed)]), '');
  t.equal(await codes({}, [{ by: root }, held, delta(removed, 9)]), 'revoked', 'of a later base');
  t.equal(await codes({}, [{ by: root }, held, delta({ ...removed, number: 7 })]), 'revoked', 'not newer');
  t.equal(
    await codes({}, [{ by: root }, held, delta({ ...removed, by: { ...root, subject: ca.subject } })]),
    'revoked',
    'by another key',
  );
  t.equal(
    await codes({}, [{ by: root }, held, delta({ ...removed, extensions: [unknown] })]),
    'revoked',
    'not clear',
  );
});

t.test('path lengths and self-issued certificates', async (t) => {
  const zero = extension('2.5.29.19', true, sequence(boolean(true), unsignedInteger(0)));
  const first = await member('CA', { by: root, extensions: { basicConstraints: zero } });
  const again = await member('CA', { by: first });
  const below = await member('Sub', { by: again });
  t.equal(await codes({ leaf: await leafOf(again), intermediates: [first, again] }), '');
  t.equal(await codes({ leaf: await leafOf(below), intermediates: [first, again, below] }), 'path-length');
  const selfIssued = await member('CA', { by: first, extensions: END_ENTITY });
  t.equal(
    await codes({ leaf: selfIssued, intermediates: [first] }),
    '',
    'the last certificate does not count',
  );
});

t.test('names that only look as if they were within the constraints', async (t) => {
  const dns = (value: string) => contextPrimitive(2, Buffer.from(value));
  const mail = (value: string) => contextPrimitive(1, Buffer.from(value));
  const constrained = async (tag: number, base: Uint8Array, parts: MemberParts) => {
    const limited = await member('CA', {
      by: root,
      extensions: {
        constraints: extension('2.5.29.30', true, sequence(contextConstructed(tag, sequence(base)))),
      },
    });
    return codes({ leaf: await leafOf(limited, parts), intermediates: [limited] });
  };
  const named = (...names: Uint8Array[]): MemberParts => ({
    extensions: { names: extension('2.5.29.17', false, sequence(...names)) },
  });
  const permitted = (value: string) => constrained(0, dns('a.example'), named(dns(value)));
  const excluded = (value: string) => constrained(1, dns('a.example'), named(dns(value)));
  t.equal(await permitted('www.a.example'), '');
  t.equal(await permitted('WWW.A.EXAMPLE'), '');
  t.equal(await permitted('wwwa.example'), 'name-constraints');
  t.equal(await permitted('a.example.evil'), 'name-constraints');
  t.equal(await excluded('www.b.example'), '');
  t.equal(await excluded('www.a.example.'), 'name-constraints', 'a dot at the end');
  t.equal(await excluded('www.a.example\0'), 'name-constraints', 'a NUL at the end');
  t.equal(await excluded('*.example'), 'name-constraints', 'a wildcard');
  t.equal(
    await constrained(1, dns('a.example.'), named(dns('www.a.example'))),
    'name-constraints',
    'a dot in the base',
  );
  t.equal(await constrained(1, mail('a.example'), named(mail('x@A.example'))), 'name-constraints');
  t.equal(
    await constrained(1, mail('a.example'), named(mail('x@a.example.'))),
    'name-constraints',
    'a dot after the host',
  );
  t.equal(await constrained(0, mail('a.example'), named(mail('x@a.example@b.example'))), 'name-constraints');
});
