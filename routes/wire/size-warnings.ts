/** The members `sizes` and `warnings` of replies with a certificate or chain. */

import { Type } from 'typebox';
import type { Sizes } from '../../src/ca/sizes.ts';
import {
  partsOf,
  SIZE_LIMITS,
  sizeWarnings,
  transportSizes,
  type Parts,
  type SizeWarningCode,
} from '../../src/x509/transport-limits.ts';
import { STRICT } from './fields.ts';
import { presentKeySizes } from './present.ts';

const octets = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, in octets.` });

export const warnings = Type.Array(
  Type.Object(
    {
      code: Type.Enum(Object.keys(SIZE_LIMITS) as SizeWarningCode[], {
        type: 'string',
        description: 'Which limit is exceeded.',
      }),
      message: Type.String({ description: 'What exceeds the limit, and the setting to raise.' }),
      size: octets('The size'),
      limit: octets('The limit'),
    },
    STRICT,
  ),
  {
    description: 'Limits of other programs that the certificate or its chain exceeds, each with its setting.',
  },
);

type Chain = readonly [Uint8Array, ...Uint8Array[]];

/** `chain` is the certificate and those above it, DER. `parts` are those of the first as it was received. */
export function presentTransport({ der, ...sizes }: Sizes, chain: Chain, parts: Partial<Parts> = {}) {
  const transport = transportSizes(chain);
  return {
    sizes: {
      certificate: der,
      ...presentKeySizes(sizes),
      chain: transport.chain,
      url_encoded_pem: transport.urlEncodedPem,
    },
    warnings: sizeWarnings({ ...partsOf(chain[0]), ...parts }, transport, chain.length).map((warning) => ({
      ...warning,
    })),
  };
}
