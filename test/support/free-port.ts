import { createServer, type Server } from 'node:net';

/**
 * A system gives ports from 32768 on to programs that ask for any port, and to connections. A port below that is taken
 * only by a program that names it.
 */
const [FIRST, COUNT] = [20_000, 12_000];

/** The ports that this process has claimed are free for no other one (Linux: a socket with a name that is no file). */
const claims: Server[] = [];

/** Returns a free port of 127.0.0.1, for a program that cannot choose one itself. No other test gets it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const claim = await listening(`\0mldsa-test-port-${port}`);
    if (claim === undefined) continue;
    claims.push(claim.unref());
    const server = await listening({ port, host: '127.0.0.1' });
    if (server === undefined) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Undefined if the address is in use. */
function listening(address: string | { port: number; host: string }): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(address, () => resolve(server));
  });
}
