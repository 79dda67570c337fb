import { firstCorrection, type Mistake } from './mistakes.ts';
import { quoted } from './printable-text.ts';

const UNKNOWN_PREFIX = 'has an unknown prefix';
const IS_URI = 'is a URI';
const NO_PORT = 'must have no port';
const NO_SPACES = 'must have no spaces';

/** The names of RFC 5280 §4.2.1.6, of configuration files, and of the notation for hosts and ports in URLs. */
const MISTAKES: readonly Mistake[] = [
  [/^(?:IP(?: Address)?:)?\[([^\]]+)\]$/i, ['IP:$1'], 'must have no brackets'],
  [/^(?:(?:IP(?: Address)?|DNS):)?\[([^\]]+)\]:\d{1,5}$/i, ['IP:$1'], 'must have no brackets and no port'],
  [/^(?:DNS:)?([\da-f:.]+)$/i, ['IP:$1'], 'is an IP address'],
  [/^(?:(?:DNS|IP|URI):)?(?:mailto:)?([^\s@:/,;]+@[^\s@:/,;]+)$/i, ['email:$1'], 'is a mail address'],
  [/^(?:(?:DNS|IP):)?(https?:\/\/([^/?#:@[\]]+)(?:[/?#:].*)?)$/i, ['URI:$1', 'DNS:$2'], IS_URI],
  [/^(?:(?:DNS|IP):)?((?!URI:)[a-z][a-z\d+.-]*:\/\/.+|urn:.+)$/i, ['URI:$1'], IS_URI],
  [/^(?:(?:DNS|IP):)?([\d.]+):\d{1,5}$/i, ['IP:$1'], NO_PORT],
  [/^(?:(?:DNS|IP):)?(?=[^:.]*\.|localhost:)([^\s:/@]+):\d{1,5}$/i, ['DNS:$1'], NO_PORT],
  [/^ *(DNS|IP|email|URI|RID|dirName) *: *([^ ]+) *$/i, ['$1:$2'], NO_SPACES],
  [/^ *([^ ]+) *$/, ['$1'], NO_SPACES],
  [
    /^(DNS|IP|email|URI|RID|dirName)(?:\.\d+ *[:=]|[ ]*=) *([^ ].*)$/i,
    ['$1:$2'],
    'is a line of a configuration file',
  ],
  [/^subjectAltName *[:=] *([^ ].*)$/i, ['$1'], 'must not begin with "subjectAltName"'],
  [/^["'](.+)["']$/, ['$1'], 'must have no quotation marks'],
  [/^(?:dNSName|hostname|host|domain) *[:=] *([^ ].*)$/i, ['DNS:$1'], UNKNOWN_PREFIX],
  [/^(?:rfc822Name|mail|e-mail|emailAddress) *[:=] *([^ ].*)$/i, ['email:$1'], UNKNOWN_PREFIX],
  [/^(?:iPAddress|IPv4|IPv6) *[:=] *\[?([^ \]]+)\]?$/i, ['IP:$1'], UNKNOWN_PREFIX],
  [/^(?:uniformResourceIdentifier|URL) *[:=] *([^ ].*)$/i, ['URI:$1'], UNKNOWN_PREFIX],
  [/^(?:registeredID|OID) *[:=] *([^ ].*)$/i, ['RID:$1'], UNKNOWN_PREFIX],
  [/^(?:directoryName|DN) *[:=] *([^ ].*)$/i, ['dirName:$1'], UNKNOWN_PREFIX],
];

/** Returns the rest of a sentence about a text that is not a name but is similar to one; undefined if it is not. */
export const generalNameCorrection = (text: string, isName: (text: string) => boolean): string | undefined =>
  firstCorrection(MISTAKES, text, isName) ?? separateNames(text, isName);

const MAX_NAMES = 100;

/** For several names in one text, such as the value of subjectAltName in a configuration file. */
function separateNames(text: string, isName: (text: string) => boolean): string | undefined {
  const names = text
    .replace(/^subjectAltName *[:=]|["'[\]]/gi, '')
    .split(/[\s,;]+/)
    .filter((name) => name !== '');
  if (names.length < 2 || names.length > MAX_NAMES || !names.every(isClearly(isName))) return undefined;
  const more = names.length > 2 ? ', …' : '';
  return `has several names; write each as a string of its own: ${names.slice(0, 2).map(quoted).join(', ')}${more}`;
}

/** A word is a host name too. */
const isClearly =
  (isName: (text: string) => boolean) =>
  (text: string): boolean =>
    /[.:]/.test(text) && isName(text);
