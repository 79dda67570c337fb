import { createHash } from 'node:crypto';
import t from 'tap';
import { looksLikeKey } from '../../src/base/key-text.ts';

const KEYS: readonly string[] = [
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAw',
  '-----begin ec private key-----',
  'ENCRYPTED PRIVATE KEY',
  'LS0tLS1CRUdJTiBQ',
  'DNS:MC4CAQAwBQYDK2VwBCIEIFCgC8r6QBvJRLA5Yc0s',
  '00112233445566778899aabbccddeeff00112233',
  '04:82:01:bd:04:82:01:bd:04:82:01:bd:04:82:01:bd:04:82:01:bd',
  'a key: 00112233445566778899AABBCCDDEEFF00112233 .',
];

const NAMES: readonly string[] = [
  '',
  'www.example.com',
  `${'a'.repeat(63)}.${'b'.repeat(63)}.example`,
  'long-name-of-a-service-in-a-cluster-of-a-region-1.svc.cluster.local',
  'https://www.example.com/Documents/2030/Reports/of-the/First-Quarter/index.html',
  '/C=US/ST=North Carolina/L=Winston-Salem/O=Example Organization/OU=Department 7/CN=a',
  'spiffe://example.org/ns/production/sa/a-service-account-with-a-long-name',
  '2001:db8:1234:5678:9abc:def0:1234:5678',
  '550e8400-e29b-41d4-a716-446655440000',
  'ThisIsALongNameWithoutDigitsInCamelCaseForAnApplication',
  '1.3.6.1.4.1.311.60.2.1.3.1.2.3.4.5.6.7.8.9.10.11.12.13',
];

t.test('keys in the usual forms look like a key, and long names do not', async (t) => {
  for (const key of KEYS) t.ok(looksLikeKey(key), key);
  for (const name of NAMES) t.notOk(looksLikeKey(name), name);
});

// Of a million random texts in base64, some do not: they have few digits, or long runs of letters of one case.
t.test('octets without a pattern look like a key in every form', async (t) => {
  for (let round = 0; round < 200; round += 1) {
    const octets = createHash('shake256', { outputLength: 48 }).update(`${round}`).digest();
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      const text = octets.toString(form);
      t.ok(looksLikeKey(text), text);
    }
  }
});
