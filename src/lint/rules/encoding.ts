/** Deviations of the encoding that the reading of an input has noted (X.690, and the tables of `formats/tolerances.ts`). */

import { TOLERANCES, type ToleranceCode } from '../../formats/tolerances.ts';
import { rulesWith, type Rule } from '../rule.ts';
import type { SignedView } from '../views.ts';

/** Deviations of key files; and those of keys and names that rules are about, which say more. */
const OTHERS: ReadonlySet<ToleranceCode> = new Set([
  'private-key-version',
  'private-key-value',
  'traditional-key',
  'pem-label',
  'no-key-usage',
  'pss-key',
  'algorithm-parameters',
  'ec-point-form',
  'string-type',
]);

/** Deviations from what a standard recommends. */
const RECOMMENDED: ReadonlySet<ToleranceCode> = new Set(['microsoft-extensions', 'unknown-type']);

const codes = (Object.keys(TOLERANCES) as ToleranceCode[]).filter((code) => !OTHERS.has(code));

const ruleOf = (code: ToleranceCode): readonly Rule<SignedView>[] =>
  rulesWith<SignedView>()(
    { where: '', only: 'received' },
    {
      id: code,
      clause: TOLERANCES[code].clause,
      severity: RECOMMENDED.has(code) ? 'warning' : 'error',
      requires: `The standard ${RECOMMENDED.has(code) ? 'advises against' : 'forbids'} ${TOLERANCES[code].found}`,
      applies: ({ notes }) => notes.length > 0,
      check: ({ notes }) => notes.filter((note) => note.code === code).map(({ where = '' }) => where),
    },
  );

/** In the order of the table. */
export const ENCODING_RULES: readonly Rule<SignedView>[] = codes.flatMap(ruleOf);
