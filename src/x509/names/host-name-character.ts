/** A character of ASCII that no label of a host name has. Others are left to the checks of UTS #46. */
const FOREIGN = /[^a-z\d.\-\u0080-\u{10ffff}]/iu;

/** Returns the beginning of a predicate, which names the first character that a host name must not have; empty without one. */
export function characterFault(text: string): string {
  const character = FOREIGN.exec(text)?.[0];
  return character === undefined ? '' : `contains ${NAMES[character] ?? `"${character}"`}; it `;
}

const NAMES: Readonly<Record<string, string>> = Object.freeze({
  ' ': 'a space',
  '"': 'a quotation mark',
});
