/** Turns a thrown error into the problem that the caller sees. */

import { PkiError } from '../../src/base/errors.ts';
import { ProblemError, type Problem } from './problem.ts';
import { memberName, memberError, type ValidationError } from './validation-error.ts';

/** Returns the JSON Pointer (RFC 6901) of the member of the request that an input of the domain came from. */
export type PointerOf = (path: PkiError['path']) => string;

/** The members of the request have the names of the inputs. */
export const samePointer: PointerOf = (path) => path.map((step) => `/${step}`).join('');

/** Returns undefined for a bug, about which the caller learns nothing. */
export function problemOf(error: unknown, pointerOf: PointerOf = samePointer): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof PkiError) return domainProblem(error, pointerOf);
  if (!(error instanceof Error)) return undefined;
  return validationProblem(error) ?? frameworkProblem(error) ?? libraryProblem(error);
}

/** The v1 contract promises this text. */
export const UNAUTHORIZED: Problem = { code: 'unauthorized', detail: 'Invalid or missing API key' };

export const INTERNAL_ERROR: Problem = { code: 'internal-error', detail: 'Internal server error' };

/** The contract promises that the message names the member. */
function domainProblem({ code, message, path }: PkiError, pointerOf: PointerOf): Problem {
  const pointer = pointerOf(path);
  if (pointer === '') return { code, detail: message };
  const detail = `${memberName(pointer)}: ${message}`;
  return { code, detail, errors: [{ pointer, message: detail }] };
}

function validationProblem(error: Error): Problem | undefined {
  if (!('validation' in error && Array.isArray(error.validation))) return undefined;
  const fault = memberError(error.validation as ValidationError[]);
  return { code: 'invalid-request', detail: fault.message, errors: [fault] };
}

/** Fastify's own messages echo the URL and name settings of the server, so they are replaced. */
function frameworkProblem(error: Error): Problem | undefined {
  if (!('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { code: 'body-too-large', detail: 'The body is larger than the limit of this service' };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return UNSUPPORTED_MEDIA_TYPE;
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return { code: 'invalid-message', detail: 'The length of the body differs from Content-Length' };
    case 'FST_ERR_BAD_URL':
      return { code: 'invalid-message', detail: 'The path of the URL is malformed' };
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return { code: 'uri-too-long', detail: 'A part of the path is too long' };
    default:
      return undefined;
  }
}

/** A library blames the caller, for example for an unsatisfiable Range. */
function libraryProblem(error: Error): Problem | undefined {
  if (!('statusCode' in error && typeof error.statusCode === 'number')) return undefined;
  if (error.statusCode < 400 || error.statusCode > 499) return undefined;
  return { code: 'invalid-message', detail: 'The request is invalid' };
}

/** RFC 9110 §15.5.16; Accept-Post: W3C Linked Data Platform §7.1. */
export const UNSUPPORTED_MEDIA_TYPE: Problem = {
  code: 'unsupported-media-type',
  detail: 'The body must be JSON in UTF-8, sent with Content-Type: application/json',
  headers: { Accept: 'application/json', 'Accept-Post': 'application/json' },
};
