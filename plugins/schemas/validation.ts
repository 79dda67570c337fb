/** How requests are validated against the schemas of their routes. */

import ajvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';
import { onlyFinite, type Validator } from './finite.ts';
import { countOnlyAtTheLimit } from './length.ts';
import { spellingKeyword } from './spelling.ts';

/**
 * Ajv would drop unknown members and convert wrong types: `is_ca: 1` would be signed as true. In verbose mode an error has
 * the schema that it is about, from which the sentence for the caller is made.
 */
const STRICT = {
  allErrors: false,
  // A private key is text, or a JWK as an object
  allowUnionTypes: true,
  coerceTypes: false,
  discriminator: false,
  keywords: [spellingKeyword],
  removeAdditional: false,
  useDefaults: true,
  // A test checks the schemas, as it checks the document (test/routes/openapi.test.ts). Doing it here costs 120 ms.
  validateSchema: false,
  verbose: true,
};

/** Finds every fault of a body, not only the first. */
const THOROUGH = { ...STRICT, allErrors: true };

/** Path, query and header fields are text, so numbers and booleans must be read out of them. */
const FROM_TEXT = { ...STRICT, coerceTypes: 'array' } as const;

/** Applications with the same schemas share their validators: a process of the tests makes hundreds of them. */
const compilerOf = ajvCompiler();

const buildValidator: BuildCompilerFromPool = (schemas) => {
  const compileWith = (customOptions: object) =>
    compilerOf(schemas, { customOptions, onCreate: countOnlyAtTheLimit });
  const strict = once(() => compileWith(STRICT));
  const fromText = once(() => compileWith(FROM_TEXT));
  const thorough = once(() => compileWith(THOROUGH));
  return (route) =>
    atFirstUse(() =>
      isBody(route) ? reportAll(strict()(route), () => thorough()(route)) : onlyFinite(fromText()(route)),
    );
};

/** For Fastify's `schemaController`: strict rules for the body, and those for text for everything else. */
export const validation = Object.freeze({ buildValidator });

/** To compile the schemas of all routes takes a quarter of the start, and many processes use few of them. */
function atFirstUse(compile: () => Validator): Validator {
  const compiled = once(compile);
  // Fastify reads no property except `errors`.
  const validate = ((fields: unknown, context?: Parameters<Validator>[1]): boolean => {
    const validator = compiled();
    const isValid = validator(fields, context) === true;
    validate.errors = validator.errors ?? null;
    return isValid;
  }) as Validator;
  return validate;
}

/** Stops at the first fault, and only then has `compileThorough` look for the others: valid bodies pay nothing for it. */
function reportAll(strict: Validator, compileThorough: () => Validator): Validator {
  const thorough = once(compileThorough);
  const { schema, schemaEnv } = strict;
  const validate: Validator = Object.assign(
    (body: unknown, context?: Parameters<Validator>[1]): body is unknown => {
      if (strict(body, context) === true) return true;
      const failed = isLong(body) ? strict : thorough();
      if (failed !== strict) void failed(body, context);
      validate.errors = failed.errors;
      return false;
    },
    { schema, schemaEnv },
  );
  return validate;
}

/** Each of 100,000 elements can have a fault of its own. */
const isLong = (body: unknown): boolean =>
  Object.values(body ?? {}).some((member) => Array.isArray(member) && member.length > LONG);

const LONG = 1000;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Fastify passes the schema, and also for which part of the request it is. */
const isBody = (route: unknown): boolean =>
  typeof route === 'object' && route !== null && 'httpPart' in route && route.httpPart === 'body';
