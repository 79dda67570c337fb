/** Sends one message. It follows no redirect, uses no proxy, and reads nothing of the reply but its status. */

import { request as requestHttps } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { http } from '../base/http.ts';
import { systemCode } from '../base/system-code.ts';
import {
  guardedLookup,
  RefusedAddressError,
  requireAllowedHost,
  type AddressRules,
} from './address-guard.ts';

export interface Sending {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Networks that are allowed although they are not public. */
  readonly networks: readonly string[];
  readonly signal: AbortSignal;
}

/** Why a message was not delivered. `isFinal`: the receiver does not want it any more. */
export interface SendFault {
  /** In words without a secret. */
  readonly fault: string;
  readonly isFinal: boolean;
}

/** From the first octet to the status, in milliseconds. */
export const SEND_TIMEOUT = 10_000;

/** 410: the receiver is gone for good (Standard Webhooks). */
const GONE = 410;

/** Returns undefined if the receiver has the message. Never rejects. */
export async function send(sending: Sending): Promise<SendFault | undefined> {
  try {
    const status = await statusOf(sending);
    if (status >= 200 && status < 300) return undefined;
    return { fault: `status ${status}`, isFinal: status === GONE };
  } catch (error) {
    return { fault: wordsFor(error), isFinal: false };
  }
}

async function statusOf({ url, headers, body, networks, signal }: Sending): Promise<number> {
  const isEncrypted = url.protocol === 'https:';
  const rules: AddressRules = { networks, isPublicAllowed: isEncrypted };
  requireAllowedHost(url, rules);
  const start = isEncrypted ? requestHttps : http.request;
  const request = start(url, {
    method: 'POST',
    agent: false,
    lookup: guardedLookup(rules),
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    maxHeaderSize: 16_384,
    signal: AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT)]),
  });
  try {
    request.end(body);
    return (await responseTo(request)).statusCode ?? 0;
  } finally {
    // The body of the reply may end early, which is an error without a listener.
    request.on('error', () => undefined);
    request.destroy();
  }
}

/** Rejects when the connection ends without a response. A switch of protocols (101) closes it without an error. */
const responseTo = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.once('close', () => reject(new Error('The connection was closed')));
  });

/** A message of Node.js or of a receiver may contain anything; a code is one word. */
function wordsFor(error: unknown): string {
  if (error instanceof RefusedAddressError) return error.message;
  if (error instanceof Error && error.name === 'AbortError') return 'no reply in time';
  return systemCode(error) ?? 'the connection failed';
}
