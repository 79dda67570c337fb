/** Presets only narrow: what a profile refuses, it refuses with every preset too. */

import t from 'tap';
import { BUILT_IN_PROFILES } from '../../src/policy/built-in.ts';
import { compileProfile } from '../../src/policy/compile.ts';
import { PRESET_NAMES, type PresetName, type ProfileDocument } from '../../src/policy/document.ts';
import { tlsValidityCap } from '../../src/policy/presets.ts';
import type { Candidate } from '../../src/policy/rule.ts';
import { nullValue } from '../../src/formats/der/writer.ts';
import { extendedKeyUsageOid } from '../../src/formats/oids.ts';
import type { PublicKey } from '../../src/keys/key.ts';
import { PkiError } from '../../src/base/errors.ts';
import { parseGeneralNames } from '../../src/x509/names/general-name.ts';
import { parseDistinguishedName } from '../../src/x509/names/name-text.ts';

const NOW = new Date('2027-01-01T00:00:00Z');
const DAY = 86_400_000;

const keyOf = (algorithm: string, family: PublicKey['family']): PublicKey => ({
  algorithm,
  family,
  spki: nullValue(),
  bits: Uint8Array.of(),
});

const KEYS = [
  keyOf('ml-dsa-44', 'ml-dsa'),
  keyOf('ml-dsa-87', 'ml-dsa'),
  keyOf('rsa-2048', 'rsa'),
  keyOf('ecdsa-p256', 'ecdsa'),
  keyOf('ed25519', 'ed25519'),
];
const SUBJECTS = ['', '/CN=a.example', '/CN=b.example/O=Org', '/O=Org/OU=Unit'].map((text) =>
  text === '' ? [] : parseDistinguishedName(text),
);
const SANS = [
  ['a.example'],
  ['a.example', '*.example.com'],
  ['IP:10.0.0.1'],
  ['IP:8.8.8.8', 'b.example'],
  ['URI:https://a.example/'],
  ['email:a@a.example', 'dirName:/CN=a'],
].map((names) => parseGeneralNames(names));
const DAYS = [1, 47, 90, 199, 200, 365];

const DOCUMENTS: readonly Omit<ProfileDocument, 'extends'>[] = [
  {},
  { keys: { algorithms: ['ml-dsa-44', 'rsa'] } },
  { names: { kinds: ['DNS'], dns: { wildcards: false } }, validity: { maximum: 'P60D' } },
  { names: { ip: { allow: ['10.0.0.0/8'] } }, subject: { others: 'forbidden', attributes: { CN: {} } } },
  { callers: ['key:other'] },
];

const candidates: readonly Candidate[] = KEYS.flatMap((publicKey) =>
  KEYS.slice(0, 2).flatMap((issuerKey) =>
    SUBJECTS.flatMap((subject) =>
      SANS.flatMap((subjectAltNames) =>
        DAYS.map((days) => ({
          principal: 'tester',
          publicKey,
          issuerKey,
          subject,
          subjectAltNames,
          validity: { notBefore: NOW, notAfter: new Date(NOW.getTime() + days * DAY) },
          requested: {},
          origin: { key: [], subject: [], validity: [], name: () => [] },
        })),
      ),
    ),
  ),
);

const compiled = (document: ProfileDocument, now = NOW) =>
  compileProfile({ name: 'a', version: 1, document }, now);

/** Undefined for a preset that leaves nothing of the profile. */
function orUndefined<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

const refused = ({ rules }: ReturnType<typeof compiled>, candidate: Candidate): boolean =>
  rules.some((rule) => [...rule(candidate)].length > 0);

const SETS: readonly (readonly PresetName[])[] = [['cnsa2'], ['cabf-tls'], PRESET_NAMES];

