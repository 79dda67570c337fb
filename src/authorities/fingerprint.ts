import { hash } from 'node:crypto';

/** SHA-256 of DER, hexadecimal. */
export const fingerprint = (der: Uint8Array): string => hash('sha256', der, 'hex');
