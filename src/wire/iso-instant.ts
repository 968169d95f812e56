/* ISO 8601 in UTC from milliseconds since the epoch, without Date: the pure folders have no clock. */
import { WireError } from './wire-error.ts';

const DAY_MS = 86_400_000;
/** Years 0001 to 9999: what four digits can say. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => pad(n, 2));

// Records of one moment share all but the milliseconds, and most others the day.
let cachedSecond = Number.NaN;
let cachedText = '';
let cachedDay = Number.NaN;
let cachedDate = '';

/** `2026-11-20T05:18:00.123Z` */
export function isoInstant(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < FIRST_MS || ms > LAST_MS) {
    throw new WireError(`${ms} is not a time in ms between the years 1 and 9999`);
  }
  const second = Math.floor(ms / 1000);
  if (second !== cachedSecond) {
    cachedText = dateAndTime(second * 1000);
    cachedSecond = second;
  }
  const rest = ms - second * 1000;
  return `${cachedText}${rest < 10 ? '.00' : rest < 100 ? '.0' : '.'}${rest}Z`;
}

function dateAndTime(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== cachedDay) {
    const [year, month, date] = civil(day);
    cachedDate = `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`;
    cachedDay = day;
  }
  const seconds = (ms - day * DAY_MS) / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${cachedDate}T${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes]}:${TWO_DIGITS[seconds % 60]}`;
}

/** Day since the epoch to year, month, day of the Gregorian calendar (eras of 400 years from March). */
function civil(day: number): [number, number, number] {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const date = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date];
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
