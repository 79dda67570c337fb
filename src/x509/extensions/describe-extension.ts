/** Describes extensions in readable lines. */

import { ifReadable } from '../../base/errors.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import type { Der } from '../../formats/der/header.ts';
import { shownOidName } from '../../formats/known-oids.ts';
import { extensionOid } from '../../formats/oids.ts';
import type { ExtensionDescription, ExtensionSummary } from '../description/description.ts';
import { readBasicConstraints } from './basic-constraints.ts';
import { outlineDer } from './der-outline.ts';
import { describeValue } from './descriptions.ts';
import { extensionValue, type Extension } from './extension.ts';
import { readAuthorityKeyIdentifier } from './key-identifiers.ts';
import { readKeyUsage } from './key-usage.ts';

/** An unknown or malformed value is shown in hexadecimal, and its structure is outlined if it is DER. */
export function describeExtension({ oid, critical, value, fault }: Extension): ExtensionDescription {
  const shown = { oid, name: shownOidName(oid), critical };
  if (fault !== undefined) return { ...shown, value: [hexadecimal(value)] };
  const lines = ifReadable(() => describeValue(oid, value));
  return lines === undefined
    ? { ...shown, value: [hexadecimal(value)], structure: outlineDer(value) }
    : { ...shown, value: lines };
}

/** Returns the values of the most important extensions. A malformed extension is only in the full list, in hexadecimal. */
export function summarizeExtensions(extensions: readonly Extension[]): ExtensionSummary {
  const read = <T>(oid: string, reader: (value: Der) => T): T | undefined =>
    ifReadable(() => {
      const value = extensionValue(extensions, oid);
      return value && reader(value);
    });
  const constraints = read(extensionOid.basicConstraints, readBasicConstraints);
  const authority = read(extensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier);
  const text = (oid: string): string[] | undefined => read(oid, (value) => describeValue(oid, value));
  return {
    isCa: constraints?.cA ?? false,
    pathLength: constraints?.pathLength,
    subjectAltNames: text(extensionOid.subjectAltName) ?? [],
    keyUsage: read(extensionOid.keyUsage, readKeyUsage),
    extendedKeyUsage: text(extensionOid.extendedKeyUsage),
    subjectKeyIdentifier: text(extensionOid.subjectKeyIdentifier)?.[0],
    authorityKeyIdentifier: authority?.keyIdentifier && hexadecimal(authority.keyIdentifier),
  };
}
