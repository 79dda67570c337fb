/**
 * What the standards forbid and this service reads nevertheless, because programs in use write it. `docs/reading.md` is
 * generated from this table.
 */

import { INSPECTION_TOLERANCES } from './inspection-tolerances.ts';
import type { Tolerance } from './tolerance.ts';

export type { Tolerance } from './tolerance.ts';

const ROWS = {
  'ber-length': {
    found: 'a length that is indefinite or not in its shortest form',
    clause: 'X.690 §10.1',
    treatment: 'It is read as BER',
    writers: 'old CAs, smart cards, PKCS #7 and PKCS #12 tools',
  },
  'ber-string': {
    found: 'a string in constructed form',
    clause: 'X.690 §10.2',
    treatment: 'Its parts are joined',
    writers: 'Java and Windows tools that write BER',
  },
  boolean: {
    found: 'a BOOLEAN that is neither 00 nor FF',
    clause: 'X.690 §11.1',
    treatment: 'It is read as TRUE',
    writers: 'embedded devices',
  },
  'bit-string': {
    found: 'a BIT STRING whose unused bits are not zero, or a list of named bits with zero bits at its end',
    clause: 'X.690 §11.2',
    treatment: 'The unused bits are ignored',
    writers: 'smart cards, vendor tools',
  },
  'default-value': {
    found: 'a DEFAULT value that is written out',
    clause: 'X.690 §11.5',
    treatment: 'It is read as if it were absent',
    writers: 'certmonger, old Java libraries',
  },
  'set-order': {
    found: 'a SET OF that is not in ascending order',
    clause: 'X.690 §11.6',
    treatment: 'It is read in any order, and written in ascending order',
    writers: 'node-forge, PKI.js',
  },
  'time-form': {
    found: 'a time without seconds, with a fraction or with an offset from UTC',
    clause: 'RFC 5280 §4.1.2.5',
    treatment: 'It is read as the same moment in UTC',
    writers: 'old CAs',
  },
  'string-characters': {
    found: 'a string with characters that its type does not allow, such as * in a PrintableString',
    clause: 'X.680 §41',
    treatment: 'It is read as UTF-8, or as Latin-1 if it is not UTF-8',
    writers: 'node-forge, old CAs',
  },
  'string-type': {
    found:
      'a value of a name in another string type than its attribute has, or in one that is no longer used',
    clause: 'RFC 5280 §4.1.2.4, appendix A.1',
    treatment: 'The text is certified in the string type of the attribute',
    writers: 'Ansible, keytool, Go (ExtraNames), Windows, smart cards',
  },
  'unknown-type': {
    found: 'a value of a type that certificates, requests and keys do not contain',
    clause: 'RFC 5280 appendix A',
    treatment: 'Its contents are not checked',
    writers: 'vendor tools',
  },
  'no-attributes': {
    found: 'a request without the member attributes',
    clause: 'RFC 2986 §4.1',
    treatment: 'It is read as a request without attributes',
    writers: 'asn1-schema, phpseclib, asn1crypto',
  },
  'request-version': {
    found: 'a request whose version is not 0',
    clause: 'RFC 2986 §4.1',
    treatment: 'The version is ignored',
    writers: 'embedded devices',
  },
  'duplicate-attribute': {
    found: 'an attribute, other than that of the requested extensions, that occurs twice in a request',
    clause: 'RFC 2986 §4.1',
    treatment: 'It is listed once',
    writers: 'enrolment agents',
  },
  'empty-attribute': {
    found: 'an attribute of a request without a value',
    clause: 'RFC 2986 §4.1',
    treatment: 'It is listed without a value',
    writers: 'vendor tools, scripts that leave out a password',
  },
  'empty-extensions': {
    found: 'a list of extensions without an extension',
    clause: 'RFC 5280 §4.1.2.9',
    treatment: 'It is read as if it were absent',
    writers: 'embedded Java',
  },
  'extension-value': {
    found: 'an extension whose value does not have the structure of its type',
    clause: 'RFC 5280 §4.2',
    treatment: 'The extension is not granted',
    writers: 'PIV and TPM attestation, vendor tools',
  },
  'microsoft-extensions': {
    found: 'extensions in the attribute 1.3.6.1.4.1.311.2.1.14 of Microsoft',
    clause: 'RFC 2985 §5.4.2',
    treatment: 'They are read like those in extensionRequest',
    writers: 'Windows, IIS',
  },
  ...INSPECTION_TOLERANCES,
  'algorithm-parameters': {
    found: 'an algorithm whose parameters are NULL instead of absent, or absent instead of NULL',
    clause: 'RFC 3279 §2.3, RFC 9881 §2',
    treatment: 'The parameters are ignored, and written as the standard requires',
    writers: 'Bouncy Castle, old Java and embedded libraries',
  },
  'ec-point-form': {
    found: 'a point of an elliptic curve in compressed or hybrid form',
    clause: 'RFC 5480 §2.2',
    treatment: 'It is read, and written in uncompressed form',
    writers: 'OpenSSL (-conv_form), smart cards, embedded devices',
  },
  'pss-key': {
    found: 'an RSA key that is for RSASSA-PSS only',
    clause: 'CA/Browser Forum Baseline Requirements §7.1.3.1.1',
    treatment: 'It is used with its own parameters',
    writers: 'OpenSSL (RSA-PSS), Windows',
  },
  'private-key-version': {
    found: 'a PKCS #8 key whose version does not fit its members, or whose public key has an EXPLICIT tag',
    clause: 'RFC 5958 §2',
    treatment: 'The public key must be that of the private key, whatever the version is',
    writers: 'Bouncy Castle, old libraries for Ed25519',
  },
  'private-key-value': {
    found: 'a private key without its inner tag, with another length, or with its curve only inside',
    clause: 'RFC 5915 §3, RFC 9881 §6',
    treatment: 'It is read, and written in the form of the standard',
    writers: 'Bouncy Castle, OpenSSL (oqs-provider, bare-seed, bare-priv), old Java libraries',
  },
  'traditional-key': {
    found: 'a private key in PKCS #1 or SEC 1',
    clause: 'RFC 7468 §10',
    treatment: 'It is read like PKCS #8',
    writers: 'OpenSSL (ecparam -genkey, genrsa -traditional), Go, OpenSSH',
  },
  'pem-label': {
    found: 'an old PEM label of a certificate, EC PARAMETERS before a key, or certificates beside it',
    clause: 'RFC 7468 §5.1, §10',
    treatment: 'Only the certificate or the key is read',
    writers: 'OpenSSL (ecparam -genkey, x509 -trustout), old SSL libraries',
  },
  'no-key-usage': {
    found: 'a CA certificate without keyUsage',
    clause: 'RFC 5280 §4.2.1.3',
    treatment: 'It may sign nevertheless (RFC 5280 §6.1.4 n)',
    writers: 'old private CAs, scripts with openssl x509',
  },
} as const satisfies Record<string, Tolerance>;

