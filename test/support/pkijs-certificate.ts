/** Certificates built only of pkijs objects, from their content: an independent check of the writer. */

import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import type { DistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import type { GeneralName } from '../../src/x509/names/general-name-encoding.ts';
import type { Validity } from '../../src/x509/validity.ts';

export interface CertificateModel {
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: pkijs.AlgorithmIdentifier;
  readonly issuer: DistinguishedName;
  readonly validity: Validity;
  readonly subject: DistinguishedName;
  readonly keyAlgorithm: pkijs.AlgorithmIdentifier;
  readonly keyBits: Uint8Array;
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly subjectKeyIdentifier: Uint8Array;
  readonly authorityKeyIdentifier: Uint8Array;
  readonly san: readonly GeneralName[];
  readonly signature: Uint8Array;
}

const TYPES: Readonly<Record<string, (value: string) => pkijs.AttributeValueType>> = {
  '2.5.4.5': (value) => new asn1js.PrintableString({ value }),
  '2.5.4.6': (value) => new asn1js.PrintableString({ value }),
  '0.9.2342.19200300.100.1.25': (value) => new asn1js.IA5String({ value }),
  '1.2.840.113549.1.9.1': (value) => new asn1js.IA5String({ value }),
};

const string = (type: string, value: string): pkijs.AttributeValueType =>
  TYPES[type]?.(value) ?? new asn1js.Utf8String({ value });

const octetsOf = (block: asn1js.BaseBlock): Uint8Array => new Uint8Array(block.toBER());

/** pkijs can store only one RDN, or the encoding of a whole name. */
function nameOf(name: DistinguishedName): pkijs.RelativeDistinguishedNames {
  const rdns = name.map((rdn) => {
    const attributes = rdn.map(({ type, value }) =>
      new pkijs.AttributeTypeAndValue({ type, value: string(type, value) }).toSchema(),
    );
    return new asn1js.Set({ value: attributes.toSorted((a, b) => Buffer.compare(octetsOf(a), octetsOf(b))) });
  });
  const { result } = asn1js.fromBER(octetsOf(new asn1js.Sequence({ value: rdns })));
  return new pkijs.RelativeDistinguishedNames({ schema: result });
}

function generalNameOf(name: GeneralName): pkijs.GeneralName {
  switch (name.kind) {
    case 'email':
      return new pkijs.GeneralName({ type: 1, value: name.value });
    case 'DNS':
      return new pkijs.GeneralName({ type: 2, value: name.value });
    case 'dirName':
      return new pkijs.GeneralName({ type: 4, value: nameOf(name.name) });
    case 'URI':
      return new pkijs.GeneralName({ type: 6, value: name.value });
    case 'IP':
      return new pkijs.GeneralName({ type: 7, value: new asn1js.OctetString({ valueHex: name.octets }) });
    case 'RID':
      return new pkijs.GeneralName({ type: 8, value: name.value });
    case 'otherName':
      throw new Error('pkijs encodes an otherName with an EXPLICIT tag');
  }
}

const extension = (extnID: string, critical: boolean, value: asn1js.BaseBlock): pkijs.Extension =>
  new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });

function usageOf({ isCa, pathLength }: CertificateModel): pkijs.Extension[] {
  const constraints = new pkijs.BasicConstraints({
    cA: isCa,
    ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
  });
  // digitalSignature is bit 0; keyCertSign and cRLSign are bits 5 and 6
  const keyUsage = isCa
    ? new asn1js.BitString({ valueHex: Uint8Array.of(0x86), unusedBits: 1 })
    : new asn1js.BitString({ valueHex: Uint8Array.of(0x80), unusedBits: 7 });
  const serverAndClient = new pkijs.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] });
  return [
    extension('2.5.29.19', true, constraints.toSchema()),
    extension('2.5.29.15', true, keyUsage),
    ...(isCa ? [] : [extension('2.5.29.37', false, serverAndClient.toSchema())]),
  ];
}

function namesOf(model: CertificateModel): pkijs.Extension[] {
  const subjectKey = new asn1js.OctetString({ valueHex: model.subjectKeyIdentifier });
  const authorityKey = new pkijs.AuthorityKeyIdentifier({
    keyIdentifier: new asn1js.OctetString({ valueHex: model.authorityKeyIdentifier }),
  });
  const san = new pkijs.GeneralNames({ names: model.san.map(generalNameOf) });
  return [
    extension('2.5.29.14', false, subjectKey),
    extension('2.5.29.35', false, authorityKey.toSchema()),
    ...(model.san.length === 0 ? [] : [extension('2.5.29.17', model.subject.length === 0, san.toSchema())]),
  ];
}

/** UTCTime to the year 2049 (RFC 5280 §4.1.2.5). */
const time = (value: Date): pkijs.Time =>
  new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });

/** DER of the Certificate. */
export function pkijsCertificate(model: CertificateModel): Uint8Array {
  const certificate = new pkijs.Certificate({
    version: 2,
    serialNumber: new asn1js.Integer({ valueHex: model.serialNumber }),
    signature: model.signatureAlgorithm,
    issuer: nameOf(model.issuer),
    notBefore: time(model.validity.notBefore),
    notAfter: time(model.validity.notAfter),
    subject: nameOf(model.subject),
    subjectPublicKeyInfo: new pkijs.PublicKeyInfo({
      algorithm: model.keyAlgorithm,
      subjectPublicKey: new asn1js.BitString({ valueHex: model.keyBits }),
    }),
    extensions: [...usageOf(model), ...namesOf(model)],
    signatureAlgorithm: model.signatureAlgorithm,
    signatureValue: new asn1js.BitString({ valueHex: model.signature }),
  });
  return octetsOf(certificate.toSchema(true));
}
