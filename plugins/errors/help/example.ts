import { requestUri } from '../request-id.ts';
import { PROBLEMS_PATH } from '../problem-codes.ts';
import type { DocumentedProblem } from './documented-problems.ts';

const REQUEST_ID = '0b9f3c1e-8a47-4d6f-9f0b-2f6f6f0a7c11';

/** Returns an example of a problem document of this kind. `basePath` is the variable BASE_PATH. */
export const exampleOf = (
  { code, status, title, type, example }: DocumentedProblem,
  basePath: string,
): object => ({
  type: type ?? `${basePath}${PROBLEMS_PATH}/${code}`,
  title,
  status,
  detail: example.detail,
  instance: requestUri(REQUEST_ID),
  code,
  error: example.error ?? example.detail,
  ...(example.errors && { errors: example.errors }),
  ...example.extensions,
});
