/** Whether requests should be sent here: other plugins say what must hold, and `/readyz` asks them all. */

import type { FastifyBaseLogger } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError, type Problem } from './errors/problem.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly readiness: Readiness;
  }
}

/**
 * Answers why the service is not ready, in words that anybody may read; undefined where it is. Asked by whoever likes,
 * as often as they like: it tells what is known already, and does no work of its own.
 */
export type ReadinessCheck = () => string | undefined | Promise<string | undefined>;

export interface Readiness {
  /** `name` is the member of the answer that tells of it. Throws Error for a name that is taken. */
  add(name: string, check: ReadinessCheck): void;
  /** `ok` by name of check. Throws ProblemError, with the reasons, unless all hold. */
  report(): Promise<Readonly<Record<string, 'ok'>>>;
}

export const readiness = fp(
  async (app) => {
    app.decorate('readiness', createReadiness(app.log));
  },
  { name: 'readiness', dependencies: ['errors'] },
);

/** How long a check may take, in milliseconds: shorter than a probe waits. */
const PATIENCE = 500;

const OK = 'ok';

type States = Readonly<Record<string, string>>;

function createReadiness(log: FastifyBaseLogger): Readiness {
  const checks = new Map<string, ReadinessCheck>();

  async function stateOf([name, check]: [string, ReadinessCheck]): Promise<[string, string]> {
    try {
      return [name, (await inTime(check)) ?? OK];
    } catch (error) {
      log.error({ err: error, check: name }, 'a readiness check failed');
      return [name, 'it cannot be told'];
    }
  }

  return {
    add(name, check) {
      if (checks.has(name)) throw new Error(`there is a readiness check ${name} already`);
      checks.set(name, check);
    },
    async report() {
      const states: States = Object.fromEntries(await Promise.all([...checks].map(stateOf)));
      if (allHold(states)) return states;
      throw new ProblemError(notReady(states));
    },
  };
}

async function inTime(check: ReadinessCheck): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, PATIENCE, 'it does not answer');
  try {
    return await Promise.race([check(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

const allHold = (states: States): states is Readonly<Record<string, 'ok'>> =>
  Object.values(states).every((state) => state === OK);

function notReady(checks: States): Problem {
  const reasons = Object.entries(checks).filter(([, state]) => state !== OK);
  const told = reasons.map(([name, reason]) => `${name}: ${reason}`).join('; ');
  return { code: 'unavailable', detail: `Not ready: ${told}`, extensions: { checks } };
}
