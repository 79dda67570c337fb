/** Composes the domain, for HTTP, scripts and tests. */

import {
  createCryptography,
  type Cryptography,
  type CryptographyOptions,
  type WorkQueue,
} from './algorithms/cryptography.ts';
import type { PkiError } from './base/errors.ts';
import type { IssuanceContext } from './ca/issuance-context.ts';
import { createIssuer, issuanceContext, type ObservedIssuer } from './ca/issuer.ts';
import type { Keys } from './keys/key.ts';
import { createKeys } from './keys/keys.ts';
import { createInspector, type Inspector } from './x509/description/inspector.ts';

export interface Domain {
  readonly keys: Keys;
  /** What the use cases need, for those of stored authorities. */
  readonly context: IssuanceContext;
  readonly issuer: ObservedIssuer;
  readonly inspector: Inspector;
  /** Calls of the engine that are running or waiting. */
  readonly queue: WorkQueue;
  /** Errors of the preferred engines that do not work on this machine. */
  readonly engineFaults: readonly PkiError[];
  /** Stops the engine. */
  close(): Promise<void>;
}

/** Clock and randomness are those of the system unless given, and the skew is five minutes. */
type DomainPorts = Partial<Pick<IssuanceContext, 'blocklist' | 'clock' | 'random' | 'notBeforeSkew'>>;

/** Resolves to the domain when its engine has passed the self-test. Rejects with PkiError engine-unavailable. */
export const createDomain = async (options: CryptographyOptions, ports?: DomainPorts): Promise<Domain> =>
  composeDomain(await createCryptography(options), ports);

/** Returns the domain with this engine. `close` closes `cryptography`. */
export function composeDomain(cryptography: Cryptography, ports: DomainPorts = {}): Domain {
  const keys = createKeys(cryptography);
  const context = issuanceContext({ keys, ...ports });
  return {
    keys,
    context,
    issuer: createIssuer(context),
    inspector: createInspector(keys),
    queue: cryptography.queue,
    engineFaults: cryptography.engineFaults,
    close: () => keys.close(),
  };
}
