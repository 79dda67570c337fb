/** Which alternative names of a certification request are granted. */

import { otherKind, type GeneralName, type OtherGeneralName } from './general-name-encoding.ts';

/** A name that is left out of the certificate. */
export interface IgnoredName {
  /** Position in the subjectAltName of the request. */
  readonly index: number;
  /** The dotted OID of an otherName, or the kind of another name. */
  readonly type: string;
}

export interface SelectedNames {
  readonly granted: readonly GeneralName[];
  readonly ignored: readonly IgnoredName[];
}

/**
 * Selects what can be granted: of the otherNames only those of the types `otherNames` (dotted OIDs), because an unproven
 * UPN is a logon as another user. What is ignored is not checked.
 */
export function selectGrantedNames(
  names: readonly (GeneralName | OtherGeneralName)[],
  otherNames: readonly string[],
): SelectedNames {
  const granted: GeneralName[] = [];
  const ignored: IgnoredName[] = [];
  for (const [index, name] of names.entries()) {
    if (name.kind === 'other') ignored.push({ index, type: otherKind(name) });
    else if (name.kind === 'otherName' && !otherNames.includes(name.type))
      ignored.push({ index, type: name.type });
    else granted.push(name);
  }
  return { granted, ignored };
}
