/** An ML-DSA and a classical certificate for one subject. */

import type { ClassicalName } from '../algorithms/classical.ts';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../base/errors.ts';
import type { IssuanceContext } from './issuance-context.ts';
import type { Preview } from './preview.ts';
import {
  certifyNewKey,
  previewNewKey,
  readContent,
  type Content,
  type KeyWithCertificate,
  type SelfSignedContent,
} from './self-signed.ts';

export interface HybridPairInput extends SelfSignedContent {
  readonly parameterSet: MlDsaParameterSetName;
  readonly classical: ClassicalName;
  /** Whether the second certificate has the hash of the first (RFC 9763). Not with a CA profile. */
  readonly isBound?: boolean | undefined;
}

export interface HybridPair {
  readonly mlDsa: KeyWithCertificate;
  readonly classical: KeyWithCertificate;
}

/** Two certificates with the same subject, names and validity. Each verifies alone. Throws PkiError. */
export async function issueHybridPair(context: IssuanceContext, input: HybridPairInput): Promise<HybridPair> {
  const content = readPairContent(context, input);
  const mlDsa = await certifyNewKey(context, input.parameterSet, content);
  try {
    const second = secondContent(input, content, mlDsa.certificate);
    return { mlDsa, classical: await certifyNewKey(context, input.classical, second) };
  } catch (error) {
    mlDsa.key.destroy();
    throw error;
  }
}

/** Returns what {@link issueHybridPair} would issue, with placeholders for the keys. Throws PkiError. */
export async function previewHybridPair(
  context: IssuanceContext,
  input: HybridPairInput,
): Promise<Readonly<Record<keyof HybridPair, Preview>>> {
  const content = readPairContent(context, input);
  const mlDsa = previewNewKey(context, input.parameterSet, content);
  const second = secondContent(input, content, mlDsa.encoded);
  return { mlDsa, classical: previewNewKey(context, input.classical, second) };
}

function readPairContent(context: IssuanceContext, input: HybridPairInput): Content {
  const content = readContent(context, input, [input.parameterSet, input.classical]);
  // RFC 9763 §1: the extension relates certificates of end entities
  if (input.isBound === true && content.profile.isCa)
    throw new PkiError('invalid-extension', 'Only certificates of end entities can be bound (RFC 9763)', [
      'bind',
    ]);
  return content;
}

const secondContent = ({ isBound }: HybridPairInput, content: Content, first: Uint8Array): Content =>
  isBound === true ? { ...content, related: first } : content;
