import { closestValue, spellingsOf, type Spellings } from '../../src/base/spelling.ts';
import type { ValidationError } from './validation-error.ts';

/** Returns why a value that looks right is not one of a list, as the rest of a sentence. */
export type ReasonAgainst = (value: string) => string | undefined;

/**
 * Returns the end of a sentence about a value that its schema rejects: what the caller probably means. It does not show the
 * value, which can be secret.
 */
export function valueHint({ data, parentSchema }: ValidationError, reasonAgainst: ReasonAgainst): string {
  if (typeof data !== 'string' || parentSchema === undefined) return '';
  const spellings = spellingsOf(parentSchema);
  if (spellings !== undefined) return spellingHint(data, spellings, reasonAgainst);
  if (parentSchema.type !== 'array') return '';
  const [example = ['…']] = parentSchema.examples ?? [];
  return `, not one string; write it in brackets, as in ${JSON.stringify(example)}`;
}

function spellingHint(value: string, spellings: Spellings, reasonAgainst: ReasonAgainst): string {
  const reason = reasonAgainst(value);
  if (reason !== undefined) return `; ${reason}`;
  const meant = closestValue(value, spellings);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
