/**
 * The zero-width joiner and non-joiner, U+200D and U+200C, change how letters of Arabic and Indic scripts are written.
 * They are allowed where they have that effect (RFC 5892 appendix A.1, A.2): after a virama, and the non-joiner also between
 * letters that join. Elsewhere they are invisible.
 */

import { toUnicode } from 'tr46';

/** Letters, marks and joiners in a row. Only these decide about the joiners among them. */
const RUNS = /[\p{L}\p{M}\u200c\u200d]+/gu;
const JOINERS = /[\u200c\u200d]/g;
const JOINER = /[\u200c\u200d]/;

/** Whether the run has joiners, and all of them are allowed: the rules are those for the labels of host names. */
const isJoined = (run: string): boolean =>
  JOINER.test(run) && !toUnicode(run, { checkJoiners: true, transitionalProcessing: false }).error;

/** Returns `text` without the joiners that are allowed where they are. */
export const withoutJoiners = (text: string): string =>
  JOINER.test(text) ? text.replace(RUNS, (run) => (isJoined(run) ? withoutAnyJoiner(run) : run)) : text;

/** Returns `text` without all joiners: texts that differ in them only are equal (RFC 4518 §2.2). */
export const withoutAnyJoiner = (text: string): string => text.replace(JOINERS, '');

/** Applies `change` to the text before, between and after the joiners that are allowed where they are. */
export function changeAroundJoiners(text: string, change: (part: string) => string): string {
  if (!JOINER.test(text)) return change(text);
  let changed = '';
  let offset = 0;
  for (const { 0: run, index } of text.matchAll(RUNS)) {
    if (!isJoined(run)) continue;
    for (const { 0: joiner, index: inRun } of run.matchAll(JOINERS)) {
      changed += change(text.slice(offset, index + inRun)) + joiner;
      offset = index + inRun + joiner.length;
    }
  }
  return changed + change(text.slice(offset));
}
