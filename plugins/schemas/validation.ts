/** How requests are held against the schemas of their routes. */

import ajvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';

/**
 * Ajv would drop unknown members and make what it wants of wrong types: `is_ca: 1` would be signed as true. Its verbose
 * mode gives errors the schema that they are about, which the sentence for the caller is made of.
 */
const STRICT = {
  allErrors: false,
  coerceTypes: false,
  discriminator: false,
  removeAdditional: false,
  useDefaults: true,
  // That they are schemas is tested, as the document is (test/routes/openapi.test.ts): to look again costs 120 ms.
  validateSchema: false,
  verbose: true,
} as const;

/** Path, query and header fields are text, so numbers and booleans must be read out of them. */
const FROM_TEXT = { ...STRICT, coerceTypes: 'array' } as const;

/** Of Fastify's `schemaController`: the body by the strict rules, all else by those for text. */
export function validation() {
  const compilerOf = ajvCompiler();
  const buildValidator: BuildCompilerFromPool = (schemas) => {
    const strict = compilerOf(schemas, { customOptions: STRICT });
    const fromText = compilerOf(schemas, { customOptions: FROM_TEXT });
    return (route) => (isBody(route) ? strict(route) : fromText(route));
  };
  return { buildValidator };
}

/** What Fastify gives is not the schema alone but also the part of the request that it is for. */
const isBody = (route: unknown): boolean =>
  typeof route === 'object' && route !== null && 'httpPart' in route && route.httpPart === 'body';
