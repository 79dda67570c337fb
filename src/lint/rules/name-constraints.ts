/** Names that a CA may certify (RFC 5280 §4.2.1.10, RFC 9549 §2.2). */

import { asBuffer } from '../../base/octets.ts';
import { rulesWith } from '../rule.ts';
import type { Subtree } from '../values.ts';
import type { CertificateView } from '../views.ts';

const subtreesOf = (view: CertificateView): readonly Subtree[] =>
  view.value('nameConstraints')?.subtrees ?? [];

const basesOf = (view: CertificateView, tag: number): readonly Uint8Array[] =>
  subtreesOf(view)
    .filter((subtree) => subtree.tag === tag)
    .map(({ contents }) => contents);

const textsOf = (view: CertificateView, tag: number): readonly string[] =>
  basesOf(view, tag).map((contents) => asBuffer(contents).toString('latin1'));

const MAIL = 0x81;
const DNS = 0x82;
const URI = 0x86;
const ADDRESS = 0x87;

/** Ones, then zeros. */
function isPrefixMask(base: Uint8Array): boolean {
  const bits = [...base.subarray(base.length / 2)].map((octet) => octet.toString(2).padStart(8, '0'));
  return /^1*0*$/.test(bits.join(''));
}

const areConstrained = (view: CertificateView): boolean => view.has('nameConstraints');

export const NAME_CONSTRAINT_RULES = rulesWith<CertificateView>()(
  { where: 'extensions.nameConstraints', applies: areConstrained },
  {
    id: 'rfc5280-name-constraints',
    clause: 'RFC 5280 §4.2.1.10',
    requires: 'Only the certificate of a CA can have name constraints',
    check: ({ isCa }) => isCa,
  },
  {
    id: 'rfc5280-name-constraints-critical',
    clause: 'RFC 5280 §4.2.1.10',
    requires: 'The extension must be critical',
    check: (view) => view.isCritical('nameConstraints') === true,
  },
  {
    id: 'rfc5280-name-constraints-not-empty',
    clause: 'RFC 5280 §4.2.1.10',
    requires: 'permittedSubtrees or excludedSubtrees must be present, and neither must be empty',
    check: (view) => view.value('nameConstraints')?.hasEmptyList !== true && subtreesOf(view).length > 0,
  },
  {
    id: 'rfc5280-name-constraints-distance',
    clause: 'RFC 5280 §4.2.1.10',
    requires: 'minimum must be 0, its DEFAULT, and maximum must be absent',
    check: (view) => subtreesOf(view).every(({ hasDistance }) => !hasDistance),
  },
  {
    id: 'rfc5280-name-constraints-address-length',
    clause: 'RFC 5280 §4.2.1.10',
    requires: 'A base for addresses must have 8 or 32 octets',
    check: (view) => basesOf(view, ADDRESS).every(({ length }) => length === 8 || length === 32),
  },
  {
    id: 'rfc5280-name-constraints-mask',
    clause: 'RFC 5280 §4.2.1.10, RFC 4632 §3.1',
    requires: 'The mask of an address must be a prefix',
    check: (view) =>
      basesOf(view, ADDRESS)
        .filter(({ length }) => length === 8 || length === 32)
        .every(isPrefixMask),
  },
  {
    id: 'rfc9549-name-constraints-mailbox',
    clause: 'RFC 9549 §2.2',
    severity: 'warning',
    requires: 'A base for mailboxes should be a host or a domain, not a single mailbox',
    check: (view) => textsOf(view, MAIL).every((text) => !text.includes('@')),
  },
  {
    id: 'rfc5280-name-constraints-dns-dot',
    clause: 'RFC 5280 §4.2.1.10',
    severity: 'warning',
    requires:
      'A base for DNS names should not begin with a dot: it has a meaning only for mailboxes and URIs',
    check: (view) => textsOf(view, DNS).every((text) => !text.startsWith('.')),
  },
  {
    id: 'rfc5280-name-constraints-uri-host',
    clause: 'RFC 5280 §4.2.1.10',
    requires: 'A base for URIs must be a host or a domain, not a URI',
    check: (view) => textsOf(view, URI).every((text) => /^\.?[^.:/][^:/]*$/.test(text)),
  },
);
