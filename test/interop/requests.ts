import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { poster } from '../support/service.ts';

/** Requests below /api/v1 whose status must be one of success, or 400. */
export function requests(app: FastifyInstance) {
  const post = poster(app);
  return {
    done: async (path: string, payload: object) => {
      const { statusCode, answer, body } = await post(`/api/v1/${path}`, payload);
      if (statusCode >= 300) throw new Error(`${path}: ${body}`);
      return answer;
    },
    refused: async (t: Test, path: string, payload: object, expected: object): Promise<void> => {
      const { statusCode, answer } = await post(`/api/v1/${path}`, payload);
      t.equal(statusCode, 400, path);
      t.match(answer, expected);
    },
  };
}
