import type { JSONWebKeySet } from 'jose';

/** In milliseconds, for the whole response. */
const TIMEOUT = 2000;

/** In bytes: more than the keys of any issuer need. */
const MAX_BYTES = 262_144;

/** Fetches a JWK Set (RFC 7517 §5). Follows no redirect, and does not validate the content. */
export async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { Accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.status !== 200) throw new Error(`JWKS_URL responded with status ${response.status}`);
  return JSON.parse(await boundedText(response)) as JSONWebKeySet;
}

async function boundedText({ body }: Response): Promise<string> {
  const received: Uint8Array[] = [];
  let length = 0;
  const chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? [];
  // An error inside the loop ends the transfer.
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`JWKS_URL responded with more than ${MAX_BYTES} bytes`);
    received.push(chunk);
  }
  return Buffer.concat(received).toString();
}
