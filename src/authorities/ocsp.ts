/** Composes the OCSP responder of the stored authorities. */

import { withPrecedence } from '../algorithms/slh-dsa/slow-lane.ts';
import { IssuerIndex } from '../ocsp/issuer-index.ts';
import { Periods } from '../ocsp/periods.ts';
import type { IssuerKey, OcspObserver, ResponderKey, ResponderKeySource } from '../ocsp/ports.ts';
import { OcspResponder } from '../ocsp/responder.ts';
import { ResponderKeys, type OcspSignerKind } from '../ocsp/responder-keys.ts';
import { Revisions } from '../ocsp/revisions.ts';
import type { StoreListener } from './announcing-store.ts';
import type { AuthorityContext } from './context.ts';
import { listIssuerKeys, type UnreadableKey } from './issuer-keys.ts';
import { delegateResponder } from './responder-certificate.ts';

export interface OcspOptions {
  readonly signer: OcspSignerKind;
  /** From thisUpdate to nextUpdate, in seconds. */
  readonly validity: number;
  /** Of the responses in memory, in octets. */
  readonly cacheLimit: number;
  readonly observer: OcspObserver;
}

/** The responders of this process, which are told what it changed. */
export class Responders implements StoreListener {
  readonly #responders: OcspResponder[] = [];

  create(context: AuthorityContext, options: OcspOptions): OcspResponder {
    const responder = createResponder(context, options);
    this.#responders.push(responder);
    return responder;
  }

  revocationChanged(authorityKeyId: string, serial: Uint8Array): void {
    for (const responder of this.#responders) responder.revocationChanged(authorityKeyId, serial);
  }

  revocationsUncertain(): void {
    for (const responder of this.#responders) responder.revocationsUncertain();
  }

  issuersChanged(): void {
    for (const responder of this.#responders) responder.issuersChanged();
  }
}

function createResponder(context: AuthorityContext, options: OcspOptions): OcspResponder {
  const { store, clock, keys } = context;
  const source = keySource(context, reportOnce(options.observer));
  const { signer: kind, validity, cacheLimit, observer } = options;
  return new OcspResponder({
    keys,
    source: store,
    issuers: new IssuerIndex(() => source.listIssuerKeys()),
    responderKeys: new ResponderKeys({ kind, source, clock, failed: (error) => observer.failed(error) }),
    revisions: new Revisions(store),
    periods: new Periods(clock, validity, (seconds) => observer.ahead?.(seconds)),
    observer,
    cacheLimit,
  });
}

/** The list of keys is read every few seconds. */
function reportOnce(observer: OcspObserver): UnreadableKey {
  const reported = new Set<string>();
  return ({ id }, cause) => {
    if (reported.has(id)) return;
    reported.add(id);
    const message = `The certificate of the authority key ${id} in the store cannot be read`;
    observer.failed(new Error(message, { cause }));
  };
}

const keySource = (context: AuthorityContext, unreadable: UnreadableKey): ResponderKeySource => ({
  listIssuerKeys: () => listIssuerKeys(context.store, unreadable),
  delegate: (issuer) => withPrecedence(() => delegateResponder(context, issuer)),
  authority: (issuer) => authorityKey(context, issuer),
});

/** A retired key too: it signed what relying parties still ask for. */
const authorityKey = async (
  { keyStore }: AuthorityContext,
  { id, authorityId, key, publicKey }: IssuerKey,
): Promise<ResponderKey> => ({
  signer: await keyStore.open({ authorityId, keyId: id }, key),
  publicKey,
  certificates: [],
});
