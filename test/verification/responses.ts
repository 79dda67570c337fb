/** OCSP responses with any content, and the verdict of OpenSSL on the same ones. */

import { hash } from 'node:crypto';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  generalizedTime,
  nullValue,
  octetString,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { CERT_ID_DIGESTS, type CertIdDigest } from '../../src/x509/ocsp/cert-id.ts';
import { encodeOcspResponse, responderKeyHash } from '../../src/x509/ocsp/response-writer.ts';
import type { Member } from '../ca/hierarchy.ts';
import { openssl } from '../support/openssl.ts';
import { AT } from './verifying.ts';

export interface Single {
  readonly serial?: number;
  readonly digest?: CertIdDigest;
  /** CertStatus, DER. */
  readonly status?: Uint8Array;
  readonly thisUpdate?: string;
  /** Null for none. */
  readonly nextUpdate?: string | null;
  readonly extensions?: readonly Uint8Array[];
}

export interface Response {
  /** The issuer of the certificates that it is about. */
  readonly issuer: Member;
  /** The issuer without it. */
  readonly by?: Member;
  /** ResponderID, DER; the hash of the key of the signer without it. */
  readonly responder?: Uint8Array;
  /** A number from 0; absent without it. */
  readonly version?: number;
  readonly singles?: readonly Single[];
  readonly extensions?: readonly Uint8Array[];
}

export const GOOD = contextPrimitive(0, new Uint8Array());
export const REVOKED = contextConstructed(1, generalizedTime(new Date('2026-04-01T00:00:00Z')));

export const byName = (subject: Uint8Array): Uint8Array => contextConstructed(1, subject);
export const byKey = ({ key }: Pick<Member, 'key'>): Uint8Array =>
  contextConstructed(2, octetString(responderKeyHash(key.publicKey.bits)));

/** About the certificate with the serial number 42 unless the singles say otherwise. Returns an OCSPResponse, DER. */
export async function craftResponse(response: Response): Promise<Uint8Array> {
  const { issuer, by = issuer, responder = byKey(by), version, singles = [{}], extensions = [] } = response;
  const data = sequence(
    ...(version === undefined ? [] : [contextConstructed(0, unsignedInteger(version))]),
    responder,
    generalizedTime(new Date('2026-05-31T00:00:00Z')),
    sequence(...singles.map((single) => encodeSingle(single, issuer))),
    ...explicitExtensions(extensions),
  );
  const { key } = by;
  const signed = sequence(data, key.signatureAlgorithm, bitString(await key.sign(data)));
  return encodeOcspResponse(signed, by === issuer ? [] : [by.der]);
}

function encodeSingle(single: Single, { subject, key }: Member): Uint8Array {
  const { serial = 42, digest = 'sha256', status = GOOD, extensions = [] } = single;
  const { thisUpdate = '2026-05-31T00:00:00Z', nextUpdate = '2026-06-02T00:00:00Z' } = single;
  const [nameHash, keyHash] = [subject, key.publicKey.bits].map((octets) =>
    octetString(hash(digest, octets, 'buffer')),
  );
  if (nameHash === undefined || keyHash === undefined) throw new Error('There are two hashes');
  const algorithm = encodeAlgorithmIdentifier(CERT_ID_DIGESTS[digest], nullValue());
  return sequence(
    sequence(algorithm, nameHash, keyHash, unsignedInteger(serial)),
    status,
    generalizedTime(new Date(thisUpdate)),
    ...(nextUpdate === null ? [] : [contextConstructed(0, generalizedTime(new Date(nextUpdate)))]),
    ...explicitExtensions(extensions),
  );
}

const explicitExtensions = (extensions: readonly Uint8Array[]): readonly Uint8Array[] =>
  extensions.length === 0 ? [] : [contextConstructed(1, sequence(...extensions))];

/** What `openssl ocsp` says about the leaf. It compares the times of a response with its own clock, so they are not judged. */
export async function opensslOcsp(
  response: Uint8Array,
  { leaf, issuer, anchor }: { readonly leaf: Member; readonly issuer: Member; readonly anchor: Member },
): Promise<string> {
  const files = { response, leaf: leaf.pem, issuer: issuer.pem, anchor: anchor.pem };
  const at = `${Date.parse(AT) / 1000}`;
  const args = `ocsp -respin response -sha256 -issuer issuer -cert leaf -CAfile anchor -verify_other issuer -attime ${at} -validity_period 4000000000`;
  const { stdout, stderr } = await openssl(args.split(' '), { files });
  const said = `${stdout.toString()}\n${stderr}`;
  if (!said.includes('Response verify OK')) return 'refused';
  return /: (good|revoked|unknown)/.exec(said)?.[1] ?? said;
}
