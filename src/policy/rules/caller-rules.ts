import { inDocument } from '../invalid-document.ts';
import { quoted } from '../../x509/names/printable-text.ts';
import type { Rule } from '../rule.ts';
import { callerPattern } from '../text-pattern.ts';

/** Throws PkiError invalid-profile-document. */
export function callerRule(patterns: readonly string[]): Rule {
  const tests = patterns.map((text, index) => inDocument(['callers', index], () => callerPattern(text)));
  return function* ({ principal }) {
    if (tests.some((matches) => matches(principal))) return;
    yield {
      rule: 'callers',
      path: [],
      value: principal,
      message: `The caller ${quoted(principal)} may not use the profile`,
    };
  };
}
