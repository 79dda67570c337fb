/** In place of `src/formats/der/strict.ts`: it notes the length of all octets that are checked. */

import { checkDer as check } from '../../src/formats/der/strict.ts';

export * from '../../src/formats/der/strict.ts';

export const lengths: number[] = [];

export const checkDer: typeof check = (octets, options) => {
  lengths.push(octets.length);
  return check(octets, options);
};
