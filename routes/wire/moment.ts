import { PkiError } from '../../src/base/errors.ts';

/** RFC 3339 §5.6. A fraction of zeros, as `Date.prototype.toISOString` writes it, is a whole second. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.0+)?(Z|[+-]\d{2}:\d{2})$/i;

/** Throws PkiError invalid-validity. */
export function parseMoment(text: string): Date {
  const [, day, time, zone = ''] = MOMENT.exec(text) ?? [];
  const local = new Date(`${day}T${time}Z`);
  const moment = new Date(`${day}T${time}${zone.toUpperCase()}`);
  // Date accepts 31 February and 24:00:00, and moves them to another day.
  const isReal = !Number.isNaN(local.getTime()) && local.toISOString().startsWith(`${day}T${time}`);
  if (isReal && !Number.isNaN(moment.getTime())) return moment;
  throw new PkiError(
    'invalid-validity',
    'The time must be an existing date and time of RFC 3339 with whole seconds, for example 2030-01-31T00:00:00Z',
  );
}
