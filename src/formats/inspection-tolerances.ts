/** What only `certificate/inspect` and `csr/inspect` read, because nothing is certified there. */

import type { Tolerance } from './tolerance.ts';

export const INSPECTION_TOLERANCES = Object.freeze({
  'unreadable-value': {
    found: 'a value whose octets do not have the form of its type',
    clause: 'X.690 §8',
    treatment: 'Its octets are shown',
    writers: 'vendor tools; it is also the result of damage in storage or transport',
    inspectionOnly: true,
  },
  'unreadable-name': {
    found: 'a name that is not a list of attributes',
    clause: 'RFC 5280 §4.1.2.4',
    treatment: 'It is shown as # and its hexadecimal octets',
    writers: 'vendor tools; it is also the result of damage in storage or transport',
    inspectionOnly: true,
  },
  'unreadable-key': {
    found: 'a public key, or parameters of an algorithm, without the structure of the algorithm',
    clause: 'RFC 5280 §4.1.2.7',
    treatment: 'Only its algorithm is shown',
    writers: 'vendor tools; it is also the result of damage in storage or transport',
    inspectionOnly: true,
  },
  'unreadable-time': {
    found: 'a time that does not exist',
    clause: 'RFC 5280 §4.1.2.5',
    treatment: 'It is shown as null',
    writers: 'old CAs, devices without a clock',
    inspectionOnly: true,
  },
  'validity-order': {
    found: 'a certificate whose validity ends before it starts',
    clause: 'RFC 5280 §4.1.2.5',
    treatment: 'Both times are shown',
    writers: 'devices without a clock, test tools',
    inspectionOnly: true,
  },
  'certificate-version': {
    found: 'an unknown version of a certificate, or a member that its version does not have',
    clause: 'RFC 5280 §4.1.2.1',
    treatment: 'All members are shown',
    writers: 'old CAs, embedded devices',
    inspectionOnly: true,
  },
  'algorithm-mismatch': {
    found: 'a certificate with different algorithms inside and outside the signed part',
    clause: 'RFC 5280 §4.1.1.2',
    treatment: 'The one inside is shown, and the signature is not valid',
    writers: 'old CAs; it is also the result of a manipulation',
    inspectionOnly: true,
  },
  'duplicate-extension': {
    found: 'an extension that occurs twice, or two lists of requested extensions',
    clause: 'RFC 5280 §4.2',
    treatment: 'All are shown, and the first one counts',
    writers: 'tools that test validators',
    inspectionOnly: true,
  },
  'partial-octet': {
    found: 'a key or a signature that does not end with a whole octet',
    clause: 'RFC 5280 §4.1.1.3',
    treatment: 'It is read as if its last octet were whole',
    writers: 'vendor tools',
    inspectionOnly: true,
  },
  'unreadable-extensions': {
    found: 'a list of requested extensions that is not a list of extensions',
    clause: 'RFC 2985 §5.4.2',
    treatment: 'No extension is shown',
    writers: 'vendor tools',
    inspectionOnly: true,
  },
} as const satisfies Record<string, Tolerance>);
