/** Validates requests against the schemas of their routes. */

import ajvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';

/**
 * By default Fastify's Ajv drops unknown members and coerces types: `is_ca: 1` would be signed as true. In verbose mode, an
 * error has its schema, from which the message for the caller is built.
 */
const STRICT = {
  allErrors: false,
  coerceTypes: false,
  discriminator: false,
  removeAdditional: false,
  useDefaults: true,
  // A test validates the schemas (test/routes/openapi.test.ts); to do it at each start takes 120 ms.
  validateSchema: false,
  verbose: true,
} as const;

/** Path, query and header fields are text, from which numbers and booleans must be parsed. */
const FROM_TEXT = { ...STRICT, coerceTypes: 'array' } as const;

/** For Fastify's `schemaController`: strict rules for the body, rules for text for everything else. */
export function validation() {
  const compilerOf = ajvCompiler();
  const buildValidator: BuildCompilerFromPool = (schemas) => {
    const strict = compilerOf(schemas, { customOptions: STRICT });
    const fromText = compilerOf(schemas, { customOptions: FROM_TEXT });
    return (route) => (isBody(route) ? strict(route) : fromText(route));
  };
  return { buildValidator };
}

/** Fastify passes the schema together with the part of the request that it is for. */
const isBody = (route: unknown): boolean =>
  typeof route === 'object' && route !== null && 'httpPart' in route && route.httpPart === 'body';
