/** CA certificates above each other, each with its own key, with any content. */

import type { Test } from 'tap';
import type { IssuedCertificate } from '../../src/ca/issued-certificate.ts';
import { contextPrimitive, octetString, sequence } from '../../src/formats/der/writer.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { keyIdentifier } from '../../src/x509/extensions/key-identifiers.ts';
import {
  craftCertificate,
  craftRequest,
  extension,
  name,
  type CertificateParts,
} from '../support/crafted.ts';
import { certificatePem, issuerOver, keyPem, openDomain, requestPem } from '../support/domain.ts';
import { openssl } from '../support/openssl.ts';
import type { SignCsrText } from '../support/texts.ts';
import { asking, NOW } from './signing.ts';

export interface Member {
  readonly key: PrivateKey;
  readonly subject: Uint8Array;
  readonly der: Uint8Array;
  readonly pem: string;
}

export interface MemberParts extends CertificateParts {
  /** The issuer; the certificate is self-signed without it. */
  readonly by?: Member;
  /** The key to certify again; a new one without it. */
  readonly key?: PrivateKey;
}

/** Makes certificates with identifiers of both keys, as RFC 5280 §4.2.1.1 and §4.2.1.2 require. */
export const craftMember =
  (keys: Keys) =>
  async (commonName: string, { by, key: given, ...parts }: MemberParts = {}): Promise<Member> => {
    const key = given ?? (await keys.generate('ed25519'));
    const subject = parts.subject ?? name(commonName);
    const issuer = by ?? { key, subject };
    const der = await craftCertificate(issuer.key, {
      subjectPublicKeyInfo: key.publicKey.spki,
      issuer: issuer.subject,
      ...parts,
      subject,
      extensions: {
        subjectKeyIdentifier: extension('2.5.29.14', false, octetString(identifierOf(key))),
        authorityKeyIdentifier: extension(
          '2.5.29.35',
          false,
          sequence(contextPrimitive(0, identifierOf(issuer.key))),
        ),
        ...parts.extensions,
      },
    });
    return { key, subject, der, pem: certificatePem(der) };
  };

const identifierOf = ({ publicKey }: PrivateKey): Uint8Array => keyIdentifier(publicKey.bits);

/** Makes CAs, and signs a CSR with the name a.x.test under them, at the time {@link NOW}. */
export async function openHierarchy(t: Test) {
  const { keys } = await openDomain(t);
  const issuer = issuerOver(keys, { clock: () => new Date(NOW) });
  const csr = requestPem(await craftRequest(await keys.generate('ed25519'), asking('a.x.test')));
  return {
    keys,
    member: craftMember(keys),
    /** Signs with the key of `ca`; `given` are the certificates of the text, in its order. */
    signWith: async (
      ca: Member,
      given: readonly Member[],
      wish: Partial<SignCsrText> = {},
    ): Promise<IssuedCertificate> =>
      issuer.signCsr({
        csr,
        caCertificate: given.map(({ pem }) => pem).join('# a comment\n'),
        caPrivateKey: Buffer.from(await keyPem(ca.key)),
        days: 30,
        isCa: false,
        ...wish,
      }),
  };
}

/** Positions of the certificates above the issued one among `all`. */
export const pathOf = (
  { issuerCertificate, higherCertificates }: IssuedCertificate,
  ...all: readonly Member[]
): number[] =>
  [issuerCertificate, ...higherCertificates].map((der) =>
    all.findIndex((one) => Buffer.compare(one.der, der) === 0),
  );

export const codesOf = ({ notes }: IssuedCertificate): string[] => notes.map(({ code }) => code);

/** Whether OpenSSL accepts the leaf below these certificates; the last is trusted. */
export async function isValid(
  leaf: Uint8Array,
  path: readonly Member[],
  ...options: readonly string[]
): Promise<boolean> {
  const at = `${Date.parse(NOW) / 1000}`;
  const args = ['verify', ...options, '-attime', at, '-CAfile', 'anchor', '-untrusted', 'chain', 'leaf'];
  const files = {
    anchor: path.at(-1)?.pem ?? '',
    chain: path.map(({ pem }) => pem).join(''),
    leaf: certificatePem(leaf),
  };
  return (await openssl(args, { files })).code === 0;
}
