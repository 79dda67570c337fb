/** Clients of the old service, and checks of the files that they write. */

import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { findProgram, isExecutable } from '../../scripts/find-program.ts';
import { runProgram } from './children.ts';
import { openssl } from './openssl.ts';
import { ROOT } from './process.ts';
import { curlMissing, jqMissing, missingProgram } from './services.ts';

type Files = Record<string, Buffer>;

/** Runs a client in an empty folder. Returns the files that it wrote. */
async function runClient(
  t: Test,
  { program, script }: Client,
  url: string,
  env: Environment,
): Promise<Files> {
  const folder = t.testdir();
  const { code, stderr } = await runProgram(t, program, [join(ROOT, 'test/compat', script)], {
    cwd: folder,
    env: { ...process.env, ...env, API_URL: url },
  });
  t.equal(stderr, '');
  t.equal(code, 0, 'the client finds what it expects');
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

const CERTIFICATES = [
  'plain',
  'certificate',
  'ca',
  'rsa-ml-dsa',
  'rsa-classical',
  'ecdsa-ml-dsa',
  'ecdsa-classical',
];
const KEYS = [
  'keys',
  'certificate',
  'request',
  'rsa-ml-dsa',
  'rsa-classical',
  'ecdsa-ml-dsa',
  'ecdsa-classical',
];

async function judge(t: Test, files: Files): Promise<void> {
  for (const name of CERTIFICATES) {
    const verified = await openssl(['verify', '-x509_strict', '-CAfile', `${name}.crt`, `${name}.crt`], {
      files,
    });
    t.equal(verified.code, 0, `${name}.crt verifies`);
  }
  for (const name of KEYS) {
    t.equal(
      (await openssl(['pkey', '-in', `${name}.key`, '-check', '-noout'], { files })).code,
      0,
      `${name}.key`,
    );
    const derived = await openssl(['pkey', '-in', `${name}.key`, '-pubout'], { files });
    t.equal(
      derived.stdout.toString(),
      files[`${name}.pub`]?.toString(),
      `${name}.pub belongs to ${name}.key`,
    );
  }
  for (const name of CERTIFICATES.filter((name) => KEYS.includes(name))) {
    const certified = await openssl(['x509', '-in', `${name}.crt`, '-pubkey', '-noout'], { files });
    t.equal(
      certified.stdout.toString(),
      files[`${name}.pub`]?.toString(),
      `${name}.crt is a certificate for ${name}.key`,
    );
  }
}

async function judgeContents(t: Test, files: Files): Promise<void> {
  const print = async (...args: string[]) =>
    (await openssl([...args, '-noout', '-text'], { files })).stdout.toString();
  const certificate = await print('x509', '-in', 'certificate.crt');
  t.match(certificate, /Subject: CN ?= ?example\.com, O ?= ?Example Org, C ?= ?US/);
  t.match(certificate, /ML-DSA-44/);
  t.match(certificate, /DNS:www\.example\.com, DNS:example\.com/);
  t.match(certificate, /CA:FALSE/);
  t.match(await print('x509', '-in', 'ca.crt'), /CA:TRUE/);
  t.match(await print('x509', '-in', 'rsa-classical.crt'), /Public-Key: \(3072 bit\)/);
  t.match(await print('x509', '-in', 'ecdsa-classical.crt'), /prime256v1/);
  const request = await openssl(['req', '-in', 'request.csr', '-verify', '-noout', '-text'], { files });
  t.equal(request.code, 0, 'the CSR is signed with its own key');
  t.match(request.stdout.toString(), /DNS:www\.example\.com, DNS:example\.com/);
  t.match(
    (await openssl(['pkey', '-in', 'keys.key', '-noout', '-text'], { files })).stdout.toString(),
    /ML-DSA-87/,
  );
}

const importsRequests = (python: string): boolean =>
  isExecutable(python) && spawnSync(python, ['-c', 'import requests']).status === 0;

/** A Python with `requests`. The first Python on the PATH may not have it, while that of the system does. */
const python = [findProgram('python3') ?? '', '/usr/bin/python3'].find(importsRequests);
const pythonMissing = missingProgram(python, 'a python3 with requests');

export const CLIENTS = [
  { name: 'shell', program: '/bin/sh', script: 'client.sh', skip: curlMissing || jqMissing },
  { name: 'Python', program: python ?? '', script: 'client.py', skip: pythonMissing },
  { name: 'JavaScript', program: process.execPath, script: 'client.js', skip: false },
] as const;

export type Client = (typeof CLIENTS)[number];
type Environment = Readonly<Record<string, string>>;

/** Runs a client against `url`, and checks its files with OpenSSL. `env`: other variables for its program. */
export async function callContract(
  t: Test,
  client: Client,
  url: string,
  env: Environment = {},
): Promise<void> {
  const files = await runClient(t, client, url, env);
  await judge(t, files);
  await judgeContents(t, files);
}
