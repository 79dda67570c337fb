/**
 * Content as the rules see it, before it is signed here or after another program made it. A part is decoded when a rule asks
 * for it, and only once. A part that cannot be read is absent: another rule is about that.
 */

import { ifReadable } from '../base/errors.ts';
import { readAlgorithmIdentifier, type AlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { Der } from '../formats/der/header.ts';
import { UNNOTED, type Note } from '../formats/reading.ts';
import { readSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { TbsCertificate } from '../x509/certificate.ts';
import type { Extension } from '../x509/extensions/extension.ts';
import type { KeyUsage } from '../x509/extensions/key-usage.ts';
import { hexadecimalValue } from '../x509/names/attribute-value.ts';
import { decodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import { ExtensionValues } from './extension-values.ts';
import { attributesOf } from './name-attributes.ts';
import { findFaults, namesWithFaults } from './name-faults.ts';
import { once } from './once.ts';

/** What everything that is signed has. */
export interface SignedView {
  /** AlgorithmIdentifier of the signature, DER, and as it is read. */
  readonly signatureAlgorithm: Der;
  readonly signature: AlgorithmIdentifier | undefined;
  /** Undefined before it is signed. */
  readonly signatureBits: Uint8Array | undefined;
  /** Deviations of the encoding; none before it is signed. */
  readonly notes: readonly Note[];
}

export interface ViewInput {
  readonly extensions: readonly Extension[];
  readonly subject: Der;
  readonly subjectPublicKeyInfo: Der;
  readonly signatureAlgorithm: Der;
  readonly signatureBits?: Uint8Array;
  readonly notes?: readonly Note[];
}

const algorithmOf = (der: Der): AlgorithmIdentifier | undefined =>
  ifReadable(() => readAlgorithmIdentifier(der));

/** What certificates and requests have in common. */
export class NamedKeyView extends ExtensionValues implements SignedView {
  readonly subject: Der;
  readonly subjectPublicKeyInfo: Der;
  readonly signatureAlgorithm: Der;
  readonly signatureBits: Uint8Array | undefined;
  readonly notes: readonly Note[];
  readonly #signature = once(() => algorithmOf(this.signatureAlgorithm));
  readonly #subjectName = once(() => readableName(this.subject));
  readonly #subjectAttributes = once(() => attributesOf(this.subject));
  readonly #keyInfo = once(() =>
    ifReadable(() => readSubjectPublicKeyInfo(this.subjectPublicKeyInfo, UNNOTED)),
  );
  readonly #key = once(
    () => this.#keyInfo() && algorithmOf((this.#keyInfo() as SubjectPublicKeyInfo).algorithm),
  );
  readonly #names = once(() => namesWithFaults(this.value('subjectAltName') ?? []));

  constructor({ extensions, signatureBits, notes = [], ...parts }: ViewInput) {
    super(extensions);
    this.subject = parts.subject;
    this.subjectPublicKeyInfo = parts.subjectPublicKeyInfo;
    this.signatureAlgorithm = parts.signatureAlgorithm;
    this.signatureBits = signatureBits;
    this.notes = notes;
  }

  get signature(): AlgorithmIdentifier | undefined {
    return this.#signature();
  }

  get subjectName(): DistinguishedName {
    return this.#subjectName();
  }

  /** The attributes of the subject as they are encoded. */
  get subjectAttributes() {
    return this.#subjectAttributes();
  }

  /** The algorithm of the public key. */
  get key(): AlgorithmIdentifier | undefined {
    return this.#key();
  }

  get keyBits(): Uint8Array | undefined {
    return this.#keyInfo()?.bits;
  }

  /** The subject alternative names, each with its faults; none when the extension is absent. */
  get names() {
    return this.#names();
  }

  /** Prepares {@link names} with pauses. */
  checkNames(): Promise<void> {
    return findFaults(this.value('subjectAltName') ?? []);
  }

  get keyUsage(): readonly KeyUsage[] | undefined {
    return this.value('keyUsage')?.usages;
  }

  get purposes(): readonly string[] {
    return this.value('extendedKeyUsage') ?? [];
  }

  get isCa(): boolean {
    return this.value('basicConstraints')?.cA === true;
  }

  hasPurpose(oid: string): boolean {
    return this.value('extendedKeyUsage')?.includes(oid) === true;
  }
}

export interface CertificateInput extends Omit<ViewInput, 'subject' | 'subjectPublicKeyInfo' | 'extensions'> {
  readonly tbs: TbsCertificate;
  /** TBSCertificate as it is signed. */
  readonly der: Uint8Array;
  /** AlgorithmIdentifier of the key that signs, or the one outside the signed part, DER. */
  readonly signerAlgorithm: Der;
}

export class CertificateView extends NamedKeyView {
  readonly tbs: TbsCertificate;
  readonly der: Uint8Array;
  readonly signerAlgorithm: Der;
  readonly #isSelfIssued = once(() => Buffer.compare(this.tbs.issuer, this.tbs.subject) === 0);
  readonly #issuerName = once(() => (this.isSelfIssued ? this.subjectName : readableName(this.tbs.issuer)));
  readonly #issuerAttributes = once(() =>
    this.isSelfIssued ? this.subjectAttributes : attributesOf(this.tbs.issuer),
  );

  constructor({ tbs, der, signerAlgorithm, ...signed }: CertificateInput) {
    const { extensions, subject, subjectPublicKeyInfo } = tbs;
    super({ ...signed, extensions, subject, subjectPublicKeyInfo });
    this.tbs = tbs;
    this.der = der;
    this.signerAlgorithm = signerAlgorithm;
  }

  get issuerName(): DistinguishedName {
    return this.#issuerName();
  }

  get issuerAttributes() {
    return this.#issuerAttributes();
  }

  get isSelfIssued(): boolean {
    return this.#isSelfIssued();
  }

  /** Both ends count (RFC 5280 §4.1.2.5). NaN when a time cannot be read. */
  get validityDays(): number {
    const { notBefore, notAfter } = this.tbs.validity;
    return (notAfter.getTime() - notBefore.getTime() + SECOND) / DAY;
  }
}

const SECOND = 1000;
const DAY = 86_400 * SECOND;

export class RequestView extends NamedKeyView {
  /** Attribute, DER, in the order of the request. */
  readonly attributes: readonly Der[];

  constructor({ attributes, ...input }: ViewInput & { readonly attributes: readonly Der[] }) {
    super(input);
    this.attributes = attributes;
  }
}

/** Not the empty name, which other rules are about. */
const readableName = (name: Der): DistinguishedName =>
  ifReadable(() => decodeDistinguishedName(name)) ?? [[{ type: '0.0', value: hexadecimalValue(name) }]];
