/** Files that OpenSSL writes, for the tests of what identifies them. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import type { PartType } from '../../src/identify/part-types.ts';
import { opensslProgram } from './openssl.ts';

export interface Made {
  readonly content: Buffer;
  readonly type: PartType;
}

const CONFIGURATION = `[ca]
default_ca = d
[d]
database = index
crlnumber = number
default_md = default
default_crl_days = 30
`;

/** A row of the database of `openssl ca`: revoked, with a reason. */
const REVOKED = 'R\t351125000000Z\t251125000000Z,keyCompromise\t01\tunknown\t/CN=x\n';

/** One command a file: its words, and the type of the file that it writes. */
const COMMANDS: readonly (readonly [file: string, type: PartType, words: string])[] = [
  ['ml-dsa.key', 'private-key', 'genpkey -algorithm ML-DSA-65 -out ml-dsa.key'],
  ['seed.key', 'private-key', 'pkey -in ml-dsa.key -provparam ml-dsa.output_formats=seed-only -out seed.key'],
  ['ml-dsa.crt', 'certificate', 'req -x509 -new -key ml-dsa.key -subj /CN=ml-dsa -days 30 -out ml-dsa.crt'],
  ['ml-dsa.csr', 'certificate-request', 'req -new -key ml-dsa.key -subj /CN=ml-dsa -out ml-dsa.csr'],
  [
    'ml-dsa.crl',
    'crl',
    'ca -config configuration -gencrl -keyfile ml-dsa.key -cert ml-dsa.crt -out ml-dsa.crl',
  ],
  ['rsa.key', 'private-key', 'genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key'],
  ['rsa.pub', 'public-key', 'pkey -in rsa.key -pubout -out rsa.pub'],
  ['rsa-pkcs1.pub', 'public-key-pkcs1', 'rsa -in rsa.key -RSAPublicKey_out -out rsa-pkcs1.pub'],
  ['pkcs1.key', 'private-key-pkcs1', 'rsa -in rsa.key -traditional -out pkcs1.key'],
  [
    'old-pem.key',
    'encrypted-pem-key',
    'rsa -in rsa.key -traditional -aes128 -passout pass:x -out old-pem.key',
  ],
  ['rsa.crt', 'certificate', 'req -x509 -new -key rsa.key -subj /CN=rsa -days 30 -out rsa.crt'],
  ['trusted.crt', 'certificate', 'x509 -in rsa.crt -trustout -addtrust serverAuth -out trusted.crt'],
  ['sec1.key', 'key-parameters', 'ecparam -name prime256v1 -genkey -out sec1.key'],
  ['ed25519.key', 'private-key', 'genpkey -algorithm ed25519 -out ed25519.key'],
  ['pbkdf2.key', 'encrypted-private-key', 'pkcs8 -topk8 -in rsa.key -passout pass:x -out pbkdf2.key'],
  ['scrypt.key', 'encrypted-private-key', 'pkcs8 -topk8 -scrypt -in rsa.key -passout pass:x -out scrypt.key'],
  ['rsa.p12', 'pkcs12', 'pkcs12 -export -in rsa.crt -inkey rsa.key -passout pass:x -out rsa.p12'],
  [
    'open.p12',
    'pkcs12',
    'pkcs12 -export -in rsa.crt -inkey rsa.key -passout pass:x -keypbe NONE -certpbe NONE -out open.p12',
  ],
  [
    'pbmac1.p12',
    'pkcs12',
    'pkcs12 -export -in rsa.crt -inkey rsa.key -passout pass:x -pbmac1_pbkdf2 -out pbmac1.p12',
  ],
  ['rsa.p7b', 'pkcs7', 'crl2pkcs7 -nocrl -certfile rsa.crt -out rsa.p7b'],
  [
    'signed.p7s',
    'pkcs7',
    'cms -sign -in configuration -signer rsa.crt -inkey rsa.key -outform DER -out signed.p7s',
  ],
  [
    'rsa.ocsp-request',
    'ocsp-request',
    'ocsp -issuer rsa.crt -cert rsa.crt -no_nonce -reqout rsa.ocsp-request',
  ],
  [
    'rsa.ocsp-response',
    'ocsp-response',
    'ocsp -index valid -rsigner rsa.crt -rkey rsa.key -CA rsa.crt -reqin rsa.ocsp-request -respout rsa.ocsp-response',
  ],
  ['query.tsq', 'timestamp-request', 'ts -query -data configuration -sha256 -out query.tsq'],
  ['dh.pem', 'key-parameters', 'dhparam -out dh.pem -dsaparam 512'],
];

/** By file name. Throws for a command that fails. */
export async function madeByOpenssl(): Promise<Record<string, Made>> {
  const folder = await mkdtemp(join(tmpdir(), 'identified-'));
  try {
    await writeFile(join(folder, 'configuration'), CONFIGURATION);
    await writeFile(join(folder, 'index'), REVOKED);
    await writeFile(join(folder, 'number'), '01\n');
    const made: Record<string, Made> = {};
    for (const [file, type, words] of COMMANDS) {
      if (file === 'rsa.ocsp-response') await writeValid(folder);
      const { status, stderr } = spawnSync(opensslProgram, words.split(' '), {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${words}: ${stderr}`);
      made[file] = { content: await readFile(join(folder, file)), type };
    }
    return made;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A row that says that the certificate of `rsa.crt` is valid, so that the responder of OpenSSL knows it. */
async function writeValid(folder: string): Promise<void> {
  const { stdout } = spawnSync(opensslProgram, 'x509 -in rsa.crt -noout -serial'.split(' '), {
    cwd: folder,
    encoding: 'utf8',
  });
  await writeFile(
    join(folder, 'valid'),
    `V\t351125000000Z\t\t${stdout.trim().split('=')[1]}\tunknown\t/CN=rsa\n`,
  );
}
