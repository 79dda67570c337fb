/** The part of `text` from `offset` on that the sticky `pattern` matches; empty where it matches nothing there. */
export function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}
