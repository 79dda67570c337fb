/** The registry of key families. A new family is a record here, and its algorithms are records in `src/algorithms/registry.ts`. */

import { KEY_ALGORITHMS, type KeyAlgorithmName, type KeyFamily } from '../algorithms/registry.ts';
import { unsupported } from '../formats/algorithm-identifier.ts';
import { describeOid } from '../formats/oids.ts';
import { ecdsa } from './ecdsa.ts';
import { ed25519 } from './ed25519.ts';
import type { SigningFamily } from './family.ts';
import { mlDsa } from './ml-dsa.ts';
import { rsa } from './rsa.ts';
import { slhDsa } from './slh-dsa.ts';

export const FAMILIES: Readonly<Record<KeyFamily, SigningFamily>> = Object.freeze({
  'ml-dsa': mlDsa,
  rsa,
  ecdsa,
  ed25519,
  'slh-dsa': slhDsa,
});

export const familyOfName = (algorithm: KeyAlgorithmName): SigningFamily =>
  FAMILIES[KEY_ALGORITHMS[algorithm].family];

const ALL = Object.values(FAMILIES);

const byOid = (oidsOf: (family: SigningFamily) => readonly string[]): ReadonlyMap<string, SigningFamily> =>
  new Map(ALL.flatMap((family) => oidsOf(family).map((oid) => [oid, family])));

const BY_KEY_OID = byOid(({ keyOids }) => keyOids);
const BY_SIGNATURE_OID = byOid(({ signatureOids }) => signatureOids);

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const KEYS = LIST.format(ALL.map(({ title }) => title));
const SIGNATURES = LIST.format(ALL.map(({ signatureTitle }) => signatureTitle));

/** Throws PkiError unsupported-algorithm. */
export function familyOfKey(oid: string): SigningFamily {
  const family = BY_KEY_OID.get(oid);
  if (family === undefined) throw unsupported(`Keys of ${describeOid(oid)} are not supported; ${KEYS} are`);
  return family;
}

/** Throws PkiError unsupported-algorithm. */
export function familyOfSignature(oid: string): SigningFamily {
  const family = BY_SIGNATURE_OID.get(oid);
  if (family === undefined)
    throw unsupported(`Signatures of ${describeOid(oid)} are not supported; ${SIGNATURES} are`);
  return family;
}
