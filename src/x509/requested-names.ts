import { decodeGeneralNames, type GeneralName } from './general-name-encoding.ts';
import { checkGeneralNames } from './general-name.ts';

/** The subjectAltName of a request, DER, when every name in it may be certified. Throws PkiError invalid-san. */
export function readRequestedNames(der: Uint8Array): GeneralName[] {
  const names = decodeGeneralNames(der);
  checkGeneralNames(names);
  return names.filter((name) => name.kind !== 'other');
}
