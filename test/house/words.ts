/**
 * Words and constructions that readers of this repository did not understand at once, with plain ones to use instead.
 * A pattern is here because it was frequent and has few honest uses; "Words we use" in CONTRIBUTING.md has the rest.
 */

export interface Word {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly instead: string;
  readonly why: string;
  /** A text that the pattern finds, and a similar text that it does not find. */
  readonly bad: string;
  readonly good: string;
}

const VERB = 'the field has a verb for it, which every engineer knows';
const NOUN = 'a clause with who, what or that but without a noun must be read twice: name the thing';
const OLD = 'few readers with English as a second language know the word';
const ORDER = 'the order of words is not that of English';
const PERSON = 'the reader must guess who it is: name the caller, the client or the part of the service';
const OUTSIDE = 'it cites a document that the repository does not have: cite the RFC or say it in words';

const word = (pattern: RegExp, instead: string, why: string, bad: string, good: string): Word => ({
  pattern,
  instead,
  why,
  bad,
  good,
});

export const WORDS: readonly Word[] = [
  word(/\banswers\b/i, 'returns; replies', VERB, 'Answers the key.', 'The answer to both is no.'),
  word(
    /\banswered (?:with|by|as|in|once|under)\b/i,
    'returned; sent; "the reply is"',
    VERB,
    'It is answered with 503.',
    'Redis has not answered.',
  ),
  word(
    /\bsignature\b[^.;:]*\bholds?\b(?! (?:an?|the|no|its) )|\b(?:whether|that|if) (?:it|the \w+) holds\b|\bdoes not hold\b(?! (?:an?|the) )/i,
    'verifies, is valid (a signature); applies (a rule)',
    VERB,
    'The signature of the CSR holds.',
    'A signature file holds a key.',
  ),
  word(
    /\bjudg(?:e[ds]?|ing)\b/i,
    'check; validate; decide',
    VERB,
    'It is judged whole.',
    'The check covers it whole.',
  ),
  word(
    /\btells\b/i,
    'reports; returns; says',
    VERB,
    'A line tells the reason.',
    'No one can tell them apart.',
  ),
  word(/\bbelieve[ds]?\b/i, 'trust; use', VERB, 'The field is believed.', 'The field is trusted.'),
  word(
    /\blets? (?:\w+ )?in\b/i,
    'accept; admit',
    VERB,
    'The list lets in every path.',
    'It lets the client wait.',
  ),
  word(
    /\bput together\b/i,
    'built; encoded',
    VERB,
    'The certificate is put together here.',
    'All of them together are put first.',
  ),
  word(
    /\bstands? (?:in|at|on|where|there|here|below|beside|behind|after|before|alone|twice|once|between|under)\b|\blies (?:before|after|below|above|in|within)\b/i,
    'is; is in',
    VERB,
    'The name stands in the SAN.',
    '`*` stands for one segment.',
  ),
  word(
    /\bknows? no\b/i,
    'does not support; does not use',
    VERB,
    'It knows no HTTP.',
    'It knows none of them.',
  ),
  word(
    /\b(?:is|are|was|were) told (?:in|by|apart|from|of|so|when|how)\b|\b(?:is|are) told$/i,
    'is described in; is identified by; is informed',
    VERB,
    'The form is told by its tag.',
    'The client is told the limit.',
  ),
  word(/\bwanted\b/i, 'expected; requested', VERB, 'got two where one is wanted', 'expected one, got two'),
  word(/\b(?:is|are|was|were|not|yet|be) in force\b/i, 'valid', VERB, 'It is in force.', 'It is enforced.'),
  word(
    /\b(?:cannot|can|may|could|to) be had\b/i,
    'is available; is not available',
    ORDER,
    'The package cannot be had.',
    'The package cannot be used.',
  ),
  word(
    /\bcame where\b|\b(?:what(?:ever)?|which|that) came\b/i,
    'the input; the actual value; "got"',
    NOUN,
    'It names what came.',
    'It names the caller that connected.',
  ),
  word(
    /\bwho(?:m|so)?ever\b/i,
    'every caller that; the client',
    NOUN,
    'Whoever calls it.',
    'However long it is.',
  ),
  word(
    /\b(?:for|by|to|from|with|than|is) who\b(?!')/i,
    'for the caller that; for a reader who',
    NOUN,
    'It is for who uses it.',
    'It is for a caller who uses it.',
  ),
  word(
    /\b(?:[Ww]hether|[Ww]hat) who\b|(?:^|[.:;|] )Who (?:asks|calls|waits|reads|uses|changes|knows|has|wants|does)\b(?!.*\?)/,
    'a caller that',
    NOUN,
    'Whether who does not know it must refuse.',
    'Who calls this?',
  ),
  word(/\bwho may\b/, 'which callers are allowed to', NOUN, 'It says who may call.', 'Who may call?'),
  word(
    /\bsuch a one\b|\bsuch as ask\b/i,
    'it; that certificate',
    NOUN,
    'Such a one is kept.',
    'Such a file is kept.',
  ),
  word(
    /, of (?:which|whom)\b|\bof whose\b/i,
    'a second sentence',
    NOUN,
    'blocks of PEM, of which none may be empty',
    'none of which may be empty',
  ),
  word(
    /\bwhat (?:was|is|has been) (?:sent|asked|told|said|meant|given|sought|received)\b/i,
    'the request; the value; the input',
    NOUN,
    'What was asked for is issued.',
    'What the client sent is issued.',
  ),
  word(
    /\bnone of (?:its|their|his)\b/i,
    'not a … of',
    ORDER,
    'The key is none of its kind.',
    'None of them is it.',
  ),
  word(
    /\bso many-?th\b|\bof (?:as|so) many\b/i,
    'number n; of the same length',
    ORDER,
    'the so many-th line',
    'as many lines',
  ),
  word(
    /\bbe (?:it|they) (?:an?|the|one|of|in)\b/i,
    'even if it is',
    ORDER,
    'a block, be it one of PEM',
    'let it be',
  ),
  word(
    /\bthat it is so\b|\btold so\b/i,
    'say what it says',
    ORDER,
    'The client is told so.',
    'The test is skipped and says so.',
  ),
  word(
    /\b(?:that|which|who) (?:is|are|was|were) no (?!longer|more|less|other)[a-z]/i,
    'is not a',
    ORDER,
    'a request that is no preflight',
    'a request that is no longer open',
  ),
  word(
    /\b(?:is|are) to be\b/i,
    'must be; will be',
    ORDER,
    'The names are to be read first.',
    'The names are read, to be used first.',
  ),
  word(
    /\bas (?:RFC \d+|FIPS \d+|it|they) asks?\b/i,
    'as … requires',
    ORDER,
    'encoded as RFC 9881 asks',
    'encoded as RFC 9881 requires',
  ),
  word(
    /\b(?:no|a|one) word (?:on|of|about|what)\b|\bwithout a word\b/i,
    'nothing about; one byte of',
    ORDER,
    'It has no word on use.',
    'It has no words.',
  ),
  word(
    /\bfor nothing\b(?! (?:else|but))/i,
    'unused; overhead',
    ORDER,
    'octets for nothing',
    'It asks for nothing else.',
  ),
  word(/, save\b/i, 'except', OLD, 'all tests, save two', 'all tests save it'),
  word(/\bshall\b/, 'must; will', OLD, 'It shall serve all.', 'It SHALL be a UTF8String (RFC 5280).'),
  word(
    /\b(?:grave|thereof|henceforth|hitherto|lest|aforesaid|wherein|whereof|thereby|therein|hereby|whence|heed(?:s|ed)?|anew)\b/i,
    'severe; again; from now on; so that … not',
    OLD,
    'The key is read anew.',
    'The key is a new one.',
  ),
  word(
    /\b(?:nobody|everybody|anybody|somebody)\b/i,
    'no caller; every client',
    PERSON,
    'Nobody serves it.',
    'No route has it.',
  ),
  word(
    /\bSTANDARDS\b|\bRELIABILITY\b/,
    'the clause of the RFC',
    OUTSIDE,
    'STANDARDS S12',
    'Standards differ.',
  ),
  word(
    /\bT(?:0[1-9]|[1-8]\d)\b/,
    'what the row of docs/security.md says',
    OUTSIDE,
    'a slow client is closed (T03)',
    'a slow client is closed (TLS)',
  ),
];
