/** CRLs that must not be believed, and those that must (RFC 5280 §5, §6.3.3). */

import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { elementOf, membersOf } from '../../src/formats/der/reader.ts';
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  objectIdentifier,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { encodeGeneralName } from '../../src/x509/names/general-name-encoding.ts';
import { craftMember, type Member } from '../ca/hierarchy.ts';
import { extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { codesOf, craftCrl, verify, type Crl, type Given } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

const root = await member('Root');
const ca = await member('CA', { by: root, serialNumber: unsignedInteger(11) });
const END_ENTITY = { basicConstraints: undefined, keyUsage: undefined };
const leaf = await member('Leaf', { by: ca, serialNumber: unsignedInteger(42), extensions: END_ENTITY });

const ofRoot: Crl = { by: root };
const TRUE = Uint8Array.of(255);
const indirect = extension('2.5.29.28', true, sequence(contextPrimitive(4, TRUE)));

async function codes(lists: readonly Crl[], given: Partial<Given> = {}): Promise<string> {
  const crls = await Promise.all(lists.map(craftCrl));
  const result = await verify(keys, { leaf, intermediates: [ca], anchors: [root], crls, ...given });
  return codesOf(result).join();
}

const crlSigner = (parts: object): Promise<Member> =>
  member('CA', {
    extensions: { ...END_ENTITY, keyUsage: extension('2.5.29.15', true, '03 02 01 02') },
    ...parts,
  });

const NEWER = { thisUpdate: '2026-05-20T00:00:00Z', number: 8 };

t.test('a signer of CRLs that is revoked cannot say that it is good', async (t) => {
  const stolen = await crlSigner({ by: ca, serialNumber: unsignedInteger(13) });
  const given = { intermediates: [ca, stolen] };
  const true1: Crl = { by: ca, revoked: [{ serial: 42 }, { serial: 13 }] };
  t.equal(await codes([ofRoot, true1, { by: stolen, ...NEWER }], given), 'revoked');
  const held: Crl = { by: ca, revoked: [{ serial: 42 }] };
  t.equal(await codes([ofRoot, held, { by: stolen, ...NEWER }], given), '', 'a signer that is not revoked');
  t.equal(await codes([ofRoot, { by: stolen }], given), '', 'the only CRL is by the signer that it is about');
  t.equal(await codes([ofRoot, { by: stolen, revoked: [{ serial: 13 }] }], given), 'revocation-status');
});

t.test('two revoked signers cannot say that the other one is good', async (t) => {
  const first = await crlSigner({ by: ca, serialNumber: unsignedInteger(13) });
  const second = await crlSigner({ by: ca, serialNumber: unsignedInteger(14) });
  const truth: Crl = { by: ca, revoked: [{ serial: 42 }, { serial: 13 }, { serial: 14 }] };
  const forged = [first, second].map((by): Crl => ({ by, ...NEWER }));
  t.equal(await codes([ofRoot, truth, ...forged], { intermediates: [ca, first, second] }), 'revoked');
});

t.test('a signer of CRLs needs no policy, and is no TLS server', async (t) => {
  const policy = extension('2.5.29.32', false, sequence(sequence(objectIdentifier('1.2.3'))));
  const issuer = await member('CA', { by: root, serialNumber: unsignedInteger(11), extensions: { policy } });
  const of = await member('Leaf', {
    by: issuer,
    serialNumber: unsignedInteger(42),
    extensions: { ...END_ENTITY, policy },
  });
  const signer = await crlSigner({ by: root, serialNumber: unsignedInteger(12) });
  const policies = {
    initialPolicies: ['1.2.3'],
    explicitPolicy: true,
    policyMappingInhibit: false,
    inhibitAnyPolicy: false,
  };
  const given = { leaf: of, intermediates: [issuer, signer] };
  t.equal(await codes([ofRoot, { by: signer }], { ...given, options: { policies } }), '');
  t.equal(await codes([ofRoot, { by: signer }], { ...given, options: { maxPathLength: 1 } }), '');
  const { best } = await verify(keys, {
    ...given,
    anchors: [root],
    crls: await Promise.all([ofRoot, { by: signer }].map(craftCrl)),
    options: { profile: 'webpki' },
  });
  t.match(best.revocation, [{ status: { is: 'good' } }, { status: { is: 'good' } }]);
});

t.test('a CRL whose extensions are not clear is not used', async (t) => {
  const point = (uri: string) =>
    extension(
      '2.5.29.28',
      true,
      sequence(contextConstructed(0, contextConstructed(0, encodeGeneralName({ kind: 'URI', value: uri })))),
    );
  const users = extension('2.5.29.28', true, sequence(contextPrimitive(1, TRUE)));
  t.equal(await codes([ofRoot, { by: ca, extensions: [users] }]), '');
  t.equal(
    await codes([ofRoot, { by: ca, extensions: [users, point('http://a.test/')] }]),
    'revocation-status',
  );
  const issuer = (value: Uint8Array) => extension('2.5.29.29', true, value);
  const entry = (...extensions: Uint8Array[]): Crl => ({
    by: ca,
    extensions: [indirect],
    revoked: [{ serial: 42, extensions }],
  });
  const named = issuer(sequence(contextConstructed(4, root.subject)));
  t.equal(await codes([ofRoot, entry(named)]), '');
  t.equal(await codes([ofRoot, entry(named, named)]), 'revocation-status', 'twice');
  const uri = issuer(sequence(encodeGeneralName({ kind: 'URI', value: 'http://a.test/' })));
  t.equal(await codes([ofRoot, entry(uri)]), 'revocation-status', 'no directoryName');
});

t.test('a CRL without nextUpdate is used in the profile path alone', async (t) => {
  const endless: Crl = { by: ca, nextUpdate: null };
  t.equal(await codes([ofRoot, endless]), '');
  const result = await verify(keys, {
    leaf,
    intermediates: [ca],
    anchors: [root],
    crls: await Promise.all([ofRoot, endless].map(craftCrl)),
    options: { profile: 'rfc5280' },
  });
  t.match(result.best.revocation, [{ status: { is: 'unknown', problems: [/no nextUpdate/] } }, {}]);
});

t.test('so many distribution points as a certificate can have are read', async (t) => {
  const points = Array.from({ length: 9_000 }, () => sequence());
  const crowded = await member('Leaf', {
    by: ca,
    serialNumber: unsignedInteger(42),
    extensions: { ...END_ENTITY, points: extension('2.5.29.31', false, sequence(...points)) },
  });
  t.equal(await codes([ofRoot, { by: ca }], { leaf: crowded }), '');
  t.equal(await codes([ofRoot, { by: ca, revoked: [{ serial: 42 }] }], { leaf: crowded }), 'revoked');
});

t.test('entries that are not DER', async (t) => {
  const crl = await craftCrl({ by: ca, revoked: [{ serial: 0x1234567 }, { serial: 0x7654321 }] });
  const sign = async (from: string, to: string): Promise<Uint8Array> => {
    const [{ encoding: tbs } = { encoding: crl }] = membersOf(elementOf(checkDer(crl)));
    const changed = Buffer.from(Buffer.from(tbs).toString('hex').replace(from, to), 'hex');
    return sequence(changed, ca.key.signatureAlgorithm, bitString(await ca.key.sign(changed)));
  };
  const status = async (from: string, to: string): Promise<string> => {
    const crls = [await craftCrl(ofRoot), await sign(from, to)];
    return codesOf(await verify(keys, { leaf, intermediates: [ca], anchors: [root], crls })).join();
  };
  t.equal(await status('', ''), '');
  t.equal(await status('020401234567', '02040000002a'), 'revoked', 'a serial number with leading zeros');
  t.equal(await status('020401234567', '040200000500'), 'revocation-status');
});

t.test('a CRL whose version does not allow its extensions is not used', async (t) => {
  const status = (crl: Partial<Crl>) => codes([ofRoot, { by: ca, ...crl }]);
  t.equal(await status({ version: 1, isPlain: true }), '', 'v1 without extensions');
  t.equal(await status({ version: 1, isPlain: true, revoked: [{ serial: 42 }] }), 'revoked');
  t.equal(await status({ version: 1 }), 'revocation-status', 'v1 with extensions');
  t.equal(await status({ version: 3 }), 'revocation-status', 'an unknown version');
  const withReason: Partial<Crl> = { isPlain: true, revoked: [{ serial: 43, reason: 1 }] };
  t.equal(await status({ ...withReason, version: 1 }), 'revocation-status', 'v1 with entry extensions');
  t.equal(await status({ ...withReason, version: 2 }), '');
});

t.test('of two entries for one certificate, that which revokes it counts', async (t) => {
  const status = (...reasons: number[]) =>
    codes([ofRoot, { by: ca, revoked: reasons.map((reason) => ({ serial: 42, reason })) }]);
  t.equal(await status(1, 8), 'revoked');
  t.equal(await status(8, 1), 'revoked');
  t.equal(await status(8), '', 'removeFromCRL (§6.3.3 k)');
});
