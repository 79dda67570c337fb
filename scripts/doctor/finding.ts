/**
 * The result of a check, in one line. A wrong result ends with what to do. A note is a result that is right in development,
 * and says what production needs.
 */
export interface Finding {
  readonly outcome: 'ok' | 'note' | 'wrong' | 'skipped';
  readonly text: string;
}

export const ok = (text: string): Finding => ({ outcome: 'ok', text });
export const note = (text: string): Finding => ({ outcome: 'note', text });
export const skipped = (text: string): Finding => ({ outcome: 'skipped', text });
export const wrong = (what: string, remedy: string): Finding => ({
  outcome: 'wrong',
  text: `${what}: ${remedy}`,
});

/** Returns `faults`, or `good` if there are none. */
export const orElse = (faults: readonly Finding[], good: string): readonly Finding[] =>
  faults.length > 0 ? faults : [ok(good)];
