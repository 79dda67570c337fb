import { join } from 'node:path';
import { execute } from './program.ts';

export interface Load {
  /** Answered in a second, with 2xx and with another status. */
  readonly good: number;
  readonly refused: number;
  /** Connections that broke, and requests that waited longer than wrk does. */
  readonly lost: number;
}

export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
}

/** Asks for certificates of ML-DSA-65 over so many connections, on each again as soon as there is an answer. */
export async function load(url: string, { connections, seconds }: LoadOptions): Promise<Load> {
  const script = join(import.meta.dirname, 'certificates.lua');
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url];
  const { requests, statuses, broken, microseconds } = JSON.parse(
    (await execute('wrk', args)).split('\n').at(-2) ?? '',
  );
  const rate = (count: number): number => Math.round(count / (microseconds / 1e6));
  return { good: rate(requests - statuses), refused: rate(statuses), lost: broken };
}
