/** OpenSSL 3.5 prints and verifies a certificate of every profile, under a CA and signed by itself. */

import t from 'tap';
import { PROFILE_NAMES, type ProfileName } from '../../src/ca/profile.ts';
import { opensslMissing } from '../support/openssl.ts';
import { judged } from './judge.ts';
import { linesOf, openProfiled } from './profiled.ts';

const { roots, underCa, selfSigned } = await openProfiled(t);
const skip = { skip: opensslMissing };

interface Expectation {
  /** Members beside the profile. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Purposes of `openssl verify` that the certificate has, and some that it does not have. */
  readonly purposes: readonly string[];
  readonly others: readonly string[];
  /** Lines that `openssl x509 -text` prints, without the space before them. */
  readonly lines: readonly string[];
}

const LEAF = ['X509v3 Basic Constraints: critical', 'CA:FALSE', 'X509v3 Key Usage: critical'];
const spiffe = { san: ['URI:spiffe://example.org/service', 'DNS:service.example.org'] };

const PROFILES: Readonly<Record<ProfileName, Expectation>> = {
  tls: {
    purposes: ['sslserver', 'sslclient'],
    others: ['codesign', 'smimesign', 'timestampsign'],
    lines: [
      ...LEAF,
      'Digital Signature',
      'X509v3 Extended Key Usage:',
      'TLS Web Server Authentication, TLS Web Client Authentication',
    ],
  },
  'tls-server': {
    purposes: ['sslserver'],
    others: ['sslclient', 'codesign'],
    lines: [...LEAF, 'Digital Signature', 'TLS Web Server Authentication'],
  },
  'tls-client': {
    purposes: ['sslclient'],
    others: ['sslserver', 'codesign'],
    lines: [...LEAF, 'Digital Signature', 'TLS Web Client Authentication'],
  },
  'code-signing': {
    purposes: ['codesign'],
    others: ['sslserver', 'sslclient', 'smimesign', 'timestampsign'],
    lines: [...LEAF, 'Digital Signature', 'Code Signing'],
  },
  email: {
    body: { san: ['email:alice@example.com'] },
    purposes: ['smimesign'],
    others: ['sslserver', 'codesign', 'smimeencrypt'],
    lines: [...LEAF, 'Digital Signature, Non Repudiation', 'E-mail Protection', 'email:alice@example.com'],
  },
  'document-signing': {
    purposes: ['any'],
    others: ['sslserver', 'codesign', 'smimesign'],
    // OpenSSL 3.5 has no name for 1.3.6.1.5.5.7.3.36
    lines: [...LEAF, 'Digital Signature, Non Repudiation', '1.3.6.1.5.5.7.3.36'],
  },
  'time-stamping': {
    purposes: ['timestampsign'],
    others: ['sslserver', 'codesign'],
    lines: [...LEAF, 'Digital Signature', 'X509v3 Extended Key Usage: critical', 'Time Stamping'],
  },
  'ocsp-responder': {
    // The purpose ocsphelper of OpenSSL lets every end entity through; `openssl ocsp` below is stricter
    purposes: ['ocsphelper'],
    others: ['sslserver', 'sslclient', 'codesign'],
    lines: [...LEAF, 'Digital Signature', 'X509v3 Extended Key Usage:', 'OCSP Signing', 'OCSP No Check:'],
  },
  svid: {
    body: spiffe,
    purposes: ['sslserver', 'sslclient'],
    others: ['codesign'],
    lines: [...LEAF, 'Digital Signature', 'URI:spiffe://example.org/service, DNS:service.example.org'],
  },
  'short-lived': {
    body: { validity: 'PT12H' },
    purposes: ['sslserver', 'sslclient'],
    others: ['codesign'],
    lines: [...LEAF, 'Digital Signature', 'X509v3 No Revocation Available:'],
  },
  ca: {
    body: {
      path_length: 0,
      name_constraints: { permitted: ['DNS:example.com'], excluded: ['IP:192.0.2.0/24'] },
    },
    // OpenSSL lets a CA certificate through for the purposes that it may certify
    purposes: ['any', 'crlsign'],
    others: ['timestampsign', 'codesign'],
    lines: [
      'CA:TRUE, pathlen:0',
      'Digital Signature, Certificate Sign, CRL Sign',
      'X509v3 Name Constraints: critical',
      'Permitted:',
      'DNS:example.com',
      'Excluded:',
      'IP:192.0.2.0/255.255.255.0',
    ],
  },
};

for (const profile of PROFILE_NAMES) {
  const { body, purposes, others, lines } = PROFILES[profile];
  t.test(`OpenSSL prints and verifies a certificate of the profile ${profile}`, skip, async (t) => {
    const leaf = await underCa(profile, body);
    const own = await selfSigned(profile, body);
    for (const certificate of [leaf, own]) {
      const printed = await linesOf(certificate);
      for (const line of lines) t.ok(printed.includes(line), line);
    }
    const files = { roots, leaf, own };
    for (const purpose of purposes) {
      const verify = `verify -x509_strict -purpose ${purpose}`;
      t.equal(await judged(`${verify} -CAfile roots leaf`, files), 'leaf: OK\n', purpose);
      t.equal(await judged(`${verify} -check_ss_sig -CAfile own own`, files), 'own: OK\n', purpose);
    }
    for (const purpose of others) {
      const verify = `verify -x509_strict -purpose ${purpose} -CAfile roots leaf`;
      await t.rejects(judged(verify, files), /unsuitable certificate purpose/, `not ${purpose}`);
    }
  });
}
