/** CRLs of random and of chosen content, beside the verdict of OpenSSL (RFC 5280 §6.3). */

import t from 'tap';
import * as fc from 'fast-check';
import {
  contextConstructed,
  contextPrimitive,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { encodeGeneralName } from '../../src/x509/names/general-name-encoding.ts';
import { craftMember, type Member } from '../ca/hierarchy.ts';
import { extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { codesOf, craftCrl, opensslVerdict, verify, type Crl, type Given } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

const root = await member('Root');
const ca = await member('CA', { by: root, serialNumber: unsignedInteger(11) });
const other = await member('CA');

const END_ENTITY = { basicConstraints: undefined, keyUsage: undefined };

const pointName = (uri: string): Uint8Array =>
  contextConstructed(0, contextConstructed(0, encodeGeneralName({ kind: 'URI', value: uri })));

/** ReasonFlags with keyCompromise alone, and with all others. */
const SOME = Uint8Array.of(6, 0x40);
const OTHERS = Uint8Array.of(7, 0x3f, 0x80);

const leafWith = (points?: readonly Uint8Array[]): Promise<Member> =>
  member('Leaf', {
    by: ca,
    serialNumber: unsignedInteger(42),
    extensions: {
      ...END_ENTITY,
      points: points && extension('2.5.29.31', false, sequence(...points)),
    },
  });

const leaves = {
  plain: await leafWith(),
  partitioned: await leafWith([sequence(pointName('http://a.test/1'))]),
};

const issuingPoint = (...parts: readonly Uint8Array[]): Uint8Array =>
  extension('2.5.29.28', true, sequence(...parts));
const TRUE = Uint8Array.of(255);

const SCOPES: Readonly<Record<string, readonly Uint8Array[]>> = {
  all: [],
  users: [issuingPoint(contextPrimitive(1, TRUE))],
  cas: [issuingPoint(contextPrimitive(2, TRUE))],
  attributes: [issuingPoint(contextPrimitive(5, TRUE))],
  'its partition': [issuingPoint(pointName('http://a.test/1'))],
  'another partition': [issuingPoint(pointName('http://a.test/2'))],
  'some reasons': [issuingPoint(contextPrimitive(3, SOME))],
  'other reasons': [issuingPoint(contextPrimitive(3, OTHERS))],
  unknown: [extension('1.3.6.1.4.1.32473.1', true, '05 00')],
};

const rarely = fc.constantFrom(...Array<boolean>(8).fill(false), true);

const arbitraryList = fc.record({
  scope: fc.constantFrom(...Array<string>(12).fill('all'), ...Object.keys(SCOPES)),
  revokes: fc.constantFrom([], [], [5], [42], [11], [42, 11]),
  isStale: rarely,
  isForged: rarely,
});
type List = typeof arbitraryList extends fc.Arbitrary<infer T> ? T : never;

const craftList = (by: Member, { scope, revokes, isStale, isForged }: List): Promise<Uint8Array> =>
  craftCrl({
    by: isForged ? { ...by, key: other.key } : by,
    revoked: revokes.map((serial) => ({ serial, reason: 1 })),
    extensions: SCOPES[scope] ?? [],
    ...(isStale && { thisUpdate: '2026-03-01T00:00:00Z', nextUpdate: '2026-04-01T00:00:00Z' }),
  });

t.test('OpenSSL says the same of any CRLs', { skip: opensslMissing }, async (t) => {
  const seen: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('plain', 'partitioned'),
      arbitraryList,
      fc.array(arbitraryList, { minLength: 1, maxLength: 2 }),
      async (kind, ofRoot, ofCa) => {
        // Of two CRLs for the same certificates OpenSSL uses one, and which is not defined
        const lists = ofCa.filter(
          (list, index) => !ofCa.slice(0, index).some((before) => sameScope(before, list)),
        );
        const crls = await Promise.all([
          craftList(root, ofRoot),
          ...lists.map((list) => craftList(ca, list)),
        ]);
        const given: Given = { leaf: leaves[kind], intermediates: [ca], anchors: [root], crls };
        const result = await verify(keys, given);
        const verdict = await opensslVerdict(given, '-crl_check_all', '-extended_crl');
        for (const code of result.isValid ? ['valid'] : codesOf(result)) seen[code] = (seen[code] ?? 0) + 1;
        if (result.isValid === verdict.isValid) return;
        throw new Error(
          `${result.isValid} ${result.best.failures.map((f) => f.detail).join()}: ${verdict.message}`,
        );
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 150) },
  );
  t.comment(JSON.stringify(seen));
  for (const code of ['valid', 'revoked', 'revocation-status']) t.ok((seen[code] ?? 0) > 0, code);
});

const REASONS = new Set(['some reasons', 'other reasons']);
const sameScope = (a: List, b: List): boolean =>
  !(REASONS.has(a.scope) && REASONS.has(b.scope) && a.scope !== b.scope);

const fresh = await craftCrl({ by: root });

