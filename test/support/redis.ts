/** A real Redis for one test. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { startProgram } from './children.ts';
import { freePort } from './free-port.ts';
import { redisPath } from './services.ts';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly kill: (signal: NodeJS.Signals) => boolean;
  /** Kills it as a power failure does, and waits until it has ended. */
  crash(): Promise<void>;
  /** Starts it again on the same port, without data. */
  start(): Promise<void>;
}

const PASSWORD = 'secret-of-redis';

/** Listens on a free port. It ends when `t` ends. */
export async function startRedis(t: Test): Promise<RedisServer> {
  const port = await freePort();
  let child = await launch(t, port);
  return {
    port,
    url: `redis://:${PASSWORD}@127.0.0.1:${port}/0`,
    kill: (signal) => child.kill(signal),
    async crash() {
      child.kill('SIGKILL');
      if (child.signalCode === null) await once(child, 'exit');
    },
    async start() {
      child = await launch(t, port);
    },
  };
}

function launch(t: Test, port: number): Promise<ChildProcess> {
  const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no', requirepass: PASSWORD };
  return launchRedis(
    t,
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  );
}

/** Returns once it accepts connections. */
export async function launchRedis(t: Test, args: readonly string[]): Promise<ChildProcess> {
  const child = startProgram(t, redisPath ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    if (line.includes('Ready to accept connections')) break;
  }
  child.stdout.resume();
  return child;
}
