/**
 * Names of hosts in the preferred syntax (RFC 1034 §3.5, RFC 1123 §2.1): labels of letters, digits and inner hyphens.
 * Internationalised labels become A-labels (RFC 9549 §2.3) by UTS #46, non-transitional and with all of its checks.
 */

import { isIP } from 'node:net';
import { toASCII, toUnicode } from 'tr46';
import { PkiError } from '../../base/errors.ts';
import { quoted } from './printable-text.ts';

/** Of the whole name (RFC 1035 §2.3.4, without the root). */
const MAX_LENGTH = 253;

const UTS46 = {
  useSTD3ASCIIRules: true,
  checkHyphens: true,
  checkBidi: true,
  checkJoiners: true,
  transitionalProcessing: false,
};

/** Reads a host name; answers it in lower case and A-labels. Throws PkiError invalid-san. */
export function parseHostName(text: string): string {
  const fault = writingFault(text);
  if (fault !== undefined) throw invalid(text, fault);
  const name = plainName(text) ?? toASCII(text, { ...UTS46, verifyDNSLength: true });
  if (name === null) {
    throw invalid(
      text,
      'is not a DNS name: labels of 1 to 63 letters, digits and inner hyphens, 253 characters in all',
    );
  }
  const labelFault = name.split('.').map(unicodeFault).find(Boolean) ?? lastLabelFault(name);
  if (labelFault !== undefined) throw invalid(text, labelFault);
  return name;
}

/** A label that UTS #46 leaves as it is but for its case; of its checks those for hyphens concern it (§4.1). */
const PLAIN_LABEL = /^(?!-|..--)[a-z\d-]{1,63}(?<!-)$/i;

/** What {@link toASCII} answers, in a tenth of its time, where nothing in a name is international: nearly always. */
const plainName = (text: string): string | undefined =>
  text.split('.').every((label) => PLAIN_LABEL.test(label)) ? text.toLowerCase() : undefined;

/** As {@link parseHostName}, and the first label may be `*` (RFC 9525 §6.3) when at least two more follow. */
export function parseDnsName(text: string): string {
  if (!text.startsWith('*.')) return parseHostName(text);
  const name = `*.${parseHostName(text.slice(2))}`;
  if (name.split('.').length < 3)
    throw invalid(text, 'needs two labels after the wildcard, as in *.example.com');
  if (name.length > MAX_LENGTH) throw invalid(text, `is longer than ${MAX_LENGTH} characters`);
  return name;
}

type Fault = readonly [isPresent: (text: string) => boolean, predicate: string];

const WRITING_FAULTS: readonly Fault[] = [
  [(text) => text === '', 'is empty: a DNS name is needed, such as www.example.com'],
  [(text) => text.length > MAX_LENGTH, `is longer than ${MAX_LENGTH} characters`],
  [(text) => isIP(text) !== 0, 'is an IP address: write it as IP:192.0.2.1'],
  [(text) => text.includes('*'), 'has a wildcard that is not its whole leftmost label, as in *.example.com'],
  [(text) => text.endsWith('.'), 'ends with a dot: leave it out'],
];

const writingFault = (text: string): string | undefined =>
  WRITING_FAULTS.find(([isPresent]) => isPresent(text))?.[1];

/** What programs read as a number of an IPv4 address, such as `0x7f.1` (WHATWG URL, "ends in a number"). */
const lastLabelFault = (name: string): string | undefined =>
  /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(name) ? 'ends in a number, as only IPv4 addresses do' : undefined;

/** RFC 5892 §2: letters, digits and marks, and the characters that depend on their context; no symbols. */
const IDNA2008_LABEL = /^[\p{L}\p{M}\p{Nd}\-\u00b7\u0375\u05f3\u05f4\u30fb\u200c\u200d]+$/u;

/** Scripts whose letters look alike; one label has letters of one of them (UTS #39 §5.1). */
const LOOKALIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];

function unicodeFault(label: string): string | undefined {
  if (!label.startsWith('xn--')) return undefined;
  const { domain } = toUnicode(label, UTS46);
  if (!IDNA2008_LABEL.test(domain)) return 'has a symbol, which IDNA 2008 allows in no host name';
  const scripts = LOOKALIKE_SCRIPTS.filter((script) => script.test(domain));
  return scripts.length > 1 ? 'mixes Latin, Greek or Cyrillic letters in one label' : undefined;
}

const invalid = (text: string, predicate: string): PkiError =>
  new PkiError('invalid-san', `${quoted(text)} ${predicate}`);
