/** OpenSSL 3.5 reads every private and public key that we encode, and we decode every key that it writes. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import t from 'tap';
import { checkDer } from '../../src/formats/der/strict.ts';
import { CLASSICAL_NAMES } from '../../src/algorithms/classical.ts';
import { createCryptography } from '../../src/algorithms/cryptography.ts';
import {
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { KEY_FORMATS } from '../../src/keys/key.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { same } from '../algorithms/ml-dsa/octets.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';

const keys = createKeys(await createCryptography({ engine: 'auto' }));
t.teardown(() => keys.close());
const skip = { skip: opensslMissing };

/** Returns the output of OpenSSL for the arguments in `command`, in a directory with `files`. */
async function run(command: string, files: Record<string, Uint8Array | string> = {}): Promise<Uint8Array> {
  const { code, stdout, stderr } = await openssl(command.split(' '), { files });
  if (code !== 0) throw new Error(`openssl ${command}: ${stderr}`);
  return new Uint8Array(stdout);
}

/** Returns the SubjectPublicKeyInfo that OpenSSL computes from a private key. */
const publicKeyOf = (key: Uint8Array, form = 'DER'): Promise<Uint8Array> =>
  run(`pkey -in key -inform ${form} -pubout -outform DER`, { key });

t.test('OpenSSL reads our ML-DSA keys in every form', skip, async (t) => {
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    const key = await keys.generate(parameterSet);
    for (const format of KEY_FORMATS) {
      const pkcs8 = await key.exportPkcs8(format);
      t.ok(same(await publicKeyOf(pkcs8), key.publicKey.spki), `${parameterSet} as ${format}`);
    }
    const pem = encodePem('PRIVATE KEY', await key.exportPkcs8());
    t.ok(same(await publicKeyOf(pem, 'PEM'), key.publicKey.spki), 'and in PEM');
    const copy = await run('pkey -pubin -in key -pubout -outform DER', {
      key: encodePem('PUBLIC KEY', key.publicKey.spki),
    });
    t.ok(same(copy, key.publicKey.spki), `public key of ${parameterSet}`);
  }
});

t.test('OpenSSL reads our classical keys', skip, async (t) => {
  for (const name of CLASSICAL_NAMES) {
    const key = await keys.generate(name);
    const pkcs8 = await key.exportPkcs8();
    t.ok(same(await publicKeyOf(pkcs8), key.publicKey.spki), name);
  }
});

const generateMlDsa = (parameterSet: MlDsaParameterSetName, form: string): Promise<Uint8Array> =>
  run(`genpkey -algorithm ${parameterSet} -provparam ml-dsa.output_formats=${form} -outform DER`);

t.test('we decode ML-DSA keys of OpenSSL in the forms of RFC 9881', skip, async (t) => {
  const forms = { 'seed-only': 'seed', 'priv-only': 'expanded', 'seed-priv': 'both' } as const;
  for (const parameterSet of ML_DSA_PARAMETER_SETS) {
    for (const [form, format] of Object.entries(forms)) {
      const pkcs8 = await generateMlDsa(parameterSet, form);
      const key = await keys.importPrivateKey(checkDer(pkcs8));
      t.ok(
        same(await key.exportPkcs8(format), pkcs8),
        `${form} of ${parameterSet} is encoded to the same octets`,
      );
    }
    const pem = await run(`genpkey -algorithm ${parameterSet}`);
    const pkcs8 = readPemOrDer(Buffer.from(pem).toString(), 'PRIVATE KEY').der;
    const { publicKey } = await keys.importPrivateKey(pkcs8);
    t.ok(
      same(publicKey.spki, await publicKeyOf(pkcs8)),
      'the default output of OpenSSL has the same public key',
    );
  }
});

t.test('we refuse forms of OpenSSL that RFC 9881 does not define', skip, async (t) => {
  const forms = {
    'bare-seed': /contains raw octets/,
    'bare-priv': /contains raw octets/,
    oqskeypair: /is followed by the public key/,
  };
  for (const [form, message] of Object.entries(forms)) {
    const pkcs8 = await generateMlDsa('ml-dsa-44', form);
    await t.rejects(keys.importPrivateKey(checkDer(pkcs8)), { code: 'invalid-private-key', message }, form);
  }
});

t.test('we decode classical keys of OpenSSL', skip, async (t) => {
  const commands: Record<string, string> = {
    'rsa-2048': '-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3',
    'ecdsa-p256': '-algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    'ecdsa-p384': '-algorithm EC -pkeyopt ec_paramgen_curve:P-384',
    'ecdsa-p521': '-algorithm EC -pkeyopt ec_paramgen_curve:P-521',
    ed25519: '-algorithm ED25519',
  };
  for (const [name, options] of Object.entries(commands)) {
    const pem = await run(`genpkey ${options}`);
    const pkcs8 = readPemOrDer(Buffer.from(pem).toString(), 'PRIVATE KEY').der;
    const spki = await publicKeyOf(pkcs8);
    const key = await keys.importPrivateKey(pkcs8);
    t.equal(key.publicKey.algorithm, name);
    t.strictSame(readPublicKey(checkDer(spki)), key.publicKey, `${name}, public and private`);
  }
});

t.test('the commands in our error messages convert a key to one that we accept', skip, async (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const old: [KeyObject, 'pkcs1' | 'sec1', RegExp][] = [
    [rsa, 'pkcs1', /"openssl pkcs8 -topk8 -nocrypt -in key.pem"/],
    [ec, 'sec1', /"openssl pkcs8 -topk8 -nocrypt -in key.pem"/],
  ];
  for (const [key, type, message] of old) {
    const pem = key.export({ format: 'pem', type }).toString();
    t.throws(() => readPemOrDer(pem, 'PRIVATE KEY').der, { message });
    const converted = await run('pkcs8 -topk8 -nocrypt -in key.pem', { 'key.pem': pem });
    await t.resolves(
      keys.importPrivateKey(readPemOrDer(Buffer.from(converted).toString(), 'PRIVATE KEY').der),
      type,
    );
  }
});
