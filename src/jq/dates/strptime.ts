/*
 * C's strptime in the C locale, as glibc has it. The zone that `%z` and `%Z` read is ignored, as jq does:
 * what was read is taken for UTC.
 */
import { daysFromCivil, brokenDown, type Moment, MONTHS, WEEKDAYS } from './civil.ts';

interface Reading {
  year: number;
  month: number;
  day: number;
  hours: number;
  minutes: number;
  seconds: number;
  weekday: number;
  yearday: number;
  century: number | undefined;
  yearOfCentury: number | undefined;
  afternoon: boolean;
  hour12: boolean;
  haveDate: boolean;
  haveYearday: boolean;
  haveWeekday: boolean;
  epoch: number | undefined;
}

/** What jq shows where the text had nothing to say. */
const NO_WEEKDAY = 8;
const NO_YEARDAY = 367;

class Reader {
  readonly #text: string;
  #at = 0;
  readonly read: Reading = {
    year: 1900,
    month: 0,
    day: 0,
    hours: 0,
    minutes: 0,
    seconds: 0,
    weekday: NO_WEEKDAY,
    yearday: NO_YEARDAY,
    century: undefined,
    yearOfCentury: undefined,
    afternoon: false,
    hour12: false,
    haveDate: false,
    haveYearday: false,
    haveWeekday: false,
    epoch: undefined,
  };

  constructor(text: string) {
    this.#text = text;
  }

  /** What the pattern left over. */
  get rest(): string {
    return this.#text.slice(this.#at);
  }

  #space(): void {
    while (/^\s$/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.#text.slice(this.#at));
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found[0];
  }

