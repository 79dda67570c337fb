/** The names of a candidate as text. */

import { attributeTypeName } from '../x509/names/attribute-type.ts';
import { parseDnsName } from '../x509/names/dns-name.ts';
import { formatGeneralName } from '../x509/names/general-name.ts';
import { parseIpAddress } from '../x509/names/ip-address.ts';
import { PkiError } from '../base/errors.ts';
import type { Candidate, Path } from './rule.ts';

export interface NamedText {
  /** The prefix of the text: `DNS`, `UPN`, … */
  readonly kind: string;
  readonly text: string;
  /** Of an IP address. */
  readonly octets?: Uint8Array;
  readonly path: Path;
}

export const alternativeNames = ({ subjectAltNames, origin }: Candidate): readonly NamedText[] =>
  subjectAltNames.map((name) => {
    const whole = formatGeneralName(name);
    const colon = whole.indexOf(':');
    return {
      kind: whole.slice(0, colon),
      text: whole.slice(colon + 1),
      ...(name.kind === 'IP' && { octets: name.octets }),
      path: origin.name(name),
    };
  });

export interface SubjectAttribute {
  /** Short name, or dotted OID. */
  readonly name: string;
  readonly oid: string;
  readonly value: string;
}

export const subjectAttributes = ({ subject }: Pick<Candidate, 'subject'>): readonly SubjectAttribute[] =>
  subject.flat().map(({ type, value }) => ({ name: attributeTypeName(type), oid: type, value }));

/** Names in the subject that programs compare with hosts and mailboxes, as if they were subject alternative names. */
export const subjectNames = (candidate: Candidate): readonly NamedText[] =>
  subjectAttributes(candidate).flatMap(({ name, value }) => {
    const found = name === 'CN' ? hostOf(value) : undefined;
    const named = name === 'emailAddress' ? { kind: 'email', text: value } : found;
    return named === undefined ? [] : [{ ...named, path: candidate.origin.subject }];
  });

function hostOf(value: string): Omit<NamedText, 'path'> | undefined {
  const octets = parsed(() => parseIpAddress(value));
  if (octets !== undefined) return { kind: 'IP', text: value, octets };
  const text = value.includes('.') ? parsed(() => parseDnsName(value)) : undefined;
  return text === undefined ? undefined : { kind: 'DNS', text };
}

/** Returns undefined where `parse` throws PkiError. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
