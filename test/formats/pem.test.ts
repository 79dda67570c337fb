import * as fc from 'fast-check';
import t from 'tap';
import { base64Length, decodeBase64, encodeBase64Lines, writeBase64 } from '../../src/formats/base64.ts';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import { decodePem, encodePem, encodePemString } from '../../src/formats/pem.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881, rfc9881Text } from './rfc9881.ts';

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const textOf = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

t.test('base64 is encoded and decoded as Node.js does', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
        const text = Buffer.from(octets).toString('base64');
        const lines = text.replace(/.{1,64}/g, '$&\n');
        const line = new Uint8Array(base64Length(octets.length) + 2);
        return (
          writeBase64(line, 1, octets) === line.length - 1 &&
          textOf(line) === `\0${text}\0` &&
          textOf(encodeBase64Lines(octets)) === lines &&
          same(decodeBase64(ascii(text)), octets) &&
          same(decodeBase64(ascii(lines)), octets)
        );
      }),
      { numRuns: 300 },
    ),
  );
});

t.test('base64 that is not the canonical encoding is refused', async (t) => {
  const good: [string, string][] = [
    ['', ''],
    [' \t\r\n\v\f', ''],
    ['AA==', '\0'],
    ['A A\r\n=\t= ', '\0'],
    ['AAA=', '\0\0'],
    ['+/+/', '\xfb\xff\xbf'],
  ];
  for (const [text, octets] of good) t.equal(textOf(decodeBase64(ascii(text))), octets, JSON.stringify(text));
  const bad: [string, RegExp][] = [
    ['A', /cut off or wrongly padded/],
    ['AA', /cut off or wrongly padded/],
    ['AAA', /cut off or wrongly padded/],
    ['AAAAA===', /cut off or wrongly padded/],
    ['AA=', /cut off or wrongly padded/],
    ['AAA==', /cut off or wrongly padded/],
    ['AAAA====', /cut off or wrongly padded/],
    ['====', /cut off or wrongly padded/],
    ['AA==AA==', /^The base64 text has an octet at 4 that is not base64$/],
    ['AB==', /bits before its padding/],
    ['AAB=', /bits before its padding/],
    ['AA-_', /octet at 2 .* base64url/],
    ['AA\\n', /octet at 2 .* backslash/],
    ['AAé=', /octet at 2 that is not base64$/],
    ['AA\0A', /octet at 2 /],
  ];
  for (const [text, message] of bad)
    t.throws(() => decodeBase64(ascii(text)), { code: 'invalid-encoding', message }, JSON.stringify(text));
});

t.test('PEM is encoded as in the files of RFC 9881', async (t) => {
  const files: [string, PemLabel][] = [
    ['ML-DSA-44.crt', 'CERTIFICATE'],
    ['ML-DSA-65.pub', 'PUBLIC KEY'],
    ['ML-DSA-87-both.priv', 'PRIVATE KEY'],
  ];
  for (const [file, label] of files) {
    t.equal(textOf(encodePem(label, rfc9881(file))), rfc9881Text(file), file);
    t.equal(encodePemString(label, rfc9881(file)), rfc9881Text(file), `${file} as a string`);
  }
  for (const length of [0, 1, 47, 48, 49, 96]) {
    const octets = rfc9881('ML-DSA-44.crt').subarray(0, length);
    t.equal(
      encodePemString('CERTIFICATE', octets),
      textOf(encodePem('CERTIFICATE', octets)),
      `${length} octets`,
    );
  }
});

const content = rfc9881('ML-DSA-44-seed.priv');
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const body = base64(content);
const pem = (content: string, label = 'PRIVATE KEY'): string =>
  `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
const whole = pem(body);

t.test('PEM is decoded with any line length, line break and text around it', async (t) => {
  const forms: Record<string, string | Uint8Array> = {
    octets: ascii(whole),
    CRLF: whole.replaceAll('\n', '\r\n'),
    CR: whole.replaceAll('\n', '\r'),
    'lines of 76': pem(body.replace(/.{76}/g, '$&\n')),
    'lines of 7': pem(body.replace(/.{7}/g, '$&\n')),
    'white space at the ends of lines': whole.replaceAll('\n', ' \t \n'),
    'empty lines': whole.replaceAll('\n', '\n\n'),
    'all in one line': whole.replaceAll('\n', ' '),
    'no break at all': whole.replaceAll('\n', ''),
    'no last line feed': whole.trimEnd(),
    'a byte order mark': `\uFEFF${whole}`,
    'lines with spaces before them': whole.replaceAll('\n', '\n    ').replace(/^/, '  '),
    'lines with tabs before them': whole.replaceAll('\n', '\n\t'),
    'text right before and after it': `key: ${whole.trimEnd()} # end`,
    'comments with dashes': `# ---- key ----\n#----BEGIN\n${whole}`,
    'Bag Attributes of OpenSSL': `Bag Attributes\n    localKeyID: 01 02 \nKey Attributes: <No Attributes>\n${whole}`,
    'text around': `Bag Attributes\n  friendlyName: é - -- ---\n${whole}\nmore -----\n`,
  };
  for (const [name, text] of Object.entries(forms)) t.ok(same(decodePem(text, 'PRIVATE KEY'), content), name);
  const given = ascii(whole);
  decodePem(given, 'PRIVATE KEY');
  t.ok(same(given, ascii(whole)), 'the input octets are not changed');
  const request = pem(body, 'NEW CERTIFICATE REQUEST');
  t.ok(same(decodePem(request, 'CERTIFICATE REQUEST'), content), 'the older label of CSRs');
});

