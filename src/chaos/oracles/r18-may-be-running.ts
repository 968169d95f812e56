/*
 * R18, held to what services saw: a strand that is cancelled while its activity may be under way waits for the
 * answer, or until none can come any more. Part of the oracle r18-cancels.
 *
 * Until when a CANCELLING waits is the engine's own word and is not believed: it follows from when the attempt may
 * have begun and from its timeout. Nobody waits for what has nothing to be undone.
 */
import { isTask, type Task, type WorkflowDocument } from '../../dsl/document.ts';
import { CLOCK_SKEW_MAX_MS } from '../../wire/limits.ts';
import type { Cause } from '../../wire/state.ts';
import { causeOf, type Effect, type Scheduled } from './effects.ts';
import type { Entry, Partition, Unit } from './log-reading.ts';
import { at, type Verdict, type View } from './oracle.ts';
import { taskAt } from './policy.ts';

export function checkMayBeRunning(view: View, verdict: Verdict): void {
  for (const effect of view.effects.values()) {
    if (effect.calls.length === 0) continue;
    for (const one of effect.scheduled) checkAttempt(effect, one, view, verdict);
  }
}

function checkAttempt(effect: Effect, one: Scheduled, view: View, verdict: Verdict): void {
  const { activity, entry, openable } = one;
  const unit = openable?.resolvedBy;
  if (unit === undefined) return;
  if (!effect.calls.some(({ attempt }) => attempt === activity.attempt)) return;
  const next = whatNext(unit, entry);
  if (next === undefined) return;
  const { cause, record } = next;
  if (record.header.kind === 'CANCELLING') {
    const partition = view.reading.partitions[entry.partition];
    if (partition !== undefined) checkWaits(one, record, partition, view, verdict);
    return;
  }
  if (cause.kind !== 'control' || isToCome(one, record, view)) return;
  verdict.violation(
    `${record.named} cancels run ${entry.header.run} as if ${activity.name} had not been asked for, which has seen attempt ${activity.attempt} (${entry.named})`,
    at(record),
  );
}

/**
 * By the clock of whoever cancels the attempt is not due yet, however much clocks may differ: one that differs more
 * has begun it.
 */
function isToCome({ notBefore = 0 }: Scheduled, { header }: Entry, { history }: View): boolean {
  const isDeclared = history.skewMax <= CLOCK_SKEW_MAX_MS;
  return !isDeclared && notBefore > header.time + CLOCK_SKEW_MAX_MS;
}

/** The strand stands in a CANCELLING: what has become of it? */
function checkWaits(
  { activity, entry, notBefore }: Scheduled,
  cancelling: Entry,
  { openables }: Partition,
  { documentOf, history }: View,
  verdict: Verdict,
): void {
  const document = documentOf(entry.header.definition);
  if (document === undefined || !isUndone(document, activity.pointer)) return;
  const unit = openables.get(cancelling.identity)?.resolvedBy;
  const next = unit && whatNext(unit, cancelling);
  if (next === undefined) return;
  const { cause, record } = next;
  const answered = cause.kind === 'activity' && cause.key === activity.key;
  const latest = Math.max(entry.landed, notBefore ?? 0) + activity.timeout;
  verdict.expect(
    answered || record.landed >= latest - history.skewMax,
    () =>
      `${record.named} gives up waiting for ${activity.name} of run ${entry.header.run} at ${record.landed}, which may answer until ${latest} (${cancelling.named})`,
    at(record),
  );
}

/** The record that the strand of `before` went on with, or the one that its end was merged into, and why. */
function whatNext(
  { records }: Unit,
  { header: { run, strand } }: Entry,
): { readonly record: Entry; readonly cause: Cause } | undefined {
  for (const record of records) {
    if (record.header.run !== run) continue;
    const { body } = record;
    // Who is put aside or given up goes nowhere: the record repeats an older cause.
    if (body.kind === 'PARK' && (body.why === 'suspend' || body.why === 'dead')) continue;
    let cause = causeOf(body);
    if (record.header.strand === strand) return cause && { record, cause };
    while (cause?.kind === 'joined' && cause.last !== undefined) {
      const { last } = cause;
      cause = last.cause;
      if (last.strand === strand) return { record, cause };
    }
  }
  return undefined;
}

/** Whether what the task there has done is undone when its run is cancelled. */
function isUndone(document: WorkflowDocument, pointer: string): boolean {
  // What a function does is found by its call, and is not in the path; extensions are not undone.
  if (pointer.includes('/call/') || pointer.includes('/extensions/')) return false;
  if (taskAt(document, pointer)?.metadata?.compensate === undefined) return false;
  return document.document.metadata?.saga === true || scopeOf(document, pointer) !== undefined;
}

/** Pointer of the list of tasks in the outermost saga around the task there. */
export function scopeOf(document: WorkflowDocument, pointer: string): string | undefined {
  const steps = pointer.split('/');
  for (let length = 3; length < steps.length; length += 1) {
    const around = steps.slice(0, length + 1).join('/');
    const task: Task | undefined = taskAt(document, around);
    if (task === undefined || task.metadata?.saga !== true) continue;
    const list = isTask(task, 'try') ? 'try' : 'do';
    if (steps[length + 1] === list) return `${around}/${list}`;
  }
  return undefined;
}
