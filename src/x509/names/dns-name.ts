/**
 * Names of hosts in the preferred syntax (RFC 1034 §3.5, RFC 1123 §2.1): labels of letters, digits and inner hyphens.
 * Internationalised labels become A-labels (RFC 9549 §2.3) by UTS #46, non-transitional and with all of its checks.
 */

import { isIP } from 'node:net';
import { toASCII, toUnicode } from 'tr46';
import { PkiError } from '../../base/errors.ts';
import { characterFault } from './host-name-character.ts';
import { quoted } from './printable-text.ts';
import { isUnderscored, replaceUnderscores, restoreUnderscores, underscoreFault } from './underscore.ts';

const LABELS = 'labels of 1 to 63 letters, digits and inner hyphens, with at most 253 characters in total';

/** Length of the whole name (RFC 1035 §2.3.4, without the root). */
const MAX_LENGTH = 253;

const UTS46 = {
  useSTD3ASCIIRules: true,
  checkHyphens: true,
  checkBidi: true,
  checkJoiners: true,
  transitionalProcessing: false,
};

/** Parses a host name. Returns it in lower case and A-labels. Throws PkiError invalid-san. */
export const parseHostName = (text: string): string => readHostName(text, text);

/** `shown` is the text for error messages. */
function readHostName(text: string, shown: string): string {
  const fault = writingFault(text);
  if (fault !== undefined) throw invalid(shown, fault);
  const name = plainName(text) ?? toASCII(text, { ...UTS46, verifyDNSLength: true });
  if (name === null) throw invalid(shown, `${characterFault(text)}must consist of ${LABELS}`);
  const labelFault = name.split('.').map(unicodeFault).find(Boolean) ?? lastLabelFault(name);
  if (labelFault !== undefined) throw invalid(shown, labelFault);
  return name;
}

/** A label that UTS #46 changes only in its case. Of its checks (§4.1), only those for hyphens apply to such a label. */
const PLAIN_LABEL = /^(?!-|..--)[a-z\d-]{1,63}(?<!-)$/i;

/** The result of {@link toASCII} in a tenth of its time for a name without international labels, the usual case. */
const plainName = (text: string): string | undefined =>
  text.split('.').every((label) => PLAIN_LABEL.test(label)) ? text.toLowerCase() : undefined;

export interface DnsNameOptions {
  /** Whether labels can have `_`, a character of the DNS (RFC 2181 §11) but not of host names. */
  readonly allowUnderscore?: boolean | undefined;
}

/**
 * {@link parseHostName}, but the first label can be `*` (RFC 9525 §6.3) if at least two labels follow, and options can
 * allow `_`.
 */
export function parseDnsName(text: string, options: DnsNameOptions = {}): string {
  if (!text.startsWith('*.')) return parseDomainName(text, text, options);
  const name = `*.${parseDomainName(text.slice(2), text, options)}`;
  if (name.split('.').length < 3)
    throw invalid(text, 'must have two labels after the wildcard, as in *.example.com');
  if (name.length > MAX_LENGTH) throw invalid(text, `must have at most ${MAX_LENGTH} characters`);
  return name;
}

/** `shown` is the text for error messages. */
function parseDomainName(text: string, shown: string, { allowUnderscore = false }: DnsNameOptions): string {
  if (!isUnderscored(text)) return readHostName(text, shown);
  if (!allowUnderscore)
    throw invalid(
      shown,
      'contains the character "_", which the names of hosts must not have; set the member dns_underscore to true to allow it',
    );
  const fault = underscoreFault(text);
  if (fault !== undefined) throw invalid(shown, fault);
  return restoreUnderscores(text, readHostName(replaceUnderscores(text), shown));
}

type Fault = readonly [isPresent: (text: string) => boolean, predicate: string];

const WRITING_FAULTS: readonly Fault[] = [
  [(text) => text === '', 'must not be empty; an example is www.example.com'],
  [(text) => text.length > MAX_LENGTH, `must have at most ${MAX_LENGTH} characters`],
  [(text) => isIP(text) !== 0, 'is an IP address; write it as IP:192.0.2.1'],
  [
    (text) => text.includes('*'),
    'must have a wildcard only as its whole leftmost label, as in *.example.com',
  ],
  [(text) => text.endsWith('.'), 'must not end with a dot'],
  [isUnderscored, 'contains the character "_", which the names of hosts must not have'],
];

const writingFault = (text: string): string | undefined =>
  WRITING_FAULTS.find(([isPresent]) => isPresent(text))?.[1];

/** Some programs read such a name as an IPv4 address, such as `0x7f.1` (WHATWG URL, "ends in a number"). */
const lastLabelFault = (name: string): string | undefined =>
  /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(name) ? 'must not end in a number, like an IPv4 address' : undefined;

/** RFC 5892 §2: letters, digits, marks and characters with contextual rules; no symbols. */
const IDNA2008_LABEL = /^[\p{L}\p{M}\p{Nd}\-\u00b7\u0375\u05f3\u05f4\u30fb\u200c\u200d]+$/u;

/** Scripts with letters that look alike: a label may use only one of them (UTS #39 §5.1). */
const LOOKALIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];

function unicodeFault(label: string): string | undefined {
  if (!label.startsWith('xn--')) return undefined;
  const { domain } = toUnicode(label, UTS46);
  if (!IDNA2008_LABEL.test(domain)) return 'contains a symbol, which IDNA 2008 does not allow';
  const scripts = LOOKALIKE_SCRIPTS.filter((script) => script.test(domain));
  return scripts.length > 1 ? 'must not mix Latin, Greek and Cyrillic letters in one label' : undefined;
}

const invalid = (text: string, predicate: string): PkiError =>
  new PkiError('invalid-san', `The DNS name ${quoted(text)} ${predicate}`);
