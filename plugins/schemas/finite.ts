/** Numbers of path, query and header fields. */

import type { BuildCompilerFromPool } from '@fastify/ajv-compiler';

export type Validator = ReturnType<ReturnType<BuildCompilerFromPool>>;

/** Ajv reads the text `1e400` as Infinity, and then does not apply `minimum` and `maximum`. */
export function onlyFinite(validate: Validator): Validator {
  const { schema, schemaEnv } = validate;
  const validateFinite: Validator = Object.assign(
    (fields: unknown, context?: Parameters<Validator>[1]): fields is unknown => {
      const isValid = validate(fields, context) === true;
      const name = isValid ? infiniteField(fields) : undefined;
      validateFinite.errors = name === undefined ? (validate.errors ?? null) : [infinite(schema, name)];
      return isValid && name === undefined;
    },
    { schema, schemaEnv },
  );
  return validateFinite;
}

const infiniteField = (fields: unknown): string | undefined =>
  Object.entries(fields ?? {}).find(([, value]) => value === Infinity || value === -Infinity)?.[0];

const infinite = (schema: Validator['schema'], name: string) => ({
  keyword: 'type',
  instancePath: `/${name}`,
  schemaPath: `#/properties/${name}/type`,
  params: { type: 'integer' },
  parentSchema: propertiesOf(schema)[name],
});

function propertiesOf(schema: Validator['schema']): Readonly<Record<string, object | undefined>> {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, object>> };
  return properties;
}
