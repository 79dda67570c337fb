import { operationsOf, type OpenapiDocument } from './document.ts';

/** @fastify/swagger marks every body as required. An absent body is read as {}, which is valid if no member is required. */
export function markOptionalBodies(document: OpenapiDocument): void {
  for (const { requestBody } of operationsOf(document)) {
    const json = requestBody?.content['application/json'];
    if (requestBody === undefined || json === undefined) continue;
    const name = json.schema?.$ref.split('/').at(-1) ?? '';
    const { required, minProperties } = document.components.schemas[name] ?? {};
    requestBody.required = (required ?? minProperties) !== undefined;
  }
}
