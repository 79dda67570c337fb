/** Names for tests: short ways to write them, and names made at random. */
import * as fc from 'fast-check';
import type {
  DistinguishedName,
  RelativeDistinguishedName,
} from '../../../src/x509/names/distinguished-name.ts';

/** Dotted OIDs by the short names of OpenSSL. */
export const TYPE = {
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  ST: '2.5.4.8',
  street: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
  jurisdictionST: '1.3.6.1.4.1.311.60.2.1.2',
} as const;

type ShortName = keyof typeof TYPE;

/** `rdn({ CN: 'a', OU: 'b' })` */
export const rdn = (attributes: Partial<Record<ShortName, string>>): RelativeDistinguishedName =>
  Object.entries(attributes).map(([name, value]) => ({ type: TYPE[name as ShortName], value }));

const text = (characters: readonly string[]): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 20 })
    .map((value) => value.normalize('NFC'))
    .filter((value) => value.trim() !== '' && !value.includes('%00'));

const PRINTABLE = Array.from("aZ09 '()+,-./:=?");
const ASCII = [...PRINTABLE, ...Array.from('\\"#;<>*@_$&%{}|~^`!')];
const ANY = [...ASCII, 'é', 'ß', '東', '\u{1f600}', '\u00a0', '\u0645'];

const attribute = (names: readonly ShortName[], value: fc.Arbitrary<string>) =>
  fc.record({ type: fc.constantFrom(...names.map((name) => TYPE[name])), value }, { noNullPrototype: true });

const anyAttribute = fc.oneof(
  { weight: 3, arbitrary: attribute(['CN', 'O', 'OU', 'ST', 'street', 'UID', 'jurisdictionST'], text(ANY)) },
  attribute(['C'], fc.constantFrom('US', 'DE')),
  attribute(['serialNumber'], text(PRINTABLE)),
  attribute(['DC', 'emailAddress'], text(ASCII)),
);

const anyRdn = fc.uniqueArray(anyAttribute, { selector: ({ type }) => type, minLength: 1, maxLength: 3 });

/** A name that may be certified, with every character that some form treats in its own way; the empty one too. */
export const anyName: fc.Arbitrary<DistinguishedName> = fc.array(anyRdn, { maxLength: 5 });

/** Any sequence of UTF-16 code units, lone surrogates among them, and often what the parsers look for. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.constantFrom(...Array.from('/\\+,=#":@.*%[]- '), 'CN=', 'a', 'xn--', '\\41'),
  ),
  maxLength: 40,
});
