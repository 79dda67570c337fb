import { describeCorrection, firstCorrection, type Mistake } from './mistakes.ts';
import { quoted } from './printable-text.ts';

const IS_ADDRESS = 'is a mail address';
const IS_URI = 'is a URI';
const NO_PORT = 'must have no port';
const NO_SPACES = 'must have no spaces';
const UNKNOWN_PREFIX = 'has an unknown prefix';

/** Addresses and URIs, in the notation of other programs. */
const PLACES: readonly Mistake[] = [
  [/^(?:IP(?: Address)?:)?\[([^\]]+)\]$/i, ['IP:$1'], 'must have no brackets'],
  [/^(?:(?:IP(?: Address)?|DNS):)?\[([^\]]+)\]:\d{1,5}$/i, ['IP:$1'], 'must have no brackets and no port'],
  [/^(?:DNS:)?([\da-f:.]+)$/i, ['IP:$1'], 'is an IP address'],
  [/^(?:DNS:)?::ffff:([\d.]+)$/i, ['IP:$1'], 'is an IPv4 address in the form of IPv6'],
  [/^(?:DNS:)?(\d+(?:\.\d+){4,})$/, ['RID:$1'], 'is an OID'],
  [/^(?:(?:DNS|IP):)?([\da-f:]+)%\w+$/i, ['IP:$1'], 'must have no zone'],
  [/^(?:(?:DNS|IP|URI):)?(?:mailto:)?([^\s@:/,;=<>]+@[^\s@:/,;=<>]+)$/i, ['email:$1'], IS_ADDRESS],
  [/^[^<>]*<([^\s@<>]+@[^\s@<>]+)>$/, ['email:$1'], IS_ADDRESS],
  [/^(?:(?:DNS|IP):)?(https?:\/\/([^/?#:@[\]]+)(?:[/?#:].*)?)$/i, ['URI:$1', 'DNS:$2'], IS_URI],
  [/^(?:(?:DNS|IP):)?((?!(?:URI|DNS|IP):)[a-z][a-z\d+.-]*:\/\/.+)$/i, ['URI:$1'], IS_URI],
  [/^(?:DNS:)?((?:urn|tag|sips?|tel|xmpp):.+)$/i, ['URI:$1'], IS_URI],
  [/^(?:(?:DNS|IP):)?([\d.]+):\d{1,5}$/i, ['IP:$1'], NO_PORT],
  [/^(?:(?:DNS|IP):)?(?=[^:.]*\.|localhost:)([^\s:/@]+):\d{1,5}$/i, ['DNS:$1'], NO_PORT],
  [/^(?:DNS:)?(?:\/\/)?([^\s:/@.]+(?:\.[^\s:/@.]+)+)(?::\d+)?\/.*$/i, ['DNS:$1'], 'must have no path'],
  [/^(?:DNS:)?([^\s:]+)\.$/i, ['DNS:$1'], 'must not end with a dot'],
];

/** What configuration files and command lines have around a name. */
const SURROUNDINGS: readonly Mistake[] = [
  [/^ *(DNS|IP|email|URI|RID|dirName) *: *([^ ]+) *$/i, ['$1:$2'], NO_SPACES],
  [/^ *([^ ]+) *$/, ['$1'], NO_SPACES],
  [
    /^(DNS|IP|email|URI|RID|dirName)(?:[.-]?\d+\.? *[:=]| *=) *([^ ].*)$/i,
    ['$1:$2'],
    'is a line of a configuration file',
  ],
  [
    /^(?:DNS|IP|email|URI|RID|dirName): *((?:DNS|IP|email|URI|RID|dirName):.+)$/i,
    ['$1'],
    'must have one prefix',
  ],
  [/^subjectAltName *[:=] *([^ ].*)$/i, ['$1'], 'must not begin with "subjectAltName"'],
  [/^SAN *[:=] *([^ ].*)$/i, ['$1'], 'must not begin with "SAN"'],
  [/^critical *, *([^ ].*)$/i, ['$1'], 'must not begin with "critical"'],
  [/^["'](.+)["']$/, ['$1'], 'must have no quotation marks'],
  [/^\[ *["']([^"']+)["'] *\]$/, ['$1'], 'must have no brackets and quotation marks'],
  [/^([^\s,;]+)[,;]$/, ['$1'], 'must not end with a comma or semicolon'],
  [/^\/?CN *= *([^\s=/,]+)$/i, ['DNS:$1'], 'is an attribute of a subject'],
  [/^(\/[a-z]+ *=.*)$/i, ['dirName:$1'], 'is a distinguished name'],
];

/** The names of RFC 5280 §4.2.1.6, and those that Windows and Java print. */
const PREFIXES: readonly Mistake[] = [
  [/^(?:DNS ?Name|hostname|host|domain|FQDN|CN) *[:=] *([^ ].*)$/i, ['DNS:$1'], UNKNOWN_PREFIX],
  [/^(?:RFC ?822(?: ?Name)?|mail|e-?mail(?: ?address)?) *[:=] *([^ ].*)$/i, ['email:$1'], UNKNOWN_PREFIX],
  [/^(?:IP[ -]?Address|IPv4|IPv6) *[:=] *\[?([^ \]]+)\]?$/i, ['IP:$1'], UNKNOWN_PREFIX],
  [/^(?:uniformResourceIdentifier|URL) *[:=] *([^ ].*)$/i, ['URI:$1'], UNKNOWN_PREFIX],
  [/^(?:registeredID|OID) *[:=] *([^ ].*)$/i, ['RID:$1'], UNKNOWN_PREFIX],
  [/^(?:otherName: *|ms ?)?(?:UPN|(?:user ?)?principal ?name) *[:=] *([^ ].*)$/i, ['UPN:$1'], UNKNOWN_PREFIX],
  [/^KRB5 ?(?:Principal ?Name)? *[:=] *([^ ].*)$/i, ['KRB5:$1'], UNKNOWN_PREFIX],
  [/^(?:Directory ?Name|DN) *[:=] *([^ ].*)$/i, ['dirName:$1'], UNKNOWN_PREFIX],
];

const MISTAKES: readonly Mistake[] = [...PLACES, ...SURROUNDINGS, ...PREFIXES];

type IsName = (text: string) => boolean;

/** Returns the rest of a sentence about a text that is not a name but is similar to one; undefined if it is not. */
export const generalNameCorrection = (text: string, isName: IsName): string | undefined =>
  describeCorrection(firstCorrection(MISTAKES, text, isName)) ?? separateNames(text, isName);

const MAX_NAMES = 100;

/** For several names in one text, such as the value of subjectAltName in a configuration file. */
function separateNames(text: string, isName: IsName): string | undefined {
  const parts = text
    .replace(/^(?:subjectAltName|SAN) *[:=]|["'[\]]/gi, '')
    .split(/[\s,;]+/)
    .filter((part) => part !== '');
  if (parts.length < 2 || parts.length > MAX_NAMES) return undefined;
  const names = parts.map((part) => nameIn(part, isName));
  if (names.includes(undefined)) return undefined;
  const shown = names.slice(0, 2).map((name = '') => quoted(name));
  return `has several names; write each as a string of its own: ${shown.join(', ')}${names.length > 2 ? ', …' : ''}`;
}

/** A word alone is a host name too, but in a sentence it is not. */
function nameIn(part: string, isName: IsName): string | undefined {
  if (!/[.:]/.test(part)) return undefined;
  return isName(part) ? part : firstCorrection(MISTAKES, part, isName)?.names[0];
}
