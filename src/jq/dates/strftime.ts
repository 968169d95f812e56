/*
 * C's strftime in the C locale, in UTC, with glibc's flags (`_ - 0 ^ #`) and field widths.
 */
import { isoWeek, type Moment, MONTHS, secondsOf, WEEKDAYS } from './civil.ts';

/** A number with its usual width and filling, or a text. */
type Field = { readonly number: number; readonly width: number; readonly fill: '0' | ' ' } | string;

function zero(number: number, width: number): Field {
  return { number, width, fill: '0' };
}

function blank(number: number, width: number): Field {
  return { number, width, fill: ' ' };
}

function hour12(hours: number): number {
  return hours % 12 === 0 ? 12 : hours % 12;
}

function field(t: Moment, directive: string): Field | undefined {
  switch (directive) {
    case 'a':
      return WEEKDAYS[t.weekday]!.slice(0, 3);
    case 'A':
      return WEEKDAYS[t.weekday]!;
    case 'b':
    case 'h':
      return MONTHS[t.month]!.slice(0, 3);
    case 'B':
      return MONTHS[t.month]!;
    case 'c':
      return formatTime(t, '%a %b %e %H:%M:%S %Y');
    case 'C':
      return zero(Math.floor(t.year / 100), 2);
    case 'd':
      return zero(t.day, 2);
    case 'D':
    case 'x':
      return formatTime(t, '%m/%d/%y');
    case 'e':
      return blank(t.day, 2);
    case 'F':
      return formatTime(t, '%Y-%m-%d');
    case 'g':
      return zero(((isoWeek(t).year % 100) + 100) % 100, 2);
    case 'G':
      return zero(isoWeek(t).year, 1);
    case 'H':
      return zero(t.hours, 2);
    case 'I':
      return zero(hour12(t.hours), 2);
    case 'j':
      return zero(t.yearday + 1, 3);
    case 'k':
      return blank(t.hours, 2);
    case 'l':
      return blank(hour12(t.hours), 2);
    case 'm':
      return zero(t.month + 1, 2);
    case 'M':
      return zero(t.minutes, 2);
    case 'n':
      return '\n';
    case 'p':
      return t.hours < 12 ? 'AM' : 'PM';
    case 'P':
      return t.hours < 12 ? 'am' : 'pm';
    case 'r':
      return formatTime(t, '%I:%M:%S %p');
    case 'R':
      return formatTime(t, '%H:%M');
    case 's':
      return zero(secondsOf(t), 1);
    case 'S':
      return zero(t.seconds, 2);
    case 't':
      return '\t';
    case 'T':
    case 'X':
      return formatTime(t, '%H:%M:%S');
    case 'u':
      return zero(t.weekday === 0 ? 7 : t.weekday, 1);
    case 'U':
      return zero(Math.floor((t.yearday + 7 - t.weekday) / 7), 2);
    case 'V':
      return zero(isoWeek(t).week, 2);
    case 'w':
      return zero(t.weekday, 1);
    case 'W':
      return zero(Math.floor((t.yearday + 7 - ((t.weekday + 6) % 7)) / 7), 2);
    case 'y':
      return zero(((t.year % 100) + 100) % 100, 2);
    case 'Y':
      return zero(t.year, 1);
    case 'z':
      return '+0000';
    case 'Z':
      return 'UTC';
    case '%':
      return '%';
    default:
      return undefined;
  }
}

const DIRECTIVE = /%([_\-0^#]*)(\d*)[EO]?([a-zA-Z%])/g;
const WIDTH_MAX = 1_000;

export function formatTime(time: Moment, pattern: string): string {
  return pattern.replace(
    DIRECTIVE,
    (raw: string, flags: string, widthText: string, directive: string) => {
      const value = field(time, directive);
      if (value === undefined) return raw;
      const width = Math.min(Number(widthText), WIDTH_MAX);
      const padding = /[_\-0]/.exec(flags)?.[0];
      if (typeof value === 'string') return textField(value, flags, padding, width);
      const digits = String(Math.abs(value.number));
      const sign = value.number < 0 ? '-' : '';
      if (padding === '-') return sign + digits;
      const fill = padding === '_' ? ' ' : padding === '0' ? '0' : value.fill;
      const total = Math.max(width, value.width) - sign.length;
      return fill === '0'
        ? sign + digits.padStart(total, '0')
        : (sign + digits).padStart(total, ' ');
    },
  );
}

function textField(
  value: string,
  flags: string,
  padding: string | undefined,
  width: number,
): string {
  let text = value;
  if (flags.includes('^')) text = text.toUpperCase();
  else if (flags.includes('#')) {
    text = text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
  }
  return text.padStart(width, padding === '0' ? '0' : ' ');
}
