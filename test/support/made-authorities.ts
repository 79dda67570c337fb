/** Authorities as an operator makes them beside a running service, and certificates of them over HTTP. */

import type { Test } from 'tap';
import { runProgram } from './children.ts';
import { programFile, ROOT } from './process.ts';

/** Runs `npm run ca -- init` with the configuration of the service. Throws Error with its message. */
export async function makeAuthorities(t: Test, environment: Readonly<Record<string, string>>): Promise<void> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = [programFile('scripts/ca.ts'), 'init', '--organization', 'Example Org'];
  const made = await runProgram(t, process.execPath, args, {
    cwd: ROOT,
    env: { ...env, ...environment, NODE_ENV: 'production' },
  });
  if (made.code !== 0) throw new Error(made.stderr);
}

/** Requests a certificate from the authority `issuing-1`, which `makeAuthorities` makes. Returns the status. */
export async function issueFrom(port: number | string, apiKey: string): Promise<number> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1/authorities/issuing-1/certificates`, {
    method: 'POST',
    headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json', Connection: 'close' },
    body: '{"subject":"/CN=www.example.com","san":["DNS:www.example.com"]}',
  });
  await reply.body?.cancel();
  return reply.status;
}
