/** Names of the classical key pairs that can be generated. */
export type ClassicalName =
  'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'ecdsa-p256' | 'ecdsa-p384' | 'ecdsa-p521' | 'ed25519';
