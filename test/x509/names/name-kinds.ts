/** One table for each kind of GeneralName. */
import type { Test } from 'tap';
import { decodeGeneralNames, encodeGeneralNames } from '../../../src/x509/names/general-name-encoding.ts';
import { checkGeneralName } from '../../../src/x509/names/general-name-check.ts';
import { formatGeneralName, parseGeneralName } from '../../../src/x509/names/general-name.ts';

/** Texts, and what they are in canonical form. */
export type Accepted = readonly (readonly [text: string, canonical: string])[];
/** Texts, and what the refusal says. */
export type Refused = readonly (readonly [text: string, wording: RegExp])[];

/** Names of one kind: those accepted keep their form as text and in DER, those refused are told why. */
export function testKind(t: Test, kind: string, accepted: Accepted, refused: Refused): void {
  void t.test(`what is a name of the kind ${kind}`, async (t) => {
    for (const [text, canonical] of accepted) {
      const name = parseGeneralName(text);
      t.equal(formatGeneralName(name), `${kind}:${canonical}`, text);
      t.strictSame(parseGeneralName(formatGeneralName(name)), name);
      const decoded = decodeGeneralNames(encodeGeneralNames([name]));
      t.strictSame(decoded.map(formatGeneralName), [formatGeneralName(name)]);
      for (const read of decoded) checkGeneralName(read);
    }
  });
  void t.test(`what is no name of the kind ${kind}`, async (t) => {
    for (const [text, message] of refused) {
      const expected = { code: 'invalid-san', message };
      t.throws(() => parseGeneralName(text), expected, `${text.slice(0, 40)} ${message}`);
    }
  });
}
