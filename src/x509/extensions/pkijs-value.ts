import type { Der } from '../../formats/der/header.ts';
import { checkDer } from '../../formats/der/strict.ts';

/** Returns the DER of a value that pkijs holds. pkijs writes BER, so it is checked. */
export const encodePkijs = (value: { toSchema(): { toBER(): ArrayBuffer } }): Der =>
  checkDer(new Uint8Array(value.toSchema().toBER()));
