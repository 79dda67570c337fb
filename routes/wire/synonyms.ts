/**
 * Names that callers use for members of requests: the name in a reply, the name in OpenSSL, or the word for it. A hint
 * that is not a member of the request at hand is not given.
 */
export const SYNONYMS: Readonly<Record<string, string>> = Object.freeze({
  validity_days: 'days',
  valid_days: 'days',
  algorithm: 'security_level',
  parameter_set: 'security_level',
  security_level: 'key_algorithm',
  common_name: 'subject',
  cn: 'subject',
  dn: 'subject',
  sans: 'san',
  subject_alt_name: 'san',
  subject_alt_names: 'san',
  alt_names: 'san',
  dns_names: 'san',
  ca: 'is_ca',
  format: 'key_format',
  curve: 'ec_curve',
  key_size: 'rsa_key_size',
  cert: 'certificate',
  certificate_request: 'csr',
  request: 'csr',
  ca_cert: 'ca_certificate',
  ca_key: 'ca_private_key',
  pathlen: 'path_length',
});
