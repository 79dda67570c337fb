import { describeCorrection, firstCorrection, type Mistake } from './mistakes.ts';

const NO_EQUALS_SIGN = 'must have "=" after the attribute type';

const MISTAKES: readonly Mistake[] = [
  [/^ +([^ ].*)$/, ['$1'], 'must not begin with a space'],
  [/^["'](.+)["']$/, ['$1'], 'must have no quotation marks'],
  [/^-subj[ =]+["']?([^ "'=][^"']*)["']?$/, ['$1'], 'must not begin with "-subj"'],
  [/^\/(\/[^\\]+)$/, ['$1'], 'must begin with one slash'],
  [/^(?:subject|issuer|DN) *[:=] *([^ ].*)$/i, ['$1'], 'must begin with an attribute'],
  [/^https?:\/\/([^\s/?#:@]+)(?:[/?#:].*)?$/i, ['/CN=$1'], 'is a URI'],
  [/^DNS *: *([^\s=/+\\,;"<>]+)$/i, ['/CN=$1'], 'is an alternative name'],
  [/^\/?([a-z]+) *: *([^ =/+\\,;"<>][^=/+\\,;"<>]*)$/i, ['/$1=$2'], NO_EQUALS_SIGN],
  [/^\/?([a-z]+) +([^ =/+\\,;"<>:][^=/+\\,;"<>:]*)$/i, ['/$1=$2'], NO_EQUALS_SIGN],
  [/^\/?(?=[^=]*[ .@_-])([^ =/+\\,;"<>#:][^=/+\\,;"<>:]*)$/, ['/CN=$1'], 'has no attribute'],
];

/** Returns the rest of a sentence about a text that is not a distinguished name but is similar to one. */
export const subjectCorrection = (text: string, isName: (text: string) => boolean): string | undefined =>
  describeCorrection(firstCorrection(MISTAKES, text, isName));
