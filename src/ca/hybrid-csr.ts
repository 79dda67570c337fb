import type { ClassicalName } from '../algorithms/classical.ts';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { requestForNewKey, requesting, type CsrInput, type KeyWithCsr } from './create-csr.ts';
import type { IssuanceContext } from './issuance-context.ts';

export interface HybridCsrInput extends Pick<CsrInput, 'names' | 'wish'> {
  readonly parameterSet: MlDsaParameterSetName;
  readonly classical: ClassicalName;
}

export interface HybridCsrs {
  readonly mlDsa: KeyWithCsr;
  readonly classical: KeyWithCsr;
}

/**
 * Two new keys, and a request for each with the same subject and names. Nothing is generated for an invalid input. Throws
 * PkiError.
 */
export async function createHybridCsrs(
  context: IssuanceContext,
  { parameterSet, classical, ...content }: HybridCsrInput,
): Promise<HybridCsrs> {
  const ofMlDsa = requesting(context, { ...content, algorithm: parameterSet });
  const ofClassical = requesting(context, { ...content, algorithm: classical });
  const mlDsa = await requestForNewKey(context, parameterSet, ofMlDsa);
  try {
    return { mlDsa, classical: await requestForNewKey(context, classical, ofClassical) };
  } catch (error) {
    mlDsa.key.destroy();
    throw error;
  }
}
