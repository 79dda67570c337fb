import { ok } from 'node:assert';
import * as fc from 'fast-check';
import t from 'tap';
import { PkiError } from '../../../src/base/errors.ts';
import { checkGeneralName } from '../../../src/x509/names/general-name-check.ts';
import {
  formatGeneralName,
  parseGeneralName,
  parseGeneralNames,
  uniqueGeneralNames,
} from '../../../src/x509/names/general-name.ts';
import { formatOneLine } from '../../../src/x509/names/name-text.ts';
import { testKind, type Accepted, type Refused } from './name-kinds.ts';
import { anyName, anyText } from './names.ts';

const RID: Accepted = [
  ['RID:1.2.3.4', '1.2.3.4'],
  ['rid:2.999', '2.999'],
  ['Registered ID:0.39', '0.39'],
  ['RID:2.25.329800735698586629295641978511506172918', '2.25.329800735698586629295641978511506172918'],
];

const NOT_RID: Refused = [
  ['RID:', /must be an OID/],
  ['RID:1', /must be an OID/],
  ['RID:3.1', /must be an OID/],
  ['RID:1.40', /must be an OID/],
  ['RID:1.02', /must be an OID/],
  ['RID:1..2', /must be an OID/],
  ['RID:1.2.a', /must be an OID/],
  ['RID:serverAuth', /must be an OID/],
  [`RID:1.2${'.3'.repeat(64)}`, /must be an OID/],
];

const DIRECTORY: Accepted = [
  ['dirName:/CN=a/O=b', '/CN=a/O=b'],
  ['DirName:CN=a,O=b', '/O=b/CN=a'],
];

const NOT_DIRECTORY: Refused = [
  ['dirName:', /at least one attribute/],
  ['dirName:/', /at least one attribute/],
  ['dirName:dir_sect', /"dir_sect" has no attribute/],
  ['dirName:section', /must have the form/],
  ['dirName:/C=USA', /^The attribute C must be/],
];

const OTHER_KINDS: Refused = [
  ['x400Address:a', /^Names of the kind x400Address cannot be certified; the kinds are/],
  ['ediPartyName:a', /kind ediPartyName/],
  ['https://a.example/', /is a URI; write it as "URI:/],
  ['XYZ:1', /"XYZ" is unknown.*URI:/],
  [':', /"" is unknown/],
];

testKind(t, 'RID', RID, NOT_RID);
testKind(t, 'dirName', DIRECTORY, NOT_DIRECTORY);

t.test('other kinds are refused by their names', async (t) => {
  for (const [text, message] of OTHER_KINDS) {
    t.throws(() => parseGeneralName(text), { code: 'invalid-san', message }, text);
  }
});

t.test('no name holds what cannot be seen, or has two spellings', async (t) => {
  const hidden = [
    '\0',
    '\t',
    '\u007f',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ud800',
    'e\u0301',
  ];
  for (const prefix of ['', 'DNS:', 'IP:', 'email:a@', 'URI:https://a.example/', 'RID:', 'dirName:/CN=']) {
    for (const [index, character] of hidden.entries()) {
      const wording = { code: 'invalid-san', message: /U\+|NFC/ };
      t.throws(() => parseGeneralName(`${prefix}a${character}b.example`), wording, `${prefix} ${index}`);
    }
  }
});

t.test('any text is either read or refused with a PkiError', async () => {
  const prefixes = fc.constantFrom(
    '',
    'DNS:',
    '*.',
    'IP:',
    'email:a@',
    'email:',
    'URI:https://',
    'URI:',
    'RID:1.',
    'dirName:',
  );
  fc.assert(
    fc.property(prefixes, anyText, (prefix, text) => {
      try {
        checkGeneralName(parseGeneralName(prefix + text));
      } catch (error) {
        ok(error instanceof PkiError && error.code === 'invalid-san', String(error));
      }
    }),
    { numRuns: 500 },
  );
});

t.test('a dirName of every name is read back', async () => {
  fc.assert(
    fc.property(anyName, (name) => {
      if (name.length === 0) return;
      const text = `dirName:${formatOneLine(name)}`;
      ok(formatGeneralName(parseGeneralName(text)) === text, text);
    }),
    { numRuns: 100 },
  );
});

t.test('long texts that nearly fit are refused without delay', async (t) => {
  for (const prefix of [
    '',
    'IP:',
    'email:',
    'email:a@',
    'URI:a:',
    'URI:https://',
    'URI:https://a.example/',
    'RID:1.',
  ]) {
    for (const run of ['a', '.', 'a.', '-', '1', '1.', '%', '@', ':', '[', 'ü', 'ب']) {
      const text = `${prefix}${run.repeat(4000 / run.length)} `;
      t.throws(() => parseGeneralName(text), { code: 'invalid-san' }, `${prefix}${run}…`);
    }
  }
  t.throws(() => parseGeneralName('a'.repeat(4097)), { message: /at most 4096 characters/ });
});

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}.example`);
const long = (index: number): string => `URI:tag:${index}${'a'.repeat(4000)}`;

t.test('a list has at most 100 names, each once, and errors point into it', async (t) => {
  t.strictSame(parseGeneralNames([]), []);
  t.equal(parseGeneralNames(names(100)).length, 100);
  for (const count of [101, 10_000]) {
    t.throws(() => parseGeneralNames(names(count)), {
      code: 'invalid-san',
      path: [],
      message: /at most 100/,
    });
  }
  const joined = [...parseGeneralNames(names(100)), parseGeneralName('b.example')];
  t.throws(() => uniqueGeneralNames(joined), { code: 'invalid-san', message: /at most 100/ });
  const repeated = [
    'a.example',
    'DNS:A.Example',
    'IP:::1',
    'dns:a.example',
    'IP:0:0::1',
    'email:a@b.example',
    'URI:tag:a',
  ];
  t.strictSame(parseGeneralNames(repeated).map(formatGeneralName), [
    'DNS:a.example',
    'IP:::1',
    'email:a@b.example',
    'URI:tag:a',
  ]);
  t.throws(() => parseGeneralNames(['a.example', 'b_.example']), { code: 'invalid-san', path: [1] });
  t.throws(() => parseGeneralNames(Array.from({ length: 20 }, (_, i) => long(i))), {
    message: /at most 65535/,
  });
  t.equal(parseGeneralNames(Array.from({ length: 20 }, () => long(1))).length, 1);
});
