import type * as asn1js from 'asn1js';
import type { Der } from '../../formats/der/header.ts';
import { checkDer } from '../../formats/der/strict.ts';

/** Returns the DER of a value that pkijs holds. pkijs writes BER, so it is checked. */
export const encodePkijs = (value: { toSchema(): asn1js.BaseBlock }): Der =>
  checkDer(new Uint8Array(value.toSchema().toBER()));
