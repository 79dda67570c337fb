import { deepStrictEqual } from 'node:assert';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import {
  concat,
  ia5String,
  objectIdentifier,
  printableString,
  sequence,
  setOf,
  TAG,
  tlv,
  utf8String,
} from '../../../src/formats/der/writer.ts';
import {
  checkDistinguishedName,
  decodeDistinguishedName,
  encodeDistinguishedName,
  type DistinguishedName,
} from '../../../src/x509/names/distinguished-name.ts';
import { formatOneLine, formatRfc4514, parseDistinguishedName } from '../../../src/x509/names/name-text.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';
import { anyName, TYPE } from './names.ts';

const { raw } = String;

const sorted = (name: DistinguishedName): DistinguishedName =>
  name.map((part) => part.toSorted((a, b) => a.type.localeCompare(b.type)));

t.test('a name is the same after its DER, and its DER after the name', async () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const der = encodeDistinguishedName(name);
      const decoded = decodeDistinguishedName(der);
      deepStrictEqual(sorted(decoded), sorted(name));
      deepStrictEqual(Buffer.from(encodeDistinguishedName(decoded)), Buffer.from(der));
      checkDistinguishedName(decoded);
    }),
    { numRuns: 200 },
  );
});

const EVERY_TYPE =
  '/C=US/ST=a/L=b/street=c/postalCode=d/postOfficeBox=e/O=f/organizationIdentifier=g/OU=h/title=i/businessCategory=j' +
  '/jurisdictionC=DE/jurisdictionST=k/jurisdictionL=l/SN=m/GN=n/initials=o/generationQualifier=p/pseudonym=q/name=r' +
  '/dnQualifier=s/serialNumber=t/description=u/UID=v/DC=w/emailAddress=x@y.z/CN=z';

const EDGES = [
  '/',
  '/CN=a/',
  '/CN=a/CN=b',
  '/O=x/CN=c+OU=b+O=a/C=DE',
  '/CN= a ',
  '/CN=a=b, O="c";<d>#',
  raw`/CN=#a\/b\+c\\d`,
  raw`/CN=a\\/`,
  raw`/CN=\a\=`,
  `/CN=${'\u{1f600}'.repeat(64)}`,
];

/** The old service copied these texts into its OpenSSL configuration. Here they are plain text. */
const INJECTIONS = '/CN=${ENV::PATH}/O=@alt_names/OU=.include \\/etc\\/passwd';

t.test('OpenSSL makes the same octets and the same text of a name', { skip: opensslMissing }, async (t) => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const random = fc.sample(anyName, { numRuns: 30, seed: 9881 }).map(formatOneLine);
  for (const text of [...EDGES, EVERY_TYPE, INJECTIONS, ...random]) {
    const name = parseDistinguishedName(text);
    const args = ['req', '-new', '-utf8', '-key', 'key.pem', '-subj', text, '-outform', 'DER'];
    const request = await openssl(args, { files: { 'key.pem': key } });
    // CertificationRequestInfo begins with version 0, subject and key
    const info = concat([Uint8Array.of(TAG.integer, 1, 0), encodeDistinguishedName(name), spki]);
    t.ok(request.stdout.includes(Buffer.from(info)), text, { stderr: request.stderr });
    if (name.some((part) => part.length > 1)) continue;
    const options = ['-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb'];
    const { stdout } = await openssl(['req', '-inform', 'DER', ...options], { input: request.stdout });
    t.equal(stdout.toString(), `subject=${formatRfc4514(name)}\n`);
  }
});

/** One part after another, each with one attribute. */
const foreignName = (...attributes: readonly (readonly [type: string, value: Uint8Array])[]): Uint8Array =>
  sequence(...attributes.map(([type, value]) => setOf(sequence(objectIdentifier(type), value))));

const PRIVATE_TYPE = '1.3.6.1.4.1.99999.1';