export type ToleranceCode = keyof typeof ROWS;

export const TOLERANCES: Readonly<Record<ToleranceCode, Tolerance>> = Object.freeze(ROWS);

/** What is rejected in every reading, because its meaning is unclear, or because it would be signed as it is. */
export interface Refusal {
  /** What is rejected, as a noun phrase. */
  readonly found: string;
  /** Why, as a sentence without its full stop. */
  readonly reason: string;
}

const REFUSED = {
  signature: {
    found: 'a request whose signature its own key does not verify',
    reason: 'The caller has not proved to have the private key',
  },
  'trailing-octets': {
    found: 'octets after the value',
    reason: 'Programs do not agree if they belong to it',
  },
  limits: {
    found: 'values that are nested more than 32 deep, and more than 10,000 values',
    reason: 'The time to read them has a limit',
  },
  'integer-form': {
    found: 'an INTEGER that is not in its shortest form, and an OBJECT IDENTIFIER that is cut off',
    reason: 'Programs read different values',
  },
  'duplicate-extension': {
    found: 'an extension that occurs twice, and two lists of requested extensions',
    reason: 'Programs do not agree which one counts',
  },
  'different-extensions': {
    found: 'an extension with two values, in extensionRequest and in the attribute of Microsoft',
    reason: 'Programs do not agree which one counts',
  },
  'algorithm-mismatch': {
    found: 'a certificate with different algorithms inside and outside the signed part',
    reason: 'RFC 5280 §4.1.1.2 requires the same, and an attacker can change the outer one',
  },
  'name-text': {
    found: 'a text that the string type of its attribute cannot hold, such as ü in emailAddress',
    reason: 'No right encoding exists',
  },
  'alternative-names': {
    found: 'a subjectAltName that is not a list of names',
    reason: 'The names would be certified',
  },
  'written-out-curve': {
    found: 'an EC key that writes out its curve instead of naming it',
    reason: 'Such a curve can have another base point than the named one (CVE-2020-0601)',
  },
  'issuer-encoding': {
    found: 'a CA certificate whose subject is BER and not DER, or has values that are not strings',
    reason: 'The subject would be signed as the issuer, octet for octet, and programs could not read it',
  },
} as const satisfies Record<string, Refusal>;

export type RefusalName = keyof typeof REFUSED;

export const REFUSALS: Readonly<Record<RefusalName, Refusal>> = Object.freeze(REFUSED);
