/** The names of a subjectAltName as text (RFC 5280 §4.2.1.6). */

import { atMember, type PkiError } from '../../base/errors.ts';
import { parseDnsName, type DnsNameOptions } from './dns-name.ts';
import {
  encodeGeneralName,
  otherKind,
  type GeneralName,
  type OtherGeneralName,
} from './general-name-encoding.ts';
import { asSan, invalid, notCertified, requireName } from './general-name-faults.ts';
import { generalNameCorrection } from './general-name-mistakes.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';
import { parseMailbox } from './mailbox.ts';
import { withCorrection } from './mistakes.ts';
import { formatOneLine, parseDistinguishedName } from './name-text.ts';
import { isObjectIdentifier, MAX_OID_LENGTH } from './object-identifier-text.ts';
import { formatOtherName, parseOtherName } from './other-name-text.ts';
import { parseUri } from './uri.ts';
import { escapeOctets, quoted, printabilityError } from './printable-text.ts';
import { withoutKey } from './without-key.ts';

const MAX_NAMES = 100;
const MAX_LENGTH = 4096;
/** Of all encoded names together. */
const MAX_OCTETS = 65_535;

/**
 * Parses names for a new certificate; duplicates are removed. Throws PkiError invalid-san that points at the text.
 */
export function parseGeneralNames(texts: readonly string[], options?: DnsNameOptions): GeneralName[] {
  checkNameCount(texts.length);
  return uniqueGeneralNames(
    texts.map((text, index) => atMember(index, () => parseGeneralName(text, options))),
  );
}

/** Returns the names in their order, each once. Throws PkiError invalid-san if they are too many or too long together. */
export function uniqueGeneralNames(names: readonly GeneralName[]): GeneralName[] {
  const unique = new Map<string, GeneralName>();
  let octets = 0;
  for (const name of names) {
    const encoding = Buffer.from(encodeGeneralName(name)).toString('latin1');
    // Host names that differ in case only are the same (RFC 5280 §7.2)
    const key = name.kind === 'DNS' ? encoding.toLowerCase() : encoding;
    if (unique.has(key)) continue;
    unique.set(key, name);
    octets += encoding.length;
  }
  checkNameCount(unique.size);
  if (octets <= MAX_OCTETS) return [...unique.values()];
  throw invalid(`The names together must have at most ${MAX_OCTETS} octets, not ${octets}`);
}

/** Throws PkiError invalid-san. */
export function checkNameCount(count: number): void {
  if (count > MAX_NAMES) throw invalid(`The list must have at most ${MAX_NAMES} names, not ${count}`);
}

/** The kinds with a text of their own; an otherName has one by its type. */
export type WrittenKind = Exclude<GeneralName['kind'], 'otherName'>;

/** Prefixes in lower case. `openssl x509 -text` prints `Registered ID` and `IP Address`. */
const KINDS: ReadonlyMap<string, WrittenKind> = new Map<string, WrittenKind>([
  ['dns', 'DNS'],
  ['email', 'email'],
  ['uri', 'URI'],
  ['rid', 'RID'],
  ['registered id', 'RID'],
  ['ip', 'IP'],
  ['ip address', 'IP'],
  ['dirname', 'dirName'],
]);

/**
 * Parses `DNS:…`, `IP:…`, `email:…`, `URI:…`, `RID:…`, `dirName:…` or an otherName (`other-name-text.ts`); a text without
 * prefix is a DNS name. Returns the canonical form: lower case, A-labels. Throws PkiError invalid-san.
 */
export function parseGeneralName(text: string, options?: DnsNameOptions): GeneralName {
  if (text.length > MAX_LENGTH)
    throw invalid(`The name must have at most ${MAX_LENGTH} characters, not ${text.length}`);
  const fault = printabilityError(text);
  if (fault !== undefined) throw invalid(`The name ${quoted(text)} ${fault}`);
  return withoutKey(text, 'a name', () =>
    withCorrection(text, generalNameCorrection, (name) => parsePrefixed(name, options)),
  );
}

function parsePrefixed(text: string, options: DnsNameOptions | undefined): GeneralName {
  const colon = text.indexOf(':');
  if (colon < 0) return { kind: 'DNS', value: parseDnsName(text, options) };
  const [prefix, rest] = [text.slice(0, colon), text.slice(colon + 1)];
  const kind = KINDS.get(prefix.toLowerCase());
  const name = kind === undefined ? parseOtherName(prefix, rest) : parseAs(kind, rest, options);
  if (name === undefined) throw unknownPrefix(prefix);
  return name;
}

function unknownPrefix(prefix: string): PkiError {
  const other = ['x400Address', 'ediPartyName'].find((kind) => kind.toLowerCase() === prefix.toLowerCase());
  return other === undefined
    ? invalid(
        `The prefix ${quoted(prefix)} is unknown; the prefixes are DNS:, IP:, email:, URI:, RID:, dirName:, ` +
          'UPN:, SmtpUTF8Mailbox:, SRV:, KRB5: and otherName:',
      )
    : notCertified(other);
}

function parseAs(kind: WrittenKind, text: string, options?: DnsNameOptions): GeneralName {
  switch (kind) {
    case 'DNS':
      return { kind, value: parseDnsName(text, options) };
    case 'email':
      return { kind, value: parseMailbox(text) };
    case 'URI':
      return { kind, value: parseUri(text) };
    case 'RID':
      return { kind, value: parseRegisteredId(text) };
    case 'IP':
      return { kind, octets: parseIpAddress(text) };
    case 'dirName':
      return { kind, name: asSan(() => requireName(parseDistinguishedName(text))) };
  }
}

function parseRegisteredId(text: string): string {
  if (isObjectIdentifier(text)) return text;
  throw invalid(
    `The registeredID ${quoted(text)} must be an OID of at most ${MAX_OID_LENGTH} characters, such as 1.3.6.1.4.1`,
  );
}

/** Returns `DNS:a.example`, `IP:2001:db8::1`, … as {@link parseGeneralName} reads them; hexadecimal for other kinds. */
export function formatGeneralName(name: GeneralName | OtherGeneralName): string {
  switch (name.kind) {
    case 'other':
      return `${otherKind(name)}:${Buffer.from(name.der).toString('hex').toUpperCase()}`;
    case 'otherName':
      return formatOtherName(name);
    case 'IP':
      return `IP:${formatIpAddress(name.octets)}`;
    case 'dirName':
      return `dirName:${formatOneLine(name.name)}`;
    default:
      return `${name.kind}:${escapeOctets(name.value)}`;
  }
}
