/** Runs rules over content. */

import { ifReadable } from '../base/errors.ts';
import { pause } from '../base/next-turn.ts';
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
  for (const rule of rules) addFindings(rule, view, findings);
  return findings;
}

function addFindings<View>(rule: Rule<View>, view: View, findings: Finding[]): void {
  for (const where of placesOf(rule, view)) findings.push(findingOf(rule, where));
}

/** Rules that run without a pause: to read the clock takes as long as most rules. */
const RULES_AT_ONCE = 4;

interface LongView {
  checkNames(): Promise<void>;
}

/** {@link findingsOf} with pauses: some rules take 5 ms for a long certificate. */
export async function findingsWithPauses<View extends LongView>(
  rules: readonly Rule<View>[],
  view: View,
): Promise<readonly Finding[]> {
  await view.checkNames();
  const findings: Finding[] = [];
  for (const [index, rule] of rules.entries()) {
    addFindings(rule, view, findings);
    const turn = index % RULES_AT_ONCE === 0 ? pause() : undefined;
    if (turn !== undefined) await turn;
  }
  return findings;
}

export const findingOf = <View>(
  { id, clause, severity, where: usual, requires }: Omit<Rule<View>, 'check'>,
  where = usual,
  message = requires,
): Finding => ({ rule: id, clause, severity, where, message });
