/*
 * Dates: broken-down UTC time as arrays `[year, month 0-11, day, hours, minutes, seconds, weekday, day of
 * the year]`, seconds since the epoch, and their texts.
 */
import { fail, state } from '../state.ts';
import { brokenDown, fromFields, type Moment, secondsOf } from '../dates/civil.ts';
import { formatTime } from '../dates/strftime.ts';
import { parseTime } from '../dates/strptime.ts';
import type { Json } from '../values/json.ts';
import { type Builtins, native0, native1 } from './kinds.ts';

function asArray(moment: Moment): Json[] {
  const { year, month, day, hours, minutes, seconds, weekday, yearday } = moment;
  return [year, month, day, hours, minutes, seconds, weekday, yearday];
}

function gmtime(input: Json, name: string): Json {
  if (typeof input !== 'number') return fail(`${name}() requires numeric inputs`);
  const whole = Math.trunc(input);
  if (!(Math.abs(whole) < 2 ** 55)) {
    return fail('error converting number of seconds since epoch to datetime');
  }
  const moment = brokenDown(whole);
  return asArray({ ...moment, seconds: moment.seconds + (input - Math.floor(input)) });
}

/** Missing fields are zero, fractions are cut off, everything is normalized. */
function parsed(input: Json, name: string): Moment {
  if (!Array.isArray(input)) return fail(`${name} requires parsed datetime inputs`);
  const fields = Array.from({ length: 6 }, (_, i) => input[i] ?? 0);
  for (const field of input.slice(0, 8)) {
    if (typeof field !== 'number' || Number.isNaN(field)) {
      return fail(`${name} requires parsed datetime inputs`);
    }
  }
  return fromFields(fields.map((field) => Math.trunc(field as number)));
}

function mktime(input: Json): Json {
  if (!Array.isArray(input)) return fail('mktime requires array inputs');
  const seconds = secondsOf(parsed(input, 'mktime'));
  if (seconds === -1) return fail('invalid gmtime representation');
  return seconds;
}

function format(input: Json, pattern: Json, name: string): Json {
  let time = input;
  if (typeof input === 'number') time = gmtime(input, name === 'strftime' ? 'gmtime' : 'localtime');
  else if (!Array.isArray(input)) return fail(`${name}/1 requires parsed datetime inputs`);
  if (typeof pattern !== 'string') return fail(`${name}/1 requires a string format`);
  const text = formatTime(parsed(time, `${name}/1`), pattern);
  if (text === '' && pattern !== '') return fail(`${name}/1: unknown system failure`);
  return text;
}

function strptime(input: Json, pattern: Json): Json {
  if (typeof input !== 'string' || typeof pattern !== 'string') {
    return fail('strptime/1 requires string inputs and arguments');
  }
  const { at } = state;
  const result = parseTime(input, pattern);
  state.at = at;
  if (result === undefined) return fail(`date "${input}" does not match format "${pattern}"`);
  const fields = asArray(result.moment);
  return result.rest === '' ? fields : [...fields, result.rest];
}

export const dates: Builtins = {
  'gmtime/0': native0((input) => gmtime(input, 'gmtime')),
  'localtime/0': native0((input) => gmtime(input, 'localtime')),
  'mktime/0': native0(mktime),
  'strftime/1': native1((input, pattern) => format(input, pattern, 'strftime')),
  'strflocaltime/1': native1((input, pattern) => format(input, pattern, 'strflocaltime')),
  'strptime/1': native1(strptime),
};
