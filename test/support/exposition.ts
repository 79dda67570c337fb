/**
 * A strict parser of the text format of Prometheus, version 0.0.4. It throws for everything that the format does not
 * allow.
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\\\\\|\\\\n)+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? ([^ ]+)$`, 's');
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/y;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]Inf|NaN)$/i;
const SUFFIXES: Readonly<Record<string, RegExp>> = { histogram: /^(?:_bucket|_sum|_count)$/ };

/** Families by name. */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family & { samples: Sample[] }>();
  const seen = new Set<string>();
  let help: RegExpExecArray | null = null;
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    if (line.startsWith('# HELP')) {
      help = must(HELP.exec(line), line);
    } else if (line.startsWith('#')) {
      const [, name = '', type = ''] = must(TYPE.exec(line), line);
      if (help?.[1] !== name || families.has(name)) throw new Error(`out of order: ${line}`);
      families.set(name, { type, help: help[2] ?? '', samples: [] });
      current = name;
    } else {
      const family = must(families.get(current), line);
      const sample = readSample(line);
      const suffix = sample.name.startsWith(current) ? sample.name.slice(current.length) : '?';
      if (!(SUFFIXES[family.type] ?? /^$/).test(suffix)) throw new Error(`not of ${current}: ${line}`);
      const series = line.slice(0, line.lastIndexOf(' '));
      if (seen.has(series)) throw new Error(`twice: ${series}`);
      seen.add(series);
      family.samples.push(sample);
    }
  }
  for (const { type, samples } of families.values()) if (type === 'histogram') checkHistogram(samples);
  return families;
}

function must<T>(value: T | null | undefined, line: string): T {
  if (value === null || value === undefined) throw new Error(`not understood: ${line}`);
  return value;
}

function readSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = must(SAMPLE.exec(line), line);
  if (!VALUE.test(value)) throw new Error(`not a number: ${line}`);
  return { name, labels: readLabels(labels, line), value: Number(value.replace('Inf', 'Infinity')) };
}

function readLabels(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const [, name = '', value = ''] = must(LABEL.exec(text), line);
    if (name in labels) throw new Error(`a label twice: ${line}`);
    labels[name] = value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  }
  return labels;
}

/** The buckets of a histogram never decrease, and the last one, +Inf, is the count. */
function checkHistogram(samples: readonly Sample[]): void {
  const last = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(others);
    if (name.endsWith('_bucket')) {
      if (le === undefined || value < (last.get(key) ?? 0)) throw new Error(`buckets of ${name} ${key}`);
      last.set(key, value);
    } else if (name.endsWith('_count') && value !== last.get(key)) {
      throw new Error(`count of ${name} ${key}`);
    }
  }
}
