/** The classical key of a hybrid pair: the members that select it. */

import { Type } from 'typebox';
import type { ClassicalName } from '../../src/algorithms/classical.ts';
import { PkiError } from '../../src/base/errors.ts';
import { closedList } from './closed-list.ts';
import { DEFAULTS } from './fields.ts';
import { CLASSICAL_FAMILIES, CURVES } from './spellings.ts';

const FAMILY = 'Family of the classical key.';

export const requestedClassicalKey = {
  classical_algorithm: closedList(CLASSICAL_FAMILIES, { description: FAMILY }),
  rsa_key_size: Type.Optional(
    Type.Enum([2048, 3072, 4096], {
      type: 'integer',
      description: `Modulus length in bits; ${DEFAULTS.rsaKeySize} when absent. Only with classical_algorithm rsa.`,
    }),
  ),
  ec_curve: Type.Optional(
    closedList(CURVES, {
      description: `Curve; ${DEFAULTS.ecCurve} when absent. Only with classical_algorithm ecdsa.`,
    }),
  ),
};

/** Of a reply. */
export const classicalAlgorithm = Type.Enum(['rsa', 'ecdsa'], { type: 'string', description: FAMILY });

const NAMES = Object.freeze({
  'P-256': 'ecdsa-p256',
  'P-384': 'ecdsa-p384',
  'P-521': 'ecdsa-p521',
} as const) satisfies Readonly<Record<string, ClassicalName>>;

interface Choice {
  readonly classical_algorithm: 'rsa' | 'ecdsa';
  readonly rsa_key_size?: 2048 | 3072 | 4096 | undefined;
  readonly ec_curve?: keyof typeof NAMES | undefined;
}

/** Returns the classical key that a request selects. Throws PkiError for a size or curve of the other family. */
export function classicalKeyName(choice: Choice): ClassicalName {
  if (choice.classical_algorithm === 'rsa') {
    refuse(choice, 'ec_curve', 'ecdsa');
    return `rsa-${choice.rsa_key_size ?? DEFAULTS.rsaKeySize}`;
  }
  refuse(choice, 'rsa_key_size', 'rsa');
  return NAMES[choice.ec_curve ?? DEFAULTS.ecCurve];
}

function refuse(choice: Choice, member: 'ec_curve' | 'rsa_key_size', family: 'ecdsa' | 'rsa'): void {
  if (choice[member] === undefined) return;
  throw new PkiError('invalid-key-options', `It is allowed with classical_algorithm ${family} only`, [
    member,
  ]);
}
