import { operationsOf, type OpenapiDocument } from './document.ts';

/**
 * Moves the defaults of the members of requests into their descriptions. Generators of clients, such as openapi-typescript
 * with its default options, take a member with a default for one that is always there, so a caller would have to send it.
 */
export function describeRequestDefaults(document: OpenapiDocument): void {
  for (const { requestBody } of operationsOf(document)) {
    const name = requestBody?.content['application/json']?.schema?.$ref.split('/').at(-1) ?? '';
    for (const member of Object.values(document.components.schemas[name]?.properties ?? {})) {
      const { default: value, description = '' } = member;
      if (value === undefined) continue;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      member.description = `${description} Default: \`${text}\`.`;
      delete member.default;
    }
  }
}
