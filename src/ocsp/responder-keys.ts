/** The keys that sign responses: made at their first need, renewed before their end, and kept in memory only. */

import { monotonicNow, type Clock } from '../base/clock.ts';
import { PkiError } from '../base/errors.ts';
import type { IssuerKey, ResponderKey, ResponderKeySource } from './ports.ts';
import { SingleFlight } from './single-flight.ts';

/** Who signs: a delegated responder, or the authority itself. */
export type OcspSignerKind = 'delegated' | 'authority';

export interface ResponderKeysOptions {
  readonly kind: OcspSignerKind;
  readonly source: ResponderKeySource;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}

/** After an issuer could not certify a key, it is not asked again for this time. In milliseconds. */
const PAUSE = 60_000;

interface Delegate {
  readonly current: ResponderKey;
  /** Its predecessor, which can still be at work. */
  readonly previous?: ResponderKey | undefined;
}

export class ResponderKeys {
  readonly #options: ResponderKeysOptions;
  readonly #delegates = new Map<string, Delegate>();
  /** When an issuer was last unable to certify a key. */
  readonly #refusedAt = new Map<string, number>();
  readonly #making = new SingleFlight<ResponderKey>();
  #isClosed = false;

  constructor(options: ResponderKeysOptions) {
    this.#options = options;
  }

  /**
   * Returns a key for responses with this `thisUpdate` (milliseconds), which is later than the clock after the clock was
   * ahead: it can be after the end of every delegate. Rejects with PkiError when neither the store nor the key store can
   * be used.
   */
  async for(issuer: IssuerKey, thisUpdate: number): Promise<ResponderKey> {
    const key = this.#options.kind === 'authority' ? undefined : await this.#delegateOf(issuer);
    if (key !== undefined && thisUpdate < lastUse(key).getTime()) return key;
    return this.#options.source.authority(issuer);
  }

  async #delegateOf(issuer: IssuerKey): Promise<ResponderKey> {
    const now = this.#options.clock();
    const current = this.#delegates.get(issuer.id)?.current;
    if (current === undefined || now >= lastUse(current)) return this.#make(issuer);
    if (now >= renewal(current)) void this.#make(issuer).catch(this.#options.failed);
    return current;
  }

  close(): void {
    this.#isClosed = true;
    for (const { current, previous } of this.#delegates.values()) {
      current.destroy?.();
      previous?.destroy?.();
    }
    this.#delegates.clear();
  }

  async #make(issuer: IssuerKey): Promise<ResponderKey> {
    const refusedAt = this.#refusedAt.get(issuer.id) ?? -Infinity;
    if (monotonicNow() - refusedAt < PAUSE) return this.#options.source.authority(issuer);
    return this.#making.run(issuer.id, () => this.#makeOnce(issuer));
  }

  /** What cannot be delegated is signed by the authority itself (RFC 6960 §4.2.2.2). */
  async #makeOnce(issuer: IssuerKey): Promise<ResponderKey> {
    const made = await this.#delegate(issuer);
    if (made === undefined) {
      this.#refusedAt.set(issuer.id, monotonicNow());
      return this.#options.source.authority(issuer);
    }
    this.#keep(issuer, made);
    return made;
  }

  /** A bug in issuing must not stop the responses. Rejects with PkiError while a part of the service cannot be used. */
  async #delegate(issuer: IssuerKey): Promise<ResponderKey | undefined> {
    try {
      return await this.#options.source.delegate(issuer);
    } catch (error) {
      if (error instanceof PkiError) throw error;
      this.#options.failed(error);
      return undefined;
    }
  }

  #keep({ id }: IssuerKey, current: ResponderKey): void {
    if (this.#isClosed) return current.destroy?.();
    const before = this.#delegates.get(id);
    before?.previous?.destroy?.();
    this.#delegates.set(id, { current, previous: before?.current });
  }
}

/** Half of its life. */
const renewal = ({ validity }: ResponderKey): Date =>
  validity === undefined
    ? new Date(8.64e15)
    : new Date((validity.notBefore.getTime() + validity.notAfter.getTime()) / 2);

/** In milliseconds: what is signed later would end before a client has it. */
const MARGIN = 60_000;

const lastUse = ({ validity }: ResponderKey): Date =>
  new Date(validity === undefined ? 8.64e15 : validity.notAfter.getTime() - MARGIN);
