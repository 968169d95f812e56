/*
 * P4 for schedules: the rule that a SCHEDULE states is that of its document, and ticks of cron are the minutes of
 * its zone that fit it. Part of the oracle p4-schedules.
 *
 * What is judged of cron is what five fields of numbers, ranges, lists and steps say, by a calendar that is not the
 * engine's; where the clocks of the zone change meanwhile nothing is said.
 */
import type { WorkflowDocument } from '../../dsl/document.ts';
import { durationMs } from '../../dsl/duration.ts';
import type { ScheduleRule } from '../../wire/record.ts';
import type { Entry } from './log-reading.ts';
import { at, type Verdict } from './oracle.ts';

const MINUTE_MS = 60_000;
/** Minutes between two ticks that are looked at. */
const MINUTES_MAX = 1_500;

/** The record states the rule of that document. */
export function checkRule(
  scheduled: Entry,
  document: WorkflowDocument | undefined,
  verdict: Verdict,
): void {
  const { body } = scheduled;
  if (body.kind !== 'SCHEDULE' || document === undefined) return;
  const { name, version } = document.document;
  // Another version, of which nobody has told.
  if (body.definition.name !== name || body.definition.version !== version) return;
  const { after, cron, every } = document.schedule ?? {};
  const stated = textOf(body.rule);
  const said = textOf({
    ...(every === undefined ? {} : { every: durationMs(every) }),
    ...(after === undefined ? {} : { after: durationMs(after) }),
    ...(cron === undefined ? {} : { cron, zone: document.document.metadata?.timezone ?? 'UTC' }),
  });
  verdict.expect(
    stated === said,
    () => `${scheduled.named} schedules ${name} as ${stated}; its document says ${said}`,
    at(scheduled),
  );
}

function textOf({ after, cron, every, zone = 'UTC' }: ScheduleRule): string {
  return JSON.stringify({ every, after, cron, zone: cron === undefined ? undefined : zone });
}

/** `due` is the first minute after `late` (ms) that fits. */
export function checkCron(
  fired: Entry,
  { cron, zone = 'UTC' }: ScheduleRule,
  late: number,
  due: number | undefined,
  verdict: Verdict,
): void {
  const fields = cron === undefined ? undefined : fieldsOf(cron);
  if (fields === undefined || due === undefined) return;
  const clock = clockOf(zone);
  if (clock.ahead(due) !== clock.ahead(late)) return;
  const first = Math.floor(late / MINUTE_MS) + 1;
  const last = Math.min(due / MINUTE_MS, first + MINUTES_MAX);
  for (let minute = first; minute <= last; minute += 1) {
    if (!clock.shows(minute * MINUTE_MS).every((value, nth) => fields[nth]!(value))) continue;
    verdict.expect(
      minute * MINUTE_MS === due,
      () => `after ${fired.named} "${cron}" (${zone}) is due at ${minute * MINUTE_MS}, not ${due}`,
      at(fired),
    );
    return;
  }
  verdict.expect(
    last < due / MINUTE_MS,
    () => `after ${fired.named} ${due} is no time for "${cron}" (${zone})`,
    at(fired),
  );
}

type Field = (value: number) => boolean;

/** Minute, hour, day, month, weekday; undefined where the expression says more than is understood here. */
function fieldsOf(cron: string): readonly Field[] | undefined {
  const texts = cron.trim().split(/\s+/);
  // Of a day and a weekday either may fit: that is left alone.
  if (texts.length !== 5 || (texts[2] !== '*' && texts[4] !== '*')) return undefined;
  const fields = texts.map(fieldOf);
  return fields.every((field) => field !== undefined) ? fields : undefined;
}

function fieldOf(text: string): Field | undefined {
  const parts = text.split(',').map((part): Field | undefined => {
    const found = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (found === null) return undefined;
    const [, from, to, step] = found;
    const low = from === undefined ? 0 : Number(from);
    const high = to !== undefined ? Number(to) : from === undefined || step ? 99 : low;
    return (value) => value >= low && value <= high && (value - low) % Number(step ?? 1) === 0;
  });
  if (parts.includes(undefined)) return undefined;
  return (value) => parts.some((fits) => fits!(value));
}

const clocks = new Map<string, Clock>();

/** Making one is far dearer than reading it. */
function clockOf(zone: string): Clock {
  let clock = clocks.get(zone);
  if (clock === undefined) clocks.set(zone, (clock = new Clock(zone)));
  return clock;
}

/** What a clock in some zone shows. */
class Clock {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', weekday: 'short' },
      ...{ month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
    });
  }

  #parts(time: number): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#format.formatToParts(time).map(({ type, value }) => [type, value]),
    );
  }

  shows(time: number): readonly number[] {
    const { day, hour, minute, month, weekday = '' } = this.#parts(time);
    const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
    return [Number(minute), Number(hour), Number(day), Number(month), days.indexOf(weekday)];
  }

  /** By how much it is ahead of UTC, ms, to the minute. */
  ahead(time: number): number {
    const { day, hour, minute, month, year } = this.#parts(time);
    const shown = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
    );
    return shown - Math.floor(time / MINUTE_MS) * MINUTE_MS;
  }
}
