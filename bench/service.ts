/** The service as a child process with all protections enabled, and its metrics. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { DIST } from '../scripts/bundle.ts';
import { onCores } from './child.ts';

export const API_KEY = 'a-key-of-the-benchmark-of-32-characters';
export const ORIGIN = 'https://app.example.com';

export interface Service {
  readonly port: number;
  /** Milliseconds from the start of the process to the line that says where it listens. */
  readonly startedAfter: number;
  /** The sum of each metric over its labels. Each call resets the maxima. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/** Limits that count but are never reached. A hybrid pair takes 16 places in the queue. */
export const ENVIRONMENT = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: '0',
  API_KEYS: API_KEY,
  CORS_ORIGINS: ORIGIN,
  RATE_LIMIT_PER_HOUR: '1000000',
  RATE_LIMIT_GENERATE_PER_MINUTE: '1000000',
  QUEUE_LIMIT: '2000',
  SHUTDOWN_DELAY: '0',
};

/** The bounds of memory, as in the Dockerfile. */
export const MEMORY = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '32768',
  NODE_OPTIONS: '--max-semi-space-size=8',
} as const;

/** Starts the bundle in dist/, which must exist, on the first `cores` of this machine. */
export async function startService(
  environment: Readonly<Record<string, string>>,
  cores: number,
): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const log = join(folder, 'service.log');
  const start = performance.now();
  const [command, ...args] = onCores(cores, process.execPath, join(DIST, 'start.js'));
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...ENVIRONMENT, ...MEMORY, ...environment },
    stdio: ['ignore', openSync(log, 'a'), 'inherit'],
  });
  const port = await portIn(log);
  const startedAfter = performance.now() - start;
  return {
    port,
    startedAfter,
    metrics: () => scrape(port),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Milliseconds from the start of a process until it is ready, and those of its first and its tenth request. */
export interface StartFigure {
  readonly ready: number;
  readonly first: number;
  readonly tenth: number;
}

export async function measureStart(
  environment: Readonly<Record<string, string>>,
  cores: number,
): Promise<StartFigure> {
  await warmClient();
  const service = await startService(environment, cores);
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    const start = performance.now();
    await post(service, '/certificate/generate', { subject: '/CN=first' });
    times.push(performance.now() - start);
  }
  await service.stop();
  return { ready: service.startedAfter, first: times[0] ?? Number.NaN, tenth: times[9] ?? Number.NaN };
}

/** The first request of a client process takes 100 ms longer, so it is sent to another server. */
async function warmClient(): Promise<void> {
  const server = createServer((_request, reply) => void reply.end('{}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await post(server.address() as AddressInfo, '/', {});
  server.close();
  server.closeAllConnections();
}

/** Returns the members of the reply. Throws Error if the status is not 200. */
export const post = async (
  service: Pick<Service, 'port'>,
  route: string,
  body: object,
): Promise<Record<string, string>> =>
  JSON.parse(await replyTo(service, route, body)) as Record<string, string>;

/** Returns the body of the reply. Throws Error if the status is not 200. */
export async function replyTo({ port }: Pick<Service, 'port'>, route: string, body: object): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}${BASE}${route}`, {
    method: 'POST',
    headers: { 'X-API-Key': API_KEY, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${route} returned ${reply.status}: ${text}`);
  return text;
}

async function portIn(log: string): Promise<number> {
  for (;;) {
    for await (const line of createInterface(createReadStream(log))) {
      const port = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) return Number(port);
    }
    await sleep(5);
  }
}

async function scrape(port: number): Promise<ReadonlyMap<string, number>> {
  const reply = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { 'X-API-Key': API_KEY } });
  const sums = new Map<string, number>();
  for (const [, name = '', value] of (await reply.text()).matchAll(/^([a-z\d_]+)(?:\{.*\})? (\S+)$/gm)) {
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}

const BASE = '/api/v1';

/** The text of a request to a route of the API, with the header fields of a browser and of an authenticated client. */
export function requestOf(route: string, body: object): string {
  const text = JSON.stringify(body);
  return [
    `POST ${BASE}${route} HTTP/1.1`,
    'Host: 127.0.0.1',
    `X-API-Key: ${API_KEY}`,
    `Origin: ${ORIGIN}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}
