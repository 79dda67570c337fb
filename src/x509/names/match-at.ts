/** Returns the text that the sticky `pattern` matches at `offset`; empty if it does not match. */
export function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}
