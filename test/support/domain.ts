/** The domain without HTTP, with real cryptography. A test can replace only the clock and the randomness. */

import type { Test } from 'tap';
import { createCryptography, type Cryptography } from '../../src/algorithms/cryptography.ts';
import { signThenVerify, type Engine } from '../../src/algorithms/ml-dsa/engine.ts';
import type { IssuanceContext } from '../../src/ca/issuance-context.ts';
import { createIssuer } from '../../src/ca/issuer.ts';
import { composeDomain, type Domain } from '../../src/domain.ts';
import { encodePem } from '../../src/formats/pem.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { textInspector, textIssuer, type TextInspector, type TextIssuer } from './texts.ts';

export interface TestDomain {
  readonly domain: Domain;
  readonly cryptography: Cryptography;
  readonly keys: Keys;
  readonly inspector: TextInspector;
  /** With the clock and the randomness of the system. */
  readonly issuer: TextIssuer;
  /** With others. */
  readonly issuerWith: (given: Partial<IssuanceContext>) => TextIssuer;
}

/** Closed when `t` ends. */
export async function openDomain(t: Test): Promise<TestDomain> {
  const cryptography = await createCryptography({ engine: 'auto' });
  const domain = composeDomain(cryptography);
  t.teardown(() => domain.close());
  const issuerWith = (given: Partial<IssuanceContext>): TextIssuer =>
    issuerOver(given.keys ?? domain.keys, given);
  const inspector = textInspector(domain.inspector);
  return { domain, cryptography, keys: domain.keys, inspector, issuer: issuerWith({}), issuerWith };
}

/** The use cases with these keys, and with text input. */
export const issuerOver = (keys: Keys, given: Partial<IssuanceContext> = {}): TextIssuer =>
  textIssuer(keys, createIssuer({ keys, ...given })());

/** An engine that signs with `sign`, and otherwise works as the real one. */
export function cryptographyThatSigns({ cryptography }: TestDomain, sign: Engine['sign']): Cryptography {
  const { engine } = cryptography;
  const changed: Engine = {
    name: engine.name,
    generateKey: (parameterSet) => engine.generateKey(parameterSet),
    importKey: (material) => engine.importKey(material),
    publicFromSeed: (parameterSet, seed) => engine.publicFromSeed(parameterSet, seed),
    sign,
    signVerified: (...input) => signThenVerify(changed, ...input),
    verify: (...input) => engine.verify(...input),
    close: () => engine.close(),
  };
  return { ...cryptography, engine: changed, close: async () => {} };
}

/** The keys of {@link cryptographyThatSigns}. */
export const keysThatSign = (domain: TestDomain, sign: Engine['sign']): Keys =>
  createKeys(cryptographyThatSigns(domain, sign));

export const pem = (label: PemLabel, der: Uint8Array): string =>
  Buffer.from(encodePem(label, der)).toString();

export const certificatePem = (der: Uint8Array): string => pem('CERTIFICATE', der);
export const requestPem = (der: Uint8Array): string => pem('CERTIFICATE REQUEST', der);
export const keyPem = async (key: PrivateKey): Promise<string> => pem('PRIVATE KEY', await key.exportPkcs8());

/** The two members for the CA of a request to sign a CSR. */
export const authority = async (
  certificate: Uint8Array,
  key: PrivateKey,
): Promise<{ caCertificate: string; caPrivateKey: Uint8Array }> => ({
  caCertificate: certificatePem(certificate),
  caPrivateKey: encodePem('PRIVATE KEY', await key.exportPkcs8()),
});
