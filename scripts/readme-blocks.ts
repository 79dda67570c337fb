/** The kind of a block of commands in the README: commands to paste, or the block that starts or tests the service. */
export type BlockKind = 'commands' | 'start' | 'test';

export interface Block {
  /** The line of its first command in the file, from 1. */
  readonly line: number;
  readonly commands: string;
  readonly kind: BlockKind;
  /** The reason that the comment `<!-- not run: reason -->` before the block gives; undefined for one that runs. */
  readonly notRun: string | undefined;
  /** The programs that the comment `<!-- needs: NAME, NAME -->` names: without them the block does not run. */
  readonly needs: readonly string[];
}

const OPENING = /^```bash\s*$/;
const CLOSING = /^```\s*$/;
const NOT_RUN = /^<!-- not run: (.+) -->$/;
const NEEDS = /^<!-- needs: (.+) -->$/;

function kindOf(commands: string): BlockKind {
  if (/\bnpm start\b/.test(commands)) return 'start';
  return /\bnpm test\b/.test(commands) ? 'test' : 'commands';
}

/** Returns the fenced `bash` blocks of a Markdown text in their order. Throws Error for a block without an end. */
export function readBlocks(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  let comment: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (OPENING.test(line)) {
      const length = lines.slice(at + 1).findIndex((candidate) => CLOSING.test(candidate));
      if (length < 0) throw new Error(`The block that begins in line ${at + 1} has no end`);
      const commands = lines.slice(at + 1, at + 1 + length).join('\n');
      blocks.push({
        line: at + 2,
        commands,
        kind: kindOf(commands),
        notRun: NOT_RUN.exec(comment ?? '')?.[1],
        needs: NEEDS.exec(comment ?? '')?.[1]?.split(', ') ?? [],
      });
      at += length + 1;
      comment = undefined;
    } else if (line.trim() !== '') comment = line.trim();
  }
  return blocks;
}
