/** What a check has to say: one line, which for something wrong ends with what to do. */
export interface Finding {
  readonly outcome: 'ok' | 'wrong' | 'not judged';
  readonly text: string;
}

export const ok = (text: string): Finding => ({ outcome: 'ok', text });
export const notJudged = (text: string): Finding => ({ outcome: 'not judged', text });
export const wrong = (what: string, remedy: string): Finding => ({
  outcome: 'wrong',
  text: `${what}: ${remedy}`,
});

/** All that is wrong, or else that nothing is. */
export const orElse = (faults: readonly Finding[], good: string): readonly Finding[] =>
  faults.length > 0 ? faults : [ok(good)];
