import type { Der } from '../../formats/der/header.ts';
import { decodeGeneralNames } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';

/** SubjectAltName and IssuerAltName ::= GeneralNames (RFC 5280 §4.2.1.6, §4.2.1.7). */
export const describeAlternativeNames = (value: Der): string[] =>
  decodeGeneralNames(value).map(formatGeneralName);
