import type { Static } from 'typebox';
import type { ClassicalName } from '../../src/algorithms/classical.ts';
import { PkiError } from '../../src/base/errors.ts';
import { DEFAULTS } from '../wire/fields.ts';
import type { HybridPairRequest } from './schema.ts';

const CURVES = Object.freeze({
  'P-256': 'ecdsa-p256',
  'P-384': 'ecdsa-p384',
  'P-521': 'ecdsa-p521',
} as const) satisfies Readonly<Record<string, ClassicalName>>;

type Choice = Pick<Static<typeof HybridPairRequest.ref>, 'classical_algorithm' | 'rsa_key_size' | 'ec_curve'>;

/** Returns the classical key that a request selects. Throws PkiError for a size or curve of the other family. */
export function classicalKeyName(choice: Choice): ClassicalName {
  if (choice.classical_algorithm === 'rsa') {
    refuse(choice, 'ec_curve', 'ecdsa');
    return `rsa-${choice.rsa_key_size ?? DEFAULTS.rsaKeySize}`;
  }
  refuse(choice, 'rsa_key_size', 'rsa');
  return CURVES[choice.ec_curve ?? DEFAULTS.ecCurve];
}

function refuse(choice: Choice, member: 'ec_curve' | 'rsa_key_size', family: 'ecdsa' | 'rsa'): void {
  if (choice[member] === undefined) return;
  throw new PkiError('invalid-key-options', `It is allowed with classical_algorithm ${family} only`, [
    member,
  ]);
}
