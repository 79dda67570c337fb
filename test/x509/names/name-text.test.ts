import { deepStrictEqual, ok } from 'node:assert';
import * as fc from 'fast-check';
import t from 'tap';
import { PkiError } from '../../../src/base/errors.ts';
import {
  checkDistinguishedName,
  type DistinguishedName,
} from '../../../src/x509/names/distinguished-name.ts';
import { formatOneLine, formatRfc4514, parseDistinguishedName } from '../../../src/x509/names/name-text.ts';
import { anyName, anyText, rdn } from './names.ts';

type Accepted = readonly (readonly [text: string, name: DistinguishedName])[];
type Refused = readonly (readonly [text: string, wording: RegExp])[];

const { raw } = String;

const ONE_LINE: Accepted = [
  ['/', []],
  ['/CN=a/O=b', [rdn({ CN: 'a' }), rdn({ O: 'b' })]],
  ['/CN=a/', [rdn({ CN: 'a' })]],
  [raw`/CN=a\/b\+c\\d/O=e`, [rdn({ CN: raw`a/b+c\d` }), rdn({ O: 'e' })]],
  [raw`/CN=a\\/`, [rdn({ CN: 'a\\' })]],
  [raw`/CN=\a\=`, [rdn({ CN: 'a=' })]],
  ['/CN=a=b==', [rdn({ CN: 'a=b==' })]],
  ['/CN= a ', [rdn({ CN: ' a ' })]],
  ['/CN=a, O="b";<c>#', [rdn({ CN: 'a, O="b";<c>#' })]],
  ['/CN=a/CN=b', [rdn({ CN: 'a' }), rdn({ CN: 'b' })]],
  ['/O=x/CN=a+OU=b', [rdn({ O: 'x' }), rdn({ CN: 'a', OU: 'b' })]],
  ['/commonName=a/2.5.4.10=b/ou=c', [rdn({ CN: 'a' }), rdn({ O: 'b' }), rdn({ OU: 'c' })]],
  ['/E=a@b.c/S=x', [rdn({ emailAddress: 'a@b.c' }), rdn({ ST: 'x' })]],
  [`/CN=${'é'.repeat(64)}`, [rdn({ CN: 'é'.repeat(64) })]],
  [`/CN=${'\u{1f600}'.repeat(64)}`, [rdn({ CN: '\u{1f600}'.repeat(64) })]],
  ['/CN=a'.repeat(64), Array.from({ length: 64 }, () => rdn({ CN: 'a' }))],
];

/** `/unstructuredName=…` and the like have no short way in this test. */
const OTHER_TYPES: readonly (readonly [text: string, type: string, value: string])[] = [
  ['/1.3.6.1.4.1.37244.1.1=DEDEDEDE00010001', '1.3.6.1.4.1.37244.1.1', 'DEDEDEDE00010001'],
  ['/OID.1.2.3.4=é', '1.2.3.4', 'é'],
  ['oid.1.2.3.4 = a', '1.2.3.4', 'a'],
  ['1.2.3.4=#0C0161', '1.2.3.4', 'a'],
  ['1.2.3.4=#130161', '1.2.3.4', 'a'],
  [`/1.2${'.3'.repeat(62)}=a`, `1.2${'.3'.repeat(62)}`, 'a'],
  [`/1.2.3.4=${'é'.repeat(256)}`, '1.2.3.4', 'é'.repeat(256)],
  ['/unstructuredName=r1.example.com', '1.2.840.113549.1.9.2', 'r1.example.com'],
  ['/unstructuredAddress=192.0.2.1', '1.2.840.113549.1.9.8', '192.0.2.1'],
  [raw`/telephoneNumber=\+1 555 0100`, '2.5.4.20', '+1 555 0100'],
  ['/DNQ=1/T=b', '2.5.4.46', '1'],
  ['/mail=a@b.example', '0.9.2342.19200300.100.1.3', 'a@b.example'],
  ['/INN=123456789012', '1.2.643.3.131.1.1', '123456789012'],
  ['/CN=می\u200cخواهم', '2.5.4.3', 'می\u200cخواهم'],
  ['/CN=ශ්\u200dරී ලංකා x', '2.5.4.3', 'ශ්\u200dරී ලංකා x'],
];

