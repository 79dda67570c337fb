/** Reads files again while the service runs (at SIGHUP, `service/server.ts`). */

import fp from 'fastify-plugin';

type Task = () => void | Promise<void>;

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds a task that reads `what` again. If the task throws, the previous content must stay in use. */
    onReload(what: string, task: Task): void;
    /** Whether there is any task. */
    isReloadable(): boolean;
    /** Runs all tasks, and logs the result of each. Never rejects. */
    reload(): Promise<void>;
  }
}

export const reloading = fp(
  async (app) => {
    const tasks = new Map<string, Task>();
    app.decorate('onReload', (what: string, task: Task) => void tasks.set(what, task));
    app.decorate('isReloadable', () => tasks.size > 0);
    app.decorate('reload', async () => {
      for (const [what, task] of tasks) {
        try {
          await task();
          app.log.info(`${what} is read again`);
        } catch (err) {
          app.log.error({ err }, `${what} cannot be read again: what was read before stays in force`);
        }
      }
    });
  },
  { name: 'reloading' },
);
