import { afterDuration, type Duration } from '../../ca/duration.ts';
import { rfc3339 } from '../../base/clock.ts';
import type { Rule } from '../rule.ts';

/** `text` is the duration in the document. */
export const validityRule = (maximum: Duration, text: string): Rule =>
  function* ({ validity: { notBefore, notAfter }, origin }) {
    if (notAfter <= afterDuration(notBefore, maximum)) return;
    yield {
      rule: 'validity.maximum',
      path: origin.validity,
      value: rfc3339(notAfter),
      message: `The validity from ${rfc3339(notBefore)} to ${rfc3339(notAfter)} must be at most ${text}`,
    };
  };
