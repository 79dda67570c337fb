/** A CA that signs CSRs at a fixed time. The CA and the CSR can have any content. */

import type { Test } from 'tap';
import type { IssuedCertificate } from '../../src/ca/issued-certificate.ts';
import { contextPrimitive, sequence } from '../../src/formats/der/writer.ts';
import type { PrivateKey } from '../../src/keys/key.ts';
import {
  attribute,
  craftCertificate,
  craftRequest,
  extension,
  type CertificateParts,
  type RequestParts,
} from '../support/crafted.ts';
import {
  authority,
  issuerOver,
  keysThatSign,
  openDomain,
  requestPem,
  type TestDomain,
} from '../support/domain.ts';
import type { SignCsrText } from '../support/texts.ts';

/** Differences from a valid CSR and a valid CA. */
export interface Case {
  readonly ca?: CertificateParts;
  readonly asked?: RequestParts;
  readonly wish?: Partial<SignCsrText>;
}

export interface Signing {
  readonly domain: TestDomain;
  readonly caKey: PrivateKey;
  readonly leafKey: PrivateKey;
  readonly sign: (given: Case) => Promise<IssuedCertificate>;
  /** Returns the number of signatures since the last call. */
  readonly countSignatures: () => number;
}

export const NOW = '2027-01-01T12:00:00Z';

export async function openSigning(t: Test): Promise<Signing> {
  const domain = await openDomain(t);
  const caKey = await domain.keys.generate('ml-dsa-65');
  const leafKey = await domain.keys.generate('ml-dsa-44');
  let signatures = 0;
  const keys = keysThatSign(domain, (key, message) => {
    signatures += 1;
    return domain.cryptography.engine.sign(key, message);
  });
  const issuer = issuerOver(keys, { clock: () => new Date(NOW) });

  return {
    domain,
    caKey,
    leafKey,
    async sign({ ca = {}, asked = {}, wish = {} }) {
      const member = await authority(await craftCertificate(caKey, ca), caKey);
      const csr = requestPem(await craftRequest(leafKey, asked));
      return issuer.signCsr({ csr, ...member, days: 30, isCa: false, ...wish });
    },
    countSignatures() {
      const count = signatures;
      signatures = 0;
      return count;
    },
  };
}

/** Encodes DNS names as GeneralNames, without any check. */
export const dnsNames = (...names: readonly string[]): Uint8Array =>
  sequence(...names.map((text) => contextPrimitive(2, Buffer.from(text))));

/** A CSR with DNS names. */
export const asking = (...names: readonly string[]): RequestParts => ({
  extensions: [san(...names)],
});

/** A subjectAltName of DNS names. */
export const san = (...names: readonly string[]): Uint8Array =>
  extension('2.5.29.17', false, dnsNames(...names));

/** The attribute of Windows, with the syntax of extensionRequest. */
export const microsoft = (...extensions: readonly Uint8Array[]): Uint8Array =>
  attribute('1.3.6.1.4.1.311.2.1.14', sequence(...extensions));
