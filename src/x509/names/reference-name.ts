/** The name that a relying party expects in a certificate, and how it is compared (RFC 9525 §6, RFC 5280 §7.5). */

import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { toASCII } from 'tr46';
import { PkiError } from '../../base/errors.ts';
import type { GeneralName, OtherGeneralName } from './general-name-encoding.ts';
import { quoted } from './printable-text.ts';

export type ReferenceName =
  /** In lower case and A-labels, without a dot at its end. */
  | { readonly kind: 'DNS'; readonly host: string }
  /** 4 or 16 octets. */
  | { readonly kind: 'IP'; readonly octets: Uint8Array }
  | { readonly kind: 'email'; readonly localPart: string; readonly host: string };

const LABEL = /^[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?$/;
const MAX_HOST = 253;

/** Parses a host name or an IP address. Throws PkiError invalid-san. */
export function parseReferenceHost(text: string): ReferenceName {
  const address = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (isIP(address) !== 0)
    return { kind: 'IP', octets: Uint8Array.from(ipaddr.parse(address).toByteArray()) };
  return { kind: 'DNS', host: parseHost(text) };
}

/** Parses a mailbox (RFC 5321 §4.1.2). Throws PkiError invalid-san. */
export function parseReferenceMailbox(text: string): ReferenceName {
  const at = text.lastIndexOf('@');
  if (at > 0) return { kind: 'email', localPart: text.slice(0, at), host: parseHost(text.slice(at + 1)) };
  throw new PkiError('invalid-san', `The mailbox ${quoted(text)} must be as in user@example.com`);
}

function parseHost(text: string): string {
  const ascii = /^\p{ASCII}*$/u.test(text) ? text : (toASCII(text, { transitionalProcessing: false }) ?? '');
  const host = ascii.toLowerCase().replace(/\.$/, '');
  if (host.length <= MAX_HOST && host.split('.').every((label) => LABEL.test(label))) return host;
  throw new PkiError(
    'invalid-san',
    `The host ${quoted(text)} must be a host name such as www.example.com, or an IP address`,
  );
}

/** Whether `name` of a certificate is the expected one. Names of other kinds and common names are not. */
export function matchesReference(reference: ReferenceName, name: GeneralName | OtherGeneralName): boolean {
  switch (reference.kind) {
    case 'IP':
      return name.kind === 'IP' && Buffer.compare(name.octets, reference.octets) === 0;
    case 'DNS':
      return name.kind === 'DNS' && matchesHost(name.value.toLowerCase(), reference.host);
    case 'email':
      return name.kind === 'email' && matchesMailbox(name.value, reference);
  }
}

/** RFC 9525 §6.3: a wildcard is the whole leftmost label, and stands for exactly one label. */
function matchesHost(presented: string, host: string): boolean {
  if (presented === host) return true;
  if (!presented.startsWith('*.')) return false;
  const parent = presented.slice(1);
  // A wildcard below a top-level domain stands for domains of different owners
  const isBroad = parent.indexOf('.', 1) < 0;
  return !isBroad && host.slice(host.indexOf('.')) === parent && host.includes('.');
}

/** RFC 5280 §7.5: only the host is compared without its case. */
function matchesMailbox(
  presented: string,
  { localPart, host }: Extract<ReferenceName, { kind: 'email' }>,
): boolean {
  const at = presented.lastIndexOf('@');
  return presented.slice(0, at) === localPart && presented.slice(at + 1).toLowerCase() === host;
}

export function formatReference(reference: ReferenceName): string {
  switch (reference.kind) {
    case 'IP':
      return ipaddr.fromByteArray([...reference.octets]).toString();
    case 'DNS':
      return reference.host;
    case 'email':
      return `${reference.localPart}@${reference.host}`;
  }
}
