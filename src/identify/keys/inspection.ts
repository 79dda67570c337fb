/** What the inspections of private and public keys have in common. */

import type { Der } from '../../formats/der/header.ts';
import type { KeyForm } from '../../formats/private-keys/key-file.ts';
import { readSubjectPublicKeyInfo } from '../../formats/subject-public-key-info.ts';
import type { KeyFormat, PublicKey } from '../../keys/key.ts';
import { hasPublishedKeys, isPublishedKey } from '../../keys/published-key.ts';
import { rejectWeakKey } from '../../keys/weak-key.ts';
import { keyIdentifiers, type KeyIdentifiers } from './key-identifiers.ts';
import type { KeyCheck, KeyChecks } from './key-checks.ts';

export interface KeyInspection {
  readonly isPrivate: boolean;
  readonly form: KeyForm | 'spki';
  /** Of the OneAsymmetricKey: 0 or 1. */
  readonly version?: number | undefined;
  /** `ml-dsa-65`, `rsa-3072`, or the name of the OID for a key that this service rejects. */
  readonly algorithm: string | undefined;
  readonly oid: string | undefined;
  /** Of an ML-DSA private key. */
  readonly keyFormat?: KeyFormat | undefined;
  readonly checks: readonly KeyCheck[];
  readonly isValid: boolean;
  /** SubjectPublicKeyInfo, DER; undefined when it is not known. */
  readonly publicKey: Der | undefined;
  readonly identifiers: KeyIdentifiers | undefined;
  readonly isPublished: boolean;
  /** In octets. */
  readonly sizes: {
    /** OneAsymmetricKey, DER. */
    readonly pkcs8?: number | undefined;
    /** The contents of privateKey in it. */
    readonly privateKey?: number | undefined;
    readonly publicKey?: number | undefined;
    readonly spki?: number | undefined;
  };
}

export const publicPart = (key: PublicKey | undefined, spki: Der | undefined = key?.spki) => ({
  publicKey: spki,
  identifiers: spki && keyIdentifiers(spki, readSubjectPublicKeyInfo(spki).bits),
  isPublished: key !== undefined && isPublishedKey(key),
});

export function checkStrength(checks: KeyChecks, key: PublicKey): void {
  if (key.family === 'rsa') checks.attempt('strength', () => rejectWeakKey(key));
  if (!hasPublishedKeys(key)) return;
  if (isPublishedKey(key)) checks.fail('not-published', 'The private key is published: it is for tests only');
  else checks.pass('not-published');
}
