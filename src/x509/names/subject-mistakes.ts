import { firstCorrection, type Mistake } from './mistakes.ts';

const MISTAKES: readonly Mistake[] = [
  [/^(?:subject|issuer|DN) *[:=] *([^ ].*)$/i, ['$1'], 'must begin with an attribute'],
  [/^\/?([a-z]+) *: *([^ =/+\\,;"<>][^=/+\\,;"<>]*)$/i, ['/$1=$2'], 'must have "=" after the attribute type'],
  [/^\/?(?=[^=]*[ .@_-])([^ =/+\\,;"<>#][^=/+\\,;"<>]*)$/, ['/CN=$1'], 'has no attribute'],
];

/** Returns the rest of a sentence about a text that is not a distinguished name but is similar to one. */
export const subjectCorrection = (text: string, isName: (text: string) => boolean): string | undefined =>
  firstCorrection(MISTAKES, text, isName);
