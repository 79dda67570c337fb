import { certificateSuffices, isGuarded } from '../../src/config/access.ts';
import type { Config } from '../../src/config/schema.ts';
import { operationsOf, type OpenapiDocument } from './document.ts';

/** Removes the credentials from the document of a service that accepts none, so that its page asks for none. */
export function removeUnusedAccess(document: OpenapiDocument, config: Config): void {
  if (isGuarded(config) && !certificateSuffices(config)) return;
  delete document.components.securitySchemes;
  for (const operation of operationsOf(document)) delete operation.security;
}
