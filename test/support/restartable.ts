/** Services that are restarted, with and without a parent that keeps their socket open during the restart. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { startProgram } from './children.ts';
import { succeeding } from './until.ts';
import { addressIn, emptyFolder, onlyWith, run, START, type Run } from './process.ts';

export interface Restartable {
  readonly port: string;
  /** Ends it as a service manager does, and starts it again. Resolves when it issues again. */
  restart(): Promise<void>;
  /** Its log so far. */
  log(): string;
  /** Kills it at once. Resolves when it has ended. */
  kill(): Promise<void>;
}

/** Text of the log line about an issued key. */
const ISSUED = '"log":"audit"';

type Variables = Readonly<Record<string, string>>;

/** No process listens on its port during a restart. */
export async function startAlone(t: Test, variables: Variables): Promise<Restartable> {
  const services: Run[] = [];
  const start = (port: string): Run => {
    const service = run(t, [START], { ...variables, PORT: port });
    services.unshift(service);
    return service;
  };
  const { port } = new URL(addressIn(await start('0').listening));
  const end = async (signal: NodeJS.Signals): Promise<number | null | undefined> => {
    services[0]?.kill(signal);
    return (await services[0]?.end)?.code;
  };
  return {
    port,
    restart: async () => {
      const code = await end('SIGTERM');
      if (code !== 0) throw new Error(`it ended with ${code}`);
      await start(port).logged(ISSUED);
    },
    log: () => services.flatMap(({ lines }) => lines('')).join('\n'),
    kill: async () => void (await end('SIGKILL')),
  };
}

/** Starts the service for each line that it reads. The service gets its socket as descriptor 3. */
const HOLD = `
  while read line; do
    sh -c 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$1"' "$0" "$1"
    echo '{"msg":"no process runs"}'
  done`;

/** Its socket stays open, as systemd keeps it. */
export async function startHeld(t: Test, variables: Variables): Promise<Restartable> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const command = [...onlyWith(variables), '/bin/sh', '-c', HOLD, process.execPath, START];
  const { fd } = Reflect.get(listener, '_handle');
  const { stdin, stdout } = startProgram(t, '/usr/bin/env', command, {
    cwd: emptyFolder(t),
    stdio: ['pipe', 'pipe', 'inherit', fd],
  });
  listener.close();
  let log = '';
  stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));

  let pid = 0;
  const start = async (): Promise<void> => {
    const before = log.length;
    stdin.write('\n');
    pid = await succeeding(async () => JSON.parse(lineOf(log.slice(before), 'listens on')).pid);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const before = log.length;
    process.kill(pid, signal);
    await succeeding(async () => lineOf(log.slice(before), 'no process runs'));
  };
  await start();
  return {
    port: String(port),
    restart: async () => {
      await end('SIGTERM');
      const before = log.length;
      await start();
      await succeeding(async () => lineOf(log.slice(before), ISSUED));
    },
    log: () => log,
    kill: () => end('SIGKILL'),
  };
}

/** Returns the first complete line with these words. Throws if there is none yet. */
function lineOf(log: string, words: string): string {
  const line = log
    .slice(0, log.lastIndexOf('\n'))
    .split('\n')
    .find((text) => text.includes(words));
  if (line === undefined) throw new Error(`nothing has been logged of: ${words}`);
  return line;
}
