import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem.ts';

/** No content coding is accepted (RFC 9110 §15.5.16). Throws a problem 415. */
export function rejectContentCoding({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() === 'identity') return;
  throw new ProblemError({
    code: 'unsupported-media-type',
    detail: 'The body must be sent without Content-Encoding',
    headers: { 'Accept-Encoding': 'identity' },
  });
}
