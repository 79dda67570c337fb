/** The syntax of subject alternative names that were received (RFC 5280 §4.2.1.6). What is issued is parsed as a whole. */

import type { NameFault } from '../name-faults.ts';
import { rulesWith, type Rule, type Severity } from '../rule.ts';
import type { NamedKeyView } from '../views.ts';

type Row = readonly [fault: NameFault, id: string, clause: string, requires: string, severity?: Severity];

const ROWS: readonly Row[] = [
  ['blank', 'rfc5280-dns-name-not-blank', 'RFC 5280 §4.2.1.6', 'A dNSName must not be blank'],
  [
    'not-ascii',
    'rfc9549-dns-name-ascii',
    'RFC 9549 §2.3',
    'A dNSName must be ASCII: international labels are written as A-labels',
  ],
  [
    'address-as-name',
    'rfc5280-dns-name-not-address',
    'RFC 5280 §4.2.1.6',
    'An IP address must be an iPAddress, not a dNSName',
  ],
  [
    'trailing-dot',
    'rfc1034-dns-name-trailing-dot',
    'RFC 1034 §3.5, RFC 5280 §4.2.1.6',
    'A dNSName must not end with a dot',
  ],
  [
    'wildcard',
    'rfc9525-wildcard',
    'RFC 9525 §6.3',
    'A wildcard must be the whole leftmost label of a dNSName',
  ],
  [
    'character',
    'rfc1123-dns-name-characters',
    'RFC 1123 §2.1, RFC 5280 §4.2.1.6',
    'The labels of a dNSName must have letters, digits and hyphens only',
  ],
  [
    'label-length',
    'rfc1035-dns-label-length',
    'RFC 1035 §2.3.4',
    'The labels of a dNSName must have 1 to 63 characters',
  ],
  ['name-length', 'rfc1035-dns-name-length', 'RFC 1035 §2.3.4', 'A dNSName must have at most 253 characters'],
  [
    'hyphen',
    'rfc1123-dns-label-hyphen',
    'RFC 1123 §2.1',
    'The labels of a dNSName must not begin or end with a hyphen',
  ],
  [
    'mail-ascii',
    'rfc9598-mailbox-ascii',
    'RFC 9598 §3',
    'An rfc822Name must be ASCII; other mailboxes are an otherName of the type SmtpUTF8Mailbox',
  ],
  [
    'mail-form',
    'rfc5280-mailbox-form',
    'RFC 5280 §4.2.1.6',
    'An rfc822Name must have the form local@domain, without a name or angle brackets',
  ],
  ['uri-relative', 'rfc5280-uri-absolute', 'RFC 5280 §4.2.1.6', 'A URI must be absolute'],
  [
    'uri-host',
    'rfc5280-uri-host',
    'RFC 5280 §4.2.1.6',
    'The host of a URI with an authority must not be empty',
  ],
  [
    'uri-character',
    'rfc3986-uri-characters',
    'RFC 3986 §2, RFC 5280 §7.4',
    'A URI must have only the characters of RFC 3986',
  ],
  ['address-length', 'rfc5280-address-length', 'RFC 5280 §4.2.1.6', 'An iPAddress must have 4 or 16 octets'],
  [
    'empty-directory-name',
    'rfc5280-directory-name-not-empty',
    'RFC 5280 §4.2.1.6',
    'A directoryName must not be empty',
  ],
  [
    'unusual-kind',
    'rfc5280-unusual-name',
    'RFC 5280 §4.2.1.6',
    'Programs do not compare names of the kinds x400Address and ediPartyName',
    'notice',
  ],
  [
    'syntax',
    'rfc5280-alternative-name-syntax',
    'RFC 5280 §4.2.1.6',
    'Each name should have the syntax of its kind',
    'warning',
  ],
];

const ruleOf = ([fault, id, clause, requires, severity = 'error']: Row): readonly Rule<NamedKeyView>[] =>
  rulesWith<NamedKeyView>()(
    { where: 'extensions.subjectAltName', only: 'received' },
    {
      id,
      clause,
      severity,
      requires,
      applies: (view) => view.has('subjectAltName'),
      check: ({ names }) => names.every((name) => name.fault !== fault),
    },
  );

export const ALTERNATIVE_NAME_RULES: readonly Rule<NamedKeyView>[] = ROWS.flatMap(ruleOf);
