/** Logs and metrics. */

import { Type } from 'typebox';

export const OBSERVATION_VARIABLES = {
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    type: 'string',
    description:
      'Lowest level that is logged, in upper or lower case. `WARNING` and `CRITICAL` are accepted too. Default: `info`, or `debug` if DEBUG is true.',
  }),
  LOG_FORMAT: Type.Enum(['auto', 'json', 'pretty'], {
    type: 'string',
    default: 'auto',
    description:
      'Format of log lines: `json`, or `pretty` for a reader at a terminal. `auto` is `pretty` if standard output is a terminal and LOG_FILE is not set, otherwise `json`.',
  }),
  LOG_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      examples: ['/var/log/mldsa/service.log'],
      description:
        'File for the log instead of standard output. service.log is written as service.1.log, service.2.log and so on, each of 10,240,000 bytes. The 10 files before the last are kept. current.log is a link to the last.',
    }),
  ),
  AUDIT_REQUIRED: Type.Boolean({
    default: false,
    description:
      'Sends no certificate, key or CSR before its audit line is written. While the log cannot be written, these requests get status 503 and /readyz reports it. Without it such lines are lost, and counted.',
  }),
  DEBUG: Type.Boolean({
    default: false,
    description:
      'Logs more. It must not be true in production. `FLASK_DEBUG` is an alias. True/False, 1/0, yes/no and on/off are accepted.',
  }),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description:
        'TCP port of a second listener for /metrics and the health routes, without authentication. /metrics is then no longer on PORT.',
    }),
  ),
};
