import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { invalidExtension } from './extension.ts';
import { isBitSet } from './key-usage.ts';

/** FIDOU2FTransports ::= BIT STRING, in the order of its bits (FIDO U2F Authenticator Transports Extension §3). */
const TRANSPORTS = ['bluetoothRadio', 'bluetoothLowEnergyRadio', 'uSB', 'nFC', 'uSBInternal'];

export function describeTransports(value: Der): string[] {
  const { tag, contents } = elementOf(value);
  if (tag !== TAG.bitString) throw invalidExtension('FIDOU2FTransports must be a BIT STRING');
  return TRANSPORTS.filter((_, bit) => isBitSet(contents, bit));
}
