/** An OCSP responder without HTTP, and requests to it. */

import type { Test } from 'tap';
import { PkiError } from '../../src/base/errors.ts';
import type { OcspObserver } from '../../src/ocsp/ports.ts';
import type { OcspReply, OcspResponder } from '../../src/ocsp/responder.ts';
import type { Store } from '../../src/storage/ports.ts';
import { openAuthorities, type TestAuthorities } from './authorities.ts';
import { openDomain } from './domain.ts';
import { readReply, type ReadReply } from './ocsp.ts';

export const HOUR = 3_600_000;
export const NONCE = Buffer.alloc(32, 1);

export interface Opened extends TestAuthorities {
  readonly responder: OcspResponder;
  /** Signatures of responses so far. */
  readonly signatures: () => number;
  readonly sources: string[];
  readonly failures: unknown[];
  /** What was reported after the clock was ahead, in seconds. */
  readonly aheads: number[];
}

type Given = Parameters<typeof openAuthorities>[2] & {
  readonly cacheLimit?: number;
  readonly signer?: 'delegated' | 'authority';
};

export const admit = async () => undefined;

export async function openResponder(
  t: Test,
  { cacheLimit = 1e6, signer = 'delegated', ...given }: Given = {},
): Promise<Opened> {
  const opened = await openAuthorities(t, await openDomain(t), given);
  let signatures = 0;
  const sources: string[] = [];
  const failures: unknown[] = [];
  const aheads: number[] = [];
  const observer: OcspObserver = {
    replied: (_status, source) => void sources.push(source),
    stated: () => undefined,
    signed: () => void (signatures += 1),
    failed: (error) => void failures.push(error),
    ahead: (seconds) => void aheads.push(seconds),
  };
  const responder = opened.createResponder({ signer, validity: 43_200, cacheLimit, observer });
  t.teardown(() => responder.close());
  return { ...opened, responder, signatures: () => signatures, sources, failures, aheads };
}

export const derOf = (reply: OcspReply): Uint8Array =>
  reply.status === 'successful' ? reply.response.der : reply.der;

export const ask = async ({ responder }: Opened, request: Uint8Array): Promise<ReadReply> =>
  readReply(derOf(await responder.respond(request, admit)));

export const statusOf = async (opened: Opened, request: Uint8Array): Promise<string> => {
  const { status, statuses } = await ask(opened, request);
  return statuses[0] ?? status;
};

/** A clock that the test sets. */
export function settableClock(start = Date.now()) {
  let now = start;
  return { clock: () => new Date(now), advance: (by: number) => void (now += by) };
}

/** Changes of the store that can be switched on and off. */
export function breakable(methods: readonly (keyof Store)[]) {
  let isBroken = false;
  const change = (store: Store): Partial<Store> =>
    Object.fromEntries(
      methods.map((name) => [
        name,
        async (...input: readonly unknown[]) => {
          if (isBroken) throw new PkiError('store-unavailable', 'The store cannot be used');
          return (store[name] as (...input: readonly unknown[]) => unknown)(...input);
        },
      ]),
    );
  return { change, set: (value: boolean) => void (isBroken = value) };
}
