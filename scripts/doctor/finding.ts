/** The result of a check, in one line. For a fault the line ends with the remedy. */
export interface Finding {
  readonly outcome: 'ok' | 'wrong' | 'not checked';
  readonly text: string;
}

export const ok = (text: string): Finding => ({ outcome: 'ok', text });
export const notChecked = (text: string): Finding => ({ outcome: 'not checked', text });
export const wrong = (what: string, remedy: string): Finding => ({
  outcome: 'wrong',
  text: `${what}: ${remedy}`,
});

/** Returns the faults, or one positive finding if there are none. */
export const orElse = (faults: readonly Finding[], good: string): readonly Finding[] =>
  faults.length > 0 ? faults : [ok(good)];
