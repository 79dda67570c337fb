/** One sentence a line, and no line longer than 118 characters. */
export const lines = (text: string): string =>
  text
    .split(/(?<=\.) (?=[A-Z\d`])/)
    .map((sentence) => sentence.replaceAll(/(?=.{119})(.{1,118}) /g, '$1\n'))
    .join('\n');
