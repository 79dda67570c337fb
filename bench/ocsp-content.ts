/** An authority with a certificate, and OCSP requests about it. */

import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { encodeAlgorithmIdentifier } from '../src/formats/algorithm-identifier.ts';
import { decodePemBlocks } from '../src/formats/pem.ts';
import {
  nullValue,
  contextConstructed,
  octetString,
  sequence,
  unsignedInteger,
} from '../src/formats/der/writer.ts';
import { checkDer } from '../src/formats/der/strict.ts';
import { ocspOid } from '../src/formats/oids.ts';
import { readSubjectPublicKeyInfo } from '../src/formats/subject-public-key-info.ts';
import type { KeyAlgorithmName, Signer } from '../src/keys/key.ts';
import type { OcspObserver } from '../src/ocsp/ports.ts';
import { readCertificate, type Certificate } from '../src/x509/certificate.ts';
import { CERT_ID_DIGESTS, type CertIdDigest } from '../src/x509/ocsp/cert-id.ts';
import { encodeExtension } from '../src/x509/extensions/extension.ts';

export interface OcspContent {
  /** HTTP/1.1 requests, latin1. */
  readonly requests: Readonly<Record<'post' | 'get' | 'withNonce', string>>;
  /** The response to `post`, DER. */
  readonly response: Uint8Array;
  /** The response with SHA-1 that the authority itself signs. */
  readonly direct: Uint8Array;
  readonly signer: Signer;
  /** As long as what is signed of a response. */
  readonly message: Uint8Array;
}

const NONCE = new Uint8Array(32).fill(1);
/** ResponseData of one certificate with a nonce. */
const MESSAGE_LENGTH = 260;

export async function prepareOcsp(app: FastifyInstance, algorithm: KeyAlgorithmName): Promise<OcspContent> {
  const subject = `/CN=${algorithm}`;
  await post(app, '/api/v1/authorities', { name: algorithm, key_algorithm: algorithm, subject });
  const path = `/api/v1/authorities/${algorithm}/certificates`;
  const ordered = await post(app, path, { subject: '/CN=a.example', key_algorithm: 'ml-dsa-44' });
  const [own, issuer] = certificatesIn(ordered.chain ?? '');
  if (own === undefined || issuer === undefined) throw new Error('The chain has two certificates');
  const about = (digest: CertIdDigest, nonce?: Uint8Array) =>
    encodeRequest(issuer, own.serialNumber, digest, nonce);
  const plain = about('sha256');
  const signer = await app.keys.generate(algorithm);
  return {
    requests: { post: postText(plain), get: getText(plain), withNonce: postText(about('sha256', NONCE)) },
    response: await ask(app, plain),
    direct: await askDirectly(app, about('sha1')),
    signer,
    message: new Uint8Array(MESSAGE_LENGTH),
  };
}

async function post(app: FastifyInstance, url: string, payload: object): Promise<Record<string, string>> {
  const reply = await app.inject({ method: 'POST', url, payload });
  if (reply.statusCode >= 300) throw new Error(`${url} returned ${reply.statusCode}: ${reply.body}`);
  return reply.json();
}

const certificatesIn = (base64: string): readonly Certificate[] =>
  decodePemBlocks(Buffer.from(base64, 'base64'), ['CERTIFICATE']).map((der) =>
    readCertificate(checkDer(der)),
  );

function encodeRequest(
  { subject, subjectPublicKeyInfo }: Certificate,
  serial: Uint8Array,
  digest: CertIdDigest,
  nonce?: Uint8Array,
): Uint8Array {
  const { bits } = readSubjectPublicKeyInfo(subjectPublicKeyInfo);
  const certId = sequence(
    encodeAlgorithmIdentifier(CERT_ID_DIGESTS[digest], nullValue()),
    octetString(hash(digest, subject, 'buffer')),
    octetString(hash(digest, bits, 'buffer')),
    unsignedInteger(serial),
  );
  const extensions = nonce && [
    encodeExtension({ oid: ocspOid['id-pkix-ocsp-nonce'], critical: false, value: octetString(nonce) }),
  ];
  return sequence(
    sequence(
      sequence(sequence(certId)),
      ...(extensions ? [contextConstructed(2, sequence(...extensions))] : []),
    ),
  );
}

const postText = (der: Uint8Array): string =>
  [
    'POST /ocsp HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/ocsp-request',
    `Content-Length: ${der.length}`,
    '',
    Buffer.from(der).toString('latin1'),
  ].join('\r\n');

const getText = (der: Uint8Array): string =>
  `GET /ocsp/${encodeURIComponent(Buffer.from(der).toString('base64'))} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;

async function ask(app: FastifyInstance, der: Uint8Array): Promise<Uint8Array> {
  const reply = await app.inject({
    method: 'POST',
    url: '/ocsp',
    headers: { 'content-type': 'application/ocsp-request' },
    payload: Buffer.from(der),
  });
  return reply.rawPayload;
}

const QUIET: OcspObserver = {
  replied: () => undefined,
  stated: () => undefined,
  signed: () => undefined,
  failed: (error) => console.error(error),
};

async function askDirectly({ authorityDomain }: FastifyInstance, der: Uint8Array): Promise<Uint8Array> {
  const options = { signer: 'authority', validity: 43_200, cacheLimit: 0, observer: QUIET } as const;
  const responder = authorityDomain?.createResponder(options);
  const reply = await responder?.respond(der, async () => undefined);
  if (reply?.status !== 'successful') throw new Error(`Expected successful, got ${reply?.status}`);
  return reply.response.der;
}
