/** Documentation of the problems with the content of a request. */

import type { ErrorCode } from '../../../src/base/errors.ts';
import { AUTHORITY_HELP } from './authority-help.ts';
import { aboutMember, type ProblemHelp } from './problem-help.ts';
import { PROFILE_HELP } from './profile-help.ts';
import { REVOCATION_HELP } from './revocation-help.ts';

const DECRYPT = 'openssl pkcs8 -topk8 -nocrypt -in key.pem';

/** A new code does not compile without its entry here. */
export const DOMAIN_HELP: Readonly<Record<ErrorCode, ProblemHelp>> = {
  'invalid-subject': {
    meaning: 'The subject is not a valid distinguished name, or it is empty where a name is required.',
    remedy:
      'Write the subject in the OpenSSL one-line form (`/CN=example.com/O=Example Org/C=US`) or in the form of RFC 4514. ' +
      'Put a backslash before a slash or a plus sign in a value. A self-signed certificate needs a subject, because it is ' +
      'also the issuer; a certificate of csr/sign can have alternative names only.',
    example: aboutMember(
      '/subject',
      '`subject`: The attribute C must be a PrintableString of the two capital letters of ISO 3166-1, such as US',
    ),
  },
  'invalid-san': {
    meaning: 'A subject alternative name is malformed, or its kind is not supported.',
    remedy:
      'Write each name with its prefix: `DNS:www.example.com`, `IP:192.0.2.1`, `email:`, `URI:`, `RID:`, `dirName:`, `UPN:`, ' +
      '`SmtpUTF8Mailbox:`, `SRV:`, `KRB5:` or `otherName:`. For DNS names with "_", set `dns_underscore` to true.',
    example: aboutMember(
      '/san/0',
      '`san[0]`: The IP address "192.0.2.256" must be four decimal numbers from 0 to 255 without leading zeros, or IPv6',
    ),
  },
  'invalid-validity': {
    meaning: 'The validity is shorter or longer than the service allows, or is given in two ways.',
    remedy:
      'Set `days` to a number from 1 to 7300, `validity` to a duration such as `PT12H` or `P90D`, or `not_after` to a time.',
    example: { detail: 'The validity must be a whole number of days from 1 to 7300, got 0' },
  },
  'invalid-profile': {
    meaning: 'The profile contradicts another member of the request.',
    remedy: 'Leave out `is_ca`, `key_usage` and `extended_key_usage` when you set `profile`.',
    example: aboutMember(
      '/profile',
      '`profile`: The profile tls-server contradicts is_ca true; leave out one of profile and is_ca',
    ),
  },
  'invalid-key-options': {
    meaning: 'The options for the key do not fit together, or the key cannot be written as requested.',
    remedy:
      'Use `rsa_key_size` only with `rsa`, and `ec_curve` only with `ecdsa`. For keys/convert, choose a form that the key has: ' +
      'a seed cannot be computed from an expanded key.',
    example: aboutMember('/ec_curve', '`ec_curve`: It is allowed with classical_algorithm ecdsa only'),
  },
  'invalid-encoding': {
    meaning: 'A certificate, CSR or key is not base64 of its PEM text, PEM text, or base64 of its DER.',
    remedy:
      'Encode the file with `base64 -w 0 file.pem`, or send a member of an earlier reply without a change.',
    example: aboutMember('/csr', '`csr`: The text contains neither PEM nor DER of a CERTIFICATE REQUEST'),
  },
  'invalid-der': {
    meaning: 'The encoding inside the PEM text is not DER (ITU-T X.690), which RFC 5280 requires.',
    remedy:
      'Create the certificate, CSR or key again. A file that was cut off or edited by hand has this fault.',
    example: aboutMember(
      '/certificate',
      '`certificate`: The certificate is not valid DER at octet 1: the length is cut off',
    ),
  },
  'invalid-certificate': {
    meaning: 'The certificate does not have the structure or the content that RFC 5280 requires.',
    remedy: 'Check the certificate with `openssl x509 -in file.crt -noout -text`, and send a correct one.',
    example: aboutMember('/ca_certificate', '`ca_certificate`: The certificate must be a SEQUENCE'),
  },
  'invalid-csr': {
    meaning:
      'The CSR does not have the structure that PKCS #10 (RFC 2986) requires, or it has no name at all.',
    remedy: 'Check the CSR with `openssl req -in file.csr -noout -text -verify`, and create it again.',
    example: aboutMember('/csr', '`csr`: The request has an empty subject and no subject alternative names'),
  },
  'invalid-crl': {
    meaning: 'A certificate revocation list is malformed, or no trusted CA signed it.',
    remedy: 'Get the current CRL from the CA again.',
    example: { detail: 'The CRL is not signed by any of the CAs' },
  },
  'invalid-extension': {
    meaning: 'An extension of a certificate or CSR is malformed, occurs twice, or contradicts another one.',
    remedy: 'Correct the extension that `detail` names, and create the certificate or CSR again.',
    example: aboutMember(
      '/csr',
      '`csr`: The value of the extension basicConstraints is not valid DER at octet 1: the length is cut off',
    ),
  },
  'invalid-public-key': {
    meaning: 'A public key is malformed, or too weak to be certified.',
    remedy: 'Create a new key: ML-DSA, RSA of 2048 bits or more, ECDSA on P-256, P-384 or P-521, or Ed25519.',
    example: aboutMember('/csr', '`csr`: The RSA key has a small prime factor'),
  },
  'invalid-private-key': {
    meaning: 'A private key is not valid PKCS #8 (RFC 5958, RFC 9881), or its parts contradict each other.',
    remedy:
      'Send the private key as its reply or OpenSSL wrote it. RFC 9881 §6 describes the forms of an ML-DSA key.',
    example: aboutMember(
      '/ca_private_key',
      '`ca_private_key`: The expanded ml-dsa-65 private key is inconsistent',
    ),
  },
  'encrypted-private-key': {
    meaning: 'A private key is encrypted, and the request has no password for it.',
    remedy: `Send the password in the member for it, such as \`ca_private_key_password\`, or decrypt a copy with "${DECRYPT}".`,
    example: aboutMember(
      '/ca_private_key',
      `\`ca_private_key\`: The private key is encrypted; give its password, or decrypt it with "${DECRYPT}"`,
    ),
  },
  'wrong-password': {
    meaning: 'The password does not decrypt the private key or the PKCS #12 file, or the file was changed.',
    remedy:
      'Try the password with `openssl pkcs8 -in key.pem` or `openssl pkcs12 -in file.p12 -info`. Passwords are UTF-8, without ' +
      'a line break at their end.',
    example: aboutMember(
      '/password',
      '`password`: The password does not decrypt the file, or the file is damaged',
    ),
  },
  'unsupported-algorithm': {
    meaning: 'A key or signature has an algorithm that the service does not support.',
    remedy: 'Use ML-DSA, RSA, ECDSA on P-256, P-384 or P-521, or Ed25519.',
    example: aboutMember(
      '/csr',
      '`csr`: The parameters of ML-DSA-65 must be absent from the AlgorithmIdentifier, not NULL',
    ),
  },
  'proof-of-possession-failed': {
    meaning:
      'The signature of the CSR is not valid for the public key in it, so its sender may not have the private key.',
    remedy:
      'Create the CSR again with the private key of its public key. If `detail` says that the signature is raw, the program ' +
      'must encode r and s of an HSM as a SEQUENCE of two INTEGERs (Ecdsa-Sig-Value).',
    example: aboutMember('/csr', '`csr`: The request is not signed by the private key of its public key'),
  },
  'key-mismatch': {
    meaning: 'The private key of the CA is not the key in the CA certificate.',
    remedy:
      'Send the certificate and the private key of one CA. The two commands `openssl x509 -in ca.crt -noout -pubkey` and ' +
      '`openssl pkey -in ca.key -pubout` print the same public key for a pair.',
    example: aboutMember('/ca_private_key', '`ca_private_key`: The key is not the key of the CA certificate'),
  },
  'issuer-key-reused': {
    meaning: 'The CSR has the same public key as the CA. The certificate would confuse the two.',
    remedy: 'Create the CSR with a key of its own.',
    example: aboutMember('/csr', '`csr`: The request has the key of the CA; it must have a key of its own'),
  },
  'unsuitable-issuer': {
    meaning:
      'The CA certificate must not sign certificates: it is not a CA, is not valid now, or its key usage forbids it.',
    remedy: 'Use a CA certificate that is valid now, with CA:TRUE and the key usage keyCertSign.',
    example: aboutMember(
      '/ca_certificate',
      '`ca_certificate`: The CA certificate may not sign certificates: its keyUsage needs keyCertSign',
    ),
  },
  'exceeds-issuer': {
    meaning: 'The new certificate would be valid for longer than the CA certificate.',
    remedy:
      'Set `days` to a smaller number, or leave `days` out: then the validity ends with the CA certificate.',
    example: {
      detail: 'The CA certificate expires at 2027-11-24T10:00:00.000Z: the validity must be at most 90 days',
    },
  },
  'path-length-exceeded': {
    meaning:
      'The path length of the CA certificate does not allow another CA below it, or `path_length` is not allowed.',
    remedy: 'Leave out `is_ca`, lower `path_length`, or use a CA with a greater path length.',
    example: aboutMember('/is_ca', '`is_ca`: The CA certificate allows no CA below it'),
  },
  'name-constraints-violated': {
    meaning: 'The name constraints of the CA certificate (RFC 5280 §4.2.1.10) exclude a name of the CSR.',
    remedy: 'Ask for names that the CA may certify, or use another CA.',
    example: aboutMember(
      '/csr',
      '`csr`: The name DNS:www.example.org is not allowed by the name constraints of the CA certificate',
    ),
  },
  'engine-unavailable': {
    meaning:
      'The engine that computes ML-DSA failed, or a parameter set of SLH-DSA or ML-KEM failed its self-test.',
    remedy:
      'Send the request again later. The operator reads the log, and can select another engine with CRYPTO_ENGINE.',
    example: { detail: 'The noble engine lost a thread during the task; try again' },
  },
  overloaded: {
    meaning:
      'The service has more work than QUEUE_LIMIT allows, so this request would wait too long. ' +
      'Or signatures of SLH-DSA that need 5 seconds wait already. ' +
      'Or too many exports run: at most 4 in one process, 2 of them for one caller.',
    remedy: 'Send the request again after Retry-After seconds, or to another instance.',
    example: { detail: 'The service is overloaded; try again in a few seconds' },
  },
  ...AUTHORITY_HELP,
  ...PROFILE_HELP,
  ...REVOCATION_HELP,
};
