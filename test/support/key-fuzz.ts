/** Private keys in every form that deviate in any way, and what the readers make of them. */

import { PkiError } from '../../src/base/errors.ts';
import type { Domain } from '../../src/domain.ts';
import { readKeyFile } from '../../src/formats/private-keys/key-file.ts';
import { createReading } from '../../src/formats/reading.ts';
import { FILE_FORMS, writeKeyFile } from '../../src/keys/key-file.ts';
import { hasKeyFormats, KEY_FORMATS } from '../../src/keys/key.ts';
import { readCertificateBundle } from '../../src/formats/certificate-bundle.ts';
import { mutate, seeded, type Random } from './mutated-der.ts';
import { openssl, opensslMissing } from './openssl.ts';

export interface KeyFuzzResult {
  readonly read: number;
  readonly refused: number;
  /** The longest processor time in one turn of the event loop, in milliseconds. */
  readonly longestHold: number;
  /** Errors that are no PkiError, each with its input. */
  readonly faults: readonly string[];
}

interface Seed {
  readonly octets: Uint8Array;
  readonly isDer: boolean;
}

export const PASSWORD = Buffer.from('a');
const ALGORITHMS = [
  'ml-dsa-44',
  'ecdsa-p256',
  'rsa-2048',
  'ed25519',
  'slh-dsa-sha2-128f',
  'ml-kem-512',
] as const;

/** Files of every form. Those with a password have few iterations, so OpenSSL writes them. */
async function seedsOf({ keys }: Domain): Promise<readonly Seed[]> {
  const seeds: Seed[] = [];
  for (const algorithm of ALGORITHMS) {
    const key = await keys.generatePair(algorithm);
    for (const form of FILE_FORMS)
      for (const keyFormat of hasKeyFormats(key.publicKey.family) ? KEY_FORMATS : [undefined])
        for (const encoding of [undefined, 'der'] as const)
          await writeKeyFile(key, { form, keyFormat, encoding }).then(
            (file) => seeds.push({ octets: new Uint8Array(file.octets), isDer: file.encoding === 'der' }),
            () => undefined,
          );
    seeds.push(...(await encryptedSeeds(await key.exportPkcs8())));
  }
  return seeds;
}

const ENCRYPTIONS = [
  'pkcs8 -topk8 -inform DER -in key -passout pass:a -outform DER -iter 1',
  'pkcs8 -topk8 -inform DER -in key -passout pass:a -outform DER -v1 PBE-SHA1-3DES -iter 1',
  'pkcs12 -export -nocerts -inkey key -passout pass:a -iter 1 -nomac',
  'pkcs12 -export -nocerts -inkey key -passout pass:a -iter 1 -keypbe NONE -nomac',
  'pkcs12 -export -nocerts -inkey key -passout pass:a -iter 1 -nomaciter',
  'pkcs12 -export -nocerts -inkey key -passout pass:a -iter 1 -pbmac1_pbkdf2',
];

async function encryptedSeeds(key: Uint8Array): Promise<readonly Seed[]> {
  if (opensslMissing !== false) return [];
  const made = await Promise.all(ENCRYPTIONS.map((words) => openssl(words.split(' '), { files: { key } })));
  return made
    .filter(({ code }) => code === 0)
    .map(({ stdout }) => ({
      octets: new Uint8Array(stdout),
      isDer: true,
    }));
}

/** Changes, removes or repeats octets anywhere. */
function changed(octets: Uint8Array, random: Random): Uint8Array {
  const copy = Buffer.from(octets);
  const at = random(copy.length);
  switch (random(4)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(random(copy.length))]);
    case 2:
      return Buffer.concat([copy.subarray(0, at), Buffer.alloc(random(40), random(256)), copy.subarray(at)]);
    default:
      copy[at] = random(256);
      return copy;
  }
}

const textOf = ({ octets, isDer }: Seed, random: Random): Buffer => {
  const mutated = isDer && random(4) > 0 ? mutate(octets, random) : changed(octets, random);
  const text = isDer ? Buffer.from(Buffer.from(mutated).toString('base64')) : Buffer.from(mutated);
  return random(8) === 0 ? Buffer.from(changed(text, random)) : text;
};

export async function fuzzKeys(domain: Domain, count: number, seed: number): Promise<KeyFuzzResult> {
  const seeds = await seedsOf(domain);
  const random = seeded(seed);
  const faults: string[] = [];
  let read = 0;
  const hold = watchEventLoop();
  for (let i = 0; i < count; i += 1) {
    const text = textOf(seeds[i % seeds.length] ?? { octets: PASSWORD, isDer: false }, random);
    const reading = createReading({ isStrict: random(4) === 0 });
    hold.begin();
    await readKey(domain, text, reading, i % IMPORTED === 0).then(
      () => (read += 1),
      (error: unknown) => {
        if (!(error instanceof PkiError)) faults.push(`${String(error)}: ${text.toString('base64')}`);
      },
    );
    hold.end();
    certificatesOf(text, faults);
  }
  return { read, refused: count - read, longestHold: hold.longest(), faults };
}

/** The import takes ten times as long as the readers, and has tests of its own. */
const IMPORTED = 19;

async function readKey(
  { keys }: Domain,
  text: Buffer,
  reading: ReturnType<typeof createReading>,
  isImported: boolean,
): Promise<void> {
  const { pkcs8 } = await readKeyFile(text, { password: PASSWORD, algorithm: 'ml-dsa-44' }, reading);
  if (isImported) (await keys.importPair(pkcs8, reading)).destroy();
}

/** The same text as certificates, which a caller can confuse with a key. */
function certificatesOf(text: Buffer, faults: string[]): void {
  try {
    readCertificateBundle(text.toString());
  } catch (error) {
    if (!(error instanceof PkiError)) faults.push(`${String(error)}: ${text.toString('base64')}`);
  }
}

/** Measures the processor time of this thread between two turns of the event loop, while something runs. */
function watchEventLoop() {
  let longest = 0;
  let since = 0;
  let timer: NodeJS.Immediate | undefined;
  const used = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  const turn = (): void => {
    const now = used();
    longest = Math.max(longest, now - since);
    since = now;
    timer = setImmediate(turn);
  };
  return {
    begin: () => {
      since = used();
      timer = setImmediate(turn);
    },
    end: () => {
      longest = Math.max(longest, used() - since);
      clearImmediate(timer);
    },
    longest: () => longest,
  };
}
