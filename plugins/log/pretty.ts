/** Log lines for a reader at a terminal, in place of JSON. Loaded only if LOG_FORMAT is `pretty`. */

import { styleText } from 'node:util';
import type { ClosableLog } from './options.ts';

/** Writes each line of JSON to `log` in readable form. */
export const prettyLog = (log: ClosableLog): ClosableLog => ({
  ...log,
  write: (lines) => log.write(lines.split('\n').slice(0, -1).map(prettyLine).join('')),
});

type Members = Readonly<Record<string, unknown>>;

/** Members with a place of their own, and those that are the same in every line. */
const PLACED: ReadonlySet<string> = new Set(
  'time level msg err pid hostname method path status milliseconds client'.split(' '),
);

/** Time of day, level, message, request with the address of the client, other members, and the error on lines of its own. */
export function prettyLine(line: string): string {
  const members = JSON.parse(line) as Members;
  const { time, level, msg = '', err } = members;
  const others = Object.entries(members)
    .filter(([name]) => !PLACED.has(name))
    .map(([name, value]) => styled('dim', `${name}=${valueText(value)}`));
  const parts = [timeOfDay(time), levelText(level), printable(String(msg)), ...requestOf(members), ...others];
  return `${parts.join(' ')}\n${errorOf(err)}`;
}

function timeOfDay(time: unknown): string {
  const date = new Date(Number(time));
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((value) => String(value).padStart(2, '0'))
    .join(':');
}

const LEVELS: ReadonlyMap<unknown, readonly [name: string, style: Style]> = new Map([
  [10, ['TRACE', 'dim']],
  [20, ['DEBUG', 'dim']],
  [30, ['INFO', 'green']],
  [40, ['WARN', 'yellow']],
  [50, ['ERROR', 'red']],
  [60, ['FATAL', 'red']],
]);

function levelText(level: unknown): string {
  const [name, style] = LEVELS.get(level) ?? [String(level), 'dim'];
  return styled(style, name.padEnd(5));
}

/** `GET /health 200 1.2 ms 127.0.0.1`, as far as the line has these. */
const requestOf = ({ method, path, status, milliseconds, client }: Members): readonly unknown[] =>
  [method, path, status, milliseconds === undefined ? undefined : `${valueText(milliseconds)} ms`, client]
    .filter((value) => value !== undefined)
    .map((value) => (typeof value === 'string' ? printable(value) : valueText(value)));

function valueText(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=]+$/.test(value)) return printable(value);
  return printable(JSON.stringify(value));
}

/** As the error serializer of options.ts writes it. */
function errorOf(err: unknown): string {
  if (typeof err !== 'object' || err === null) return '';
  const { type, message, stack, cause } = err as Members;
  const text = String(stack);
  // Without LOG_LEVEL=debug `stack` only says that it is left out.
  const lines = text.includes('\n') ? text.split('\n') : [`${String(type)}: ${String(message)}`];
  return lines.map((line) => `    ${printable(line)}\n`).join('') + errorOf(cause);
}

/** Text from a client must not control the terminal: control and format characters become escapes. */
const printable = (text: string): string =>
  text.replace(/[\p{C}\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

type Style = 'dim' | 'green' | 'yellow' | 'red';

/** Without colours where standard output is not a terminal, and where NO_COLOR is set. */
const styled = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout, validateStream: true });
