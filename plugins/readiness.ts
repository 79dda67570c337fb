/** Whether the service is ready for requests: other plugins add checks, and `/readyz` runs all of them. */

import type { FastifyBaseLogger } from 'fastify';
import fp from 'fastify-plugin';
import { withTimeout } from '../src/base/timeout.ts';
import { ProblemError, type Problem } from './errors/problem.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly readiness: Readiness;
  }
}

/**
 * Returns why the service is not ready, in public words; undefined if it is ready. Every client can run it at any rate, so
 * it reports a state that is known already, and does no work.
 */
export type ReadinessCheck = () => string | undefined | Promise<string | undefined>;

export interface Readiness {
  /** `name` is the member of the reply for this check. Throws Error if the name is in use. */
  add(name: string, check: ReadinessCheck): void;
  /** Returns `ok` by name of check. Throws ProblemError, with the reasons, unless all checks pass. */
  report(): Promise<Readonly<Record<string, 'ok'>>>;
}

export const readiness = fp(
  async (app) => {
    app.decorate('readiness', createReadiness(app.log));
  },
  { name: 'readiness', dependencies: ['errors'] },
);

/** Timeout of a check, in milliseconds: shorter than that of a probe. */
const TIMEOUT = 500;

const OK = 'ok';

type States = Readonly<Record<string, string>>;

function createReadiness(log: FastifyBaseLogger): Readiness {
  const checks = new Map<string, ReadinessCheck>();

  async function stateOf([name, check]: [string, ReadinessCheck]): Promise<[string, string]> {
    try {
      return [name, (await withTimeout(run(check), TIMEOUT, 'the check')) ?? OK];
    } catch (error) {
      log.error({ err: error, check: name }, 'a readiness check failed');
      return [name, 'the check failed'];
    }
  }

  return {
    add(name, check) {
      if (checks.has(name)) throw new Error(`the readiness check ${name} exists already`);
      checks.set(name, check);
    },
    async report() {
      const states: States = Object.fromEntries(await Promise.all([...checks].map(stateOf)));
      if (allPass(states)) return states;
      throw new ProblemError(notReady(states));
    },
  };
}

/** Rejects where `check` throws. */
const run = async (check: ReadinessCheck): Promise<string | undefined> => check();

const allPass = (states: States): states is Readonly<Record<string, 'ok'>> =>
  Object.values(states).every((state) => state === OK);

function notReady(checks: States): Problem {
  const reasons = Object.entries(checks).filter(([, state]) => state !== OK);
  const details = reasons.map(([name, reason]) => `${name}: ${reason}`).join('; ');
  return { code: 'unavailable', detail: `The service is not ready: ${details}`, extensions: { checks } };
}
