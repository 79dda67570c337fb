/**
 * What `openssl x509 -text` prints of a certificate, our description shows too. Left out, because the certificate itself is
 * at hand: the octets of keys and signatures (sizes and fingerprints are shown). An extension of an unknown type is shown in
 * hexadecimal, which OpenSSL prints as text with dots.
 */

import { existsSync, readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { describeAlgorithm, describeSubjectPublicKeyInfo } from '../../src/formats/describe-algorithm.ts';
import { expectKind } from '../../src/formats/identify.ts';
import { decodePemBlocks } from '../../src/formats/pem.ts';
import { readCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { describeExtension } from '../../src/x509/extensions/describe-extension.ts';
import { formatSerialNumber } from '../../src/x509/serial-number.ts';
import { CONFIGURATION } from './openssl-extensions.ts';
import { rfc9881Text } from '../formats/rfc9881.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/** Words of OpenSSL, and ours; both without white space and in lower case. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^certificatesign$/, 'keycertsign'],
  [/^tlswebserverauthentication$/, 'serverauth'],
  [/^tlswebclientauthentication$/, 'clientauth'],
  [/^e-mailprotection$/, 'emailprotection'],
  [/^policy:x509v3anypolicy$/, 'anypolicy'],
  [/^policy:/, ''],
  [/^keyid:/, ''],
  [/^s\/mime/, 'smime'],
  [/^smimeclient$/, 'smime'],
  [/^ipaddress:2001:db8:0:0:0:0:0:1$/, 'ip:2001:db8::1'],
  [/^ipaddress:/, 'ip:'],
  [/^registeredid:/, 'rid:'],
  [/^dirname:(?=[^/])/, 'dirname:/'],
  [/^cn=/, '/cn='],
  [/^othername:([\d.]+):/, 'othername:$1;utf8:'],
  [/^(ocsp|caissuers|carepository)-/, '$1'],
  [/^version:1\(0x0\)$/, 'version:1'],
  [/^undefined\((.*)\)$/, '$1'],
  [/^id-pda-gender:$/, 'gender:'],
];

const HEADINGS = new Set([
  'Full Name:',
  'Relative Name:',
  'Reasons:',
  'CRL Issuer:',
  'Permitted:',
  'Excluded:',
  'IPv4:',
  'IPv4 (Unicast):',
  'IPv6:',
  'Autonomous System Numbers:',
  'Routing Domain Identifiers:',
  'Entry 1:',
  'Profession Info Entry 1:',
  'Info Entries:',
  'Profession OIDs:',
  'NULL',
]);

/** We read these; OpenSSL 3.5 prints their octets. */
const DUMPED_BY_OPENSSL = new Set([
  'msCertificateTemplateName',
  'msCertificateTemplate',
  'msApplicationPolicies',
  'msCaVersion',
  'setHashedRootKey',
  'entrustVersInfo',
]);

const squash = (text: string): string => text.replaceAll(/\s/g, '').toLowerCase();

const iso = (time: string): string => new Date(time).toISOString().replace('.000', '');

/** The facts in one line of an extension, in our words. */
function factsOf(line: string): string[] {
  if (HEADINGS.has(line)) return [];
  const period = /^Not Before: (.*), Not After: (.*)$/.exec(line);
  if (period !== null)
    return [`notbefore${iso(period[1] ?? '')}`, `notafter${iso(period[2] ?? '')}`].map(squash);
  if (/^\w{3} +\d+ [\d:]{8} \d{4} GMT$/.test(line)) return [squash(iso(line))];
  if (line.startsWith('serial:')) return [`serialnumber${squash(line.slice(7)).replaceAll(':', '')}`];
  return line
    .split(/, (?=\S)/)
    .map((fact) => WORDS.reduce((text, [from, to]) => text.replace(from, to), squash(fact)));
}

interface Printed {
  /** Lines before the extensions. */
  readonly fields: readonly string[];
  readonly extensions: readonly { readonly critical: boolean; readonly lines: readonly string[] }[];
}

const EXTENSION_INDENT = ' '.repeat(12);

function parse(text: string): Printed {
  const [fields = '', rest = ''] = text.split('        X509v3 extensions:\n');
  const [block = ''] = rest.split(/^ {4}Signature Algorithm:/m);
  const extensions: { critical: boolean; lines: string[] }[] = [];
  for (const line of block.split('\n').filter((each) => each.trim() !== '')) {
    const isTitle = line.startsWith(EXTENSION_INDENT) && line[EXTENSION_INDENT.length] !== ' ';
    if (isTitle) extensions.push({ critical: /: critical\s*$/.test(line), lines: [] });
    else extensions.at(-1)?.lines.push(line.trim());
  }
  return { fields: fields.split('\n').map((line) => line.trim()), extensions };
}

async function print(pem: string): Promise<Printed[]> {
  const { stdout } = await openssl(['storeutl', '-noout', '-text', '-certs', 'all.pem'], {
    files: { 'all.pem': pem },
  });
  return stdout
    .toString()
    .split(/^Certificate:$/m)
    .slice(1)
    .map(parse);
}

/** The fields are compared by what their names announce; the names of issuer and subject have tests of their own. */
function expectFields(t: Test, { fields }: Printed, certificate: Certificate): void {
  const valueOf = (name: string): string | undefined =>
    fields
      .find((line) => line.startsWith(name))
      ?.slice(name.length)
      .trim();
  const signature = describeAlgorithm(certificate.signatureAlgorithm);
  const key = describeSubjectPublicKeyInfo(certificate.subjectPublicKeyInfo);
  const isNamed = (printed: string | undefined, name: string): boolean =>
    squash(printed ?? '').replace('rsassapss', 'rsassa-pss') === squash(name);
  t.match(valueOf('Version: '), new RegExp(`^${certificate.version} `));
  const serial =
    /\((-?)0x([0-9a-f]+)\)/.exec(valueOf('Serial Number:') ?? '')?.[2] ??
    fields[fields.indexOf('Serial Number:') + 1];
  t.equal(
    squash(serial ?? '')
      .replaceAll(':', '')
      .padStart(2, '0')
      .toUpperCase()
      .replace(/^.(..)*$/, '0$&'),
    formatSerialNumber(certificate.serialNumber),
  );
  t.ok(isNamed(valueOf('Signature Algorithm:'), signature.name), signature.name);
  t.equal(iso(valueOf('Not Before:') ?? ''), iso(certificate.validity.notBefore.toISOString()));
  t.equal(iso(valueOf('Not After :') ?? ''), iso(certificate.validity.notAfter.toISOString()));
  t.ok(isNamed(valueOf('Public Key Algorithm:'), key.algorithm.name), key.algorithm.name);
  const bits = /\((\d+) bit\)/.exec(valueOf('Public-Key:') ?? '')?.[1];
  if (bits !== undefined) t.equal(String(key.bits), bits);
  const exponent = /^\d+/.exec(valueOf('Exponent:') ?? '')?.[0];
  t.equal(key.publicExponent, exponent);
  const curve = valueOf('NIST CURVE:') ?? valueOf('ASN1 OID:');
  t.equal(key.curve, curve);
  const hash = valueOf('Hash Algorithm:');
  if (hash === undefined) return;
  const salt = Number(/0x[0-9A-F]+/.exec(valueOf('Salt Length:') ?? '')?.[0]);
  t.same(signature.parameters, [
    `hash ${hash}`,
    `mask ${valueOf('Mask Algorithm:')?.replace('mgf1', 'MGF1')}`,
    `salt length ${salt}`,
  ]);
}

function expectExtensions(t: Test, { extensions }: Printed, certificate: Certificate): void {
  t.equal(certificate.extensions.length, extensions.length);
  for (const [index, extension] of certificate.extensions.entries()) {
    const { critical, lines } = extensions[index] ?? { critical: undefined, lines: [] };
    const { name, oid, value } = describeExtension(extension);
    t.equal(critical, extension.critical);
    if (DUMPED_BY_OPENSSL.has(name)) continue;
    if (name === oid) {
      t.match(value[0], /^[0-9A-F]{2}(?::[0-9A-F]{2})*$/, 'an unknown extension is shown in hexadecimal');
      continue;
    }
    const shown = squash(value.join('\n')).replaceAll(':///', '://');
    for (const fact of lines.flatMap(factsOf)) t.ok(shown.includes(fact), `${name}: ${fact}`);
  }
}

async function expectShown(t: Test, pem: string): Promise<void> {
  const printed = await print(pem);
  const certificates = decodePemBlocks(Buffer.from(pem), ['CERTIFICATE']).map((block) =>
    readCertificate(expectKind(block, 'CERTIFICATE')),
  );
  t.equal(printed.length, certificates.length);
  for (const [index, certificate] of certificates.entries()) {
    const text = printed[index];
    if (text === undefined) continue;
    expectFields(t, text, certificate);
    expectExtensions(t, text, certificate);
  }
}

const skip = { skip: opensslMissing };

t.test('nothing that OpenSSL prints of the roots of the system is missing', skip, async (t) => {
  if (!existsSync(SYSTEM_ROOTS)) return t.comment('the system has no roots');
  await expectShown(t, readFileSync(SYSTEM_ROOTS, 'utf8'));
});

const KEYS = [
  'rsa-pss -pkeyopt rsa_keygen_bits:2048 -sigopt rsa_pss_saltlen:20',
  'rsa:2048 -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:48',
  'ec -pkeyopt ec_paramgen_curve:P-521',
  'ec -pkeyopt ec_paramgen_curve:brainpoolP384r1',
  'ed448',
  'slh-dsa-sha2-128f',
];

t.test('nothing that OpenSSL prints of what it makes itself is missing', skip, async (t) => {
  for (const key of KEYS) {
    const words = `req -x509 -newkey ${key} -nodes -keyout key -subj /CN=x -config configuration -extensions ext`;
    const { stdout, stderr } = await openssl(words.split(' '), { files: { configuration: CONFIGURATION } });
    t.ok(stdout.length > 0, stderr);
    await expectShown(t, stdout.toString());
  }
});

t.test('nothing that OpenSSL prints of the certificates of RFC 9881 is missing', skip, async (t) => {
  await expectShown(t, [44, 65, 87].map((set) => rfc9881Text(`ML-DSA-${set}.crt`)).join('\n'));
});
