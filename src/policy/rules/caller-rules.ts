import { quoted } from '../../x509/names/printable-text.ts';
import type { Rule } from '../rule.ts';
import { starPattern } from '../text-pattern.ts';

export function callerRule(patterns: readonly string[]): Rule {
  const tests = patterns.map(starPattern);
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
