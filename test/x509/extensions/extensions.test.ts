import * as fc from 'fast-check';
import t from 'tap';
import { PkiError } from '../../../src/base/errors.ts';
import * as der from '../../../src/formats/der/writer.ts';
import { knownExtensionOid } from '../../../src/formats/known-oids.ts';
import { extensionOid } from '../../../src/formats/oids.ts';
import type { Der } from '../../../src/formats/der/header.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { checkExtensionValue } from '../../../src/x509/extensions/check-extension.ts';
import { describeExtension, summarizeExtensions } from '../../../src/x509/extensions/describe-extension.ts';
import {
  encodeAuthorityKeyIdentifier,
  encodeSubjectKeyIdentifier,
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
} from '../../../src/x509/extensions/key-identifiers.ts';
import {
  encodeBasicConstraints,
  readBasicConstraints,
} from '../../../src/x509/extensions/basic-constraints.ts';
import {
  encodeExtendedKeyUsage,
  readExtendedKeyUsage,
} from '../../../src/x509/extensions/extended-key-usage.ts';
import { encodeKeyUsage, KEY_USAGES, readKeyUsage } from '../../../src/x509/extensions/key-usage.ts';
import { same } from '../../algorithms/ml-dsa/octets.ts';
import { octets } from '../../support/crafted.ts';

const succeeds = (task: () => unknown): boolean => {
  try {
    task();
    return true;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
};

t.test('values are read as they are written', async (t) => {
  for (const cA of [{ cA: false }, { cA: true }, { cA: true, pathLength: 0 }, { cA: true, pathLength: 300 }])
    t.same(readBasicConstraints(encodeBasicConstraints(cA)), cA);
  const usages = fc.subarray([...KEY_USAGES], { minLength: 1 });
  const areRead = (some: (typeof KEY_USAGES)[number][]) =>
    readKeyUsage(encodeKeyUsage(some)).join() === some.join();
  t.doesNotThrow(() => fc.assert(fc.property(usages, areRead)));
  const purposes = ['1.3.6.1.5.5.7.3.1', '2.999.1', '2.25.329800735698586629295641978511506172918'];
  t.same(readExtendedKeyUsage(der.sequence(...purposes.map(der.objectIdentifier))), purposes);
  t.same(readExtendedKeyUsage(encodeExtendedKeyUsage(purposes.slice(0, 2))), purposes.slice(0, 2));
  const identifier = octets('01 02 03');
  t.ok(same(readSubjectKeyIdentifier(encodeSubjectKeyIdentifier(identifier)), identifier));
  t.same(readAuthorityKeyIdentifier(encodeAuthorityKeyIdentifier(identifier)), {
    keyIdentifier: identifier,
    issuer: [],
    serialNumber: undefined,
  });
});

t.test('of two octets under BIT STRING, those are a keyUsage that end with a bit that is set', async (t) => {
  let accepted = 0;
  for (let value = 0; value < 0x10000; value += 1) {
    const encoding = Uint8Array.of(0x03, 2, value >> 8, value & 0xff);
    if (succeeds(() => readKeyUsage(checkDer(encoding)))) accepted += 1;
  }
  // every set of the first eight bits but the empty one, each in one encoding
  t.equal(accepted, 255);
  t.same(readKeyUsage(checkDer(octets('03 03 07 00 80'))), ['decipherOnly']);
  t.notOk(
    succeeds(() => readKeyUsage(checkDer(octets('03 03 06 00 40')))),
    'a tenth bit is unknown',
  );
});

/** Values of the structures that are read, to be changed at random. */
const SEEDS = [
  '30 06 01 01 ff 02 01 00',
  '03 02 01 06',
  '30 14 06 08 2b 06 01 05 05 07 03 01 06 08 2b 06 01 05 05 07 03 02',
  '04 02 01 02',
  '30 12 80 02 01 02 a1 06 82 01 61 82 01 62 82 04 00 91 02 03',
  '30 07 a1 03 82 01 61 82 00',
  '30 18 a0 08 30 06 82 04 61 2e 62 63 a1 0c 30 0a 87 08 c0 00 02 00 ff ff ff 00',
  '30 13 a4 11 30 0f 31 0d 30 0b 06 03 55 04 03 0c 04 61 62 63 64',
  '30 12 30 10 06 08 2b 06 01 05 05 07 30 01 86 04 61 3a 2f 2f',
  '30 19 30 17 a0 0b a0 09 86 07 61 3a 2f 2f 62 2e 63 81 02 06 40 a2 04 82 02 61 62',
  '30 10 30 0e 04 02 00 01 30 08 03 06 00 0a 00 00 00 00',
  '30 0f a0 0d 30 0b 02 01 05 30 06 02 01 07 02 01 09',
  '30 0a 30 08 06 06 04 00 8e 46 01 04',
  '30 0c 02 01 01 30 07 06 02 2a 03 04 01 61',
  '30 0c 30 0a 06 02 2a 03 31 04 13 02 44 45',
  '30 10 a0 0e 06 02 2a 03 a0 08 04 06 53 2d 31 2d 35 2d',
  '30 1c 30 1a 06 04 2a 03 04 05 30 12 30 10 06 08 2b 06 01 05 05 07 02 01 16 04 61 3a 2f 2f',
].map((hex) => checkDer(octets(hex)));

const change = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0x30, 0xa0, 0xa1, 0x82, 0x86, 0x06)));
const anyValue = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(change, { maxLength: 3 }))
  .map(([seed, changes]) => {
    const value = new Uint8Array(seed);
    for (const [index, octet] of changes) value[index % value.length] = octet;
    return succeeds(() => checkDer(value)) ? checkDer(value) : undefined;
  })
  .filter((value) => value !== undefined);

t.test('any value under any type is refused by PkiError alone, and shown in lines', async (t) => {
  const isHandled = (value: Der): boolean =>
    [...Object.values(extensionOid), ...Object.values(knownExtensionOid)].every((oid) => {
      const extension = { oid, critical: false, value };
      succeeds(() => checkExtensionValue(extension));
      const { value: lines } = describeExtension(extension);
      return Array.isArray(lines) && typeof summarizeExtensions([extension]).isCa === 'boolean';
    });
  for (const seed of SEEDS) t.ok(isHandled(seed));
  t.doesNotThrow(() => fc.assert(fc.property(anyValue, isHandled), { numRuns: 500 }));
});
