import { PkiError } from '../base/errors.ts';
import type { KeyStore } from './key-store.ts';

const refuse = async (): Promise<never> => {
  throw new PkiError(
    'key-unavailable',
    'The private keys of authorities need a sealing key; set KEY_ENCRYPTION_KEY_FILE, for example to a file from openssl rand -base64 32',
  );
};

/** In production without KEY_ENCRYPTION_KEY_FILE: authorities can be read, and nothing can be signed. */
export const MISSING_KEY_STORE: KeyStore = Object.freeze({
  generate: refuse,
  seal: refuse,
  open: refuse,
  replace: refuse,
  forget() {},
  close() {},
});
