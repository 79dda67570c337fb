/** What the service tells of itself. */

import { Type } from 'typebox';

export const OBSERVATION_VARIABLES = {
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    type: 'string',
    description:
      'Least severity that is logged, in any case; `WARNING` and `CRITICAL` are understood. Without it `info`, or `debug` where DEBUG is true.',
  }),
  LOG_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/var/log/mldsa/service.log'],
      description:
        'File for the log, in place of standard output: service.log is written as service.1.log, service.2.log and so on, each of 10,240,000 bytes, of which 10 are kept besides the last; current.log leads to the last.',
    }),
  ),
  AUDIT_REQUIRED: Type.Boolean({
    default: false,
    description:
      'Gives out no certificate, key or signing request before its audit line is written: while the log takes no lines, issuing is answered with 503 and /readyz says so. Without it such lines are lost and counted.',
  }),
  DEBUG: Type.Boolean({
    default: false,
    description:
      'Logs more. Never true in production. `FLASK_DEBUG` is another name of it. True/False, 1/0, yes/no and on/off are understood.',
  }),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description:
        'TCP port of a second listener, for /metrics and the health routes alone and without authentication; /metrics is then not on PORT. Without it /metrics is on PORT.',
    }),
  ),
};
