/** From the texts of the v1 contract to values of the domain. Every error points at the member. */

import { atMember, atMemberAsync, PkiError } from '../../src/base/errors.ts';
import { readCertificateBundle } from '../../src/formats/certificate-bundle.ts';
import type { Der } from '../../src/formats/der/header.ts';
import type { ReceivedValue } from '../../src/formats/der/lenient.ts';
import { readKeyFile, type KeyFileOptions } from '../../src/formats/private-keys/key-file.ts';
import { readPemOrDer } from '../../src/formats/pem-or-der.ts';
import { STRICT, type Reading } from '../../src/formats/reading.ts';
import type { KeyPair, Keys, PrivateKey, PublicKey } from '../../src/keys/key.ts';
import { readPublicKey } from '../../src/keys/public-key.ts';
import { readReceivedCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { readReceivedRequest, type CertificationRequest } from '../../src/x509/certification-request.ts';
import type { DistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import type { GeneralName } from '../../src/x509/names/general-name-encoding.ts';
import { parseGeneralNames } from '../../src/x509/names/general-name.ts';
import { parseDistinguishedName } from '../../src/x509/names/name-text.ts';

/** Names of a new certificate: `san` may be null or absent. */
export const decodeNames = ({
  subject,
  ...names
}: SanMembers & {
  readonly subject: string;
}): { subject: DistinguishedName; subjectAltNames: readonly GeneralName[] } => ({
  subject: atMember('subject', () => parseDistinguishedName(subject)),
  subjectAltNames: decodeSan(names),
});

/** The subject of a certificate can be empty when it has alternative names. */
export const decodeSubject = (subject: string | undefined): DistinguishedName =>
  subject === undefined ? [] : atMember('subject', () => parseDistinguishedName(subject));

/** The member `public_key`. `reading` is that of the request. */
export const decodePublicKey = (text: string, reading: Reading): PublicKey =>
  atMember('public_key', () => {
    const { der } = readPemOrDer(text, 'PUBLIC KEY', reading.at('publicKey'));
    return readPublicKey(der, reading.at('publicKey'));
  });

interface SanMembers {
  readonly san?: readonly string[] | null | undefined;
  readonly dns_underscore?: boolean | undefined;
}

export const decodeSan = ({ san, dns_underscore: allowUnderscore }: SanMembers): readonly GeneralName[] =>
  atMember('san', () => parseGeneralNames(san ?? [], { allowUnderscore }));

/** `reading` is that of the member, as for all functions here. */
export const decodeCertificate = (member: string, text: string, reading: Reading = STRICT): Certificate =>
  atMember(member, () => readReceivedCertificate(readPemOrDer(text, 'CERTIFICATE', reading), reading));

/** Several certificates: PEM blocks or PKCS #7, in any order (`certificate-bundle.ts`). */
export const decodeCertificates = (
  member: string,
  text: string,
  reading: Reading = STRICT,
): readonly Certificate[] =>
  atMember(member, () =>
    readCertificateBundle(text, reading).map((value, index, { length }) =>
      readNumbered(value, length === 1 ? '' : `Certificate ${index + 1} of ${length}: `, reading),
    ),
  );

/** An error names the position of a certificate that was not given alone. */
function readNumbered(value: ReceivedValue, position: string, reading: Reading): Certificate {
  try {
    return readReceivedCertificate(value, reading);
  } catch (error) {
    throw error instanceof PkiError ? new PkiError(error.code, `${position}${error.message}`) : error;
  }
}

export const decodeRequest = (
  member: string,
  text: string,
  reading: Reading = STRICT,
): CertificationRequest =>
  atMember(member, () => readReceivedRequest(readPemOrDer(text, 'CERTIFICATE REQUEST', reading), reading));

interface KeyOptions extends KeyFileOptions {
  /** Name of the member with the password; by default that of the key and `_password`. */
  readonly passwordMember?: string;
}

interface ReadKey<Key> {
  readonly key: Key;
  /** Of a PKCS #12 file, DER, unread. */
  readonly certificates: readonly Uint8Array[];
}

/** What follows the keys: the member, its text, the reading of the member, and how it is read. */
type KeyInput = readonly [member: string, text: Uint8Array, reading?: Reading, options?: KeyOptions];

/**
 * Reads a private key in any form, and checks that its parts belong together. The caller destroys the key; the octets of
 * the text and of `options.password` stay the caller's to zero.
 */
export const decodeKeyFile = (keys: Keys, ...input: KeyInput): Promise<ReadKey<KeyPair>> =>
  readKey((pkcs8, reading) => keys.importPair(pkcs8, reading), ...input);

/** {@link decodeKeyFile} without the certificates. */
export const decodeKeyPair = async (...input: Parameters<typeof decodeKeyFile>): Promise<KeyPair> =>
  (await decodeKeyFile(...input)).key;

/** {@link decodeKeyPair} for a key that must sign. */
export const decodePrivateKey = async (keys: Keys, ...input: KeyInput): Promise<PrivateKey> =>
  (await readKey((pkcs8, reading) => keys.importPrivateKey(pkcs8, reading), ...input)).key;

async function readKey<Key>(
  importKey: (pkcs8: Der, reading: Reading) => Promise<Key>,
  ...[member, text, reading = STRICT, { passwordMember = `${member}_password`, ...options } = {}]: KeyInput
): Promise<ReadKey<Key>> {
  const { pkcs8, certificates } = await readKeyFile(text, options, reading).catch((error: unknown) => {
    throw atKeyMember(error, member, passwordMember);
  });
  try {
    const key = await atMemberAsync(member, () => importKey(pkcs8, reading));
    return { key, certificates };
  } finally {
    pkcs8.fill(0);
  }
}

/** An error that names another member than the key keeps it. */
export function atKeyMember(error: unknown, key: string, password: string): unknown {
  if (!(error instanceof PkiError) || error.path.length > 0) return error;
  const member = error.code === 'wrong-password' ? password : key;
  return new PkiError(error.code, error.message, [member], error.where);
}
