/** Runs rules over content. */

import { ifReadable } from '../base/errors.ts';
import { nextTurn } from '../base/next-turn.ts';
import type { Finding, Rule } from './rule.ts';

/** Of one rule: a list of 1,000 wrong extensions needs no 1,000 findings. */
const MAX_PLACES = 10;

/** Returns the members that break the rule. */
function placesOf<View>({ applies, check, where }: Rule<View>, view: View): readonly string[] {
  if (applies?.(view) === false) return NONE;
  const result = ifReadable(check, view) ?? false;
  if (typeof result === 'boolean') return result ? NONE : [where];
  return result.length === 0 ? NONE : [...new Set(result)].slice(0, MAX_PLACES);
}

const NONE: readonly string[] = Object.freeze([]);

export function findingsOf<View>(rules: readonly Rule<View>[], view: View): readonly Finding[] {
  const findings: Finding[] = [];
  for (const rule of rules) for (const where of placesOf(rule, view)) findings.push(findingOf(rule, where));
  return findings;
}

/** What is long, in octets: names, policies and the like. */
const LONG = 8192;

/**
 * Rules that run in one turn of the event loop. All of them take 70 ms for a long certificate, and some 5 ms each; 0.1 ms for
 * a short one, to which many turns would add 0.3 ms.
 */
const RULES_OF_A_TURN = { short: 36, long: 3 };

interface LongView {
  /** In octets: the parts that can be long. */
  readonly length: number;
  checkNamesInTurns(): Promise<void>;
}

/** {@link findingsOf} in several turns of the event loop. */
export async function findingsInTurns<View extends LongView>(
  rules: readonly Rule<View>[],
  view: View,
): Promise<readonly Finding[]> {
  await view.checkNamesInTurns();
  const findings: Finding[] = [];
  const count = RULES_OF_A_TURN[view.length > LONG ? 'long' : 'short'];
  for (let start = 0; start < rules.length; start += count) {
    findings.push(...findingsOf(rules.slice(start, start + count), view));
    await nextTurn();
  }
  return findings;
}

export const findingOf = <View>(
  { id, clause, severity, where: usual, requires }: Omit<Rule<View>, 'check'>,
  where = usual,
  message = requires,
): Finding => ({ rule: id, clause, severity, where, message });
