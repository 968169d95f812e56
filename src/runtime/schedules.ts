/*
 * When schedules fire (DSL, Schedule; PROTOCOL.md, SCHEDULE and FIRE). Pure: the calendar for cron
 * comes in as a function.
 *
 * Q1. Ticks of `every` are the anchor and whole multiples of the interval later, whatever happens to
 *     runners: one that is late does not move the others.
 * Q2. Missed ticks: what fell due while nobody was there fires once, late, for the oldest of them; the
 *     others are passed over. The tick is in the Log, so anyone can see which.
 * Q3. `after` fires once when it is scheduled, then that long after each end of the run it began.
 */
import { durationMs, type WorkflowDocument } from '../dsl/index.ts';
import type { ScheduleRule } from '../wire/index.ts';

/** The first time after `after` (ms) at which a cron expression is due in an IANA zone, ms. */
export type CronNext = (cron: string, zone: string, after: number) => number | undefined;

/** The rule of a document that is scheduled at `now`; undefined = time alone never begins it. */
export function ruleOf(document: WorkflowDocument, now: number): ScheduleRule | undefined {
  const { schedule, document: head } = document;
  if (schedule === undefined) return undefined;
  const { after, cron, every } = schedule;
  if (after === undefined && cron === undefined && every === undefined) return undefined;
  const zone = head.metadata?.timezone;
  return {
    ...(every === undefined ? {} : { every: durationMs(every), anchor: now }),
    ...(cron === undefined ? {} : { cron, ...(zone === undefined ? {} : { zone }) }),
    ...(after === undefined ? {} : { after: durationMs(after) }),
  };
}

/** When a schedule is due first. */
export function firstDue(rule: ScheduleRule, now: number, cron: CronNext): number | undefined {
  return rule.after === undefined ? nextDue(rule, now, cron) : now;
}

/** When it is due next after `now`; undefined = when its run has ended, or never. */
export function nextDue(rule: ScheduleRule, now: number, cron: CronNext): number | undefined {
  const { every, anchor = 0, cron: expression, zone = 'UTC' } = rule;
  const times: number[] = [];
  if (every !== undefined && every > 0) {
    times.push(anchor + Math.max(1, Math.floor((now - anchor) / every) + 1) * every);
  }
  if (expression !== undefined) {
    const next = cron(expression, zone, now);
    if (next !== undefined) times.push(next);
  }
  return times.length === 0 ? undefined : Math.min(...times);
}
