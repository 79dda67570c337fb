/** Changed files of every kind, and files of the size of a body: nothing but a PkiError is thrown, and no turn is long. */

import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import { openDomain } from '../support/domain.ts';
import { madeByOpenssl } from '../support/identified.ts';
import { attempt, changed, TARGETS, watchTurns, type FuzzCount } from '../support/identify-fuzz.ts';
import { seeded } from '../support/mutated-der.ts';
import { opensslMissing } from '../support/openssl.ts';

t.setTimeout(0);

/** FUZZ_COUNT is for runs by hand. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 1500);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

const { keys } = await openDomain(t);

/** Each file as it is, and the DER of PEM. */
async function seeds(): Promise<readonly Uint8Array[]> {
  const files = Object.values(await madeByOpenssl()).map(({ content }) => content);
  const bodies = files
    .map((file) => /-----BEGIN [^-]+-----\n([A-Za-z\d+/=\n]+)-----END/.exec(file.toString('latin1'))?.[1])
    .filter((body) => body !== undefined);
  return [...files, ...bodies.map((body) => Buffer.from(body, 'base64'))];
}

t.test('a changed file is read or refused', { skip: opensslMissing }, async (t) => {
  const files = await seeds();
  const random = seeded(SEED);
  const turns = watchTurns();
  const count: FuzzCount = { read: 0, refused: 0, faults: [] };
  for (let index = 0; index < COUNT; index += 1) {
    const file = files[index % files.length] ?? new Uint8Array();
    const target = TARGETS[Math.floor(index / files.length) % TARGETS.length];
    if (target !== undefined) await attempt(target, keys, changed(file, random), count);
  }
  t.same(count.faults.slice(0, 5), []);
  t.ok(count.read > COUNT / 20, 'enough are read');
  t.ok(count.refused > COUNT / 20, 'enough are refused');
  t.comment(
    `${COUNT} changed files: ${count.read} read, ${count.refused} refused, 0 faults; the longest turn took ${(await turns.end()).toFixed(1)} ms`,
  );
});

const SIZE = 1_048_576;
const ALGORITHM = der.sequence(der.objectIdentifier('1.3.101.112'));
const TIME = der.time(new Date('2026-01-01T00:00:00Z'));
const filled = (text: string): Buffer => Buffer.alloc(SIZE, text);
const many = (value: Uint8Array, length = SIZE - 200): Uint8Array[] =>
  Array<Uint8Array>(Math.floor(length / value.length)).fill(value);

/** As many as there are: a function cannot have so many arguments. */
const sequenceOf = (items: readonly Uint8Array[]): Uint8Array =>
  der.tlv(der.TAG.sequence, Buffer.concat(items));

const crlOf = (entries: readonly Uint8Array[]): Uint8Array =>
  der.sequence(
    der.sequence(der.unsignedInteger(1), ALGORITHM, der.sequence(), TIME, sequenceOf(entries)),
    ALGORITHM,
    der.bitString(new Uint8Array(64)),
  );

/** Of about the length of the largest usual body. */
const LARGE: Readonly<Record<string, () => Uint8Array>> = {
  'base64 of nothing': () => filled('A'),
  hexadecimal: () => filled('30'),
  'hexadecimal with colons': () => filled('30:'),
  words: () => filled('secret words '),
  spaces: () => filled(' '),
  'UTF-16': () => filled('a\0'),
  zeros: () => Buffer.alloc(SIZE),
  'lines with BEGIN': () => filled('-----BEGIN CERTIFICATE-----\n'),
  'empty blocks': () => filled('-----BEGIN X-----\n-----END X-----\n'),
  'base64 in base64': () =>
    Buffer.from(Buffer.from(Buffer.alloc(SIZE / 2, 'A').toString('base64')).toString('base64')),
  'one long block': () =>
    Buffer.from(`-----BEGIN CERTIFICATE-----\n${'A'.repeat(SIZE - 64)}\n-----END CERTIFICATE-----\n`),
  JSON: () => Buffer.from(`{"kty":"OKP","crv":"${'a'.repeat(SIZE - 50)}"}`),
  'a JSON array': () => Buffer.from(`[${'0,'.repeat(SIZE / 2)}0]`),
  'many values': () => sequenceOf(many(der.nullValue())),
  'many sequences': () => Buffer.concat(many(der.sequence())),
  'nested values': () => Buffer.alloc(SIZE, '3080', 'hex'),
  'an object identifier': () => der.sequence(der.tlv(6, Buffer.alloc(SIZE - 20, 0xff))),
  'a long key': () => der.sequence(ALGORITHM, der.bitString(new Uint8Array(SIZE - 40))),
  'a long private key': () =>
    der.sequence(der.unsignedInteger(0), ALGORITHM, der.octetString(new Uint8Array(SIZE - 40))),
  'a CRL with many entries': () => crlOf(many(der.sequence(der.unsignedInteger(5), TIME), SIZE - 400)),
  'a CRL with more values than are read': () => crlOf(many(der.nullValue(), SIZE - 400)),
  'a CRL in BER': () => crlOf(many(Uint8Array.of(0x30, 0x80, 0, 0), SIZE - 400)),
  'many certificates in PKCS #7': () =>
    der.sequence(
      der.objectIdentifier('1.2.840.113549.1.7.2'),
      der.contextConstructed(
        0,
        der.sequence(
          der.unsignedInteger(1),
          der.setOf(),
          der.sequence(der.objectIdentifier('1.2.840.113549.1.7.1')),
          der.contextConstructed(0, ...many(der.sequence(), 15_000)),
          der.setOf(),
        ),
      ),
    ),
};

t.test('a file of the size of a body is read or refused in short turns', async (t) => {
  const longest: (readonly [number, string])[] = [];
  for (const [name, make] of Object.entries(LARGE)) {
    const input = make();
    for (const target of TARGETS) {
      const count: FuzzCount = { read: 0, refused: 0, faults: [] };
      const turns = watchTurns();
      await attempt(target, keys, Uint8Array.from(input), count);
      longest.push([await turns.end(), `${target.name} with ${name}`]);
      t.same(count.faults, []);
    }
  }
  const [slowest = [0, '']] = longest.toSorted(([a], [b]) => b - a);
  for (const [milliseconds, name] of longest.toSorted(([a], [b]) => b - a).slice(0, 5))
    t.comment(`${name}: ${milliseconds.toFixed(1)} ms in one turn`);
  t.ok(slowest[0] > 0);
});
