/** Verification of crafted certificates, and the verdict of OpenSSL on the same ones. */

import { Buffer } from 'node:buffer';
import type { Keys } from '../../src/keys/key.ts';
import { ANY_POLICY } from '../../src/formats/oids.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import {
  bitString,
  contextConstructed,
  objectIdentifier,
  sequence,
  time,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { createReading } from '../../src/formats/reading.ts';
import { readReceivedCertificate } from '../../src/x509/certificate.ts';
import { memberOf, type Member as Read, type MemberSource } from '../../src/verification/member.ts';
import { readLists } from '../../src/verification/read-members.ts';
import type { VerificationRequest } from '../../src/verification/request.ts';
import { verifyCertificate, type Verification } from '../../src/verification/verify.ts';
import type { Member } from '../ca/hierarchy.ts';
import { extension } from '../support/crafted.ts';
import { openssl } from '../support/openssl.ts';
import { pem } from '../support/domain.ts';

export const AT = '2026-06-01T00:00:00Z';

export interface Given {
  readonly leaf: Member;
  readonly intermediates?: readonly Member[];
  readonly anchors: readonly Member[];
  /** CRLs, DER. */
  readonly crls?: readonly Uint8Array[];
  readonly options?: Partial<VerificationRequest>;
}

export function read({ der }: Pick<Member, 'der'>, source: MemberSource, index = 0): Read {
  const reading = createReading({ isStrict: false, isInspecting: true });
  const certificate = readReceivedCertificate({ received: der, der: checkDer(der) }, reading);
  return memberOf(certificate, { source, index, notes: reading.notes });
}

/** Everything is verified at {@link AT} by the algorithm of RFC 5280 §6 alone, unless the options say otherwise. */
export async function verify(keys: Keys, given: Given): Promise<Verification> {
  const { leaf, intermediates = [], anchors, crls = [], options } = given;
  const reading = createReading({ isStrict: false, isInspecting: true });
  return verifyCertificate(keys, {
    leaf: read(leaf, 'certificate'),
    intermediates: intermediates.map((member, index) => read(member, 'intermediates', index)),
    anchors: anchors.map((member, index) => read(member, 'anchors', index)),
    lists: await readLists(
      crls.map((der) => Buffer.from(der).toString('base64')),
      reading,
    ),
    responses: [],
    time: new Date(AT),
    profile: 'path',
    revocation: crls.length > 0 ? 'require' : 'if-available',
    policies: {
      initialPolicies: [ANY_POLICY],
      explicitPolicy: false,
      policyMappingInhibit: false,
      inhibitAnyPolicy: false,
    },
    purpose: undefined,
    checksKeyUsage: true,
    name: undefined,
    maxPathLength: undefined,
    related: undefined,
    ...options,
  });
}

/** Codes of the failures, each once, in their order. */
export const codesOf = ({ best }: Verification): string[] => [
  ...new Set(best.failures.map(({ code }) => code)),
];

export interface Verdict {
  readonly isValid: boolean;
  readonly message: string;
}

/** The verdict of `openssl verify` with these options. */
export async function opensslVerdict(given: Given, ...options: readonly string[]): Promise<Verdict> {
  const { leaf, intermediates = [], anchors, crls = [] } = given;
  const files: Record<string, string> = {
    anchors: anchors.map((member) => member.pem).join(''),
    chain: intermediates.map((member) => member.pem).join(''),
    crls: crls.map((der) => pem('X509 CRL', der)).join(''),
    leaf: leaf.pem,
  };
  const args = ['verify', ...options, '-attime', `${Date.parse(AT) / 1000}`, '-CAfile', 'anchors'];
  if (intermediates.length > 0) args.push('-untrusted', 'chain');
  if (crls.length > 0) args.push('-CRLfile', 'crls');
  const { code, stderr } = await openssl([...args, 'leaf'], { files });
  return { isValid: code === 0, message: stderr };
}

export interface Crl {
  readonly by: Member;
  /** Of the name of another issuer. */
  readonly issuer?: Uint8Array;
  readonly thisUpdate?: string;
  /** Null for none. */
  readonly nextUpdate?: string | null;
  /** Serial numbers, with a CRLReason and further entry extensions. */
  readonly revoked?: readonly { serial: number; reason?: number; extensions?: readonly Uint8Array[] }[];
  readonly extensions?: readonly Uint8Array[];
  readonly number?: number;
  /** 2 without it; v1 is omitted. */
  readonly version?: number;
  /** No extensions at all. */
  readonly isPlain?: boolean;
}

/** Returns a CRL, DER. */
export async function craftCrl(crl: Crl): Promise<Uint8Array> {
  const { by, issuer = by.subject, revoked = [], extensions = [], number = 7, version = 2 } = crl;
  const { thisUpdate = '2026-05-01T00:00:00Z', nextUpdate = '2026-07-01T00:00:00Z' } = crl;
  const entries = revoked.map(({ serial, reason, extensions: more = [] }) => {
    const all = [
      ...(reason === undefined ? [] : [extension('2.5.29.21', false, Uint8Array.of(10, 1, reason))]),
      ...more,
    ];
    return sequence(
      unsignedInteger(serial),
      time(new Date('2026-04-01T00:00:00Z')),
      ...(all.length === 0 ? [] : [sequence(...all)]),
    );
  });
  const numbered = extension('2.5.29.20', false, unsignedInteger(number));
  const tbs = sequence(
    ...(version === 1 ? [] : [unsignedInteger(version - 1)]),
    by.key.signatureAlgorithm,
    issuer,
    time(new Date(thisUpdate)),
    ...(nextUpdate === null ? [] : [time(new Date(nextUpdate))]),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    ...(crl.isPlain === true ? [] : [contextConstructed(0, sequence(numbered, ...extensions))]),
  );
  return sequence(tbs, by.key.signatureAlgorithm, bitString(await by.key.sign(tbs)));
}

export const extendedKeyUsage = (...oids: readonly string[]): Uint8Array =>
  extension('2.5.29.37', false, sequence(...oids.map((oid) => objectIdentifier(oid))));
