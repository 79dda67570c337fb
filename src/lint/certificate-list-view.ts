/** A TBSCertList as the rules see it. Its entries are read in batches, so that a list of any length does not hold the event loop. */

import { ifReadable, PkiError } from '../base/errors.ts';
import { pause } from '../base/next-turn.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import { isConstructed, type Der } from '../formats/der/header.ts';
import { elementAt, elementOf, membersOf, type DerElement } from '../formats/der/reader.ts';
import { checkDer } from '../formats/der/strict.ts';
import { openSequence } from '../formats/der/structure-reader.ts';
import { sequence, TAG } from '../formats/der/writer.ts';
import { extensionOid } from '../formats/oids.ts';
import type { Note } from '../formats/reading.ts';
import { readExtensions, type Extension } from '../x509/extensions/extension.ts';
import { decodeDistinguishedName, type DistinguishedName } from '../x509/names/distinguished-name.ts';
import { EntryReader, type EntryFault } from './certificate-list-entries.ts';
import { ExtensionValues } from './extension-values.ts';
import { once } from './once.ts';
import type { SignedView } from './views.ts';

export interface CertificateListFields {
  /** The number in the INTEGER; undefined when it is absent, which means v1. */
  readonly version: number | undefined;
  readonly issuerName: DistinguishedName;
  readonly thisUpdate: DerElement;
  readonly nextUpdate: DerElement | undefined;
  /** Undefined when revokedCertificates is absent. */
  readonly entryCount: number | undefined;
  /** What is wrong with at least one entry. */
  readonly entryFaults: ReadonlySet<EntryFault>;
  readonly extensions: readonly Extension[];
}

interface Signature {
  /** AlgorithmIdentifiers, DER: that of the list, and that of the key that signs. */
  readonly signatureAlgorithm: Der;
  readonly signerAlgorithm: Der;
  readonly signatureBits?: Uint8Array | undefined;
  readonly notes?: readonly Note[];
}

/** IssuingDistributionPoint: onlyContainsUserCerts [1], onlyContainsCACerts [2], onlyContainsAttributeCerts [5]. */
export const SCOPE = Object.freeze({ users: 0x81, authorities: 0x82, attributes: 0x85 });
const SCOPES: ReadonlySet<number> = new Set(Object.values(SCOPE));

export class CertificateListView extends ExtensionValues implements SignedView {
  readonly fields: CertificateListFields;
  readonly signatureAlgorithm: Der;
  readonly signerAlgorithm: Der;
  readonly signatureBits: Uint8Array | undefined;
  readonly notes: readonly Note[];
  readonly #signature = once(() => ifReadable(() => readAlgorithmIdentifier(this.signatureAlgorithm)));

  constructor(fields: CertificateListFields, { notes = [], ...signature }: Signature) {
    super(fields.extensions);
    this.fields = fields;
    this.signatureAlgorithm = signature.signatureAlgorithm;
    this.signerAlgorithm = signature.signerAlgorithm;
    this.signatureBits = signature.signatureBits;
    this.notes = notes;
  }

  get signature() {
    return this.#signature();
  }

  get isDelta(): boolean {
    return this.has('deltaCRLIndicator');
  }

  /** The scopes of the issuing distribution point, each a tag. */
  get scopes(): readonly number[] {
    const point = this.find(extensionOid.issuingDistributionPoint);
    return point
      ? [...membersOf(elementOf(point.value))].map(({ tag }) => tag).filter((tag) => SCOPES.has(tag))
      : [];
  }
}

/** The members of a TBSCertList; the entries and the issuer, which can have other strings than DER allows, apart. */
interface Members {
  readonly issuer: DerElement;
  readonly entries: DerElement | undefined;
  /** The others, as a SEQUENCE. */
  readonly rest: Der;
}

/** Parses a TBSCertList. Rejects with PkiError. */
export async function certificateListView(
  octets: Uint8Array,
  signer: Omit<Signature, 'signatureAlgorithm'>,
): Promise<CertificateListView> {
  const { issuer, entries, rest } = split(octets);
  const reader = openSequence(rest, { name: 'TBSCertList', code: 'invalid-crl' });
  const version = reader.isNext(TAG.integer) ? reader.smallInteger('version') : undefined;
  const signatureAlgorithm = reader.element('signature', TAG.sequence).encoding;
  const thisUpdate = reader.element('thisUpdate');
  const nextUpdate =
    reader.optionalElement('nextUpdate', TAG.utcTime) ??
    reader.optionalElement('nextUpdate', TAG.generalizedTime);
  const extensions = reader.optionalStructure('crlExtensions', EXTENSIONS)?.structure('Extensions');
  reader.end();
  const fields = {
    version,
    issuerName: decodeDistinguishedName(issuer.encoding),
    thisUpdate,
    nextUpdate,
    extensions: extensions ? readExtensions(extensions) : [],
    ...(await readEntries(entries)),
  };
  return new CertificateListView(fields, { ...signer, signatureAlgorithm });
}

const EXTENSIONS = 0xa0;

/** Throws PkiError for content that is not a SEQUENCE of the members of a TBSCertList in their order. */
function split(octets: Uint8Array): Members {
  const whole = elementAt(octets, 0);
  if (whole.tag !== TAG.sequence || whole.encoding.length !== octets.length) throw noList();
  const members = [...membersOf(whole)];
  const start = members[0]?.tag === TAG.integer ? 1 : 0;
  const issuer = members[start + 1];
  const entries = members.slice(start + 3).find(({ tag }) => tag === TAG.sequence);
  if (
    issuer === undefined ||
    issuer.tag !== TAG.sequence ||
    !members.slice(start + 2, start + 3).every(isTime)
  )
    throw noList();
  const rest = members.filter((member) => member !== issuer && member !== entries);
  return { issuer, entries, rest: checkDer(sequence(...rest.map(({ encoding }) => encoding))) };
}

const isTime = ({ tag }: DerElement): boolean => tag === TAG.utcTime || tag === TAG.generalizedTime;

const noList = (): PkiError => new PkiError('invalid-crl', 'The content is not a TBSCertList');

/** Entries that are read without a pause: some 2 milliseconds. */
const BATCH = 200;

async function readEntries(
  list: DerElement | undefined,
): Promise<Pick<CertificateListFields, 'entryCount' | 'entryFaults'>> {
  const reader = new EntryReader();
  if (list === undefined) return { entryCount: undefined, entryFaults: reader.faults };
  for (const entry of membersOf(list)) {
    if (!isConstructed(entry.tag)) throw noList();
    reader.read(checkDer(entry.encoding));
    if (reader.count % BATCH === 0) await pause();
  }
  return { entryCount: reader.count, entryFaults: reader.faults };
}
