/** `minLength` and `maxLength` for Ajv. Its own keywords count the characters of every text, however long it may be. */

import type { Ajv } from '@fastify/ajv-compiler';

/** For `onCreate` of Ajv. */
export function countOnlyAtTheLimit(ajv: Ajv): void {
  for (const [keyword, isWithin] of Object.entries({ maxLength: isAtMost, minLength: isAtLeast })) {
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      keyword,
      type: 'string',
      schemaType: 'number',
      // As in Ajv: no pattern or format is tried on a text that is too long
      before: 'pattern',
      errors: false,
      compile: (limit: number) => (text: string) => isWithin(text, limit),
    });
  }
}

/** A character (code point) has one or two units of UTF-16. */
const isAtMost = (text: string, limit: number): boolean =>
  text.length <= limit || (text.length <= 2 * limit && charactersIn(text) <= limit);

const isAtLeast = (text: string, limit: number): boolean =>
  text.length >= 2 * limit || charactersIn(text) >= limit;

/** Without an array of them: a text can have millions. */
function charactersIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count += 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return count;
}
