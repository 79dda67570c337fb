/** Revocation lists as they are read: complete ones of OpenSSL and of our own making, and every fault in one. */

import t from 'tap';
import { expectKind } from '../../src/formats/identify.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import { PkiError } from '../../src/base/errors.ts';
import * as der from '../../src/formats/der/writer.ts';
import { decodePem } from '../../src/formats/pem.ts';
import { readCertificateList, type CertificateList } from '../../src/x509/certificate-list.ts';
import { flipBit } from '../algorithms/ml-dsa/octets.ts';
import { certify, createCa, revocationList } from '../support/client-authority.ts';
import { extension, name, octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { opensslMissing } from '../support/openssl.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

interface Parts {
  readonly version?: readonly Uint8Array[];
  readonly times?: readonly Uint8Array[];
  readonly entries?: readonly Uint8Array[];
  readonly extensions?: readonly Uint8Array[];
  readonly signatureAlgorithm?: Uint8Array;
}

const VERSION_2 = [der.unsignedInteger(1)];
const TIMES = [der.time(new Date('2026-01-01')), der.time(new Date('2026-02-01'))];

const entry = (serial: number, ...more: Uint8Array[]): Uint8Array =>
  der.sequence(der.unsignedInteger(serial), der.time(new Date('2025-12-01')), ...more);

async function craft(parts: Parts = {}): Promise<Uint8Array> {
  const { version = VERSION_2, times = TIMES, entries, extensions } = parts;
  const tbs = der.sequence(
    ...version,
    key.signatureAlgorithm,
    name('CA'),
    ...times,
    ...(entries ? [der.sequence(der.concat(entries))] : []),
    ...(extensions ? [der.contextConstructed(0, der.sequence(...extensions))] : []),
  );
  const { signatureAlgorithm = key.signatureAlgorithm } = parts;
  return der.sequence(tbs, signatureAlgorithm, der.bitString(await key.sign(tbs)));
}

const read = async (parts: Parts): Promise<CertificateList> =>
  readCertificateList(checkDer(await craft(parts)));

const CRL_NUMBER = extension('2.5.29.20', false, '02 01 05');
const REASON = extension('2.5.29.21', false, '0a 01 01');

t.test('what is complete is read', async (t) => {
  t.same((await read({})).serialNumbers, new Set());
  t.same((await read({ entries: [] })).serialNumbers, new Set());
  t.same((await read({ version: [] })).serialNumbers, new Set(), 'version 1');
  const list = await read({
    entries: [entry(10), entry(0x1234, der.sequence(REASON))],
    extensions: [CRL_NUMBER],
  });
  t.same(list.serialNumbers, new Set(['0a', '1234']));
  t.same([list.thisUpdate, list.nextUpdate], [new Date('2026-01-01'), new Date('2026-02-01')]);
});

t.test('what is not, or not well-formed, is refused in words', async (t) => {
  const faults: readonly (readonly [name: string, Parts, RegExp])[] = [
    ['version 3', { version: [der.unsignedInteger(2)] }, /version must be v2/],
    ['no next update', { times: TIMES.slice(0, 1), extensions: [CRL_NUMBER] }, /nextUpdate must be/],
    ['no end at all', { times: TIMES.slice(0, 1) }, /nextUpdate is missing/],
    [
      'extensions in version 1',
      { version: [], extensions: [CRL_NUMBER] },
      /must be absent from a version 1 CRL/,
    ],
    [
      'a delta',
      { extensions: [extension('2.5.29.27', true, '02 01 01')] },
      /deltaCRLIndicator means that the CRL is partial/,
    ],
    [
      'of a part',
      { extensions: [extension('2.5.29.28', true, '30 03 81 01 ff')] },
      /issuingDistributionPoint/,
    ],
    ['of a part, not critical', { extensions: [extension('2.5.29.28', false, '30 00')] }, /CRL is partial/],
    ['critical and unknown', { extensions: [extension('1.2.3.4', true, '05 00')] }, /1\.2\.3\.4 is critical/],
    ['twice the same', { extensions: [CRL_NUMBER, CRL_NUMBER] }, /must not occur twice/],
    [
      'of another issuer',
      { entries: [entry(1, der.sequence(extension('2.5.29.29', true, '30 00')))] },
      /critical/,
    ],
    [
      'an entry without a date',
      { entries: [der.sequence(der.unsignedInteger(1))] },
      /revocationDate is missing/,
    ],
    [
      'an entry with more',
      { entries: [entry(1, der.sequence(REASON), der.nullValue())] },
      /unexpected member/,
    ],
    ['two algorithms', { signatureAlgorithm: octets('30 05 06 03 2b 65 70') }, /differs from the one in /],
  ];
  for (const [what, parts, message] of faults)
    await t.rejects(read(parts), { name: 'PkiError', message }, what);
});

t.test('every list with a flipped bit is refused, or its signature does not verify', async (t) => {
  const list = await craft({ entries: [entry(10)], extensions: [CRL_NUMBER] });
  // The signature itself is a matter of the engine.
  const bits = (list.length - 2420 - 4) * 8;
  let refused = 0;
  for (let bit = 0; bit < bits; bit++) if (await isRefused(flipBit(list, bit))) refused++;
  t.equal(refused, bits);
  t.comment(`revocation lists with a flipped bit: ${refused}/${bits} are refused`);
});

async function isRefused(list: Uint8Array): Promise<boolean> {
  try {
    const { tbs, signatureAlgorithm, signature } = readCertificateList(checkDer(list));
    return !(await keys.verify(key.publicKey, signatureAlgorithm, tbs, signature));
  } catch (error) {
    return error instanceof PkiError;
  }
}

t.test('a list of 100,000 certificates is read', async (t) => {
  const entries = Array.from({ length: 100_000 }, (_, i) => entry(i + 1, der.sequence(REASON)));
  const list = await craft({ entries, extensions: [CRL_NUMBER] });
  const before = process.cpuUsage();
  t.equal(readCertificateList(expectKind(list, 'X509 CRL')).serialNumbers.size, 100_000);
  const { user } = process.cpuUsage(before);
  t.comment(
    `a list of 100,000, ${list.length} octets: read in ${Math.round(user / 1000)} ms of processor time`,
  );
});

t.test('lists of OpenSSL with any signature algorithm are read', { skip: opensslMissing }, async (t) => {
  for (const algorithm of ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87', 'rsa:2048', 'ed25519']) {
    const ca = await createCa({ algorithm });
    const revoked = await certify({ algorithm: 'ed25519' }, ca);
    for (const extensions of [[], ['authorityKeyIdentifier=keyid']]) {
      const pem = await revocationList(ca, { revoked: [revoked], extensions });
      t.equal(readCertificateList(checkDer(decodePem(pem, 'X509 CRL'))).serialNumbers.size, 1, algorithm);
    }
  }
});
