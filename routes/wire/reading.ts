/** The member that says how strictly certificates, requests and keys are read. */

import { Type } from 'typebox';
import type { Config } from '../../src/config/schema.ts';
import { createReading, type NotedReading } from '../../src/formats/reading.ts';

export const strict = Type.Optional(
  Type.Boolean({
    description:
      'Whether input that deviates from its standard is rejected. Otherwise deviations that programs in use write are read, ' +
      'and `notes` lists them. The default is the setting STRICT_READING of the service, usually false.',
  }),
);

export const readingOf = (
  { STRICT_READING }: Pick<Config, 'STRICT_READING'>,
  { strict }: { readonly strict?: boolean | undefined },
): NotedReading => createReading({ isStrict: strict ?? STRICT_READING });

/** The reading of input that is only shown. */
export const inspectionOf = (
  { STRICT_READING }: Pick<Config, 'STRICT_READING'>,
  { strict }: { readonly strict?: boolean | undefined },
): NotedReading => createReading({ isStrict: strict ?? STRICT_READING, isInspecting: true });
