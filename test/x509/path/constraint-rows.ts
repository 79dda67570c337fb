/** Names and constraints as text, judged by our code and by OpenSSL. */

import type { Test } from 'tap';
import type { PrivateKey } from '../../../src/keys/key.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { PkiError } from '../../../src/base/errors.ts';
import {
  contextConstructed,
  contextPrimitive,
  objectIdentifier,
  sequence,
  utf8String,
} from '../../../src/formats/der/writer.ts';
import {
  decodeDistinguishedName,
  encodeDistinguishedName,
} from '../../../src/x509/names/distinguished-name.ts';
import { encodeGeneralNames, type GeneralName } from '../../../src/x509/names/general-name-encoding.ts';
import { parseGeneralName } from '../../../src/x509/names/general-name.ts';
import { parseIpAddress } from '../../../src/x509/names/ip-address.ts';
import { readNameConstraints } from '../../../src/x509/extensions/name-constraints.ts';
import { checkNameConstraints } from '../../../src/x509/path/name-constraints.ts';
import { parseDistinguishedName } from '../../../src/x509/names/name-text.ts';
import { craftCertificate, extension, name } from '../../support/crafted.ts';
import { certificatePem } from '../../support/domain.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';

const CONTEXT_TAGS: Readonly<Record<string, number>> = { email: 1, DNS: 2, URI: 6, RID: 8 };

/** One base, written as names are: `DNS:.example.com`, `IP:192.0.2.0/255.255.255.0`, `dirName:/C=US`. */
function subtree(text: string): Uint8Array {
  const [, kind = '', value = ''] = /^(\w+):(.*)$/.exec(text) ?? [];
  if (kind === 'dirName') return sequence(contextConstructed(4, directory(value)));
  if (kind === 'otherName') return sequence(otherName(value));
  if (kind !== 'IP') return sequence(contextPrimitive(CONTEXT_TAGS[kind] ?? 0, Buffer.from(value, 'latin1')));
  return sequence(contextPrimitive(7, Buffer.concat(value.split('/').map(parseIpAddress))));
}

/** `1.2.3=text` */
function otherName(text: string): Uint8Array {
  const [type = '', content = ''] = text.split('=');
  return contextConstructed(0, objectIdentifier(type), contextConstructed(0, utf8String(content)));
}

const directory = (text: string): Uint8Array => encodeDistinguishedName(parseDistinguishedName(text));

export interface Constraints {
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
}

const field = (tag: number, bases: readonly string[] = []): Uint8Array[] =>
  bases.length === 0 ? [] : [contextConstructed(tag, ...bases.map(subtree))];

export const nameConstraints = ({ permitted, excluded }: Constraints): Uint8Array =>
  sequence(...field(0, permitted), ...field(1, excluded));

/** Who has one name: in its subjectAltName, or with the prefix `subject:` in its subject. */
function holder(text: string): { subject: Uint8Array; san: GeneralName[] } {
  if (!text.startsWith('subject:')) return { subject: name(), san: [parseGeneralName(text)] };
  return { subject: directory(text.slice('subject:'.length)), san: [] };
}

export function isWithin(constraints: Constraints, text: string): boolean {
  const { subject, san } = holder(text);
  const read = readNameConstraints(checkDer(nameConstraints(constraints)));
  try {
    checkNameConstraints(read, decodeDistinguishedName(checkDer(subject)), san);
    return true;
  } catch (error) {
    if (!(error instanceof PkiError && error.code === 'name-constraints-violated')) throw error;
    return false;
  }
}

export interface Row extends Constraints {
  readonly within: readonly string[];
  readonly outside: readonly string[];
}

const USAGE = { basicConstraints: undefined, keyUsage: undefined, subjectKeyIdentifier: undefined };

/** The certificate of the holder of a name, in PEM, signed whether it may be or not. */
async function holderCertificate(caKey: PrivateKey, text: string): Promise<string> {
  const { subject, san } = holder(text);
  const names = san.length === 0 ? undefined : extension('2.5.29.17', true, encodeGeneralNames(san));
  const extensions = { ...USAGE, usage: extension('2.5.29.15', true, '03 02 07 80'), names };
  return certificatePem(await craftCertificate(caKey, { issuer: name('CA'), subject, extensions }));
}

/** Those of the names that OpenSSL accepts under a CA with the constraints. */
async function acceptedByOpenssl(
  caKey: PrivateKey,
  constraints: Constraints,
  names: readonly string[],
): Promise<string[]> {
  const value = nameConstraints(constraints);
  const extensions = { nameConstraints: extension('2.5.29.30', true, value) };
  const ca = certificatePem(await craftCertificate(caKey, { subject: name('CA'), extensions }));
  const leaves = await Promise.all(names.map((text) => holderCertificate(caKey, text)));
  const files = { ca, ...Object.fromEntries(leaves.map((leaf, index) => [`leaf${index}`, leaf])) };
  const args = ['verify', '-CAfile', 'ca', ...leaves.map((_, index) => `leaf${index}`)];
  const { stdout } = await openssl(args, { files });
  const verdicts = stdout.toString();
  return names.filter((_, index) => verdicts.includes(`leaf${index}: OK\n`));
}

/** Returns a test of rows. `caKey` signs the CA and the holders for OpenSSL. */
export const judge = (caKey: PrivateKey, rows: readonly Row[]) => async (t: Test) => {
  for (const row of rows) {
    const names = [...row.within, ...row.outside];
    const title = JSON.stringify({ permitted: row.permitted, excluded: row.excluded });
    t.same(
      names.filter((text) => isWithin(row, text)),
      row.within,
      title,
    );
    if (opensslMissing === false)
      t.same(await acceptedByOpenssl(caKey, row, names), row.within, 'OpenSSL says the same');
  }
};
