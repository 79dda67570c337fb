/** Puts a certificate, its chain and its private key into the files that a program reads. */

import { PkiError } from '../base/errors.ts';
import { concat } from '../formats/der/writer.ts';
import type { MacName } from '../formats/pkcs12/mac.ts';
import { writePkcs12 } from '../formats/pkcs12/write-pkcs12.ts';
import { encodePem } from '../formats/pem.ts';
import type { Reading } from '../formats/reading.ts';
import { encodeCertificatesOnly } from '../formats/signed-data.ts';
import { writeZip } from '../formats/zip.ts';
import { checkKeyFormat, exportPreferred } from '../keys/export-preferred.ts';
import type { KeyFormat, PrivateKey } from '../keys/key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { orderCertificates } from './certificate-order.ts';
import type { IssuanceContext } from './issuance-context.ts';

export const BUNDLE_FORMATS = ['pkcs12', 'pkcs7', 'pem-chain', 'nginx', 'haproxy', 'zip'] as const;
export type BundleFormat = (typeof BUNDLE_FORMATS)[number];

export interface BundleInput {
  readonly format: BundleFormat;
  /** Whether the files of `format` are put into one archive. */
  readonly isArchive?: boolean;
  /** Reads what the caller gave. The key is destroyed here. Throws PkiError. */
  readonly content: () => Promise<BundleContent>;
  readonly choice: BundleChoice;
}

export interface BundleContent {
  readonly certificates: readonly Certificate[];
  readonly chain: readonly Certificate[];
  readonly key: PrivateKey | undefined;
  readonly reading: Reading;
}

export interface BundleChoice {
  /** Of PKCS #7; PEM unless given. */
  readonly encoding?: 'pem' | 'der' | undefined;
  /** Of an ML-DSA key: the seed unless given. */
  readonly keyFormat?: KeyFormat | undefined;
  /** UTF-8; of PKCS #12. */
  readonly password?: Uint8Array | undefined;
  readonly mac?: MacName | undefined;
  readonly friendlyName?: string | undefined;
}

export interface BundleFile {
  readonly name: string;
  readonly type: string;
  /** The caller zeroes it. */
  readonly octets: Uint8Array;
}

export interface Bundle {
  readonly file: BundleFile;
  /** A second file, for programs that read the key from one of its own. */
  readonly keyFile: BundleFile | undefined;
  /** In the order of the bundle. */
  readonly certificates: readonly [Certificate, ...Certificate[]];
}

type Ordered = Bundle['certificates'];

/** Throws PkiError. */
export async function makeSingleBundle(
  { keys, clock }: IssuanceContext,
  input: BundleInput,
): Promise<Bundle> {
  const { key, ...content } = await input.content();
  try {
    checkChoice(input.format, key, input.choice);
    const certificates = await orderCertificates(keys, { ...content, publicKey: key?.publicKey });
    const pkcs8 = key && (await exported(key, input.choice));
    try {
      return { certificates, ...(await filesOf({ ...input, certificates, pkcs8, now: clock() })) };
    } finally {
      pkcs8?.fill(0);
    }
  } finally {
    key?.destroy();
  }
}

/** A key without a seed is expanded unless the caller requires the seed. */
const exported = async (key: PrivateKey, { keyFormat }: BundleChoice): Promise<Uint8Array> =>
  keyFormat === undefined ? (await exportPreferred(key)).pkcs8 : key.exportPkcs8(keyFormat);

const NEEDS_KEY: ReadonlySet<BundleFormat> = new Set<BundleFormat>(['nginx', 'haproxy']);
const HAS_NO_KEY: ReadonlySet<BundleFormat> = new Set<BundleFormat>(['pkcs7', 'pem-chain']);

const ONLY_WITH: readonly (readonly [member: keyof BundleChoice, path: string, format: BundleFormat])[] = [
  ['password', 'newPassword', 'pkcs12'],
  ['mac', 'mac', 'pkcs12'],
  ['friendlyName', 'friendlyName', 'pkcs12'],
  ['encoding', 'encoding', 'pkcs7'],
];

