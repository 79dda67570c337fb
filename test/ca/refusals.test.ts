/** What is rejected in every reading (docs/reading.md). */

import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { REFUSALS, type RefusalName } from '../../src/formats/tolerances.ts';
import {
  boolean,
  concat,
  objectIdentifier,
  sequence,
  setOf,
  TAG,
  tlv,
  utf8String,
} from '../../src/formats/der/writer.ts';
import {
  attribute,
  attributesField,
  craftCertificate,
  craftRequest,
  extension,
  extensionRequest,
  indefinite,
  name,
  type CertificateParts,
  type RequestParts,
} from '../support/crafted.ts';
import { authority, requestPem } from '../support/domain.ts';
import { microsoft, openSigning, san } from './signing.ts';

const { sign, caKey, leafKey } = await openSigning(t);
const EMAIL = objectIdentifier('1.2.840.113549.1.9.1');
const rdn = (type: Uint8Array, value: Uint8Array): Uint8Array => setOf(sequence(type, value));

/** SEQUENCEs in each other. */
const nested = (depth: number): Uint8Array => (depth === 0 ? sequence() : sequence(nested(depth - 1)));

const writtenOut = new Uint8Array(
  generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).publicKey.export({
    format: 'der',
    type: 'spki',
  }),
);

/** Values of a name that OpenSSL does not read: it could not read the certificates of such a CA. */
const UNREADABLE: readonly Uint8Array[] = [
  tlv(TAG.integer, Uint8Array.of(5)),
  tlv(TAG.visibleString, Buffer.from('B')),
  tlv(TAG.generalizedTime, Buffer.from('20200101000000Z')),
  tlv(TAG.utf8String, Uint8Array.of(0xfc)),
  tlv(TAG.bmpString, Uint8Array.of(0, 65, 0)),
  tlv(TAG.universalString, Uint8Array.of(0, 0x11, 0, 0)),
];

interface Rejected {
  readonly asked?: RequestParts;
  readonly ca?: CertificateParts;
  /** Changes of the whole request. */
  readonly csr?: (der: Uint8Array) => Uint8Array;
  readonly message: RegExp;
}

/** At least one input for each refusal of docs/reading.md. */
const REJECTED: Readonly<Record<RefusalName, readonly Rejected[]>> = {
  signature: [
    {
      csr: (der) => concat([der.subarray(0, -1), Uint8Array.of((der.at(-1) ?? 0) ^ 1)]),
      message: /not signed by the private key/,
    },
  ],
  'trailing-octets': [
    { csr: (der) => concat([der, Uint8Array.of(5, 0)]), message: /2 octets follow the value/ },
    { csr: (der) => concat([indefinite(der), Uint8Array.of(0)]), message: /1 octets follow the value/ },
  ],
  limits: [
    {
      asked: { attributes: [attributesField(attribute('1.2.3', nested(32)))] },
      message: /nested more than 32 deep/,
    },
    {
      asked: { attributes: [attributesField(attribute('1.2.3', Buffer.alloc(20_002, '0500', 'hex')))] },
      message: /more than 10000 values/,
    },
  ],
  'integer-form': [
    { asked: { version: tlv(TAG.integer, Uint8Array.of(0, 0)) }, message: /not in its shortest form/ },
    { ca: { serialNumber: tlv(TAG.integer, Uint8Array.of(0, 1)) }, message: /not in its shortest form/ },
  ],
  'duplicate-extension': [
    { asked: { extensions: [san('a.example'), san('b.example')] }, message: /must not occur twice/ },
    {
      asked: {
        attributes: [attributesField(extensionRequest(san('a.example')), extensionRequest(san('b.example')))],
      },
      message: /must not occur twice/,
    },
    {
      asked: {
        attributes: [
          attributesField(
            attribute('1.2.840.113549.1.9.14', sequence(san('a.example')), sequence(san('b.example'))),
          ),
        ],
      },
      message: /unexpected member/,
    },
  ],
  'different-extensions': [
    {
      asked: {
        attributes: [attributesField(microsoft(san('a.example')), extensionRequest(san('b.example')))],
      },
      message: /two different values of subjectAltName/,
    },
  ],
  'algorithm-mismatch': [
    {
      ca: { signatureAlgorithm: leafKey.signatureAlgorithm },
      message: /differs from the one in tbsCertificate/,
    },
  ],
  'name-text': [
    {
      asked: { subject: sequence(rdn(EMAIL, utf8String('ü@b.example'))) },
      message: /emailAddress must be an IA5String: ASCII characters only, not "ü"/,
    },
    { asked: { subject: name(tlv(TAG.bmpString, Uint8Array.of(0))) }, message: /CN must be a UTF8String/ },
  ],
  'alternative-names': [
    {
      asked: { extensions: [extension('2.5.29.17', false, Buffer.from('a.example'))] },
      message: /subjectAltName/,
    },
    { asked: { extensions: [extension('2.5.29.17', false, boolean(true))] }, message: /GeneralNames/ },
  ],
  'written-out-curve': [
    { asked: { subjectPublicKeyInfo: writtenOut }, message: /writes out a curve with the order of P-256/ },
  ],
  'issuer-encoding': [
    { ca: { subject: indefinite(name('A')) }, message: /subject of the CA certificate is not DER/ },
    ...UNREADABLE.map((value) => ({
      ca: { subject: name('A', value) },
      message: /CN in the subject of the CA certificate is not a string that programs can read/,
    })),
  ],
};

for (const [refusal, { found }] of Object.entries(REFUSALS))
  t.test(`${found}: rejected`, async (t) => {
    for (const { asked = {}, ca = {}, csr = (der: Uint8Array) => der, message } of REJECTED[
      refusal as RefusalName
    ]) {
      const member = await authority(await craftCertificate(caKey, ca), caKey);
      const text = requestPem(csr(await craftRequest(leafKey, asked)));
      for (const strict of [false, true])
        await t.rejects(sign({ wish: { ...member, csr: text, strict } }), {
          name: 'PkiError',
          ...(!strict && { message }),
        });
    }
  });
