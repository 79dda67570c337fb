/** From whatever was thrown to the problem that the caller is told of. */

import { PkiError } from '../../src/base/errors.ts';
import { memberName, memberError, type ValidationError } from './validation-error.ts';
import { ProblemError, type Problem } from './problem.ts';

/** Undefined for what is a bug, of which the caller is told nothing. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof PkiError) return domainProblem(error);
  if (!(error instanceof Error)) return undefined;
  return validationProblem(error) ?? frameworkProblem(error) ?? libraryProblem(error);
}

/** The words of the v1 contract. */
export const UNAUTHORIZED: Problem = { code: 'unauthorized', detail: 'Invalid or missing API key' };

export const INTERNAL_ERROR: Problem = { code: 'internal-error', detail: 'Internal server error' };

function domainProblem({ code, message, pointer }: PkiError): Problem {
  if (pointer === '') return { code, detail: message };
  const detail = named(pointer, message);
  return { code, detail, errors: [{ pointer, message: detail }] };
}

/** The contract promises that the message names the member. Messages of the domain are sentences or predicates. */
function named(pointer: string, message: string): string {
  const member = memberName(pointer);
  if (message.includes(member.replaceAll('`', ''))) return message;
  return PREDICATE.test(message) ? `${member} ${message}` : `${member}: ${message}`;
}

const PREDICATE = /^(?:must|may|can|cannot|is|has|does|lies|names|needs|differs|expired)\b/;

function validationProblem(error: Error): Problem | undefined {
  if (!('validation' in error && Array.isArray(error.validation))) return undefined;
  const fault = memberError(error.validation as ValidationError[]);
  return { code: 'invalid-request', detail: fault.message, errors: [fault] };
}

/** Fastify's own errors, told in our words: theirs echo the URL and speak of settings. */
function frameworkProblem(error: Error): Problem | undefined {
  if (!('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { code: 'body-too-large', detail: 'The body is longer than this service reads' };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return UNSUPPORTED_MEDIA_TYPE;
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return { code: 'invalid-message', detail: 'The body is not as long as Content-Length says' };
    case 'FST_ERR_BAD_URL':
      return { code: 'invalid-message', detail: 'The path of the URL is not well-formed' };
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return { code: 'uri-too-long', detail: 'A part of the path is too long' };
    default:
      return undefined;
  }
}

/** What a library lays to the caller, such as a Range that no file has. */
function libraryProblem(error: Error): Problem | undefined {
  if (!('statusCode' in error && typeof error.statusCode === 'number')) return undefined;
  if (error.statusCode < 400 || error.statusCode > 499) return undefined;
  return { code: 'invalid-message', detail: 'The request cannot be answered as it is' };
}

/** RFC 9110 §15.5.16; Accept-Post: W3C Linked Data Platform §7.1. */
export const UNSUPPORTED_MEDIA_TYPE: Problem = {
  code: 'unsupported-media-type',
  detail: 'The body must be JSON in UTF-8, sent with Content-Type: application/json',
  headers: { Accept: 'application/json', 'Accept-Post': 'application/json' },
};
