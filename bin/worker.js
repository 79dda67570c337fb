/** One of several processes that serve. Started by the primary (service/workers/primary.ts), not by hand. */

const { startWorker } = await import('../service/server.ts');
await startWorker();