t.test('a CRL of a key of its own, delta CRLs and indirect CRLs', async (t) => {
  const statusOf = async (...lists: readonly Crl[]) => {
    const crls = [fresh, ...(await Promise.all(lists.map(craftCrl)))];
    const result = await verify(keys, {
      leaf: leaves.plain,
      intermediates: [ca, signer, lone, foreign],
      anchors: [root],
      crls,
    });
    return result.isValid ? 'valid' : codesOf(result).join();
  };
  const signer = await member('CA', {
    by: root,
    serialNumber: unsignedInteger(12),
    extensions: { ...END_ENTITY, keyUsage: extension('2.5.29.15', true, '03 02 01 02') },
  });
  const lone = await member('CA', {
    by: root,
    serialNumber: unsignedInteger(13),
    extensions: { ...END_ENTITY, keyUsage: extension('2.5.29.15', true, '03 02 07 80') },
  });
  const foreign = await member('CA', { by: other });
  t.equal(await statusOf({ by: signer }), 'valid', 'a certificate for CRLs below the same trust anchor');
  t.equal(await statusOf({ by: signer, revoked: [{ serial: 42 }] }), 'revoked');
  t.equal(await statusOf({ by: lone }), 'revocation-status', 'no cRLSign');
  t.equal(await statusOf({ by: foreign }), 'revocation-status', 'another trust anchor');

  const delta = (base: number) => [extension('2.5.29.27', true, unsignedInteger(base))];
  t.equal(
    await statusOf({ by: ca, number: 9, extensions: delta(7) }),
    'revocation-status',
    'a delta CRL alone',
  );
  t.equal(
    await statusOf({ by: ca }, { by: ca, number: 9, extensions: delta(7), revoked: [{ serial: 42 }] }),
    'revoked',
  );
  const held = { by: ca, revoked: [{ serial: 42, reason: 6 }] };
  const removed = { by: ca, number: 9, revoked: [{ serial: 42, reason: 8 }] };
  t.equal(await statusOf(held, { ...removed, extensions: delta(7) }), 'valid', 'removeFromCRL');
  t.equal(
    await statusOf(held, { ...removed, extensions: delta(8) }),
    'revoked',
    'a delta CRL for a later base',
  );
  t.equal(
    await statusOf(held, { ...removed, number: 7, extensions: delta(6) }),
    'revoked',
    'an older delta CRL',
  );

  const foreignEntry = extension('2.5.29.29', true, sequence(contextConstructed(4, root.subject)));
  const entry = { serial: 42, extensions: [foreignEntry] };
  const indirect = [issuingPoint(contextPrimitive(4, TRUE))];
  t.equal(await statusOf({ by: ca, revoked: [entry], extensions: indirect }), 'valid', 'of another issuer');
  t.equal(await statusOf({ by: ca, revoked: [entry] }), 'revocation-status', 'not an indirect CRL');
});

t.test('a distribution point with a cRLIssuer needs an indirect CRL', async (t) => {
  const issuer = await member('CRL issuer', {
    by: root,
    extensions: { keyUsage: extension('2.5.29.15', true, '03 02 01 02') },
  });
  const leaf = await leafWith([sequence(contextConstructed(2, contextConstructed(4, issuer.subject)))]);
  const statusOf = async (crl: Crl) => {
    const crls = [fresh, await craftCrl(crl)];
    const result = await verify(keys, { leaf, intermediates: [ca, issuer], anchors: [root], crls });
    return result.isValid ? 'valid' : codesOf(result).join();
  };
  const indirect = [issuingPoint(contextPrimitive(4, TRUE))];
  const entry = {
    serial: 42,
    extensions: [extension('2.5.29.29', true, sequence(contextConstructed(4, ca.subject)))],
  };
  t.equal(await statusOf({ by: issuer, extensions: indirect }), 'valid');
  t.equal(await statusOf({ by: issuer }), 'revocation-status');
  t.equal(await statusOf({ by: issuer, extensions: indirect, revoked: [entry] }), 'revoked');
  t.equal(
    await statusOf({ by: issuer, extensions: indirect, revoked: [{ serial: 42 }] }),
    'valid',
    'its own certificate',
  );
});

t.test('modes: required, where available, and none', async (t) => {
  const given = { leaf: leaves.plain, intermediates: [ca], anchors: [root] };
  const codes = async (revocation: 'require' | 'if-available' | 'ignore', crls: readonly Uint8Array[]) =>
    codesOf(await verify(keys, { ...given, crls, options: { revocation } })).join();
  const stale = await craftCrl({ by: ca, nextUpdate: '2026-05-02T00:00:00Z' });
  t.equal(await codes('require', []), 'revocation-status');
  t.equal(await codes('if-available', []), '');
  t.equal(await codes('if-available', [fresh]), '', 'the CRL is about another certificate');
  t.equal(await codes('if-available', [stale]), 'revocation-status', 'a CRL that is about it expired');
  t.equal(await codes('ignore', [await craftCrl({ by: ca, revoked: [{ serial: 42 }] })]), '');
});

t.test('a certificate with noRevAvail needs no status, and a CA must not have it', async (t) => {
  const noRevAvail = extension('2.5.29.56', false, '05 00');
  const leaf = await member('Leaf', { by: ca, extensions: { ...END_ENTITY, noRevAvail } });
  const given = { intermediates: [ca], anchors: [root], crls: [fresh] };
  t.same(codesOf(await verify(keys, { ...given, leaf })), []);
  t.same(codesOf(await verify(keys, { ...given, leaf: leaves.plain })), ['revocation-status']);
  const bad = await member('Bad CA', { by: root, extensions: { noRevAvail } });
  const below = await member('Leaf', { by: bad, extensions: END_ENTITY });
  const options = { profile: 'rfc5280', revocation: 'ignore' } as const;
  const result = await verify(keys, { leaf: below, intermediates: [bad], anchors: [root], options });
  t.match(result.best.failures, [{ code: 'profile', rule: 'rfc9608-no-rev-avail-not-ca' }]);
});