function checkChoice(format: BundleFormat, key: PrivateKey | undefined, choice: BundleChoice): void {
  if (key !== undefined) checkKeyFormat(key, choice.keyFormat);
  if (key === undefined && NEEDS_KEY.has(format))
    throw invalid('key', `A bundle for ${format} needs the private key`);
  if (key !== undefined && HAS_NO_KEY.has(format))
    throw invalid('key', `The format ${format} has no private key`);
  for (const [member, path, only] of ONLY_WITH)
    if (choice[member] !== undefined && format !== only)
      throw invalid(path, `It is allowed with the format ${only} only, not with ${format}`);
  if (format === 'pkcs12' && choice.password === undefined)
    throw invalid('newPassword', 'A PKCS #12 file needs a password');
}

const invalid = (member: string, sentence: string): PkiError =>
  new PkiError('invalid-key-options', sentence, [member]);

interface Writing extends Pick<BundleInput, 'format' | 'isArchive' | 'choice'> {
  readonly certificates: Ordered;
  readonly pkcs8: Uint8Array | undefined;
  readonly now: Date;
}

type Files = Pick<Bundle, 'file' | 'keyFile'>;

async function filesOf(writing: Writing): Promise<Files> {
  const { format, isArchive = false } = writing;
  const write = WRITERS[isArchive ? 'zip' : format];
  return write(writing);
}

const WRITERS: Readonly<Record<BundleFormat, (writing: Writing) => Files | Promise<Files>>> = {
  pkcs12: async ({
    certificates,
    pkcs8,
    choice: { password = new Uint8Array(), mac = 'hmac', friendlyName },
  }) => {
    const ders = certificates.map(({ der }) => der);
    const octets = await writePkcs12({ pkcs8, certificates: ders, password, mac, friendlyName });
    return single('bundle.p12', 'application/x-pkcs12', octets);
  },
  pkcs7: ({ certificates, choice: { encoding } }) => {
    const der = encodeCertificatesOnly(certificates.map((one) => one.der));
    return encoding === 'der'
      ? single('bundle.p7b', 'application/pkcs7-mime', der)
      : single('bundle.p7b', PEM_TYPE, encodePem('PKCS7', der));
  },
  'pem-chain': ({ certificates }) =>
    single('fullchain.pem', 'application/pem-certificate-chain', chainPem(certificates)),
  nginx: ({ certificates, pkcs8 }) => ({
    ...single('fullchain.pem', PEM_TYPE, chainPem(certificates)),
    keyFile: { name: 'privkey.pem', type: PEM_TYPE, octets: keyPem(pkcs8) },
  }),
  haproxy: ({ certificates, pkcs8 }) => {
    const key = keyPem(pkcs8);
    const octets = concat([chainPem(certificates), key]);
    key.fill(0);
    return single('site.pem', PEM_TYPE, octets);
  },
  zip: (writing) => single('certificate.zip', 'application/zip', zipOf(writing)),
};

const PEM_TYPE = 'application/x-pem-file';

const single = (name: string, type: string, octets: Uint8Array): Files => ({
  file: { name, type, octets },
  keyFile: undefined,
});

const chainPem = (certificates: readonly Certificate[]): Uint8Array =>
  concat(certificates.map(({ der }) => encodePem('CERTIFICATE', der)));

const keyPem = (pkcs8: Uint8Array | undefined): Uint8Array =>
  pkcs8 === undefined ? new Uint8Array() : encodePem('PRIVATE KEY', pkcs8);

/** The names of Certbot, which guides for servers use. */
function zipOf({ certificates, pkcs8, now }: Writing): Uint8Array {
  const [leaf, ...above] = certificates;
  const key = keyPem(pkcs8);
  const files = [
    { name: 'cert.pem', content: chainPem([leaf]), isSecret: false },
    ...(above.length === 0 ? [] : [{ name: 'chain.pem', content: chainPem(above), isSecret: false }]),
    { name: 'fullchain.pem', content: chainPem(certificates), isSecret: false },
    ...(pkcs8 === undefined ? [] : [{ name: 'privkey.pem', content: key, isSecret: true }]),
  ];
  try {
    return writeZip(files, now);
  } finally {
    key.fill(0);
  }
}