t.test('a type is a name or any dotted OID', async (t) => {
  for (const [text, type, value] of OTHER_TYPES) {
    const name = parseDistinguishedName(text);
    t.same(name.flat().find((attribute) => attribute.type === type)?.value, value, text.slice(0, 40));
    t.same(parseDistinguishedName(formatOneLine(name)), name);
    t.same(parseDistinguishedName(formatRfc4514(name)), name);
  }
});

const RFC_4514: Accepted = [
  ['', []],
  ['CN=a,O=b,C=US', [rdn({ C: 'US' }), rdn({ O: 'b' }), rdn({ CN: 'a' })]],
  [' CN = a ,  O = b ', [rdn({ O: 'b' }), rdn({ CN: 'a' })]],
  ['CN=a b  c', [rdn({ CN: 'a b  c' })]],
  [raw`CN=a\,b\+c\"d\\e\<f\>g\;h\=i`, [rdn({ CN: raw`a,b+c"d\e<f>g;h=i` })]],
  [raw`CN=\ a\ ,O=\#b`, [rdn({ O: '#b' }), rdn({ CN: ' a ' })]],
  [raw`CN=a \  , O=b\\ `, [rdn({ O: 'b\\' }), rdn({ CN: 'a  ' })]],
  [raw`CN=Lu\C4\8Di\c4\87`, [rdn({ CN: 'Lučić' })]],
  [raw`CN=\41\2C\42`, [rdn({ CN: 'A,B' })]],
  [raw`CN="a, b+c=\"d\" " , O=e`, [rdn({ O: 'e' }), rdn({ CN: 'a, b+c="d" ' })]],
  ['CN=#0C0161,O=#130162', [rdn({ O: 'b' }), rdn({ CN: 'a' })]],
  ['CN=a=b#c', [rdn({ CN: 'a=b#c' })]],
  ['CN=http://a.example/b', [rdn({ CN: 'http://a.example/b' })]],
  ['UID=7+CN=a,DC=example', [rdn({ DC: 'example' }), rdn({ UID: '7', CN: 'a' })]],
];

t.test('a one-line name is read as openssl req -subj reads it', async (t) => {
  for (const [text, name] of ONE_LINE) t.strictSame(parseDistinguishedName(text), name, text);
});

t.test('other text is read as RFC 4514 has it, the last part first', async (t) => {
  for (const [text, name] of RFC_4514) t.strictSame(parseDistinguishedName(text), name, text);
});

