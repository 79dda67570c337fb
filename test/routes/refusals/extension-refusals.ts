/** Extensions that the caller names, and what a profile allows of them. */

import { SPIFFE_ID, uri, type Refusals } from './refusal.ts';

export const EXTENSION_REFUSALS: Refusals = {
  'a short-lived certificate ends soon': {
    refused: { profile: 'short-lived', days: 8 },
    pointer: '/days',
    message: /a whole number of days from 1 to 7, got 8/,
    accepted: { profile: 'short-lived', days: 7 },
  },
  'also by a duration': {
    refused: { profile: 'short-lived', validity: 'P7DT1S' },
    pointer: '/validity',
    message: /at most 7 days/,
    accepted: { profile: 'short-lived', validity: 'P1W' },
  },
  'a short-lived certificate has no CRL': {
    refused: { profile: 'short-lived', extensions: { crl_distribution_points: uri(1) } },
    pointer: '/extensions/crl_distribution_points',
    message: /has noRevAvail, so it must not name CRLs or OCSP responders/,
    accepted: { profile: 'short-lived', extensions: { ca_issuers: uri(1) } },
  },
  'a short-lived certificate has no OCSP responder': {
    refused: { profile: 'short-lived', extensions: { ocsp: uri(1) } },
    pointer: '/extensions/ocsp',
    message: /has noRevAvail/,
    accepted: { profile: 'tls', extensions: { ocsp: uri(1) } },
  },
  'an OCSP responder is not checked by OCSP': {
    refused: { profile: 'ocsp-responder', extensions: { ocsp: uri(1) } },
    pointer: '/extensions/ocsp',
    message: /has ocsp-nocheck/,
    accepted: { profile: 'ocsp-responder', extensions: { ca_issuers: uri(1) } },
  },
  'only a TLS server can staple': {
    refused: { profile: 'tls-client', extensions: { must_staple: true } },
    pointer: '/extensions/must_staple',
    message: /in certificates of TLS servers only/,
    accepted: { profile: 'tls-client', extensions: { must_staple: false } },
  },
  'without OCSP there is nothing to staple': {
    refused: { profile: 'short-lived', extensions: { must_staple: true } },
    pointer: '/extensions/must_staple',
    message: /has no OCSP response/,
    accepted: { profile: 'svid', san: [`URI:${SPIFFE_ID}`], extensions: { must_staple: true } },
  },
  'a URI of the CA is http or https': {
    refused: { extensions: { ocsp: ['http://a.example/', 'ldap://a.example/cn=a'] } },
    pointer: '/extensions/ocsp/1',
    message: /must begin with http:\/\/ or https:/,
    accepted: { extensions: { ocsp: ['http://a.example/', 'https://a.example/'] } },
  },
  'a URI of the CA names no user': {
    refused: { extensions: { ca_issuers: ['http://user:password@a.example/'] } },
    pointer: '/extensions/ca_issuers/0',
    message: /must begin with http:\/\/ or https:\/\/ and a host/,
    accepted: { extensions: { ca_issuers: ['http://a.example/@'] } },
  },
  'a URI of the CA has a host': {
    refused: { extensions: { crl_distribution_points: ['http:/a.crl'] } },
    pointer: '/extensions/crl_distribution_points/0',
    message: /must begin with http/,
    accepted: { extensions: { crl_distribution_points: ['http://a.example/a.crl'] } },
  },
  'URIs are few': {
    refused: { extensions: { ocsp: uri(9) } },
    pointer: '/extensions/ocsp',
    message: /must be an array of 1 to 8 strings/,
    accepted: { extensions: { ocsp: uri(8) } },
  },
  'a policy occurs once': {
    refused: { extensions: { certificate_policies: [{ oid: '1.2.3' }, { oid: '1.2.3' }] } },
    pointer: '/extensions/certificate_policies/1/oid',
    message: /"1\.2\.3" must not occur twice/,
    accepted: { extensions: { certificate_policies: [{ oid: '1.2.3' }, { oid: '1.2.4' }] } },
  },
  'a policy is an OID': {
    refused: { extensions: { certificate_policies: [{ oid: 'anyPolicy' }] } },
    pointer: '/extensions/certificate_policies/0/oid',
    message: /must be dotted numbers/,
    accepted: { extensions: { certificate_policies: [{ oid: '2.5.29.32.0' }] } },
  },
  'the statement of a policy is a URI': {
    refused: { extensions: { certificate_policies: [{ oid: '1.2.3', cps: 'pki.example.com' }] } },
    pointer: '/extensions/certificate_policies/0/cps',
    message: /must be absolute/,
    accepted: { extensions: { certificate_policies: [{ oid: '1.2.3', cps: 'http://pki.example.com' }] } },
  },
  'raw extensions are not accepted': {
    refused: { extensions: { '1.2.3.4': 'BQA=' } },
    pointer: '/extensions/1.2.3.4',
    message: /is not a member of this request/,
    accepted: { extensions: {} },
  },
  'a path length is for a CA': {
    refused: { path_length: 0 },
    pointer: '/path_length',
    message: /in CA certificates only/,
    accepted: { profile: 'ca', path_length: 0 },
  },
  'name constraints are for a CA': {
    refused: { name_constraints: { permitted: ['DNS:example.com'] } },
    pointer: '/name_constraints',
    message: /in CA certificates only/,
    accepted: { profile: 'ca', name_constraints: { permitted: ['DNS:example.com'] } },
  },
  'name constraints name something': {
    refused: { profile: 'ca', name_constraints: { permitted: [] } },
    pointer: '/name_constraints',
    message: /must have a permitted or an excluded name/,
    accepted: { profile: 'ca', name_constraints: { excluded: ['DNS:'] } },
  },
  'a name constraint has a prefix': {
    refused: { profile: 'ca', name_constraints: { excluded: ['DNS:a.example', 'example.com'] } },
    pointer: '/name_constraints/excluded/1',
    message: /must begin with DNS:, IP:, email:, URI: or dirName:/,
    accepted: { profile: 'ca', name_constraints: { excluded: ['DNS:a.example', 'dns:example.com'] } },
  },
};