type Foreign = readonly [value: Uint8Array, text: string, oneLine: string, rfc4514: string];
const FOREIGN: readonly Foreign[] = [
  [tlv(TAG.teletexString, Buffer.from('Müller', 'latin1')), 'Müller', 'Müller', 'Müller'],
  [tlv(TAG.bmpString, Buffer.from('Müller', 'utf16le').swap16()), 'Müller', 'Müller', 'Müller'],
  [tlv(TAG.universalString, Uint8Array.of(0, 1, 0xf6, 0)), '\u{1f600}', '\u{1f600}', '\u{1f600}'],
  [tlv(TAG.utf8String, Buffer.from('a\n\u202e')), 'a\n\u202e', raw`a\x0A\xE2\x80\xAE`, raw`a\0A\E2\80\AE`],
  [tlv(TAG.utf8String, Buffer.from('\ufeffa')), '\ufeffa', raw`\xEF\xBB\xBFa`, raw`\EF\BB\BFa`],
  [tlv(TAG.utf8String), '', '', ''],
  [tlv(TAG.bitString, Uint8Array.of(0, 0x80)), '#03020080', '#03020080', '#03020080'],
];

t.test('foreign names are shown, kept octet for octet, and not certified', async (t) => {
  for (const [value, text, oneLine, rfc4514] of FOREIGN) {
    const der = foreignName([TYPE.CN, value]);
    const name = decodeDistinguishedName(checkDer(der));
    t.equal(name[0]?.[0]?.value, text);
    t.equal(formatOneLine(name), `/CN=${oneLine}`);
    t.equal(formatRfc4514(name), `CN=${rfc4514}`);
    t.strictSame(Buffer.from(encodeDistinguishedName(name)), Buffer.from(der));
    t.throws(() => checkDistinguishedName(name), { code: 'invalid-subject' }, text);
  }
  const unknown = decodeDistinguishedName(checkDer(foreignName([PRIVATE_TYPE, utf8String('a')])));
  t.equal(formatOneLine(unknown), `/${PRIVATE_TYPE}=a`);
  t.equal(formatRfc4514(unknown), `${PRIVATE_TYPE}=#0C0161`);
  checkDistinguishedName(unknown);
  for (const type of ['2.5.4.45', '2.5.4.35', `1.2${'.3'.repeat(64)}`]) {
    const name = decodeDistinguishedName(checkDer(foreignName([type, utf8String('a')])));
    t.throws(() => checkDistinguishedName(name), { code: 'invalid-subject' }, type);
  }
});

t.test('a new name may hold a PrintableString, and only the string types of its attributes', async (t) => {
  const permitted = foreignName([TYPE.O, printableString('a')]);
  const name = decodeDistinguishedName(checkDer(permitted));
  checkDistinguishedName(name);
  t.strictSame(Buffer.from(encodeDistinguishedName(name)), Buffer.from(permitted));
  const wrong: readonly [string, Uint8Array][] = [
    [TYPE.C, utf8String('US')],
    [TYPE.serialNumber, utf8String('1')],
    [TYPE.emailAddress, utf8String('a@b.c')],
    [TYPE.DC, printableString('a')],
    [TYPE.O, ia5String('a')],
    [PRIVATE_TYPE, ia5String('a')],
    [PRIVATE_TYPE, tlv(TAG.integer, Uint8Array.of(1))],
    ['2.5.4.20', utf8String('1')],
    ['2.5.4.24', printableString('1')],
  ];
  for (const [type, value] of wrong) {
    const name = decodeDistinguishedName(checkDer(foreignName([type, value])));
    t.throws(() => checkDistinguishedName(name), { code: 'invalid-subject', message: /String/ }, type);
  }
});

t.test('what is no Name is refused', async (t) => {
  const attribute = sequence(objectIdentifier(TYPE.CN), utf8String('a'));
  const malformed: readonly [string, Uint8Array][] = [
    ['a SET', setOf(attribute)],
    ['an RDN that is a SEQUENCE', sequence(sequence(attribute))],
    ['an RDN without attributes', sequence(setOf())],
    ['an attribute without value', sequence(setOf(sequence(objectIdentifier(TYPE.CN))))],
    ['an attribute without type', sequence(setOf(sequence(utf8String('a'))))],
    [
      'an attribute with two values',
      sequence(setOf(sequence(objectIdentifier(TYPE.CN), utf8String('a'), utf8String('b')))),
    ],
    ['octets after the Name', concat([sequence(), Uint8Array.of(0)])],
    ['nothing', new Uint8Array()],
  ];
  for (const [what, der] of malformed)
    t.throws(() => decodeDistinguishedName(checkDer(der)), { name: 'PkiError' }, what);
  t.throws(() => checkDistinguishedName([[]]), {
    code: 'invalid-subject',
    message: /at least one attribute/,
  });
});
