/** Damaged content never makes the linter throw anything but PkiError, and no content holds the event loop. */

import t from 'tap';
import { PkiError } from '../../src/base/errors.ts';
import * as der from '../../src/formats/der/writer.ts';
import { lintData } from '../../src/lint/lint-data.ts';
import { MAX_LINTED, lintReceived } from '../../src/lint/linted.ts';
import { LINT_PROFILES } from '../../src/lint/rule.ts';
import { craftCertificate, extension } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { changed, watchTurns } from '../support/identify-fuzz.ts';
import { seeded } from '../support/mutated-der.ts';
import { FIXTURES } from './fixtures/index.ts';
import { leaf } from './fixtures/parts.ts';
import { made } from './linted.ts';

const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

/** Of each fixture. */
const ROUNDS = Number(process.env['LINT_FUZZ_ROUNDS'] ?? 10);

t.test('damaged content has findings', async (t) => {
  const random = seeded(16);
  const faults: string[] = [];
  let count = 0;
  for (const fixture of Object.values(FIXTURES)) {
    const [kind, octets] = await made(key, fixture);
    for (let round = 0; round < ROUNDS; round += 1) {
      const input = changed(octets, random);
      const profile = LINT_PROFILES[random(LINT_PROFILES.length)];
      count += 1;
      await lintReceived(kind, input, profile).catch((error: unknown) => {
        if (!(error instanceof PkiError))
          faults.push(`${kind} ${String(error)} ${Buffer.from(input).toString('hex')}`);
      });
    }
  }
  t.same(faults.slice(0, 3), []);
  t.comment(`${count} inputs`);
});

const pem = (octets: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(octets).toString('base64')}\n-----END CERTIFICATE-----\n`;

const many = (length: number, make: (index: number) => Uint8Array): Uint8Array =>
  der.sequence(...Array.from({ length }, (_, index) => make(index)));

/** In milliseconds of the processor. */
const LONGEST_TURN = 50;

t.test(
  'a large certificate, and many of them, do not hold the event loop',
  { skip: process.env['COVERAGE'] },
  async (t) => {
    const name = (index: number) => der.contextPrimitive(2, Buffer.from(`a${index}.example`));
    const large: Readonly<Record<string, Uint8Array>> = {
      names: extension('2.5.29.17', false, many(8000, name)),
      policies: extension(
        '2.5.29.32',
        false,
        many(3000, (index) => der.sequence(der.objectIdentifier(`1.2.${index}`))),
      ),
      purposes: extension(
        '2.5.29.37',
        false,
        many(6000, (index) => der.objectIdentifier(`1.2.${index}`)),
      ),
    };
    for (const [what, own] of Object.entries(large)) {
      const certificate = await craftCertificate(key, leaf({ extensions: { own } }));
      t.ok(certificate.length < MAX_LINTED, what);
      const turns = watchTurns();
      await lintData(certificate, 'cabf-tls');
      const longest = await turns.end();
      t.comment(`${what}: ${longest.toFixed(1)} ms`);
      t.ok(longest < LONGEST_TURN, what);
    }
    const bundle = Buffer.from(pem(await craftCertificate(key, leaf())).repeat(150));
    const turns = watchTurns();
    const { parts, isComplete } = await lintData(bundle);
    t.match([parts.length, isComplete], [32, false]);
    t.ok((await turns.end()) < LONGEST_TURN);
  },
);
