import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import * as der from '../../src/formats/der/writer.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { rfc9881, rfc9881Text } from './rfc9881.ts';

const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');

const FILES: Record<string, PemLabel> = {
  'ML-DSA-44.crt': 'CERTIFICATE',
  'ML-DSA-65.pub': 'PUBLIC KEY',
  'ML-DSA-65-seed.priv': 'PRIVATE KEY',
  'ML-DSA-87-both.priv': 'PRIVATE KEY',
};

t.test('base64 of PEM, PEM and base64 of DER are the same', async (t) => {
  for (const [file, label] of Object.entries(FILES)) {
    const pem = rfc9881Text(file);
    const forms: Record<string, string> = {
      'base64 of PEM': base64(pem),
      'base64 of PEM, in lines': base64(pem).replace(/.{76}/g, '$&\r\n'),
      'base64 of PEM after text that begins like DER': base64(`0 s:CN=x\n${pem}`),
      PEM: pem,
      'PEM with a mark': `\uFEFF${pem}`,
      'base64 of DER': base64(rfc9881(file)),
      'base64 of DER, in lines': `\n${base64(rfc9881(file)).replace(/.{64}/g, '$&\n')}\n`,
    };
    for (const [form, text] of Object.entries(forms))
      t.ok(same(readPemOrDer(text, label).der, rfc9881(file)), `${form} of ${file}`);
  }
});

t.test('text that is neither PEM nor base64 is refused', async (t) => {
  const seed = rfc9881('ML-DSA-44-seed.priv');
  const cases: [string, string, string, RegExp][] = [
    ['nothing', '', 'invalid-encoding', /neither PEM nor DER of a PRIVATE KEY/],
    ['words', 'private key', 'invalid-encoding', /cut off or wrongly padded/],
    [
      'a path',
      '/etc/ssl/key.pem',
      'invalid-encoding',
      /^The text \(PEM, or base64 of PEM or DER\) has an octet at 12 that is not base64/,
    ],
    ['base64 of words', base64('private key'), 'invalid-encoding', /neither PEM nor DER/],
    ['base64 of base64', base64(base64(seed)), 'invalid-encoding', /neither PEM nor DER/],
    ['base64url', base64(seed.fill(0xff, 22)).replaceAll('/', '_'), 'invalid-encoding', /base64url/],
    [
      'DER and more',
      base64(der.concat([rfc9881('ML-DSA-44-seed.priv'), new Uint8Array(1)])),
      'invalid-der',
      /octet 54: 1 octets follow/,
    ],
    [
      'PEM of octets that are not DER',
      '-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----',
      'invalid-der',
      /1 octets follow/,
    ],
    [
      'PEM without octets',
      '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----',
      'invalid-encoding',
      /neither PEM nor DER/,
    ],
  ];
  for (const [name, text, code, message] of cases)
    t.throws(() => readPemOrDer(text, 'PRIVATE KEY').der, { name: 'PkiError', code, message }, name);
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const encrypted = { cipher: 'aes-256-cbc', passphrase: 'x', type: 'pkcs8' } as const;

t.test('the error names the actual kind of the DER', async (t) => {
  const cases: [string, Uint8Array, RegExp, string?][] = [
    ['a certificate', rfc9881('ML-DSA-44.crt'), /^Expected PRIVATE KEY, got CERTIFICATE$/],
    ['a public key', rfc9881('ML-DSA-44.pub'), /got PUBLIC KEY$/],
    [
      'an RSA key of PKCS #1',
      rsa.export({ format: 'der', type: 'pkcs1' }),
      /got RSA PRIVATE KEY: .* PKCS #1 .* "openssl pkcs8 -topk8 -nocrypt/,
    ],
    [
      'an EC key of SEC 1',
      ec.export({ format: 'der', type: 'sec1' }),
      /got EC PRIVATE KEY: .* SEC 1 .* "openssl pkcs8 -topk8 -nocrypt/,
    ],
    [
      'an encrypted key',
      ec.export({ format: 'der', ...encrypted }),
      /^The private key is encrypted; .* "openssl pkcs8/,
      'encrypted-private-key',
    ],
  ];
  for (const [name, octets, message, code = 'invalid-encoding'] of cases)
    t.throws(() => readPemOrDer(base64(octets), 'PRIVATE KEY').der, { code, message }, name);
  const pem = ec.export({ format: 'pem', ...encrypted });
  t.throws(
    () => readPemOrDer(base64(pem), 'PRIVATE KEY').der,
    { code: 'encrypted-private-key' },
    'in PEM too',
  );
});

t.test('a private key is refused where another kind is expected, and is not shown', async (t) => {
  for (const expected of ['CERTIFICATE', 'CERTIFICATE REQUEST', 'PUBLIC KEY', 'X509 CRL'] as const)
    for (const text of [base64(rfc9881('ML-DSA-44-seed.priv')), rfc9881Text('ML-DSA-44-seed.priv')])
      t.throws(() => readPemOrDer(text, expected).der, {
        code: 'invalid-encoding',
        message: `Expected ${expected}, got PRIVATE KEY`,
      });
});

t.test('each kind of file that OpenSSL writes is identified', { skip: opensslMissing }, async (t) => {
  const key = rfc9881Text('ML-DSA-44-seed.priv');
  const files = {
    'key.pem': key,
    'cert.pem': rfc9881Text('ML-DSA-44.crt'),
    'ca.cnf': '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\n',
    index: '',
  };
  const commands: [string, PemLabel | undefined, string][] = [
    ['CERTIFICATE REQUEST', 'CERTIFICATE REQUEST', 'req -new -key key.pem -subj /CN=x -outform DER'],
    [
      'CERTIFICATE REQUEST',
      'CERTIFICATE REQUEST',
      'req -new -key key.pem -subj / -addext subjectAltName=DNS:x -outform DER',
    ],
    ['CERTIFICATE', 'CERTIFICATE', 'req -x509 -new -key key.pem -subj /CN=x -outform DER'],
    ['CERTIFICATE', 'CERTIFICATE', 'req -x509 -x509v1 -new -key key.pem -subj /CN=x -outform DER'],
    ['X509 CRL', 'X509 CRL', 'ca -gencrl -config ca.cnf -crldays 1 -keyfile key.pem -cert cert.pem'],
    ['PKCS7', undefined, 'crl2pkcs7 -nocrl -certfile cert.pem -outform DER'],
    ['PKCS #12 file', undefined, 'pkcs12 -export -nokeys -in cert.pem -passout pass:x'],
    ['RSA PUBLIC KEY', undefined, 'rsa -RSAPublicKey_out -outform DER'],
  ];
  for (const [label, own, command] of commands) {
    const input = rsa.export({ format: 'pem', type: 'pkcs8' });
    const { code, stdout, stderr } = await openssl(command.split(' '), { files, input });
    t.equal(code, 0, `${command} ${stderr}`);
    const text = command.startsWith('ca ') ? stdout.toString() : base64(stdout);
    if (own !== undefined) t.ok(readPemOrDer(text, own).der.length > 0, `${label} is identified`);
    t.throws(() => readPemOrDer(text, 'PRIVATE KEY').der, {
      message: new RegExp(`^Expected PRIVATE KEY, got ${label}(?:$|:)`),
    });
  }
});
