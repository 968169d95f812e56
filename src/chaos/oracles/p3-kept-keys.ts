/*
 * P3, the other way round: a retry that asks for the same again keeps the effect key and counts one
 * attempt more. Part of the oracle p3-one-effect.
 *
 * Judged is a record that schedules an activity for a time (a retry), written because the activity at
 * the same place - the same task, the same turns of its loops - ended with an error. A task that is
 * entered again by the flow of the workflow is a new effect, and is scheduled at once.
 */
import type { Json } from '../../wire/json.ts';
import type { Activity, State } from '../../wire/state.ts';
import { causeOf, shortKey } from './effects.ts';
import { sameJson } from '../same-json.ts';
import type { Entry, Partition, Unit } from './log-reading.ts';
import { at, type Verdict, type View } from './oracle.ts';

export function checkKeptKeys({ reading }: View, verdict: Verdict): void {
  for (const partition of reading.partitions) {
    for (const unit of partition.units) checkUnit(unit, partition, verdict);
  }
}

function checkUnit({ records, targets }: Unit, { openables }: Partition, verdict: Verdict): void {
  const next = records[0];
  const cause = next === undefined ? undefined : causeOf(next.body);
  if (next === undefined || cause?.kind !== 'activity' || cause.error === undefined) return;
  const retry = scheduled(next);
  if (retry === undefined || !retry.later) return;
  const resolved = openables.get(targets[0] ?? -1)?.first;
  const before = resolved === undefined ? undefined : scheduled(resolved);
  if (resolved === undefined || before === undefined) return;
  if (resolved.header.strand !== next.header.strand || !sameEffect(before, retry)) return;
  const { activity } = retry;
  verdict.expect(
    activity.key === before.activity.key,
    () =>
      `${next.named} retries ${activity.name} with the same request under another key (${shortKey(activity.key)}, before ${shortKey(before.activity.key)})`,
    at(next),
  );
  verdict.expect(
    activity.attempt === before.activity.attempt + 1,
    () =>
      `${next.named} makes attempt ${activity.attempt} of ${activity.name} follow attempt ${before.activity.attempt}`,
    at(next),
  );
}

interface Due {
  readonly activity: Activity;
  readonly state: State;
  /** for a time of its own, not at once */
  readonly later: boolean;
}

function scheduled({ body }: Entry): Due | undefined {
  if (body.kind === 'STEP' && body.activity !== undefined) {
    return { activity: body.activity, state: body.state, later: body.notBefore !== undefined };
  }
  // One that is dead or put aside asks for nothing: its record repeats what it stood at.
  if (body.kind === 'PARK' && body.why === 'retry' && body.activity !== undefined) {
    return { activity: body.activity, state: body.state, later: true };
  }
  return undefined;
}

function sameEffect(before: Due, after: Due): boolean {
  const { activity } = after;
  return (
    activity.pointer === before.activity.pointer &&
    activity.name === before.activity.name &&
    sameJson(activity.arguments, before.activity.arguments) &&
    // what waits for secrets is part of what is asked for, as far as it is known
    sameJson((activity.late ?? null) as Json, (before.activity.late ?? null) as Json) &&
    turns(after.state) === turns(before.state) &&
    settled(after.state) === settled(before.state) &&
    retriedBy(before.state) === retriedBy(after.state, 1)
  );
}

/**
 * The innermost try around an activity, and how often its block has failed, less `more`. Equal before
 * and after: this try has caught the error and tries again. If another one does, further out, the failed
 * call may have been dealt with, and the next one is a new effect.
 */
function retriedBy({ frames }: State, more = 0): string | undefined {
  const frame = frames.findLast(({ node }) => node.kind === 'try');
  if (frame?.node.kind !== 'try') return undefined;
  return `${frame.pointer} ${frame.node.failures - more}`;
}

/** What a strand has undone, or could not: what is asked for after that is asked for anew. */
function settled({ compensations = [] }: State): number {
  return compensations.filter(({ outcome }) => outcome !== undefined).length;
}

/** In which turns of its loops a strand stands, and at which event of those it works off. */
function turns({ frames }: State): string {
  return frames
    .flatMap(({ node }) => {
      const turn = node.kind === 'for' || (node.kind === 'listen' && node.item !== undefined);
      return turn ? [node.index] : [];
    })
    .join();
}
