/** Lints certificates, requests, CRLs and OCSP responses of any maker. */

import { ifReadable, PkiError } from '../base/errors.ts';
import { pause } from '../base/next-turn.ts';
import { readDer, type ReceivedValue } from '../formats/der/lenient.ts';
import { elementAt, elementOf } from '../formats/der/reader.ts';
import { createReading, UNNOTED, type NotedReading } from '../formats/reading.ts';
import { readReceivedCertificate } from '../x509/certificate.ts';
import { readReceivedRequest } from '../x509/certification-request.ts';
import { describeName, describeSigned } from '../x509/description/common-description.ts';
import { readReceivedCrl } from '../x509/description/crl/received-crl.ts';
import { certificateListView, type CertificateListView } from './certificate-list-view.ts';
import { findingOf, findingsWithPauses, findingsOf } from './engine.ts';
import { offsetsIn, type Parts } from './offsets.ts';
import { readOcspResponse } from './received-ocsp.ts';
import { receivedCertificate, receivedRequest } from './received-view.ts';
import { OCSP_ENVELOPE_RULES, RULES, selectRules } from './registry.ts';
import { SEVERITIES, type Finding, type LintProfile, type Rule, type SignedKind } from './rule.ts';
import { structureRuleOf } from './rules/structure.ts';

/** A finding, and where it is in the DER: the offset of the member, in octets; undefined where it is not known. */
export interface LocatedFinding extends Finding {
  readonly offset: number | undefined;
}

interface Input {
  readonly octets: Uint8Array;
  readonly reading: NotedReading;
  readonly select: <View>(rules: readonly Rule<View>[]) => readonly Rule<View>[];
}

interface Output {
  readonly findings: readonly Finding[];
  readonly parts: Parts;
}

const NO_PARTS: Parts = new Map();

const read = ({ octets, reading }: Input, subject: string): ReceivedValue =>
  readDer(octets, { subject, reading, keepsUnreadable: true });

async function lintCertificate(input: Input): Promise<Output> {
  const { reading } = input;
  const certificate = readReceivedCertificate(read(input, 'The certificate'), reading);
  describeName(certificate.issuer, reading);
  ifReadable(() => describeSigned('CERTIFICATE', certificate, reading));
  // To read thousands of names takes some milliseconds, and to check them
  await pause();
  const view = receivedCertificate(certificate, reading.notes);
  const { issuer, subject, subjectPublicKeyInfo, serialNumber, signatureAlgorithm, extensions } = certificate;
  const parts = { issuer, subject, subjectPublicKeyInfo, serialNumber, signatureAlgorithm };
  const findings = await findingsWithPauses(input.select(RULES.certificate), view);
  return { findings, parts: offsetsIn(parts, extensions) };
}

async function lintRequest(input: Input): Promise<Output> {
  const { reading } = input;
  const request = readReceivedRequest(read(input, 'The request'), reading);
  ifReadable(() => describeSigned('CERTIFICATE REQUEST', request, reading));
  const view = receivedRequest(request, reading.notes);
  const { subject, subjectPublicKeyInfo, signatureAlgorithm, extensions } = request;
  return {
    findings: await findingsWithPauses(input.select(RULES['certification-request']), view),
    parts: offsetsIn({ subject, subjectPublicKeyInfo, signatureAlgorithm }, extensions),
  };
}

async function lintCrl(input: Input): Promise<Output> {
  const { octets, reading } = input;
  const crl = await readReceivedCrl(octets, reading);
  const { outerSignatureAlgorithm, signature, issuer, extensions } = crl;
  const signer = { signerAlgorithm: outerSignatureAlgorithm, signatureBits: signature, notes: reading.notes };
  const view = await viewOfList(octets, crl.tbs, signer);
  return {
    findings: findingsOf(input.select(RULES['certificate-list']), view),
    parts: offsetsIn({ issuer }, extensions),
  };
}

/** A list in BER is encoded again. */
async function viewOfList(
  octets: Uint8Array,
  tbs: Uint8Array,
  signer: Parameters<typeof certificateListView>[1],
): Promise<CertificateListView> {
  const isDer = !signer.notes?.some(({ code }) => BER.has(code));
  if (isDer) return certificateListView(tbs, signer);
  const { der } = readDer(octets, { reading: UNNOTED, keepsUnreadable: true });
  return certificateListView(elementAt(elementOf(der).contents, 0).encoding, signer);
}

const BER: ReadonlySet<string> = new Set(['ber-length', 'ber-string', 'boolean', 'bit-string', 'time-form']);

function lintOcsp({ octets, reading, select }: Input): Output {
  const envelope = readOcspResponse(octets, reading);
  const basic = envelope.basic ? findingsOf(select(RULES['ocsp-response']), envelope.basic) : [];
  return { findings: [...findingsOf(select(OCSP_ENVELOPE_RULES), envelope), ...basic], parts: NO_PARTS };
}

const LINTERS: Readonly<Record<SignedKind, (input: Input) => Output | Promise<Output>>> = {
  certificate: lintCertificate,
  'certification-request': lintRequest,
  'certificate-list': lintCrl,
  'ocsp-response': lintOcsp,
};

/** In octets. It would take too long to lint more at once; the entries of a CRL are read in parts. */
export const MAX_LINTED = 131_072;

/**
 * Returns all findings on `octets`, a structure of this kind in DER or BER: errors first. Content that cannot be parsed has
 * one finding that says why. Rejects with PkiError for a structure that is too long.
 */
export async function lintReceived(
  kind: SignedKind,
  octets: Uint8Array,
  profile?: LintProfile,
): Promise<readonly LocatedFinding[]> {
  if (kind !== 'certificate-list' && octets.length > MAX_LINTED)
    throw new PkiError('invalid-encoding', `Only structures of up to ${MAX_LINTED} octets can be linted`);
  const reading = createReading({ isStrict: false, isInspecting: true });
  const select: Input['select'] = (rules) =>
    selectRules(rules, { use: 'received', severities: SEVERITIES, profile });
  try {
    const { findings, parts } = await LINTERS[kind]({ octets, reading, select });
    return bySeverity(findings).map((finding) => ({ ...finding, offset: offsetOf(finding, parts, octets) }));
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const rule = structureRuleOf(kind);
    return [{ ...findingOf(rule, error.where ?? rule.where, error.message), offset: octetIn(error.where) }];
  }
}

const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));

/** A fault of the encoding names its octet. */
function octetIn(where = ''): number | undefined {
  const [, octet] = /^octet (\d+)$/.exec(where) ?? [];
  return octet === undefined ? undefined : Number(octet);
}

/** Parts of a structure in BER are not octets of it. */
function offsetOf({ where }: Finding, parts: Parts, octets: Uint8Array): number | undefined {
  const part = parts.get(where.replace(/^crlExtensions/, 'extensions'));
  if (part === undefined || part.buffer !== octets.buffer) return octetIn(where);
  return part.byteOffset - octets.byteOffset;
}
