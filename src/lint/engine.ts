/** Runs rules over content. */

import { ifReadable } from '../base/errors.ts';
import { nextTurn } from '../base/next-turn.ts';
import type { Finding, Rule } from './rule.ts';

/** Of one rule: a list of 1,000 wrong extensions needs no 1,000 findings. */
const MAX_PLACES = 10;

/** Returns the members that break the rule. */
function placesOf<View>({ applies, check, where }: Rule<View>, view: View): readonly string[] {
  if (applies?.(view) === false) return NONE;
  const result = ifReadable(() => check(view)) ?? false;
  if (typeof result === 'boolean') return result ? NONE : [where];
  return result.length === 0 ? NONE : [...new Set(result)].slice(0, MAX_PLACES);
}

const NONE: readonly string[] = Object.freeze([]);

export const findingsOf = <View>(rules: readonly Rule<View>[], view: View): readonly Finding[] =>
  rules.flatMap((rule) => placesOf(rule, view).map((where) => findingOf(rule, where)));

/** Rules that run in one turn of the event loop: all of them take 70 ms for a long certificate, and some 5 ms each. */
const RULES_OF_A_TURN = 3;

/** {@link findingsOf} in several turns of the event loop. */
export async function findingsInTurns<View extends { checkNamesInTurns(): Promise<void> }>(
  rules: readonly Rule<View>[],
  view: View,
): Promise<readonly Finding[]> {
  await view.checkNamesInTurns();
  const findings: Finding[] = [];
  for (let start = 0; start < rules.length; start += RULES_OF_A_TURN) {
    findings.push(...findingsOf(rules.slice(start, start + RULES_OF_A_TURN), view));
    await nextTurn();
  }
  return findings;
}

export const findingOf = <View>(
  { id, clause, severity, where: usual, requires }: Omit<Rule<View>, 'check'>,
  where = usual,
  message = requires,
): Finding => ({ rule: id, clause, severity, where, message });
