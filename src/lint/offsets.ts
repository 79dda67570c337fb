/** Where the members of a structure are, by the names that findings use. */

import type { Extension } from '../x509/extensions/extension.ts';
import { extensionNamed } from './extension-values.ts';

/** Views of the received octets. */
export type Parts = ReadonlyMap<string, Uint8Array>;

/** An extension is where its value begins. */
export const offsetsIn = (
  fields: Readonly<Record<string, Uint8Array>>,
  extensions: readonly Extension[],
): Parts =>
  new Map([
    ...extensions.toReversed().map(({ oid, value }): [string, Uint8Array] => [extensionNamed(oid), value]),
    ...Object.entries(fields),
  ]);
