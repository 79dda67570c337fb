/** The terms under which a certificate is found. Each is a row, so a search reads only what it returns. */

import type { CertificateSummary } from '../port/certificates.ts';

/** Longer words are cut, in the index and in a search. */
const LONGEST = 255;

/** Upper and lower case, and other forms of the same letters, are equal (Unicode NFKC). */
export const fold = (text: string): string =>
  (ASCII.test(text) ? text : text.normalize('NFKC')).toLowerCase();

/** Such a text is its own NFKC form. */
const ASCII = /^[\0-\x7f]*$/;

export const termsOf = ({ subject, names }: Pick<CertificateSummary, 'subject' | 'names'>): Set<string> =>
  new Set([...subjectTerms(subject), ...names.flatMap(nameTerms)]);

/** Words consist of letters, digits and the characters of names and addresses. */
export const subjectTerms = (text: string): string[] =>
  (fold(withoutTypes(text)).match(/[\p{L}\p{M}\p{N}_@.:/-]+/gu) ?? []).map((word) => `s:${cut(word)}`);

/** The types of the attributes, such as `CN=`, are not words of the subject. */
const withoutTypes = (subject: string): string => subject.replaceAll(/(?:^|[,+])\s*[A-Za-z0-9.]+=/g, ' ');

export const nameTerm = (value: string): string => `n:${cut(fold(value))}`;

/** `www.example.com` is found by its name, by `*.example.com` and by `*.com`. */
function nameTerms({ type, value }: CertificateSummary['names'][number]): string[] {
  const labels = type === 'dns' ? value.split('.') : [];
  const suffixes = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
  return [value, ...suffixes].map(nameTerm);
}

const cut = (text: string): string => text.slice(0, LONGEST);
