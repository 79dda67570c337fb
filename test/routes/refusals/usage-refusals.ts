/** Profiles, usages and SPIFFE IDs. */

import { SPIFFE_ID, type Refusals } from './refusal.ts';

export const USAGE_REFUSALS: Refusals = {
  'is_ca true contradicts a profile of end entities': {
    refused: { is_ca: true, profile: 'tls-server' },
    pointer: '/profile',
    message: /^`profile`: The profile tls-server contradicts is_ca true/,
    accepted: { is_ca: true, profile: 'ca' },
  },
  'is_ca false contradicts the profile ca': {
    refused: { is_ca: false, profile: 'ca' },
    pointer: '/profile',
    message: /The profile ca contradicts is_ca false; leave out one of profile and is_ca/,
    accepted: { is_ca: null, profile: 'ca' },
  },
  'a profile has its own usages': {
    refused: { profile: 'tls-server', key_usage: ['digitalSignature'] },
    pointer: '/key_usage',
    message: /The profile tls-server has its own usages; leave out profile or key_usage/,
    accepted: { key_usage: ['digitalSignature'] },
  },
  'a profile has its own purposes': {
    refused: { profile: 'tls', extended_key_usage: ['serverAuth'] },
    pointer: '/extended_key_usage',
    message: /leave out profile or extended_key_usage/,
    accepted: { profile: 'ca', extended_key_usage: ['serverAuth', 'clientAuth'] },
  },
  'an ML-DSA key cannot encipher': {
    refused: { key_usage: ['digitalSignature', 'keyEncipherment'] },
    pointer: '/key_usage/1',
    message: /keyEncipherment is not possible for an ML-DSA key \(RFC 9881 §5\)/,
    accepted: { key_usage: ['digitalSignature', 'nonRepudiation'] },
  },
  'keyCertSign is for a CA': {
    refused: { key_usage: ['keyCertSign'] },
    pointer: '/key_usage/0',
    message: /keyCertSign is allowed in CA certificates only/,
    accepted: { profile: 'ca', key_usage: ['keyCertSign'] },
  },
  'cRLSign is for a CA': {
    refused: { key_usage: ['digitalSignature', 'cRLSign'] },
    pointer: '/key_usage/1',
    message: /cRLSign is allowed in CA certificates only/,
    accepted: { is_ca: true, key_usage: ['keyCertSign', 'cRLSign'] },
  },
  'a CA signs certificates': {
    refused: { profile: 'ca', key_usage: ['cRLSign'] },
    pointer: '/key_usage',
    message: /The key usage of a CA must include keyCertSign/,
    accepted: { profile: 'ca', key_usage: ['keyCertSign'] },
  },
  'anyExtendedKeyUsage is never certified': {
    refused: { extended_key_usage: ['anyExtendedKeyUsage'] },
    pointer: '/extended_key_usage/0',
    message: /anyExtendedKeyUsage cannot be certified/,
    accepted: { extended_key_usage: ['emailProtection'] },
  },
  'nor by its OID': {
    refused: { extended_key_usage: ['serverAuth', '2.5.29.37.0'] },
    pointer: '/extended_key_usage/1',
    message: /anyExtendedKeyUsage cannot be certified/,
    accepted: { extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.17'] },
  },
  'OCSPSigning needs its profile': {
    refused: { extended_key_usage: ['OCSPSigning'] },
    pointer: '/extended_key_usage/0',
    message: /OCSPSigning is allowed with the profile ocsp-responder only/,
    accepted: { profile: 'ocsp-responder' },
  },
  'OCSPSigning is not for a CA either': {
    refused: { profile: 'ca', extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.9'] },
    pointer: '/extended_key_usage/1',
    message: /OCSPSigning is allowed with the profile ocsp-responder only/,
    accepted: { profile: 'ca', extended_key_usage: ['serverAuth'] },
  },
  'timeStamping is the only purpose': {
    refused: { extended_key_usage: ['codeSigning', 'timeStamping'] },
    pointer: '/extended_key_usage/1',
    message: /timeStamping must be the only one of its certificate/,
    accepted: { extended_key_usage: ['timeStamping'] },
  },
  'a purpose has a known name': {
    refused: { extended_key_usage: ['webServer'] },
    pointer: '/extended_key_usage/0',
    message: /The purpose "webServer" is unknown; the purposes are serverAuth, clientAuth, codeSigning/,
    accepted: { extended_key_usage: ['serverAuth'] },
  },
  'or a valid OID': {
    refused: { extended_key_usage: ['1.40.1'] },
    pointer: '/extended_key_usage/0',
    message: /The object identifier "1\.40\.1" must be dotted numbers/,
    accepted: { extended_key_usage: ['1.39.1'] },
  },
  'an SVID has one URI': {
    refused: { profile: 'svid', san: [`URI:${SPIFFE_ID}`, 'URI:https://a.example/'] },
    pointer: '/san',
    message: /must have exactly one URI, its SPIFFE ID, not 2/,
    accepted: { profile: 'svid', san: [`URI:${SPIFFE_ID}`, 'a.example'] },
  },
  'an SVID has a URI': {
    refused: { profile: 'svid', san: ['a.example'] },
    pointer: '/san',
    message: /must have exactly one URI, its SPIFFE ID, not 0/,
    accepted: { profile: 'svid', san: [`URI:${SPIFFE_ID}`] },
  },
  'the URI of an SVID is a SPIFFE ID': {
    refused: { profile: 'svid', san: ['URI:https://example.org/service'] },
    pointer: '/san',
    message: /must begin with spiffe:/,
    accepted: { san: ['URI:https://example.org/service'] },
  },
  'a SPIFFE ID of a workload has a path': {
    refused: { profile: 'svid', san: ['URI:spiffe://example.org'] },
    pointer: '/san',
    message: /must have a path after the trust domain/,
    accepted: { san: ['URI:spiffe://example.org'] },
  },
  'a SPIFFE ID has no port': {
    refused: { profile: 'svid', san: ['URI:spiffe://example.org:443/service'] },
    pointer: '/san',
    message: /without a port/,
    accepted: { profile: 'svid', san: ['URI:spiffe://example.org/service/443'] },
  },
};
