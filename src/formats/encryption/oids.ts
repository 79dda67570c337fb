/** Object identifiers of password-based encryption and of PKCS #12. */

/** Password-based encryption and authentication (RFC 8018, RFC 7914 §7, RFC 9579). */
export const passwordOid = Object.freeze({
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  pbmac1: '1.2.840.113549.1.5.14',
});

/** RFC 8018 appendix B.1.2. */
export const HMAC_OIDS = Object.freeze({
  sha1: '1.2.840.113549.2.7',
  sha224: '1.2.840.113549.2.8',
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
});

/** RFC 8018 appendix B.2.2 and B.2.5, RFC 5084 §3.2. */
export const CIPHER_OIDS = Object.freeze({
  'aes-128-cbc': '2.16.840.1.101.3.4.1.2',
  'aes-192-cbc': '2.16.840.1.101.3.4.1.22',
  'aes-256-cbc': '2.16.840.1.101.3.4.1.42',
  'aes-128-gcm': '2.16.840.1.101.3.4.1.6',
  'aes-192-gcm': '2.16.840.1.101.3.4.1.26',
  'aes-256-gcm': '2.16.840.1.101.3.4.1.46',
  'des-ede3-cbc': '1.2.840.113549.3.7',
});

/** Encryption with broken ciphers (RFC 8018 appendix A.3, RFC 7292 appendix C), by its name. */
export const LEGACY_ENCRYPTION = Object.freeze({
  pbeWithMD2AndDES: '1.2.840.113549.1.5.1',
  pbeWithMD5AndDES: '1.2.840.113549.1.5.3',
  pbeWithMD2AndRC2: '1.2.840.113549.1.5.4',
  pbeWithMD5AndRC2: '1.2.840.113549.1.5.6',
  pbeWithSHA1AndDES: '1.2.840.113549.1.5.10',
  pbeWithSHA1AndRC2: '1.2.840.113549.1.5.11',
  pbeWithSHAAnd128BitRC4: '1.2.840.113549.1.12.1.1',
  pbeWithSHAAnd40BitRC4: '1.2.840.113549.1.12.1.2',
  'pbeWithSHAAnd3-KeyTripleDES': '1.2.840.113549.1.12.1.3',
  'pbeWithSHAAnd2-KeyTripleDES': '1.2.840.113549.1.12.1.4',
  pbeWithSHAAnd128BitRC2: '1.2.840.113549.1.12.1.5',
  pbeWithSHAAnd40BitRC2: '1.2.840.113549.1.12.1.6',
});

/** RFC 7292 §4, appendix D; RFC 2985 §5.5, §5.6. */
export const pkcs12Oid = Object.freeze({
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  pkcs8ShroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  crlBag: '1.2.840.113549.1.12.10.1.4',
  secretBag: '1.2.840.113549.1.12.10.1.5',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
});
