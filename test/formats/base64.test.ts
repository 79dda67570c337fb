import { assert, constantFrom, nat, oneof, property, tuple, uint8Array } from 'fast-check';
import t from 'tap';
import { decodeBase64, decodePublicBase64 } from '../../src/formats/base64.ts';

const decoded = (decode: typeof decodeBase64, text: string): string => {
  try {
    return Buffer.from(decode(Buffer.from(text, 'latin1'), 'the text')).toString('hex');
  } catch (error) {
    return String(error);
  }
};

const base64 = uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets).toString('base64'));
const lines = base64.map((text) => text.replace(/.{64}/g, '$&\n'));
const FOREIGN = ['=', '==', '\n', '\r\n', ' ', '\t', '-', '_', '\\', '\0', 'A', 'B', '/', '\u00e9'];

/** Valid texts with an insertion somewhere, or truncated. */
const damaged = tuple(oneof(base64, lines), nat(300), constantFrom(...FOREIGN), nat(3)).map(
  ([text, at, foreign, cut]) => text.slice(0, at) + foreign + text.slice(at + cut),
);

t.test('the decoders for public and for secret text return and refuse the same', async (t) => {
  let refusals = 0;
  assert(
    property(oneof(base64, lines, damaged), (text) => {
      const strict = decoded(decodeBase64, text);
      if (strict.startsWith('PkiError')) refusals += 1;
      return decoded(decodePublicBase64, text) === strict;
    }),
    { numRuns: 5000 },
  );
  t.ok(refusals > 500, `${refusals} of 5,000 are refused`);
});

/** What Node.js decodes, if it encodes the result as the same text. */
function decodedByNode(text: string): string | undefined {
  const characters = text.replaceAll(/[ \t-\r]/g, '');
  const octets = Buffer.from(characters, 'base64');
  return octets.toString('base64') === characters ? octets.toString('hex') : undefined;
}

t.test(
  'the decoder for secret text accepts what is canonical for Node.js, with white space anywhere',
  async (t) => {
    const anywhere = oneof(
      base64,
      lines,
      damaged,
      base64.map((text) => text.replaceAll(/.{7}/g, '$& ')),
    );
    let refusals = 0;
    assert(
      property(anywhere, (text) => {
        const expected = decodedByNode(text);
        if (expected === undefined) refusals += 1;
        const strict = decoded(decodeBase64, text);
        return (strict.startsWith('PkiError') ? undefined : strict) === expected;
      }),
      { numRuns: 5000 },
    );
    t.ok(refusals > 500, `${refusals} of 5,000 are refused`);
  },
);

t.test('the canonical encoding is accepted, and each similar text refused', async (t) => {
  for (const decode of [decodeBase64, decodePublicBase64]) {
    t.equal(decoded(decode, 'AAEC'), '000102');
    t.equal(decoded(decode, 'AA==\n'), '00');
    t.equal(decoded(decode, ''), '');
    for (const text of ['AA=', 'AA', 'AB==', 'AA==AA==', 'A-8=', 'AA\u00e9='])
      t.match(decoded(decode, text), /^PkiError/, text);
  }
});
