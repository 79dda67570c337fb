/** Durations of ISO 8601, such as `P90D` or `PT12H` (RFC 3339 appendix A), in whole seconds. */

import { PkiError } from '../base/errors.ts';

export interface Duration {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

/** Every number has at most four digits: longer ones are beyond every certificate. */
const DURATION =
  /^P(?=[\dT])(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

/** Throws PkiError invalid-validity. */
export function parseDuration(text: string): Duration {
  const match = DURATION.exec(text);
  if (match === null)
    throw new PkiError(
      'invalid-validity',
      'The validity must be a duration of ISO 8601 without fractions, for example P90D, P1Y6M or PT12H',
    );
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  return {
    years,
    months,
    days: weeks * 7 + days,
    seconds: (hours * 60 + minutes) * 60 + seconds,
  };
}

/** Years and months first, by the calendar: a month after 31 January is the last day of February. Then days of 86,400 s. */
export function afterDuration(start: Date, { years, months, days, seconds }: Duration): Date {
  const end = new Date(start);
  if (years > 0 || months > 0) {
    end.setUTCDate(1);
    end.setUTCMonth(start.getUTCMonth() + years * 12 + months);
    end.setUTCDate(Math.min(start.getUTCDate(), daysInMonth(end)));
  }
  return new Date(end.getTime() + (days * 86_400 + seconds) * 1000);
}

const daysInMonth = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** Of whole minutes below a day. */
export const formatDuration = ({ seconds }: Duration): string => `PT${seconds / 60}M`;

/** Returns the duration as {@link parseDuration} reads it, such as `P199DT23H59M59S`. */
export function isoDuration({ years, months, days, seconds }: Duration): string {
  const date = partsOf([years, 'Y'], [months, 'M'], [days, 'D']);
  const time = partsOf(
    [Math.floor(seconds / 3600), 'H'],
    [Math.floor(seconds / 60) % 60, 'M'],
    [seconds % 60, 'S'],
  );
  return `P${date}${time === '' ? '' : `T${time}`}`;
}

const partsOf = (...parts: readonly (readonly [number, string])[]): string =>
  parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
