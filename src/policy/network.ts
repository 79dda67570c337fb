/** IP networks, such as `192.0.2.0/24` (RFC 4632 §3.1, RFC 4291 §2.3). */

import { PkiError } from '../base/errors.ts';
import { quoted } from '../x509/names/printable-text.ts';
import { parseSubtree } from '../x509/names/subtree-text.ts';

/** Whether an address of 4 or 16 octets is in the network. */
export type Network = (octets: Uint8Array) => boolean;

/** Throws PkiError invalid-profile-document. */
export function parseNetwork(text: string): Network {
  const { address, mask } = subtreeOf(text);
  return (octets) =>
    octets.length === address.length &&
    octets.every((octet, index) => (octet & (mask[index] ?? 0)) === address[index]);
}

function subtreeOf(text: string): { readonly address: Uint8Array; readonly mask: Uint8Array } {
  try {
    const subtree = parseSubtree(`IP:${text}`);
    if (subtree.kind === 'IP') return subtree;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  throw new PkiError(
    'invalid-profile-document',
    `The network ${quoted(text)} must be an address with a prefix length and no bits beyond it, such as 192.0.2.0/24`,
  );
}