t.test('a preset never allows what the profile without it refuses', async (t) => {
  let allowed = 0;
  for (const [base] of BUILT_IN_PROFILES)
    for (const document of DOCUMENTS)
      for (const narrow of SETS) {
        const plain = compiled({ ...document, extends: base });
        const narrowed = orUndefined(() => compiled({ ...document, extends: base, narrow }));
        if (narrowed === undefined) continue;
        const { profile } = narrowed;
        t.ok(profile.keyUsage.every((usage) => plain.profile.keyUsage.includes(usage)));
        if (plain.profile.extendedKeyUsage.length > 0)
          t.ok(profile.extendedKeyUsage.every((purpose) => plain.profile.extendedKeyUsage.includes(purpose)));
        const wider = candidates.filter(
          (candidate) => refused(plain, candidate) && !refused(narrowed, candidate),
        );
        t.equal(wider.length, 0, `${base} with ${narrow.join()}`);
        allowed += candidates.filter((candidate) => !refused(narrowed, candidate)).length;
      }
  t.ok(allowed > 0, 'the presets allow something');
});

const find = (
  wanted: Partial<Record<'key' | 'issuer' | 'days', string | number>>,
  san: number,
  subject = 1,
) =>
  candidates.filter(
    (candidate) =>
      candidate.publicKey.algorithm === (wanted.key ?? 'ml-dsa-87') &&
      candidate.issuerKey.algorithm === (wanted.issuer ?? 'ml-dsa-87') &&
      candidate.subject === SUBJECTS[subject] &&
      candidate.subjectAltNames === SANS[san] &&
      candidate.validity.notAfter.getTime() - NOW.getTime() === Number(wanted.days ?? 90) * DAY,
  );

const rulesOf = (narrow: readonly PresetName[], [candidate]: readonly Candidate[]): readonly string[] =>
  candidate === undefined
    ? ['no candidate']
    : compiled({ extends: 'tls-server', narrow }).rules.flatMap((rule) =>
        [...rule(candidate)].map((refusal) => refusal.rule),
      );

t.test('cnsa2 allows ML-DSA-87 only, for the key and for the authority', async (t) => {
  t.same(rulesOf(['cnsa2'], find({}, 0)), []);
  t.same(rulesOf(['cnsa2'], find({ key: 'ml-dsa-44' }, 0)), ['cnsa2.keys.algorithms']);
  t.same(rulesOf(['cnsa2'], find({ issuer: 'ml-dsa-44' }, 0)), ['cnsa2.keys.issuer_algorithms']);
});

t.test('cabf-tls: names, subject, keys and validity', async (t) => {
  const rows: readonly (readonly [rules: readonly string[], ...Parameters<typeof find>])[] = [
    [[], { days: 199 }, 0],
    [['cabf-tls.validity.maximum'], { days: 200 }, 0],
    [['cabf-tls.keys.algorithms'], { key: 'ed25519' }, 0],
    [['cabf-tls.names.ip.deny'], {}, 2, 0],
    [[], {}, 3, 0],
    [['cabf-tls.names.kinds'], {}, 4, 0],
    [['cabf-tls.subject.attributes.CN.from_san'], {}, 0, 2],
    [['cabf-tls.subject.attributes.OU.presence'], {}, 0, 3],
  ];
  for (const [rules, ...wanted] of rows) t.same(rulesOf(['cabf-tls'], find(...wanted)), rules);
  const { profile } = compiled({ extends: 'tls', narrow: ['cabf-tls'] });
  t.same(profile.extendedKeyUsage, [extendedKeyUsageOid.serverAuth]);
  t.match(profile.defaultValidity, { days: 199, seconds: 86_399 }, 'the default is shortened');
});

t.test('the validity of TLS certificates is shorter from the days of the ballot', async (t) => {
  const rows: readonly (readonly [string, number])[] = [
    ['2026-03-14T23:59:59Z', 398],
    ['2026-03-15T00:00:00Z', 200],
    ['2027-03-14T23:59:59Z', 200],
    ['2027-03-15T00:00:00Z', 100],
    ['2029-03-14T23:59:59Z', 100],
    ['2029-03-15T00:00:00Z', 47],
  ];
  for (const [time, days] of rows) {
    t.equal(tlsValidityCap(new Date(time)), days, time);
    const { maximum } = compiled({ extends: 'tls', narrow: ['cabf-tls'] }, new Date(time));
    t.equal(maximum.days, days - 1);
  }
});
