import type { JsonObject } from '../base/canonical-json.ts';
import type { ProfileDocument } from '../policy/document.ts';
import type { ProfileVersion } from '../storage/ports.ts';

/** The store keeps any JSON, and only documents that were validated are written to it. */
export const documentOf = ({ document }: Pick<ProfileVersion, 'document'>): ProfileDocument =>
  document as JsonObject & ProfileDocument;

/** Without members that are undefined, which JSON does not have. */
export const jsonOf = (document: ProfileDocument): JsonObject =>
  JSON.parse(JSON.stringify(document)) as JsonObject;
