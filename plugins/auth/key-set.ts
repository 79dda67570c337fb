import type { JSONWebKeySet } from 'jose';

/** In milliseconds, for the whole answer. */
const TIMEOUT = 2000;

/** More than any issuer's keys need, in octets. */
const LONGEST_SET = 262_144;

/** Fetches a JWK Set (RFC 7517 §5) from this address and from no other. Whoever takes it checks what it holds. */
export async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { Accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.status !== 200) throw new Error(`JWKS_URL answers with status ${response.status}`);
  return JSON.parse(await boundedText(response)) as JSONWebKeySet;
}

async function boundedText({ body }: Response): Promise<string> {
  const received: Uint8Array[] = [];
  let length = 0;
  const chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? [];
  // Leaving the loop ends the transfer.
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > LONGEST_SET) throw new Error(`JWKS_URL answers with more than ${LONGEST_SET} octets`);
    received.push(chunk);
  }
  return Buffer.concat(received).toString();
}
