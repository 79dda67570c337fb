/** The rules for names that can be certified (RFC 5280 §4.2.1.6). */

import { checkDistinguishedName } from './distinguished-name.ts';
import type { DnsNameOptions } from './dns-name.ts';
import { otherKind, type GeneralName, type OtherGeneralName } from './general-name-encoding.ts';
import { asSan, invalid, notCertified, requireName } from './general-name-faults.ts';
import { checkNameCount, formatGeneralName, parseGeneralName, type WrittenKind } from './general-name.ts';
import { checkIpAddress } from './ip-address.ts';
import type { OtherName } from './other-name.ts';
import { otherNameText } from './other-name-text.ts';
import { escapeOctets, quoted } from './printable-text.ts';

/** Checks the number of decoded names and, by {@link checkGeneralName}, each of them. */
export function checkGeneralNames(
  names: readonly (GeneralName | OtherGeneralName)[],
  options?: DnsNameOptions,
): void {
  checkNameCount(names.length);
  for (const name of names) checkGeneralName(name, options);
}

/**
 * Throws PkiError invalid-san unless a decoded name is allowed in a new certificate: its text is accepted by
 * {@link parseGeneralName}, and its octets are the encoding of that text, apart from the case of letters.
 */
export function checkGeneralName(name: GeneralName | OtherGeneralName, options?: DnsNameOptions): void {
  switch (name.kind) {
    case 'other':
      throw notCertified(otherKind(name));
    case 'IP':
      return checkIpAddress(name.octets);
    case 'dirName':
      return asSan(() => checkDistinguishedName(requireName(name.name)));
    case 'otherName':
      return checkOtherName(name);
    default:
      return checkText(name.kind, name.value, options);
  }
}

/** The name of a Kerberos principal can have any name-type. */
function checkOtherName(name: OtherName): void {
  const text = otherNameText(name);
  const parsed = parseGeneralName(text);
  const written = parsed.kind === 'otherName' ? otherNameText(parsed) : '';
  if (written.toLowerCase() !== text.toLowerCase())
    throw invalid(`The name ${quoted(text)} must be written as ${quoted(written)}`);
}

function checkText(kind: WrittenKind, value: string, options?: DnsNameOptions): void {
  const written = formatGeneralName(parseGeneralName(`${kind}:${value}`, options));
  if (written.toLowerCase() !== `${kind}:${value}`.toLowerCase()) {
    throw invalid(`The name ${quoted(escapeOctets(value))} must be written as ${quoted(written)}`);
  }
}
