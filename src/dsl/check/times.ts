/*
 * Durations, jitter ranges and cron expressions.
 */
import type { Duration, WorkflowDocument } from '../document.ts';
import { DurationError, parseDuration } from '../duration.ts';
import { expressionOf } from '../expression.ts';
import { type Finding, quote } from '../problem.ts';
import type { Survey } from '../survey.ts';
import type { Verdict } from './index.ts';

export function checkTimes(
  { schedule }: WorkflowDocument,
  survey: Survey,
  { problems, notes }: Verdict,
): void {
  for (const { pointer, value } of survey.durations) {
    if (isExpression(value)) continue;
    try {
      if (!parseDuration(value).approximate) continue;
      notes.push({
        code: 'approximate-duration',
        message: `${JSON.stringify(value)} counts a year as 365 days and a month as 30 days`,
        pointer,
        expected: 'weeks, days and smaller units',
      });
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
      problems.push({
        code: 'bad-duration',
        message: error.message,
        pointer,
        expected: 'an ISO 8601 duration, or an object of days to milliseconds',
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      });
    }
  }
  for (const { pointer, value } of survey.policies) {
    const { jitter } = value;
    if (jitter === undefined || isExpression(jitter.from) || isExpression(jitter.to)) continue;
    const [from, to] = [literalMs(jitter.from), literalMs(jitter.to)];
    if (from === undefined || to === undefined || from <= to) continue;
    problems.push({
      code: 'jitter-range',
      message: 'the jitter ends before it begins',
      pointer: `${pointer}/jitter`,
      expected: '`from` not longer than `to`',
      at: 'key',
    });
  }
  if (schedule?.cron !== undefined) {
    const finding = cronFault(schedule.cron);
    if (finding !== undefined) problems.push(finding);
  }
}

function isExpression(value: Duration): boolean {
  return typeof value === 'string' && expressionOf(value, 'free') !== undefined;
}

function literalMs(value: Duration): number | undefined {
  try {
    return parseDuration(value).ms;
  } catch {
    return undefined; // reported as a duration
  }
}

const FIELDS = [
  { name: 'minute', least: 0, most: 59, words: [] },
  { name: 'hour', least: 0, most: 23, words: [] },
  { name: 'day of month', least: 1, most: 31, words: [] },
  { name: 'month', least: 1, most: 12, words: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC' },
  { name: 'day of week', least: 0, most: 7, words: 'SUN MON TUE WED THU FRI SAT' },
] as const;

function cronFault(cron: string): Finding | undefined {
  const fields = cron.trim().split(/\s+/);
  const problem = (message: string, hint?: string): Finding => ({
    code: 'bad-cron',
    message,
    pointer: '/schedule/cron',
    expected: 'minute, hour, day of month, month, day of week',
    ...(hint === undefined ? {} : { hint }),
  });
  if (fields.length !== FIELDS.length) {
    const hint =
      fields.length === 6
        ? 'there is no field for seconds'
        : cron.startsWith('@')
          ? 'write the five fields: @daily is 0 0 * * *'
          : undefined;
    return problem(`a cron expression has five fields, this one has ${fields.length}`, hint);
  }
  for (const [index, field] of FIELDS.entries()) {
    const text = fields[index] ?? '';
    if (!text.split(',').every((part) => cronPart(part, field))) {
      return problem(`${quote(text)} is no ${field.name} (${field.least} to ${field.most})`);
    }
  }
  return undefined;
}

/** `*`, `n`, `a-b`, each with an optional `/step`; months and days of week by name as well. */
function cronPart(part: string, field: (typeof FIELDS)[number]): boolean {
  const match = /^(?:\*|([A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?)(?:\/(\d+))?$/.exec(part);
  if (match === null) return false;
  const [, from, to, step] = match;
  if (step !== undefined && Number(step) < 1) return false;
  const numbers = [from, to].filter((each) => each !== undefined).map((each) => value(each, field));
  if (numbers.some((each) => !(each >= field.least && each <= field.most))) return false;
  const [first = 0, last = Infinity] = numbers;
  return first <= last;
}

function value(text: string, field: (typeof FIELDS)[number]): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const words = typeof field.words === 'string' ? field.words.split(' ') : [];
  const index = words.indexOf(text.toUpperCase());
  return index < 0 ? NaN : index + field.least;
}
