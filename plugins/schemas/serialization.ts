/** Serializes replies by the schemas of their routes. */

import serializerSelector, { type SerializerCompiler } from '@fastify/fast-json-stringify-compiler';

/**
 * For Fastify's `schemaController`. Compiles a serializer when it is first used: each route has one for each status, most are
 * never used, and to compile all of them takes a sixth of the start.
 */
export function serialization() {
  const compilerOf = serializerSelector();
  return {
    buildSerializer(...given: Parameters<typeof compilerOf>): SerializerCompiler {
      const compile = compilerOf(...given);
      return (route) => {
        let serialize: ReturnType<SerializerCompiler> | undefined;
        return (document) => (serialize ??= compile(route))(document);
      };
    },
  };
}
