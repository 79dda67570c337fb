/** The domain without its edge, with real cryptography: only clock and randomness are ever false. */

import type { Test } from 'tap';
import { createCryptography, type Cryptography } from '../../src/algorithms/cryptography.ts';
import type { Engine } from '../../src/algorithms/ml-dsa/engine.ts';
import { createIssuer } from '../../src/ca/create-issuer.ts';
import type { Issuer } from '../../src/ca/issuer.ts';
import type { IssuanceContext } from '../../src/ca/issuance-context.ts';
import { encodePem } from '../../src/formats/pem.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { createKeys } from '../../src/keys/keys.ts';
import type { Inspector } from '../../src/x509/description/description.ts';
import { createInspector } from '../../src/x509/description/inspector.ts';

export interface Domain {
  readonly cryptography: Cryptography;
  readonly keys: Keys;
  readonly inspector: Inspector;
  /** With the system's clock and randomness. */
  readonly issuer: Issuer;
  /** With others. */
  readonly issuerWith: (given: Partial<IssuanceContext>) => Issuer;
}

/** Closed when `t` ends. */
export async function openDomain(t: Test): Promise<Domain> {
  const cryptography = await createCryptography({ engine: 'auto' });
  const keys = createKeys(cryptography);
  t.teardown(() => keys.close());
  const issuerWith = (given: Partial<IssuanceContext>): Issuer => createIssuer({ keys, ...given });
  return { cryptography, keys, inspector: createInspector(keys), issuer: issuerWith({}), issuerWith };
}

/** Keys whose engine signs as `sign` says, and does all else as the real one. */
export function keysThatSign({ cryptography }: Domain, sign: Engine['sign']): Keys {
  const { engine } = cryptography;
  const changed: Engine = {
    name: engine.name,
    generateKey: (level) => engine.generateKey(level),
    importKey: (material) => engine.importKey(material),
    publicFromSeed: (level, seed) => engine.publicFromSeed(level, seed),
    sign,
    verify: (...input) => engine.verify(...input),
    close: () => engine.close(),
  };
  return createKeys({ ...cryptography, engine: changed });
}

export const pem = (label: PemLabel, der: Uint8Array): string =>
  Buffer.from(encodePem(label, der)).toString();

export const certificatePem = (der: Uint8Array): string => pem('CERTIFICATE', der);
export const requestPem = (der: Uint8Array): string => pem('CERTIFICATE REQUEST', der);
export const keyPem = async (key: PrivateKey): Promise<string> => pem('PRIVATE KEY', await key.exportPkcs8());

/** The two members of a signing request that name the CA. */
export const authority = async (
  certificate: Uint8Array,
  key: PrivateKey,
): Promise<{ caCertificate: string; caPrivateKey: Uint8Array }> => ({
  caCertificate: certificatePem(certificate),
  caPrivateKey: encodePem('PRIVATE KEY', await key.exportPkcs8()),
});
