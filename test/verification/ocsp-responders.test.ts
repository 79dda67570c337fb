/** Who may sign an OCSP response (RFC 6960 §4.2.2.2, §4.2.2.3), and which responses are not used. */

import t from 'tap';
import {
  contextConstructed,
  contextPrimitive,
  octetString,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { extendedKeyUsageOid } from '../../src/formats/oids.ts';
import { readOcspResponse } from '../../src/verification/revocation/ocsp-response.ts';
import { craftMember, type Member, type MemberParts } from '../ca/hierarchy.ts';
import { extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';
import { byKey, byName, craftResponse, opensslOcsp, REVOKED, type Response } from './responses.ts';
import { codesOf, extendedKeyUsage, verify } from './verifying.ts';

const { keys } = await openDomain(t);
const member = craftMember(keys);

/** KeyUsage with these bits, as the last octets of its DER. */
const keyUsage = (bits: string) => extension('2.5.29.15', true, `03 02 ${bits}`);
const ALL = keyUsage('01 86');
const CERTIFICATES_AND_LISTS = keyUsage('01 06');
const DIGITAL_SIGNATURE = keyUsage('07 80');
const NON_REPUDIATION = keyUsage('06 40');
const KEY_AGREEMENT = keyUsage('03 08');

const root = await member('Root', { extensions: { keyUsage: ALL } });
const ca = await member('CA', { by: root, extensions: { keyUsage: ALL } });
const leafOf = (by: Member): Promise<Member> =>
  member('Leaf', {
    by,
    serialNumber: unsignedInteger(42),
    extensions: { basicConstraints: undefined, keyUsage: undefined },
  });
const leaf = await leafOf(ca);

const SIGNING = extendedKeyUsage(extendedKeyUsageOid.OCSPSigning);
const responder = (by: Member, parts: MemberParts = {}): Promise<Member> =>
  member('Responder', {
    by,
    ...parts,
    extensions: {
      basicConstraints: undefined,
      keyUsage: DIGITAL_SIGNATURE,
      purpose: SIGNING,
      ...parts.extensions,
    },
  });

/** What we say and what OpenSSL says about the leaf of the issuer. */
async function verdicts(response: Response, of = leaf): Promise<{ ours: string; openssl: string }> {
  const { issuer } = response;
  const der = await craftResponse(response);
  const options = { responses: [readOcspResponse(der, 0)], revocation: 'require' } as const;
  const result = await verify(keys, { leaf: of, intermediates: [issuer], anchors: [root], options });
  const { best } = result;
  const [revocation] = best.revocation;
  // The CA has no response of its own
  const own = best.failures.filter(({ member }) => member === best.path[0]);
  return {
    ours:
      own.length === 0
        ? (revocation?.status.is ?? '')
        : codesOf({ ...result, best: { ...best, failures: own } }).join(),
    openssl: await opensslOcsp(der, { leaf: of, issuer, anchor: root }),
  };
}

const GOOD = { ours: 'good', openssl: 'good' };
const REFUSED = { ours: 'revocation-status', openssl: 'refused' };

t.test('the responderID', { skip: opensslMissing }, async (t) => {
  const delegate = await responder(ca);
  const of = (by: Member, id: Uint8Array) => verdicts({ issuer: ca, by, responder: id });
  t.strictSame(await of(ca, byName(ca.subject)), GOOD);
  t.strictSame(await of(ca, byKey(ca)), GOOD);
  t.strictSame(await of(delegate, byName(delegate.subject)), GOOD);
  t.strictSame(await of(delegate, byKey(delegate)), GOOD);
  t.strictSame(await of(ca, byName(root.subject)), REFUSED, 'the name of another');
  t.strictSame(await of(ca, byKey(root)), REFUSED, 'the key of another');
  t.strictSame(await of(delegate, byName(ca.subject)), REFUSED, 'a responder with the name of the CA');
  t.strictSame(await of(delegate, byKey(ca)), REFUSED, 'a responder with the key of the CA');
  const short = contextConstructed(2, octetString(new Uint8Array(19)));
  t.strictSame(await of(ca, short), REFUSED);
});

t.test('the keyUsage of the signer', { skip: opensslMissing }, async (t) => {
  const plain = await member('CA', { by: root, extensions: { keyUsage: CERTIFICATES_AND_LISTS } });
  // OpenSSL does not look at the keyUsage of the issuer
  t.strictSame(await verdicts({ issuer: plain }, await leafOf(plain)), { ...REFUSED, openssl: 'good' });
  const unlimited = await member('CA', { by: root, extensions: { keyUsage: undefined } });
  t.strictSame(await verdicts({ issuer: unlimited }, await leafOf(unlimited)), GOOD);
  const by = async (usage: Uint8Array) =>
    verdicts(
      { issuer: plain, by: await responder(plain, { extensions: { keyUsage: usage } }) },
      await leafOf(plain),
    );
  t.strictSame(await by(DIGITAL_SIGNATURE), GOOD);
  t.strictSame(await by(NON_REPUDIATION), GOOD, 'RFC 5280 §4.2.1.12');
  t.equal((await by(KEY_AGREEMENT)).ours, 'revocation-status');
});

t.test('the names of a responder', { skip: opensslMissing }, async (t) => {
  const permitted = (domain: string) =>
    extension(
      '2.5.29.30',
      true,
      sequence(contextConstructed(0, sequence(contextPrimitive(2, Buffer.from(domain))))),
    );
  const limited = await member('CA', {
    by: root,
    extensions: { keyUsage: ALL, names: permitted('example.com') },
  });
  const named = (host: string) =>
    responder(limited, {
      extensions: { names: extension('2.5.29.17', false, sequence(contextPrimitive(2, Buffer.from(host)))) },
    });
  const by = async (host: string) =>
    verdicts({ issuer: limited, by: await named(host) }, await leafOf(limited));
  t.strictSame(await by('ocsp.example.com'), GOOD);
  t.strictSame(await by('ocsp.example.org'), REFUSED);
});

t.test('versions and extensions', { skip: opensslMissing }, async (t) => {
  t.strictSame(await verdicts({ issuer: ca, version: 0 }), GOOD, 'v1, although it is the default');
  // OpenSSL does not look at the version
  t.strictSame(await verdicts({ issuer: ca, version: 1 }), { ...REFUSED, openssl: 'good' });
  const unknown = (critical: boolean) => extension('1.3.6.1.4.1.32473.1', critical, '05 00');
  t.equal((await verdicts({ issuer: ca, extensions: [unknown(false)] })).ours, 'good');
  t.equal((await verdicts({ issuer: ca, extensions: [unknown(true)] })).ours, 'revocation-status');
  t.equal(
    (await verdicts({ issuer: ca, singles: [{ extensions: [unknown(true)] }] })).ours,
    'revocation-status',
  );
});

t.test('several statuses of one certificate', { skip: opensslMissing }, async (t) => {
  const both = [{}, { status: REVOKED }];
  t.equal((await verdicts({ issuer: ca, singles: both })).ours, 'revoked');
  t.equal((await verdicts({ issuer: ca, singles: both.toReversed() })).ours, 'revoked');
  t.equal((await verdicts({ issuer: ca, singles: [{ serial: 43, status: REVOKED }, {}] })).ours, 'good');
});
