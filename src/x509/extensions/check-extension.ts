import { extensionOid } from '../../formats/oids.ts';
import type { Der } from '../../formats/der/header.ts';
import type { Extension } from './extension.ts';
import { readBasicConstraints } from './basic-constraints.ts';
import { readExtendedKeyUsage } from './extended-key-usage.ts';
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from './key-identifiers.ts';
import { readKeyUsage } from './key-usage.ts';
import { readNameConstraints } from './name-constraints.ts';

const READERS: ReadonlyMap<string, (value: Der) => unknown> = new Map<string, (value: Der) => unknown>([
  [extensionOid.basicConstraints, readBasicConstraints],
  [extensionOid.keyUsage, readKeyUsage],
  [extensionOid.extendedKeyUsage, readExtendedKeyUsage],
  [extensionOid.subjectKeyIdentifier, readSubjectKeyIdentifier],
  [extensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier],
  [extensionOid.nameConstraints, readNameConstraints],
]);

/** Throws PkiError when the value of a known extension does not have the structure of its type. */
export const checkExtensionValue = ({ oid, value }: Extension): void => void READERS.get(oid)?.(value);
