/** The blocks of PEM text, each with what is wrong with it. */

import { PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';
import { decodeBase64 } from '../formats/base64.ts';
import { elementAt } from '../formats/der/reader.ts';
import { BEGIN, blockAt, type Block } from '../formats/pem.ts';
import { TRUSTED_CERTIFICATE } from '../formats/pem-label.ts';
import type { Encoding, Findings, Found } from './found.ts';
import { isOpaqueLabel, typeOfLabel } from './labels.ts';
import { typeOfStructure } from './structures.ts';

/** Returns the number of blocks, also of those that are left out. */
export function findPemParts(findings: Findings, octets: Uint8Array, outer: readonly Encoding[]): number {
  const pem = asBuffer(octets);
  const encodings = [...outer, 'PEM'] as const;
  let count = 0;
  for (let begin = pem.indexOf(BEGIN); begin >= 0; count += 1) {
    if (findings.isFull) {
      findings.leaveOut();
      return count;
    }
    const { part, end } = partAt(findings, pem, begin, encodings);
    findings.add(part);
    begin = pem.indexOf(BEGIN, end);
  }
  return count;
}

function partAt(
  findings: Findings,
  pem: Buffer,
  begin: number,
  encodings: readonly Encoding[],
): { part: Found; end: number } {
  try {
    const block = blockAt(pem, begin);
    return { part: partOf(findings, block, encodings), end: block.end };
  } catch (problem) {
    if (!(problem instanceof PkiError)) throw problem;
    return { part: { type: 'unknown', octets: NONE, encodings, problem }, end: begin + BEGIN.length };
  }
}

const NONE = new Uint8Array();

function partOf(findings: Findings, { label, body }: Block, encodings: readonly Encoding[]): Found {
  const promised = typeOfLabel(label);
  const encryption = body.includes('ENCRYPTED') ? dekInfo(body) : undefined;
  if (encryption !== undefined)
    return { type: 'encrypted-pem-key', octets: body, encodings, label, facts: { encryption } };
  if (isOpaqueLabel(label)) return { type: promised, octets: body, encodings, label };
  try {
    const content = findings.own(decodeBase64(body, 'The PEM block'));
    const octets = label === TRUSTED_CERTIFICATE ? elementAt(content, 0).encoding : content;
    const type = typeOfStructure(octets) ?? promised;
    return { type, octets, encodings: [...encodings, 'DER'], label, problem: mislabelled(label, type) };
  } catch (problem) {
    if (!(problem instanceof PkiError)) throw problem;
    return { type: promised, octets: NONE, encodings, label, problem };
  }
}

function mislabelled(label: string, type: Found['type']): PkiError | undefined {
  const promised = typeOfLabel(label);
  if (promised === type || promised === 'vendor-key') return undefined;
  return new PkiError('invalid-encoding', `The label is ${label}, but the content is another structure`);
}

const DEK_INFO = 'DEK-Info:';
const MAX_CIPHER_LENGTH = 40;

/** RFC 1421 §4.6.1.3: the name of the cipher, before a comma and the initialization vector. */
function dekInfo(body: Buffer): string {
  const start = body.indexOf(DEK_INFO);
  if (start < 0) return 'an unknown cipher';
  const field = body.toString('latin1', start + DEK_INFO.length, start + DEK_INFO.length + MAX_CIPHER_LENGTH);
  const [name = ''] = field.split(',', 1);
  return /^[\w-]{1,32}$/.test(name.trim()) ? name.trim() : 'an unknown cipher';
}