t.test('PEM of another kind, or text without PEM, is refused with the expected label', async (t) => {
  const cases: [string, string, RegExp, PemLabel?][] = [
    ['no PEM', 'hello', /must have a line "-----BEGIN PRIVATE KEY-----"/],
    ['another label', pem(body, 'CERTIFICATE'), /^Expected PRIVATE KEY, got CERTIFICATE$/],
    [
      'a private key in place of a CSR',
      whole,
      /^Expected CERTIFICATE REQUEST, got PRIVATE KEY$/,
      'CERTIFICATE REQUEST',
    ],
    [
      'an RSA key in the old format',
      pem(body, 'RSA PRIVATE KEY'),
      /PKCS #1 .* "openssl pkcs8 -topk8 -nocrypt/,
    ],
    ['an EC key in the old format', pem(body, 'EC PRIVATE KEY'), /SEC 1 .* "openssl pkcs8 -topk8 -nocrypt/],
    ['no END', whole.slice(0, whole.indexOf('-----END')), /"-----END PRIVATE KEY-----" is missing/],
    [
      'no END before the next',
      whole.replace(/-----END.*\n/, '') + whole,
      /"-----END PRIVATE KEY-----" is missing/,
    ],
    [
      'another END',
      whole.replace('END PRIVATE', 'END PUBLIC'),
      /END line must have the label of the BEGIN line, PRIVATE KEY/,
    ],
    ['a label without dashes after it', '-----BEGIN PRIVATE KEY\nAAAA', /no valid label/],
    ['no label', pem(body, ''), /no valid label/],
    ['an endless label', `-----BEGIN ${'A'.repeat(100_000)}-----`, /no valid label/],
    ['a label with a control character', pem(body, 'A\u0007B'), /no valid label/],
    [
      'other characters',
      whole.replace('MDQC', 'MD*C'),
      /^The PEM block has an octet at 3 that is not base64/,
    ],
    ['escaped line breaks', whole.replaceAll('\n', '\\n'), /octet at 0 .* backslash/],
    [
      'two blocks',
      whole + whole,
      /^Expected one PRIVATE KEY, got 2 PEM blocks \(PRIVATE KEY, PRIVATE KEY\)$/,
    ],
    [
      'parameters and key',
      pem('AAAA', 'EC PARAMETERS') + pem(body, 'EC PRIVATE KEY'),
      /got 2 PEM blocks \(EC PARAMETERS, EC PRIVATE KEY\)/,
    ],
    ['many blocks', whole.repeat(1000), /got 1000 PEM blocks \(PRIVATE KEY, PRIVATE KEY, PRIVATE KEY, …\)/],
    ['headers', pem(`Comment: x\n\n${body}`), /The PEM block must not have headers/],
  ];
  for (const [name, text, message, wanted = 'PRIVATE KEY'] of cases)
    t.throws(() => decodePem(text, wanted), { code: 'invalid-encoding', message }, name);
});

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

t.test('the error for UTF-16 names the encoding', async (t) => {
  const forms = {
    'little-endian': utf16(whole),
    'big-endian': utf16(whole).swap16(),
    'with a byte order mark': utf16(`\uFEFF${whole}`),
  };
  for (const [name, octets] of Object.entries(forms)) {
    const error = { code: 'invalid-encoding', message: 'The text is UTF-16; PEM must be ASCII or UTF-8' };
    t.throws(() => decodePem(octets, 'PRIVATE KEY'), error, name);
    t.throws(() => readPemOrDer(octets.toString('base64'), 'PRIVATE KEY').der, error, `${name}, in base64`);
  }
});

t.test('the error for an encrypted private key names the encryption', async (t) => {
  const forms: Record<string, string> = {
    'PKCS #8': pem(body, 'ENCRYPTED PRIVATE KEY'),
    'the old PEM headers': pem(
      `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n${body}`,
      'RSA PRIVATE KEY',
    ),
  };
  for (const [name, text] of Object.entries(forms))
    t.throws(
      () => decodePem(text, 'PRIVATE KEY'),
      { code: 'encrypted-private-key', message: /^The private key is encrypted/ },
      name,
    );
  t.throws(() => decodePem(forms['PKCS #8'] ?? '', 'CERTIFICATE'), {
    code: 'invalid-encoding',
    message: 'Expected CERTIFICATE, got ENCRYPTED PRIVATE KEY',
  });
});

t.test('any text returns octets or throws a PkiError', async (t) => {
  const piece = fc.oneof(
    fc.constantFrom('-----BEGIN ', '-----END ', 'PRIVATE KEY', '-----', '\n', body, '-', 'A'),
    fc.string({ unit: 'binary' }),
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          return readPemOrDer(pieces.join(''), 'PRIVATE KEY').der instanceof Uint8Array;
        } catch (error) {
          return error instanceof Error && error.name === 'PkiError' && !error.message.includes(body);
        }
      }),
      { numRuns: 500 },
    ),
  );
});
