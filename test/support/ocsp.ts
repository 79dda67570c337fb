/** The OCSP responder of a whole service, with authorities and certificates in its store. */

import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import type { AuthorityDomain } from '../../src/authorities/compose.ts';
import type { Environment } from '../../src/config/load.ts';
import { encodeAlgorithmIdentifier } from '../../src/formats/algorithm-identifier.ts';
import { elementOf, membersOf, type DerElement } from '../../src/formats/der/reader.ts';
import { checkDer } from '../../src/formats/der/strict.ts';
import {
  contextConstructed,
  nullValue,
  octetString,
  sequence,
  unsignedInteger,
} from '../../src/formats/der/writer.ts';
import { ocspOid } from '../../src/formats/oids.ts';
import { readSubjectPublicKeyInfo } from '../../src/formats/subject-public-key-info.ts';
import type { KeyAlgorithmName } from '../../src/keys/key.ts';
import type { ReasonCode } from '../../src/storage/ports.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { encodeExtension } from '../../src/x509/extensions/extension.ts';
import { CERT_ID_DIGESTS, type CertIdDigest } from '../../src/x509/ocsp/cert-id.ts';
import { readResponseData, type ResponseData } from '../../src/x509/ocsp/response-data.ts';
import { authorityOrder, openPatiently, order, TESTER } from './authorities.ts';
import { startApp } from './service.ts';

export interface OcspService {
  readonly app: FastifyInstance;
  readonly domain: AuthorityDomain;
  /** Of the responder, if the service listens. */
  readonly url: string;
}

/** `t` must have a test directory. */
export async function startOcsp(t: Test, environment: Environment = {}): Promise<OcspService> {
  const folder = join(t.testdir({}), 'data');
  const app = await startApp(
    t,
    { DATA_DIR: folder, RATE_LIMIT_OCSP_PER_MINUTE: '0', ...environment },
    openPatiently,
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  if (app.authorityDomain === undefined) throw new Error('The service has no store');
  return { app, domain: app.authorityDomain, url: `http://127.0.0.1:${port}${app.config.BASE_PATH}/ocsp` };
}

export interface TestAuthority {
  readonly name: string;
  readonly certificate: Uint8Array;
  /** Id of its key. */
  readonly keyId: string;
}

/** Of authorities whose signatures take less than a tenth of a second. */
export const FAST_ALGORITHMS: readonly KeyAlgorithmName[] = [
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
  'rsa-2048',
  'rsa-3072',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'ed25519',
];

export async function createAuthority(
  { authorities }: AuthorityDomain,
  name: string,
  algorithm: KeyAlgorithmName = 'ml-dsa-44',
): Promise<TestAuthority> {
  const { keys } = await authorities(TESTER.principal).create(authorityOrder(name, { algorithm }));
  const [key] = keys;
  if (key?.certificate === undefined) throw new Error('The authority has no certificate');
  return { name, certificate: key.certificate, keyId: key.id };
}

export interface TestCertificate {
  readonly id: string;
  readonly der: Uint8Array;
  /** The contents of the INTEGER. */
  readonly serial: Uint8Array;
}

export async function issueCertificate(
  { authorities }: Pick<AuthorityDomain, 'authorities'>,
  authority: string,
): Promise<TestCertificate> {
  const issued = await authorities(TESTER.principal).issue(order(authority));
  issued.key?.destroy();
  const { serialNumber } = readCertificate(checkDer(issued.certificate));
  return { id: issued.id, der: issued.certificate, serial: serialNumber };
}

export const revoke = async (
  { store }: Pick<AuthorityDomain, 'store'>,
  { id }: Pick<TestCertificate, 'id'>,
  reason: ReasonCode = 1,
  revokedAt = new Date(),
) =>
  store.revoke({
    id,
    reason,
    revokedAt,
    principal: TESTER.principal,
    audit: {
      at: revokedAt,
      action: 'certificate/revoke',
      outcome: 'success',
      principal: TESTER.principal,
      details: { certificate: id },
    },
  });

export interface RequestText {
  readonly digest?: CertIdDigest;
  /** Octets of the nonce. */
  readonly nonce?: Uint8Array;
}

/** An OCSPRequest, DER, about these serial numbers. */
export function ocspRequest(
  { certificate }: Pick<TestAuthority, 'certificate'>,
  serials: readonly Uint8Array[],
  { digest = 'sha256', nonce }: RequestText = {},
): Uint8Array {
  const { subject, subjectPublicKeyInfo } = readCertificate(checkDer(certificate));
  const { bits } = readSubjectPublicKeyInfo(subjectPublicKeyInfo);
  const algorithm = encodeAlgorithmIdentifier(CERT_ID_DIGESTS[digest], nullValue());
  const [name, key] = [subject, bits].map((octets) => octetString(hash(digest, octets, 'buffer')));
  if (name === undefined || key === undefined) throw new Error('There are two hashes');
  const requests = serials.map((serial) => sequence(sequence(algorithm, name, key, unsignedInteger(serial))));
  const extensions = nonce && [
    encodeExtension({ oid: ocspOid['id-pkix-ocsp-nonce'], critical: false, value: octetString(nonce) }),
  ];
  return sequence(
    sequence(sequence(...requests), ...(extensions ? [contextConstructed(2, sequence(...extensions))] : [])),
  );
}

const STATUSES = ['successful', 'malformedRequest', 'internalError', 'tryLater', '', '', 'unauthorized'];

export interface ReadReply {
  readonly status: string;
  /** Absent for an error. */
  readonly data?: ResponseData;
  /** Of each certificate. */
  readonly statuses: readonly string[];
  /** DER. */
  readonly certificates: readonly Uint8Array[];
}

const CERT_STATUSES: Readonly<Record<number, string>> = { 0x80: 'good', 0xa1: 'revoked', 0x82: 'unknown' };

/** Reads an OCSPResponse, DER. */
export function readReply(octets: Uint8Array): ReadReply {
  const [status, explicit] = membersOf(elementOf(checkDer(octets)));
  const name = STATUSES[status?.contents[0] ?? 4] ?? '';
  if (explicit === undefined) return { status: name, statuses: [], certificates: [] };
  const [, response] = membersOf(first(explicit));
  const [tbs, , , certs] = membersOf(elementOf(checkDer(response?.contents ?? new Uint8Array())));
  if (tbs === undefined) throw new Error('The response has no ResponseData');
  const data = readResponseData(tbs.encoding);
  return {
    status: name,
    data,
    statuses: data.responses.map(({ statusTag }) => CERT_STATUSES[statusTag] ?? ''),
    certificates: certs === undefined ? [] : [...membersOf(first(certs))].map(({ encoding }) => encoding),
  };
}

function first(element: DerElement): DerElement {
  const [member] = membersOf(element);
  if (member === undefined) throw new Error('A value is missing');
  return member;
}
