/** The entry point of one worker process. The primary (service/workers/primary.ts) starts it; do not start it by hand. */

const { startWorker } = await import('../service/server.ts');
await startWorker();
