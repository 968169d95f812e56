/*
 * P4: no timer is lost, none fires early (beyond declared skew); lateness is bounded after the heal.
 *
 * A timer is a held STEP (`not_before`) or a PARK with a due time. It may be cut short by a deadline
 * that the strand's State carries, by a control request, or by another strand that settles the run;
 * only what was resolved *because time had come* is judged for being early. Everything that is due
 * must be resolved, or called for, soon after it is due or the world has healed. How long an attempt may
 * take is no matter of any wall clock.
 */
import type { State, StrandEnd } from '../../wire/state.ts';
import { latenessOf } from './declared-loss.ts';
import type { Json } from '../../wire/json.ts';
import { sameJson } from '../same-json.ts';
import { causeOf, type Effect } from './effects.ts';
import { limitsOf } from './limits-kept.ts';
import type { Entry, Partition, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';

/** How late a timer may be once nothing goes wrong any more: takeover, restart and a few round trips. */
export const LATENESS_MAX_MS = 120_000;

export const timers: Oracle = {
  name: 'p4-timers',
  promise: 'P4',
  says: 'no timer is lost or early, and lateness is bounded once faults have healed',
  check(view, verdict) {
    for (const partition of view.reading.partitions) {
      checkHeld(partition, view, verdict);
      checkParked(partition, view, verdict);
    }
    checkRetries(view, verdict);
    for (const effect of view.effects.values()) checkTimeouts(effect, view, verdict);
  },
};

/**
 * No attempt is given up before its time, whatever is done to clocks: it has not begun before its record was there.
 * A timeout that the service itself has answered is not judged.
 */
function checkTimeouts(
  { calls, kept, recorded, scheduled }: Effect,
  { history }: View,
  verdict: Verdict,
): void {
  for (const { attempt, entry, error } of [...recorded, ...kept]) {
    if (error === undefined || !error.type.endsWith('/timeout')) continue;
    if (calls.some(({ answer }) => sameJson(answer, error as unknown as Json))) continue;
    const step = scheduled.find(({ activity }) => activity.attempt === attempt);
    if (step === undefined) continue;
    const { activity, notBefore = 0 } = step;
    const begun = Math.max(step.entry.landed, notBefore - history.skewMax);
    verdict.expect(
      entry.landed >= begun + activity.timeout - 1,
      () =>
        `attempt ${attempt} of ${activity.name} for run ${entry.header.run} may take ${activity.timeout} ms and was given up after ${entry.landed - begun} (${step.entry.named}, ${entry.named})`,
      at(entry),
    );
  }
}

/** A wait or a retry that stays in the Log. */
function checkHeld({ openables }: Partition, view: View, verdict: Verdict): void {
  for (const { first, resolvedBy } of openables.values()) {
    if (first.header.kind !== 'STEP' || first.header.joins !== 0) continue;
    const { body } = first;
    if (body.kind !== 'STEP' || body.notBefore === undefined || body.activity !== undefined) {
      continue;
    }
    judge(first, Math.min(body.notBefore, deadlineOf(body.state)), resolvedBy, view, verdict);
  }
}

/** A wait, a retry or a fork that was moved to the Store until a time. */
function checkParked({ parkings }: Partition, view: View, verdict: Verdict): void {
  for (const { park, resumedBy } of parkings.values()) {
    const { body } = park;
    if (body.kind !== 'PARK') continue;
    if (body.due === undefined) {
      verdict.expect(
        body.why !== 'wait' && body.why !== 'retry',
        () =>
          `${park.named} parks run ${park.header.run} to wait, and nobody knows until when: its timer is lost`,
        at(park),
      );
      continue;
    }
    judge(park, Math.min(body.due, deadlineOf(body.state)), resumedBy, view, verdict);
  }
}

/** A retry whose activity is scheduled at once for a later time. */
function checkRetries(view: View, verdict: Verdict): void {
  const { effects, history } = view;
  for (const effect of effects.values()) {
    const { scheduled, calls } = effect;
    for (const { activity, entry, notBefore, openable } of scheduled) {
      if (notBefore === undefined) continue;
      const first = calls.find((call) => call.attempt === activity.attempt);
      verdict.expect(
        first === undefined || first.at >= notBefore - history.skewMax,
        () =>
          `attempt ${activity.attempt} of ${activity.name} for run ${entry.header.run} began at ${first?.at}, ${notBefore - (first?.at ?? 0)} ms before its time (${entry.named})`,
        at(entry),
      );
      if (first === undefined && openable?.resolvedBy !== undefined) continue;
      // Its time has come, and then its turn: that may take as long as the others take.
      if (limitsOf(effect, view).length > 0) continue;
      expectSoon(entry, notBefore, first?.at, { history }, verdict);
    }
  }
}

function judge(
  timer: Entry,
  due: number,
  resolvedBy: Unit | undefined,
  view: Pick<View, 'history'>,
  verdict: Verdict,
): void {
  const head = resolvedBy?.records[0];
  if (head !== undefined && resolvedBy && becauseOfTime(timer, resolvedBy)) {
    verdict.expect(
      head.landed >= due - view.history.skewMax,
      () =>
        `the timer of ${timer.named} (run ${timer.header.run}), due at ${due}, fired ${due - head.landed} ms early: ${head.named}`,
      at(timer),
    );
  }
  expectSoon(timer, due, head?.landed, view, verdict);
}

function expectSoon(
  timer: Entry,
  due: number,
  happened: number | undefined,
  { history }: Pick<View, 'history'>,
  verdict: Verdict,
): void {
  const latest = Math.max(due, history.healedAt) + LATENESS_MAX_MS + latenessOf(history);
  const said = `the timer of ${timer.named} (run ${timer.header.run}), due at ${due}`;
  if (happened === undefined) {
    verdict.expect(
      history.endedAt <= latest && (!history.quiescent || due > history.endedAt),
      () => `${said}, was lost: nothing had happened by ${history.endedAt}`,
      at(timer),
    );
  } else {
    verdict.expect(
      happened <= latest,
      () =>
        `${said}, was late: ${happened - Math.max(due, history.healedAt)} ms after it was due and all faults had healed`,
      at(timer),
    );
  }
}

/** Whether the unit went on with the timer's own strand because its time had come. */
function becauseOfTime(timer: Entry, unit: Unit): boolean {
  const { run, strand } = timer.header;
  for (const entry of unit.records) {
    if (entry.header.run !== run) continue;
    const { body } = entry;
    // Its events have come.
    if (body.kind === 'RESUME' && body.events !== undefined) {
      if (body.rows[0] === timer.identity && body.events.length > 0) return false;
    }
    // It is put aside: its record repeats the cause that led to the timer, unless that has struck since.
    if (body.kind === 'PARK' && body.why === 'suspend' && body.pending !== true) {
      if (entry.header.strand === strand) return false;
    }
    const cause = causeOf(body);
    if (cause === undefined) continue;
    if (entry.header.strand === strand && cause.kind === 'timer') return true;
    // A branch whose last task was the wait: its end is merged into the unit of the join (R6).
    if (cause.kind === 'joined' && strand !== '' && entry.header.strand === parentOf(strand)) {
      return !unit.records.some(({ header }) => header.strand === strand) &&
        cause.ends[branchOf(strand)] !== undefined
        ? completed(cause.ends[branchOf(strand)])
        : false;
    }
  }
  return false;
}

function completed(end: StrandEnd | undefined): boolean {
  return end !== undefined && end.error === undefined && end.cancelled !== true;
}

/** The earliest time at which something else than the timer itself may strike. */
function deadlineOf({ deadline, frames }: State): number {
  let earliest = deadline ?? Infinity;
  for (const frame of frames) {
    if (frame.deadline !== undefined) earliest = Math.min(earliest, frame.deadline);
    const { node } = frame;
    if (node.kind === 'try' && node.attemptDeadline !== undefined) {
      earliest = Math.min(earliest, node.attemptDeadline);
    }
  }
  return earliest;
}

/** `2.0/1.3` is branch 3 of the fork 1 of the strand `2.0`. */
export function parentOf(strand: string): string {
  const slash = strand.lastIndexOf('/');
  return slash < 0 ? '' : strand.slice(0, slash);
}

export function branchOf(strand: string): number {
  return Number(strand.slice(strand.lastIndexOf('.') + 1));
}
