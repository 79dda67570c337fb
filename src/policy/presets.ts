/** Sets of rules of other bodies. A profile that names them in `narrow` must pass their rules beside its own. */

import { extendedKeyUsageOid } from '../formats/oids.ts';
import type { KeyUsage } from '../x509/extensions/key-usage.ts';
import type { PresetName, RulesDocument } from './document.ts';

export interface Preset {
  readonly rules: RulesDocument;
  /** The usages that it leaves; all when absent. */
  readonly keyUsage?: readonly KeyUsage[];
  readonly extendedKeyUsage?: readonly string[];
}

/**
 * CNSA 2.0 (NSA, draft-jenkins-cnsa2-pkix-profile): every signature is by ML-DSA-87, so the keys of the subject and of the
 * authority are. Such keys only sign. It limits neither names nor validity.
 */
const CNSA2: Preset = Object.freeze<Preset>({
  rules: { keys: { algorithms: ['ml-dsa-87'], issuer_algorithms: ['ml-dsa-87'] } },
  keyUsage: ['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign'],
});

/** Ballot SC-081v3 (Baseline Requirements §6.3.2): the longest validity in days, from the day of issuance. */
const VALIDITY_CAPS: readonly (readonly [from: string, days: number])[] = [
  ['2029-03-15T00:00:00Z', 47],
  ['2027-03-15T00:00:00Z', 100],
  ['2026-03-15T00:00:00Z', 200],
];
/** Before the ballot. */
const FIRST_CAP = 398;

/** In whole days, with the first and the last second. */
export const tlsValidityCap = (now: Date): number =>
  VALIDITY_CAPS.find(([from]) => now >= new Date(from))?.[1] ?? FIRST_CAP;

/** Addresses that are not assigned to a network of the Internet (IANA special-purpose registries; Baseline Requirements §4.2.2). */
const RESERVED_NETWORKS = Object.freeze([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/3',
  '2001:db8::/32',
  '4000::/2',
  '8000::/1',
]);

/** The parts of the Baseline Requirements for TLS that the content of a certificate shows (§6.3.2, §7.1.2.7, §7.1.4). */
const cabfTls = (now: Date): Preset => ({
  rules: {
    // The last second counts, so a day less one second is left of the last day
    validity: { maximum: `P${tlsValidityCap(now) - 1}DT23H59M59S` },
    keys: {
      algorithms: ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87', 'rsa', 'ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521'],
      rsa_minimum_bits: 2048,
    },
    names: {
      kinds: ['DNS', 'IP'],
      minimum: 1,
      dns: { underscore: false },
      ip: { deny: RESERVED_NETWORKS },
    },
    subject: { attributes: { CN: { from_san: true }, OU: { presence: 'forbidden' } } },
  },
  keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  extendedKeyUsage: [extendedKeyUsageOid.serverAuth],
});

export const presetAt = (name: PresetName, now: Date): Preset => (name === 'cnsa2' ? CNSA2 : cabfTls(now));
