/** The form of names in subjectAltName and nameConstraints, as relying parties need it to compare them. */

import type { NameConstraints, Subtree } from '../../x509/extensions/name-constraints.ts';
import type { GeneralName, OtherGeneralName } from '../../x509/names/general-name-encoding.ts';
import { formatGeneralName } from '../../x509/names/general-name.ts';

const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const MAX_HOST = 253;

/** RFC 1034 §3.5, RFC 1123 §2.1. A name that ends in a number is an IPv4 address to some programs. */
function isHostName(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= MAX_HOST &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

const isPresentedHost = (text: string): boolean => isHostName(text.startsWith('*.') ? text.slice(2) : text);

function isMailbox(text: string): boolean {
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, Math.max(0, at));
  const isQuoted = localPart.startsWith('"');
  return localPart !== '' && (isQuoted || !localPart.includes('@')) && isHostName(text.slice(at + 1));
}

/** Returns what is wrong with the first name that has not the form of its kind. */
export function alternativeNameFault(names: readonly (GeneralName | OtherGeneralName)[]): string | undefined {
  const wrong = names.find((name) => !hasForm(name));
  return wrong && `The name ${formatGeneralName(wrong)} does not have the form of its kind`;
}

function hasForm(name: GeneralName | OtherGeneralName): boolean {
  switch (name.kind) {
    case 'DNS':
      return isPresentedHost(name.value);
    case 'email':
      return isMailbox(name.value);
    case 'IP':
      return name.octets.length === 4 || name.octets.length === 16;
    default:
      return true;
  }
}

/** Returns what is wrong with the first base that has not the form of its kind. */
export function constraintFault({ permitted, excluded }: NameConstraints): string | undefined {
  const wrong = [...permitted, ...excluded].find((subtree) => !hasBaseForm(subtree));
  return wrong && `A name constraint of the kind ${wrong.kind} does not have the form of its kind`;
}

function hasBaseForm(base: Subtree): boolean {
  switch (base.kind) {
    case 'DNS':
      return base.value === '' || isHostName(base.value);
    case 'email':
      return base.value === '' || isMailbox(base.value) || isHostOrDomain(base.value);
    case 'URI':
      return base.value === '' || isHostOrDomain(base.value);
    case 'IP':
      return isPrefix(base.mask);
    default:
      return true;
  }
}

const isHostOrDomain = (text: string): boolean => isHostName(text.startsWith('.') ? text.slice(1) : text);

/** RFC 4632 §3.1: ones, and after them only zeros. */
function isPrefix(mask: Uint8Array): boolean {
  const bits = Array.from(mask, (octet) => octet.toString(2).padStart(8, '0')).join('');
  return !bits.includes('01');
}
