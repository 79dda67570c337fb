/** The registry of key families. A new family is a record here, and its algorithms are records in `src/algorithms/registry.ts`. */

import {
  KEY_ALGORITHMS,
  type KeyAlgorithmName,
  type KeyFamily,
  type SigningFamilyName,
} from '../algorithms/registry.ts';
import { unsupported } from '../formats/algorithm-identifier.ts';
import { describeOid } from '../formats/oids.ts';
import { ecdsa } from './ecdsa.ts';
import { ed25519 } from './ed25519.ts';
import type { EncapsulationFamily, SigningFamily } from './family.ts';
import { mlDsa } from './ml-dsa.ts';
import { mlKem } from './ml-kem.ts';
import { rsa } from './rsa.ts';
import { slhDsa } from './slh-dsa.ts';

/** Of keys that sign. */
export const FAMILIES: Readonly<Record<SigningFamilyName, SigningFamily>> = Object.freeze({
  'ml-dsa': mlDsa,
  rsa,
  ecdsa,
  ed25519,
  'slh-dsa': slhDsa,
});

/** Of keys that cannot sign. */
export const ENCAPSULATION_FAMILIES: Readonly<
  Record<Exclude<KeyFamily, SigningFamilyName>, EncapsulationFamily>
> = Object.freeze({ 'ml-kem': mlKem });

export type Family = SigningFamily | EncapsulationFamily;

export const ALL_FAMILIES: Readonly<Record<KeyFamily, Family>> = Object.freeze({
  ...FAMILIES,
  ...ENCAPSULATION_FAMILIES,
});

export const familyOfName = (algorithm: KeyAlgorithmName): SigningFamily =>
  FAMILIES[KEY_ALGORITHMS[algorithm].family];

const SIGNING = Object.values(FAMILIES);
const ALL = Object.values(ALL_FAMILIES);

const byOid = <Known extends Family>(
  families: readonly Known[],
  oidsOf: (family: Known) => readonly string[],
): ReadonlyMap<string, Known> =>
  new Map(families.flatMap((family) => oidsOf(family).map((oid) => [oid, family])));

const BY_KEY_OID = byOid(ALL, ({ keyOids }) => keyOids);
const SIGNING_BY_KEY_OID = byOid(SIGNING, ({ keyOids }) => keyOids);
const BY_SIGNATURE_OID = byOid(SIGNING, ({ signatureOids }) => signatureOids);

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const KEYS = LIST.format(ALL.map(({ title }) => title));
const SIGNATURES = LIST.format(SIGNING.map(({ signatureTitle }) => signatureTitle));

/** Throws PkiError unsupported-algorithm. */
export function familyOfKey(oid: string): Family {
  const family = BY_KEY_OID.get(oid);
  if (family === undefined) throw unsupported(`Keys of ${describeOid(oid)} are not supported; ${KEYS} are`);
  return family;
}

/** {@link familyOfKey} for a key that must sign. */
export function signingFamilyOfKey(oid: string): SigningFamily {
  const family = SIGNING_BY_KEY_OID.get(oid);
  if (family !== undefined) return family;
  throw unsupported(`Keys of ${familyOfKey(oid).title} cannot sign, and this key must`);
}

/** Throws PkiError unsupported-algorithm. */
export function familyOfSignature(oid: string): SigningFamily {
  const family = BY_SIGNATURE_OID.get(oid);
  if (family === undefined)
    throw unsupported(`Signatures of ${describeOid(oid)} are not supported; ${SIGNATURES} are`);
  return family;
}
