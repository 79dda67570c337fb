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

/** A fault that leaves the service ready: most requests get their reply, and no other process would do better. */
export interface Degraded {
  /** The fault, in public words. */
  readonly degraded: string;
}

/** Why the service is not ready, in public words; undefined if it is ready. */
export type CheckResult = string | Degraded | undefined;

/** Every client can run it at any rate, so it reports a state that is known already, and does no work. */
export type ReadinessCheck = () => CheckResult | Promise<CheckResult>;

export interface Readiness {
  /** `name` is the member of the reply for this check. Throws Error if the name is in use. */
  add(name: string, check: ReadinessCheck): void;
  /**
   * Returns `ok`, or `degraded: ` and the fault, by name of check. Throws ProblemError, with the reasons, if the service is not
   * ready.
   */
  report(): Promise<Readonly<Record<string, string>>>;
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

interface State {
  readonly name: string;
  readonly text: string;
  readonly isReady: boolean;
}

function createReadiness(log: FastifyBaseLogger): Readiness {
  const checks = new Map<string, ReadinessCheck>();

  async function stateOf([name, check]: [string, ReadinessCheck]): Promise<State> {
    try {
      return { name, ...stated(await withTimeout(run(check), TIMEOUT, 'the check')) };
    } catch (error) {
      log.error({ err: error, check: name }, 'a readiness check failed');
      return { name, ...stated('the check failed') };
    }
  }

  return {
    add(name, check) {
      if (checks.has(name)) throw new Error(`the readiness check ${name} exists already`);
      checks.set(name, check);
    },
    async report() {
      const states = await Promise.all([...checks].map(stateOf));
      if (states.every(({ isReady }) => isReady)) return textsOf(states);
      throw new ProblemError(notReady(states));
    },
  };
}

/** Rejects where `check` throws. */
const run = async (check: ReadinessCheck): Promise<CheckResult> => check();

function stated(result: CheckResult): Omit<State, 'name'> {
  if (result === undefined) return { text: OK, isReady: true };
  if (typeof result === 'string') return { text: result, isReady: false };
  return { text: `degraded: ${result.degraded}`, isReady: true };
}

const textsOf = (states: readonly State[]): Readonly<Record<string, string>> =>
  Object.fromEntries(states.map(({ name, text }) => [name, text]));

function notReady(states: readonly State[]): Problem {
  const reasons = states.filter(({ isReady }) => !isReady).map(({ name, text }) => `${name}: ${text}`);
  const detail = `The service is not ready: ${reasons.join('; ')}`;
  return { code: 'unavailable', detail, extensions: { checks: textsOf(states) } };
}
