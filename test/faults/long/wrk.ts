import { join } from 'node:path';
import { execute } from './program.ts';

export interface Load {
  /** Replies per second, with a 2xx status and with another status. */
  readonly good: number;
  readonly refused: number;
  /** Failed connections, and requests that exceeded the timeout of wrk. */
  readonly lost: number;
}

export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
}

/** Requests ML-DSA-65 certificates over `connections` connections. Each sends its next request right after a reply. */
export async function load(url: string, { connections, seconds }: LoadOptions): Promise<Load> {
  const script = join(import.meta.dirname, 'certificates.lua');
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url];
  const { requests, statuses, broken, microseconds } = JSON.parse(
    (await execute('wrk', args)).split('\n').at(-2) ?? '',
  );
  const rate = (count: number): number => Math.round(count / (microseconds / 1e6));
  return { good: rate(requests - statuses), refused: rate(statuses), lost: broken };
}