  /** Up to `digits` digits, within a range. */
  #number(low: number, high: number, digits: number): number | undefined {
    this.#space();
    const text = this.#match(new RegExp(`^\\d{1,${digits}}`));
    if (text === undefined) return undefined;
    const value = Number(text);
    return value >= low && value <= high ? value : undefined;
  }

  /** A full or abbreviated name, in any case. */
  #name(names: readonly string[]): number | undefined {
    const rest = this.#text.slice(this.#at).toLowerCase();
    for (const [i, name] of names.entries()) {
      for (const form of [name, name.slice(0, 3)]) {
        if (rest.startsWith(form.toLowerCase())) {
          this.#at += form.length;
          return i;
        }
      }
    }
    return undefined;
  }

  /** Whether the text goes on as the pattern says. */
  follow(pattern: string): boolean {
    for (let i = 0; i < pattern.length; i++) {
      const char = pattern[i]!;
      if (/\s/.test(char)) {
        this.#space();
        continue;
      }
      if (char !== '%') {
        if (this.#text[this.#at] !== char) return false;
        this.#at++;
        continue;
      }
      i++;
      while (/^[_\-0^#EO]$/.test(pattern.charAt(i))) i++;
      if (!this.#directive(pattern.charAt(i))) return false;
    }
    return true;
  }

  #set(
    key: 'month' | 'day' | 'hours' | 'minutes' | 'seconds' | 'weekday' | 'yearday' | 'year',
    value: number | undefined,
  ): boolean {
    if (value === undefined) return false;
    this.read[key] = value;
    return true;
  }

  #date(set: boolean): boolean {
    this.read.haveDate = true;
    return set;
  }

  #directive(directive: string): boolean {
    const { read } = this;
    switch (directive) {
      case '%':
        return this.#match(/^%/) !== undefined;
      case 'a':
      case 'A':
        read.haveWeekday = true;
        return this.#set('weekday', this.#name(WEEKDAYS));
      case 'b':
      case 'B':
      case 'h':
        return this.#date(this.#set('month', this.#name(MONTHS)));
      case 'c':
        return this.follow('%a %b %e %H:%M:%S %Y');
      case 'C':
        return (read.century = this.#number(0, 99, 2)) !== undefined;
      case 'd':
      case 'e':
        return this.#date(this.#set('day', this.#number(1, 31, 2)));
      case 'D':
      case 'x':
        return this.follow('%m/%d/%y');
      case 'F':
        return this.follow('%Y-%m-%d');
      case 'H':
      case 'k':
        read.hour12 = false;
        return this.#set('hours', this.#number(0, 23, 2));
      case 'I':
      case 'l': {
        const hours = this.#number(1, 12, 2);
        read.hour12 = true;
        return this.#set('hours', hours === undefined ? undefined : hours % 12);
      }
      case 'j': {
        const day = this.#number(1, 366, 3);
        read.haveYearday = true;
        return this.#set('yearday', day === undefined ? undefined : day - 1);
      }
      case 'm': {
        const month = this.#number(1, 12, 2);
        return this.#date(this.#set('month', month === undefined ? undefined : month - 1));
      }
      case 'M':
        return this.#set('minutes', this.#number(0, 59, 2));
      case 'n':
      case 't':
        this.#space();
        return true;
      case 'p':
      case 'P': {
        const half = this.#match(/^[AaPp][Mm]/);
        read.afternoon = half?.toLowerCase() === 'pm';
        return half !== undefined;
      }
      case 'r':
        return this.follow('%I:%M:%S %p');
      case 'R':
        return this.follow('%H:%M');
      case 's':
        return (read.epoch = this.#number(0, Number.MAX_SAFE_INTEGER, 15)) !== undefined;
      case 'S':
        return this.#set('seconds', this.#number(0, 61, 2));
      case 'T':
      case 'X':
        return this.follow('%H:%M:%S');
      case 'u': {
        const day = this.#number(1, 7, 1);
        read.haveWeekday = true;
        return this.#set('weekday', day === undefined ? undefined : day % 7);
      }
      case 'U':
      case 'V':
      case 'W':
        return this.#number(0, 53, 2) !== undefined;
      case 'g':
        return this.#number(0, 99, 2) !== undefined;
      case 'G':
        return this.#match(/^\d{4}/) !== undefined;
      case 'w':
        read.haveWeekday = true;
        return this.#set('weekday', this.#number(0, 6, 1));
      case 'y': {
        const year = this.#number(0, 99, 2);
        read.yearOfCentury = year;
        return this.#date(
          this.#set(
            'year',
            year === undefined ? undefined : year >= 69 ? 1900 + year : 2000 + year,
          ),
        );
      }
      case 'Y':
        return this.#date(this.#set('year', this.#number(0, 9999, 4)));
      case 'z':
        this.#space();
        return this.#match(/^(?:Z|[+-]\d{2}(?::?\d{2})?)/) !== undefined;
      case 'Z':
        return this.#match(/^[A-Za-z]+/) !== undefined;
      default:
        return false;
    }
  }
}

export interface Parsed {
  readonly moment: Moment;
  /** text after white space that the pattern did not cover */
  readonly rest: string;
}

export function parseTime(text: string, pattern: string): Parsed | undefined {
  const reader = new Reader(text);
  if (!reader.follow(pattern)) return undefined;
  const { read, rest } = reader;
  if (rest !== '' && !/^\s/.test(rest)) return undefined;
  return { moment: read.epoch === undefined ? complete(read) : brokenDown(read.epoch), rest };
}

/** Weekday and day of the year follow from the date, the date may follow from the day of the year. */
function complete(read: Reading): Moment {
  let { year, month, day, hours, weekday, yearday } = read;
  if (read.century !== undefined) year = read.century * 100 + (read.yearOfCentury ?? 0);
  if (read.hour12 && read.afternoon) hours += 12;
  const dated = read.haveDate || read.century !== undefined;
  if (dated && read.haveYearday && day === 0) {
    ({ month, day } = brokenDown((daysFromCivil(year, 0, 1) + yearday) * 86_400));
  }
  if (dated) {
    const days = daysFromCivil(year, month, day);
    if (!read.haveWeekday) ({ weekday } = brokenDown(days * 86_400));
    if (!read.haveYearday) yearday = days - daysFromCivil(year, 0, 1);
  }
  const { minutes, seconds } = read;
  return { year, month, day, hours, minutes, seconds, weekday, yearday };
}
