/*
 * P4 for schedules: every tick fires once, none early, none is left out but those that fell due while
 * an earlier one was late (they are passed over, as schedules.ts says), and each begins exactly one run.
 *
 * The next tick is derived here anew: from the rule in the SCHEDULE, which is held to its document, the time of the
 * FIRE before it and the ends of the runs it began (p4-schedule-rules.ts).
 */
import type { ScheduleRule } from '../../wire/record.ts';
import type { Entry, Partition, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { checkCron, checkRule } from './p4-schedule-rules.ts';
import { LATENESS_MAX_MS } from './p4-timers.ts';

interface Active {
  readonly scheduled: Entry;
  readonly rule: ScheduleRule;
  due: number | undefined;
}

export const schedules: Oracle = {
  name: 'p4-schedules',
  promise: 'P4',
  says: 'every tick of a schedule fires once, in time, and begins one run',
  check(view, verdict) {
    for (const partition of view.reading.partitions) checkPartition(partition, view, verdict);
  },
};

function checkPartition({ units }: Partition, view: View, verdict: Verdict): void {
  const active = new Map<number, Active>();
  const begun = new Set<string>();
  for (const unit of units) {
    for (const entry of unit.records) {
      const { body } = entry;
      if (body.kind === 'SCHEDULE') {
        active.set(entry.offset, { scheduled: entry, rule: body.rule, due: body.due });
        checkRule(entry, view.documentOf(entry.header.definition), verdict);
      } else if (body.kind === 'RESUME') {
        for (const row of body.rows) {
          const ended = active.get(row);
          if (ended !== undefined) checkNothingLeft(ended, entry, view, verdict);
          active.delete(row);
        }
      } else if (body.kind === 'FIRE') {
        // Events are another oracle's (r16-begun-by-events).
        if (body.events !== undefined) continue;
        checkFire(entry, active.get(body.row), view, verdict);
        checkBegins(entry, unit, begun, verdict);
      } else if (body.kind === 'END' && entry.header.strand === '') {
        const one = active.get(body.caller?.schedule ?? -1);
        if (one?.rule.after !== undefined) one.due = entry.header.time + one.rule.after;
      }
    }
  }
}

function checkFire(
  entry: Entry,
  one: Active | undefined,
  { history }: View,
  verdict: Verdict,
): void {
  const { body, header } = entry;
  if (body.kind !== 'FIRE') return;
  verdict.expect(
    one?.due === body.tick,
    () => `${entry.named} fires ${body.tick}, and what was due is ${String(one?.due)}`,
    at(entry),
  );
  if (one === undefined) return;
  verdict.expect(
    entry.landed >= body.tick - history.skewMax,
    () => `${entry.named} is ${body.tick - entry.landed} ms early`,
    at(entry),
  );
  const { cron, every, anchor = 0 } = one.rule;
  const late = Math.max(body.tick, header.time);
  const next =
    cron !== undefined
      ? body.due
      : every === undefined
        ? undefined
        : anchor + (Math.floor((late - anchor) / every) + 1) * every;
  verdict.expect(
    body.due === next,
    () => `after ${entry.named} it is due at ${String(body.due)}, not ${String(next)}`,
    at(entry),
  );
  checkCron(entry, one.rule, late, body.due, verdict);
  one.due = next;
}

function checkBegins(entry: Entry, { records }: Unit, begun: Set<string>, verdict: Verdict): void {
  const next = records[records.indexOf(entry) + 1];
  const run = next?.header.run ?? '';
  verdict.expect(
    next !== undefined && next.header.strand === '' && !begun.has(run),
    () => `${entry.named} begins no run of its own`,
    at(entry),
  );
  begun.add(run);
}

/** When a schedule ends, nothing may be long overdue that fell due in good times. */
function checkNothingLeft(
  { due, scheduled }: Active,
  entry: Entry,
  { history }: View,
  verdict: Verdict,
): void {
  if (due === undefined || due < history.healedAt) return;
  verdict.expect(
    entry.landed <= due + LATENESS_MAX_MS,
    () => `${scheduled.named} was due at ${due} and had not fired by ${entry.named}`,
    at(scheduled),
  );
}
