import { operationsOf, type OpenapiDocument } from './document.ts';

/** @fastify/swagger gives every media type of a body the schema of its JSON. The others are files. */
export function describeRawBodies(document: OpenapiDocument): void {
  for (const { requestBody } of operationsOf(document)) {
    const { content = {} } = requestBody ?? {};
    if (content['application/json'] === undefined) continue;
    for (const [type, media] of Object.entries(content))
      if (type !== 'application/json') Object.assign(media, { schema: { type: 'string', format: 'binary' } });
  }
}
