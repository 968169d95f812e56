/*
 * Durations: ISO 8601 text or an object of parts -> milliseconds.
 *
 * The specification's pattern allows years and months, which have no fixed length. Waybill takes a
 * year as 365 days and a month as 30 days, and validation notes it wherever they are written; weeks
 * are 7 days and days are 24 hours. Parts may have decimals; the sum is rounded to the millisecond.
 */
import type { Duration, DurationParts } from './document.ts';

const DAY_MS = 86_400_000;
/** About 285,000 years: the largest exact integer, far beyond what any clock adapter sleeps. */
export const DURATION_MAX_MS = Number.MAX_SAFE_INTEGER;

export interface ParsedDuration {
  readonly ms: number;
  /** True when years or months were counted in days. */
  readonly approximate: boolean;
}

const ISO =
  /^P(?!$)(?:(\d+(?:[.,]\d+)?)Y)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?=\d)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;
const ISO_UNITS_MS = [365 * DAY_MS, 30 * DAY_MS, 7 * DAY_MS, DAY_MS, 3_600_000, 60_000, 1_000];
const PART_UNITS_MS: Readonly<Record<keyof DurationParts, number>> = {
  days: DAY_MS,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
};

/** What is wrong with a duration, for the author of a document or of an expression. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Reads a literal duration. Throws DurationError for anything else, an expression included. */
export function parseDuration(duration: Duration): ParsedDuration {
  if (typeof duration === 'string') return parseIso(duration);
  if (typeof duration !== 'object' || duration === null || Array.isArray(duration)) {
    throw new DurationError('a duration is an ISO 8601 text or an object', 'for example PT30S');
  }
  let ms = 0;
  const parts = Object.entries(duration) as [string, unknown][];
  if (parts.length === 0) throw new DurationError('a duration has at least one part');
  for (const [name, value] of parts) {
    if (!Object.hasOwn(PART_UNITS_MS, name)) {
      throw new DurationError(`a duration has no part ${JSON.stringify(name)}`);
    }
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw new DurationError(`${name} must be a number that is not negative`);
    }
    ms += value * PART_UNITS_MS[name as keyof DurationParts];
  }
  return { ms: bounded(ms), approximate: false };
}

/** `parseDuration(duration).ms`. */
export function durationMs(duration: Duration): number {
  return parseDuration(duration).ms;
}

function parseIso(text: string): ParsedDuration {
  const parts = ISO.exec(text);
  if (parts === null) throw new DurationError(`${quoted(text)} is no duration`, remedy(text));
  let ms = 0;
  ISO_UNITS_MS.forEach((unit, index) => {
    const part = parts[index + 1];
    if (part !== undefined) ms += Number(part.replace(',', '.')) * unit;
  });
  return { ms: bounded(ms), approximate: parts[1] !== undefined || parts[2] !== undefined };
}

function bounded(ms: number): number {
  const whole = Math.round(ms);
  if (whole > DURATION_MAX_MS) throw new DurationError('the duration is too long');
  return whole;
}

function remedy(text: string): string {
  if (/^p/i.test(text) && text !== text.toUpperCase() && ISO.test(text.toUpperCase())) {
    return `write it in capitals: ${text.toUpperCase()}`;
  }
  const simple = /^\s*(\d+)\s*(ms|s|sec|m|min|h|d)[a-z]*\s*$/i.exec(text);
  if (simple !== null) {
    const [, count, unit] = simple;
    const word = unit?.toLowerCase() ?? '';
    if (word === 'ms') return `write { milliseconds: ${count} }`;
    if (word === 'd') return `write P${count}D`;
    return `write PT${count}${word.charAt(0).toUpperCase()}`;
  }
  if (/^\d+$/.test(text.trim())) return 'a number needs a unit: PT30S, or { seconds: 30 }';
  if (/^P[\d.]+[HS]$/.test(text)) return `time parts follow a T: PT${text.slice(1)}`;
  if (text.startsWith('-') || text.includes('-')) return 'a duration cannot be negative';
  return 'for example PT30S, PT1H30M or P1D';
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}
