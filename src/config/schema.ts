/** Every environment variable of the service. Types, validation, `.env.example` and docs/configuration.md use it. */

import { Type, type Static } from 'typebox';
import type { SchemaNode } from '../base/schema-text.ts';
import { ACCESS_VARIABLES } from './variables/access.ts';
import { ISSUANCE_VARIABLES } from './variables/issuance.ts';
import { LIMIT_VARIABLES } from './variables/limit.ts';
import { OBSERVATION_VARIABLES } from './variables/observation.ts';
import { OCSP_VARIABLES } from './variables/ocsp.ts';
import { PUBLICATION_VARIABLES } from './variables/publication.ts';
import { SERVICE_VARIABLES } from './variables/service.ts';
import { STORAGE_VARIABLES } from './variables/storage.ts';
import { TLS_VARIABLES } from './variables/tls.ts';
import { TRACING_VARIABLES } from './variables/tracing.ts';
import { WEBHOOK_VARIABLES } from './variables/webhooks.ts';

/** A variable with a secret is marked `writeOnly`: its value is masked where the configuration is printed. */
export const ConfigSchema = Type.Object(
  {
    ...SERVICE_VARIABLES,
    ...ISSUANCE_VARIABLES,
    ...STORAGE_VARIABLES,
    ...OCSP_VARIABLES,
    ...PUBLICATION_VARIABLES,
    ...ACCESS_VARIABLES,
    ...LIMIT_VARIABLES,
    ...TLS_VARIABLES,
    ...OBSERVATION_VARIABLES,
    ...TRACING_VARIABLES,
    ...WEBHOOK_VARIABLES,
  },
  { additionalProperties: false },
);

/** The validated configuration, by names of variables. */
export type Config = Readonly<
  Omit<Static<typeof ConfigSchema>, 'CORS_ORIGINS' | 'TRUST_PROXY' | 'API_KEYS'>
> & {
  readonly CORS_ORIGINS: readonly string[];
  readonly TRUST_PROXY: readonly string[];
  /** SHA-256 of each key, in hexadecimal. */
  readonly API_KEYS: readonly string[];
};

export type VariableName = keyof Config;

export const VARIABLE_NAMES = Object.freeze(Object.keys(ConfigSchema.properties) as VariableName[]);

export const SECRET_NAMES: readonly VariableName[] = VARIABLE_NAMES.filter(
  (name) => 'writeOnly' in ConfigSchema.properties[name],
);

export const isVariableName = (name: string): name is VariableName =>
  Object.hasOwn(ConfigSchema.properties, name);

export const schemaOf = (variable: VariableName): SchemaNode => ConfigSchema.properties[variable];
