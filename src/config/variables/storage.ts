/** Where authorities and certificates are stored. */

import { Type } from 'typebox';

export const STORAGE_VARIABLES = {
  DATA_DIR: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/var/lib/mldsa'],
      description:
        'Directory for the database of authorities and certificates, which is created if it is missing. It must be on a local disk, not on a network file system. Default: `data` in development, otherwise none. Without it and without DATABASE_URL the service stores nothing.',
    }),
  ),
  DATABASE_URL: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      writeOnly: true,
      examples: ['postgres://mldsa:password@db.internal:5432/mldsa?sslmode=verify-full'],
      description:
        'PostgreSQL database for authorities and certificates, instead of a file in DATA_DIR. Several replicas can share it. `DATABASE_URL_FILE` may name a file with the URL.',
    }),
  ),
  ALLOW_CLOCK_BEHIND: Type.Boolean({
    default: false,
    description:
      'Authorities also issue while the clock is more than five minutes behind the last certificate. Set it if the clock was ahead when that certificate was issued and is right now. Unset it when that time has passed.',
  }),
};
