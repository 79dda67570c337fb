/** One of several processes that serve. Started by the primary (workers/primary.ts), not by hand. */

const { startWorker } = await import('../src/server.ts');
await startWorker();
