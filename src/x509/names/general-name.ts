/** The names of a subjectAltName as text, and the rules for names that can be certified (RFC 5280 §4.2.1.6). */

import { atMember, PkiError } from '../../base/errors.ts';
import { objectIdentifier } from '../../formats/der/writer.ts';
import { checkDistinguishedName, type DistinguishedName } from './distinguished-name.ts';
import { parseDnsName } from './dns-name.ts';
import {
  encodeGeneralName,
  otherNameText,
  type GeneralName,
  type OtherGeneralName,
} from './general-name-encoding.ts';
import { generalNameCorrection } from './general-name-mistakes.ts';
import { checkIpAddress, formatIpAddress, parseIpAddress } from './ip-address.ts';
import { parseMailbox } from './mailbox.ts';
import { withCorrection } from './mistakes.ts';
import { formatOneLine, parseDistinguishedName } from './name-text.ts';
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
export function parseGeneralNames(texts: readonly string[]): GeneralName[] {
  checkNameCount(texts.length);
  return uniqueGeneralNames(texts.map((text, index) => atMember(index, () => parseGeneralName(text))));
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

/** Prefixes in lower case. `openssl x509 -text` prints `Registered ID` and `IP Address`. */
const KINDS: ReadonlyMap<string, GeneralName['kind']> = new Map([
  ['dns', 'DNS'],
  ['email', 'email'],
  ['uri', 'URI'],
  ['rid', 'RID'],
  ['registered id', 'RID'],
  ['ip', 'IP'],
  ['ip address', 'IP'],
  ['dirname', 'dirName'],
]);

/** By their tag numbers. */
const OTHER_KINDS: Readonly<Record<number, string>> = { 0: 'otherName', 3: 'x400Address', 5: 'ediPartyName' };

/**
 * Parses `DNS:…`, `IP:…`, `email:…`, `URI:…`, `RID:…` or `dirName:…`; a text without prefix is a DNS name. Returns the
 * canonical form: lower case, A-labels. Throws PkiError invalid-san.
 */
export function parseGeneralName(text: string): GeneralName {
  if (text.length > MAX_LENGTH)
    throw invalid(`The name must have at most ${MAX_LENGTH} characters, not ${text.length}`);
  const fault = printabilityError(text);
  if (fault !== undefined) throw invalid(`The name ${quoted(text)} ${fault}`);
  return withoutKey(text, 'a name', () => withCorrection(text, generalNameCorrection, parsePrefixed));
}

function parsePrefixed(text: string): GeneralName {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? 'DNS' : KINDS.get(text.slice(0, colon).toLowerCase());
  if (kind === undefined) throw unknownPrefix(text.slice(0, colon));
  return parseAs(kind, text.slice(colon + 1));
}

function unknownPrefix(prefix: string): PkiError {
  const other = Object.values(OTHER_KINDS).find((kind) => kind.toLowerCase() === prefix.toLowerCase());
  return other === undefined
    ? invalid(
        `The prefix ${quoted(prefix)} is unknown; the prefixes are DNS:, IP:, email:, URI:, RID: and dirName:`,
      )
    : notCertified(other);
}

function parseAs(kind: GeneralName['kind'], text: string): GeneralName {
  switch (kind) {
    case 'DNS':
      return { kind, value: parseDnsName(text) };
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

const MAX_OID_LENGTH = 128;

function parseRegisteredId(text: string): string {
  try {
    if (text.length <= MAX_OID_LENGTH && objectIdentifier(text).length > 0) return text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw invalid(
    `The registeredID ${quoted(text)} must be an OID of at most ${MAX_OID_LENGTH} characters, such as 1.3.6.1.4.1`,
  );
}

/** RFC 5280 §4.2.1.6: a directoryName must not be empty. */
function requireName(name: DistinguishedName): DistinguishedName {
  if (name.length > 0) return name;
  throw invalid('A dirName must have at least one attribute, as in dirName:/CN=example.com');
}

/** Checks the number of decoded names and, by {@link checkGeneralName}, each of them. */
export function checkGeneralNames(names: readonly (GeneralName | OtherGeneralName)[]): void {
  checkNameCount(names.length);
  names.forEach(checkGeneralName);
}

/**
 * Throws PkiError invalid-san unless a decoded name is allowed in a new certificate: its text is accepted by
 * {@link parseGeneralName}, and its octets are the encoding of that text, apart from the case of letters.
 */
export function checkGeneralName(name: GeneralName | OtherGeneralName): void {
  switch (name.kind) {
    case 'other':
      throw notCertified(OTHER_KINDS[name.tag] ?? `tag ${name.tag}`);
    case 'IP':
      return checkIpAddress(name.octets);
    case 'dirName':
      return asSan(() => checkDistinguishedName(requireName(name.name)));
    default:
      return checkText(name.kind, name.value);
  }
}

function checkText(kind: GeneralName['kind'], value: string): void {
  const written = formatGeneralName(parseGeneralName(`${kind}:${value}`));
  if (written.toLowerCase() !== `${kind}:${value}`.toLowerCase()) {
    throw invalid(`The name ${quoted(escapeOctets(value))} must be written as ${quoted(written)}`);
  }
}

/** Returns `DNS:a.example`, `IP:2001:db8::1`, … as {@link parseGeneralName} reads them; hexadecimal for other kinds. */
export function formatGeneralName(name: GeneralName | OtherGeneralName): string {
  switch (name.kind) {
    case 'other':
      return `${OTHER_KINDS[name.tag] ?? name.tag}:${otherNameText(name) ?? Buffer.from(name.der).toString('hex').toUpperCase()}`;
    case 'IP':
      return `IP:${formatIpAddress(name.octets)}`;
    case 'dirName':
      return `dirName:${formatOneLine(name.name)}`;
    default:
      return `${name.kind}:${escapeOctets(name.value)}`;
  }
}

function asSan<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw error instanceof PkiError ? invalid(error.message) : error;
  }
}

const notCertified = (kind: string): PkiError =>
  invalid(
    `Names of the kind ${kind} cannot be certified; the kinds are DNS, IP, email, URI, RID and dirName`,
  );

const invalid = (message: string): PkiError => new PkiError('invalid-san', message);
