/*
 * The proleptic Gregorian calendar in whole numbers. No Date: years run far beyond what it covers.
 */
export interface Moment {
  readonly year: number;
  /** 0 to 11 */
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** 0 is Sunday */
  readonly weekday: number;
  /** 0 is the first of January */
  readonly yearday: number;
}

const DAY = 86_400;

/** Days from 1970-01-01 to the given day; months count from 0 and may be out of range. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const months = year * 12 + month;
  // The year is taken to begin in March, so that the leap day is its last.
  const shifted = months - 2;
  const y = Math.floor(shifted / 12);
  const m = shifted - y * 12;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * m + 2) / 5);
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468 + day - 1;
}

export function brokenDown(seconds: number): Moment {
  const days = Math.floor(seconds / DAY);
  const rest = seconds - days * DAY;
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 2 : m - 10;
  const year = yearOfEra + era * 400 + (month <= 1 ? 1 : 0);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1,
    hours: Math.floor(rest / 3600),
    minutes: Math.floor((rest % 3600) / 60),
    seconds: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearday: days - daysFromCivil(year, 0, 1),
  };
}

/** Year, month, day, hours, minutes, seconds, each in any range. */
export function fromFields(fields: readonly number[]): Moment {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = fields;
  return brokenDown(daysFromCivil(year, month, day) * DAY + hours * 3600 + minutes * 60 + seconds);
}

export function secondsOf(moment: Moment): number {
  const { year, month, day, hours, minutes, seconds } = moment;
  return daysFromCivil(year, month, day) * DAY + hours * 3600 + minutes * 60 + seconds;
}

/** ISO 8601: weeks begin on Monday and belong to the year of their Thursday. */
export function isoWeek(moment: Moment): { year: number; week: number } {
  const sinceMonday = (moment.weekday + 6) % 7;
  const days = daysFromCivil(moment.year, moment.month, moment.day);
  const thursday = brokenDown((days - sinceMonday + 3) * DAY);
  return { year: thursday.year, week: Math.floor(thursday.yearday / 7) + 1 };
}

export const WEEKDAYS: readonly string[] =
  'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
export const MONTHS: readonly string[] =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
