import { operationsOf, type OpenapiDocument } from './document.ts';

/** @fastify/swagger takes every body for required. An absent one is read as {}, which will do where no member is. */
export function markOptionalBodies(document: OpenapiDocument): void {
  for (const { requestBody } of operationsOf(document)) {
    if (requestBody === undefined) continue;
    const name = requestBody.content['application/json']?.schema?.$ref.split('/').at(-1) ?? '';
    requestBody.required = document.components.schemas[name]?.required !== undefined;
  }
}
