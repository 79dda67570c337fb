/** The attribute types whose names `openssl req -subj` accepts: the same names lead to the same OIDs and string types. */

import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { ATTRIBUTE_ROWS, NOT_TEXT, type AttributeSyntax } from '../../../src/x509/names/attribute-table.ts';
import { encodeDistinguishedName } from '../../../src/x509/names/distinguished-name.ts';
import { parseDistinguishedName } from '../../../src/x509/names/name-text.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';

const VALUES: Readonly<Partial<Record<AttributeSyntax, string>>> = {
  country: 'US',
  country3: 'USA',
  gender: 'F',
};

const valueOf = (syntax: AttributeSyntax, maximum: number): string =>
  VALUES[syntax] ?? '7'.repeat(Math.min(maximum, syntax === 'digits' ? 15 : 3));

/** Names of other programs (RFC 4519, RFC 4524, Java, Windows). */
const NOT_OPENSSL: ReadonlySet<string> = new Set(
  (
    'S E email T DNQ generation drink homePhone mobile pager co placeOfBirth gender countryOfCitizenship ' +
    'countryOfResidence'
  ).split(' '),
);

/** OpenSSL has a UTF8String for them, but their syntax is another one (X.520 §6, RFC 2985 §5.4.1, RFC 3739 §3.3.1). */
const OTHER_STRING_TYPE: ReadonlySet<string> = new Set(
  (
    'telephoneNumber x121Address internationaliSDNNumber destinationIndicator homeTelephoneNumber ' +
    'mobileTelephoneNumber pagerTelephoneNumber unstructuredName aRecord pilotAttributeType27 mXRecord ' +
    'nSRecord sOARecord cNAMERecord associatedDomain janetMailbox mail id-pda-gender ' +
    'id-pda-countryOfCitizenship id-pda-countryOfResidence OGRNIP'
  ).split(' '),
);

const subject = async (key: string | Buffer, text: string) => {
  const args = ['req', '-new', '-utf8', '-key', 'key.pem', '-subj', text, '-outform', 'DER'];
  const { stdout, stderr } = await openssl(args, { files: { 'key.pem': key } });
  return { der: stdout, stderr };
};

t.test('OpenSSL makes the same octets of each attribute', { skip: opensslMissing }, async (t) => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const [oid, name, syntax, maximum, ...others] of ATTRIBUTE_ROWS) {
    const texts = [name, ...others, oid]
      .filter((type) => !NOT_OPENSSL.has(type))
      .map((type) => `/${type}=${valueOf(syntax, maximum)}`);
    const [first = ''] = texts;
    const ours = encodeDistinguishedName(parseDistinguishedName(first));
    for (const text of texts) {
      t.same(encodeDistinguishedName(parseDistinguishedName(text)), ours, text);
      const { der, stderr } = await subject(key, text);
      t.ok(der.length > 0, `${text} ${stderr}`);
      if (!OTHER_STRING_TYPE.has(name)) t.ok(der.includes(Buffer.from(ours)), `${text} has our octets`);
    }
  }
});

/** Names of `openssl list -objects` below these arcs are types of attributes. */
const ATTRIBUTE_ARCS =
  /^(?:2\.5\.4|0\.9\.2342\.19200300\.100\.1|1\.2\.840\.113549\.1\.9|1\.3\.6\.1\.5\.5\.7\.9)\.\d+$/;
/** Attributes of messages and requests, not of names. */
const NO_NAMES: ReadonlySet<string> = new Set(
  (
    'countersignature extendedCertificateAttributes friendlyName localKeyID SMIME-CAPS extReq SMIME ' +
    'id-aa-CMSAlgorithmProtection'
  ).split(' '),
);

t.test(
  'every attribute type of OpenSSL is accepted or refused by its name',
  { skip: opensslMissing },
  async (t) => {
    const { stdout } = await openssl(['list', '-objects']);
    const known: ReadonlySet<string> = new Set(
      [...ATTRIBUTE_ROWS, ...NOT_TEXT].flatMap(([oid, name]) => [oid, name]),
    );
    let count = 0;
    for (const line of stdout.toString().split('\n')) {
      const [, name = '', oid = ''] = /^(\S+) = (?:.*, )?([\d.]+)$/.exec(line) ?? [];
      if (!ATTRIBUTE_ARCS.test(oid) || NO_NAMES.has(name)) continue;
      count += 1;
      t.ok(known.has(oid), `${name} ${oid}`);
    }
    t.ok(count > 100, `${count} types`);
  },
);

t.test('an unknown type is a UTF8String', async (t) => {
  const der = encodeDistinguishedName(parseDistinguishedName('/1.3.6.1.4.1.37244.1.1=DEDEDEDE00010001'));
  const value = Buffer.concat([Buffer.of(0x0c, 16), Buffer.from('DEDEDEDE00010001')]);
  t.ok(Buffer.from(checkDer(der)).includes(value));
});
