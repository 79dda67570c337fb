/** How replies are written by the schemas of their routes. */

import serializerSelector, { type SerializerCompiler } from '@fastify/fast-json-stringify-compiler';

/**
 * Of Fastify's `schemaController`: a serializer is made when it is first needed. There is one for each status of each
 * route, most of which no process ever answers: together they are a sixth of its start.
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