const MALFORMED: Refused = [
  ['/CN', /"CN" must have the form/],
  ['/CN=a/b', /"b" must have the form.*\\\//],
  ['/CN=a+', /"" must have the form/],
  ['/CN=a//', /"" must have the form/],
  ['//CN=a', /must begin with one slash/],
  ['//', /"" must have the form/],
  ['/CN=a\\', /must not end with a single/],
  ['/=a', /attribute type "" is unknown/],
  ['/FOO=a', /attribute type "FOO" is unknown.*CN/],
  ['/CN=a/ O=b', /attribute type " O" is unknown/],
  [`/1.2${'.3'.repeat(63)}=a`, /dotted OID of at most 128 characters/],
  ['/1.2.03=a', /attribute type "1.2.03" is unknown/],
  ['/3.1=a', /attribute type "3.1" is unknown/],
  ['/1.40=a', /attribute type "1.40" is unknown/],
  ['/OID.a=a', /attribute type "OID.a" is unknown/],
  ['/CN=a/O=', /attribute O must have a value/],
  ['/CN=   ', /attribute CN must have a value/],
  ['/CN=a+OU=b+CN=c', /CN must not occur twice in one/],
  ['/CN=a'.repeat(65), /at most 64 parts, not 65/],
  [`/CN=${'a'.repeat(4096)}`, /at most 4096 characters/],
  ['/CN=a'.repeat(10_000), /at most 4096 characters/],

  ['example', /"example" must have the form CN=example.com/],
  ['CN=a,', /"" must have the form/],
  ['CN=a,,O=b', /"" must have the form/],
  ['CN=a;O=b', /";" is unexpected/],
  ['CN=a"b', /is unexpected/],
  ['CN=a<b', /"<" is unexpected/],
  ['CN="a', /must end with a quotation mark/],
  ['CN="a"b', /"b" is unexpected/],
  ['CN=a\\', /is unexpected/],
  [raw`CN=a\n`, /escape .* is invalid/],
  [raw`CN=\C4`, /must be the octets of UTF-8/],
  [raw`CN=\ED\A0\80`, /must be the octets of UTF-8/],
  ['CN=', /attribute CN must have a value/],
  ['CN=#', /hexadecimal DER/],
  ['CN=#zz', /hexadecimal DER/],
  ['CN=#0C0261', /hexadecimal DER/],
  ['CN=#020101', /hexadecimal DER/],
  ['CN=#0C01610', /"0" is unexpected/],
];

const BOUNDS: Refused = [
  [`/CN=${'é'.repeat(65)}`, /CN must have at most 64 characters, not 65/],
  [`/O=${'a'.repeat(65)}`, /O must have at most 64 characters, not 65/],
  [`/L=${'a'.repeat(129)}`, /L must have at most 128 characters, not 129/],
  [`/emailAddress=${'a'.repeat(256)}`, /emailAddress must have at most 255 characters, not 256/],
  [`/serialNumber=${'1'.repeat(65)}`, /serialNumber must have at most 64 characters, not 65/],
  ['/C=USA', /^The attribute C must be .*two capital letters/],
  ['/C=us', /two capital letters/],
  ['/C=U', /two capital letters/],
  ['/C=Ü1', /two capital letters/],
  ['/serialNumber=a*b', /^The attribute serialNumber must be a PrintableString/],
  ['/dnQualifier=a_b', /^The attribute dnQualifier must be a PrintableString/],
  ['/emailAddress=ä@b.c', /^The attribute emailAddress must be an IA5String/],
  ['/DC=münchen', /^The attribute DC must be an IA5String/],
  [`/1.2.3.4=${'a'.repeat(257)}`, /^The attribute 1\.2\.3\.4 must have at most 256 characters, not 257/],
  [`/unstructuredName=${'a'.repeat(256)}`, /at most 255 characters/],
  ['/telephoneNumber=a_b', /must be a PrintableString/],
  [`/telephoneNumber=${'1'.repeat(33)}`, /at most 32 characters/],
  ['/x121Address=a', /must be a NumericString/],
  ['/c3=US', /three capital letters/],
  ['/n3=84', /exactly 3 digits, not 2/],
  ['/n3=8 4', /digits only/],
  ['/gender=X', /must be M or F/],
  ['/mail=ä@b.example', /must be an IA5String/],
  [
    '/x500UniqueIdentifier=a',
    /x500UniqueIdentifier cannot be part of a new name: its values are bit strings/,
  ],
  ['/2.5.4.45=a', /its values are bit strings/],
  ['/postalAddress=a', /use street, postalCode and L/],
  ['/challengePassword=a', /passwords, which a certificate would publish/],
  ['/seeAlso=a', /distinguished names/],
];

/** Characters that are invisible, or that look like other characters. */
const HIDDEN: Refused = [
  ['\0', /U\+0000/],
  ['\n', /U\+000A/],
  ['\r\nCA:TRUE', /U\+000D/],
  ['\t', /U\+0009/],
  ['\u007f', /U\+007F/],
  ['\u0085', /U\+0085/],
  ['\u2028', /U\+2028/],
  ['\u2029', /U\+2029/],
  ['\u202e', /U\+202E/],
  ['\u2066', /U\+2066/],
  ['\u200b', /U\+200B/],
  ['\u200d', /U\+200D/],
  ['\u200c', /U\+200C/],
  ['क\u200dष', /U\+200D/],
  ['می\u200c', /U\+200C/],
  ['می\u200dخ', /U\+200D/],
  ['می\u200c\u200cخ', /U\+200C/],
  ['\u{1f468}\u200d\u{1f469}', /U\+200D/],
  ['می\u200cخواهم\u202e', /U\+202E/],
  ['\ufeff', /U\+FEFF/],
  ['\u00ad', /U\+00AD/],
  ['\u3164', /U\+3164/],
  ['\ufe0f', /U\+FE0F/],
  ['\ud800', /U\+D800/],
  ['\udc00', /U\+DC00/],
  ['\ue000', /U\+E000/],
  ['\uffff', /U\+FFFF/],
  ['\u{e0041}', /U\+E0041/],
  ['e\u0301', /NFC/],
  ['\u212b', /NFC/],
  ['%00', /"%00"/],
];

t.test('what is malformed, unknown or out of bounds is refused, and the sentence says why', async (t) => {
  for (const [text, message] of [...MALFORMED, ...BOUNDS]) {
    t.throws(() => parseDistinguishedName(text), { code: 'invalid-subject', message }, text.slice(0, 40));
  }
});

t.test('characters that cannot be seen, and texts in two spellings, are refused in every form', async (t) => {
  for (const [hidden, message] of HIDDEN) {
    for (const text of [`/CN=a${hidden}b`, `/O=x/OU=${hidden}`, `CN=a${hidden}b`, `CN="${hidden}"`]) {
      t.throws(() => parseDistinguishedName(text), { code: 'invalid-subject', message }, `${message}`);
    }
  }
  t.throws(() => parseDistinguishedName(raw`CN=a\0Ab`), { message: /U\+000A/ });
  t.throws(() => parseDistinguishedName(raw`CN=a\E2\80\AEb`), { message: /U\+202E/ });
});

t.test('messages show what they quote: short, and in characters that can be seen', async (t) => {
  t.throws(() => parseDistinguishedName('/a\n\u202e=b'), { message: /"a\\x0A\\xE2\\x80\\xAE" is unknown/ });
  t.throws(() => parseDistinguishedName(`/${'a'.repeat(65)}=b`), { message: /"a{64}…" is unknown/ });
});

t.test('both forms of every name are read back as the same name', async () => {
  fc.assert(
    fc.property(anyName, (name) => {
      deepStrictEqual(parseDistinguishedName(formatOneLine(name)), name);
      deepStrictEqual(parseDistinguishedName(formatRfc4514(name)), name);
    }),
    { numRuns: 200 },
  );
});

t.test('any text is either read or refused with a PkiError', async () => {
  fc.assert(
    fc.property(fc.constantFrom('/CN=', 'CN=', '/', ''), anyText, (start, text) => {
      try {
        checkDistinguishedName(parseDistinguishedName(start + text));
      } catch (error) {
        ok(error instanceof PkiError && error.code === 'invalid-subject', String(error));
      }
    }),
    { numRuns: 500 },
  );
});

t.test('long texts that nearly fit are refused without delay', async (t) => {
  const runs = ['\\', ' ', 'a', '\\41', '"', ' \\ ', '#', '/', '+', '=', ','];
  for (const run of runs) {
    for (const start of ['/CN=', 'CN=', 'CN="', 'CN=#', '/', '']) {
      const text = `${start}${run.repeat(4090 / run.length - 1)}\n`;
      t.throws(() => parseDistinguishedName(text), { code: 'invalid-subject' }, `${start}${run}…`);
    }
  }
});
