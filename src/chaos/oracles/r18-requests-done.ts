/*
 * R18, P1: what was asked of a run is done, or refused for a reason that the Log bears out. A run whose
 * cancel was carried out does not complete; nobody is told that there is no such run, or nothing to be
 * resumed, while the Log has it; and a request that was acknowledged is there.
 */
import type { ControlBody } from '../../wire/record.ts';
import { causeOf } from './effects.ts';
import type { Entry, Openable, Run, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';

export const requestsDone: Oracle = {
  name: 'r18-requests-done',
  promise: 'R18',
  says: 'what was asked of a run is done, or refused for a reason that the Log bears out',
  check(view, verdict) {
    const known = new Set<string>();
    for (const { openables } of view.reading.partitions) {
      for (const openable of openables.values()) {
        const { body } = openable.first;
        if (openable.first.header.kind !== 'CONTROL' || body.kind !== 'CONTROL') continue;
        known.add(body.id);
        checkRequest(openable, body, view, verdict);
      }
    }
    for (const { id, outcome, run, verb } of view.history.controls ?? []) {
      if (outcome !== 'acknowledged') continue;
      verdict.expect(
        known.has(id),
        () => `the request to ${verb} run ${run} was acknowledged, and is not in the Log`,
        { run },
      );
    }
  },
};

function checkRequest(
  { first, resolvedBy }: Openable,
  body: ControlBody,
  view: View,
  verdict: Verdict,
): void {
  const run = view.reading.runs.get(first.header.run);
  if (resolvedBy === undefined || run === undefined) return;
  const answer = resolvedBy.records.find(({ header }) => header.kind === 'ANSWER');
  if (answer === undefined) {
    if (body.verb === 'cancel') checkCancelled(first, resolvedBy, run, verdict);
    if (body.verb === 'resume') checkResumed(first, resolvedBy, run, view, verdict);
    return;
  }
  if (answer.body.kind !== 'ANSWER' || answer.body.outcome !== 'refused') return;
  const { reason = '' } = answer.body;
  const refused = (why: string): void =>
    verdict.violation(
      `${first.named} asks run ${run.run} to ${body.verb} and is refused ("${reason}"), and ${why}`,
      at(answer),
    );
  verdict.checked += 1;
  if (body.verb === 'cancel' && body.hop === undefined) {
    if (isUnderWay(run, first, answer)) refused('it was there and nobody had cancelled it');
  } else if (body.verb === 'resume') {
    const parked = asleep(run, first, answer, view);
    if (parked !== undefined) refused(`${parked.named} had put it aside`);
  }
}

/** The run may still fault, undo what it did, or be given up; it does not complete. */
function checkCancelled(first: Entry, unit: Unit, { ends, run }: Run, verdict: Verdict): void {
  const [end] = ends;
  if (end === undefined || end.body.kind !== 'END') return;
  // Whoever ends names the requests that come too late.
  const tooLate = unit.records.includes(end) && causeOf(end.body)?.kind !== 'control';
  verdict.expect(
    tooLate || end.body.end.cancelled === true || end.body.end.error !== undefined,
    () => `${first.named} was carried out, and run ${run} completed all the same (${end.named})`,
    at(end),
  );
}

/** Who lets a run go on lets all of it go on that had been put aside when this was asked for. */
function checkResumed(asked: Entry, unit: Unit, run: Run, view: View, verdict: Verdict): void {
  // Whoever ends names the requests that come too late.
  if (!unit.records.some(({ header }) => header.kind === 'RESUME')) return;
  const left = asleep(run, asked, unit.records.at(-1)!, view);
  verdict.expect(
    left === undefined,
    () => `${asked.named} was carried out, and ${left?.named} is still put aside`,
    at(unit.records[0]!),
  );
}

/** It had begun when it was asked for, had not ended when the answer was written, and was not being left. */
function isUnderWay({ ends, records, start }: Run, asked: Entry, answer: Entry): boolean {
  const own = records.filter(({ header }) => header.kind !== 'ANSWER');
  const begun = Math.min(start?.offset ?? Infinity, own[0]?.offset ?? Infinity);
  if (begun > asked.offset || (ends[0]?.offset ?? Infinity) < answer.offset) return false;
  return !own.some((entry) => entry.offset < answer.offset && isLeaving(entry));
}

function isLeaving({ body }: Entry): boolean {
  if (body.kind === 'CANCELLING') return true;
  if (body.kind !== 'STEP' && body.kind !== 'PARK') return false;
  const { cancelling, frames } = body.state;
  return cancelling !== undefined || frames.some(({ node }) => node.kind === 'undo');
}

/** A PARK that waits for somebody, from before the request until after what answered it. */
function asleep({ records }: Run, asked: Entry, answer: Entry, view: View): Entry | undefined {
  return records.find(({ body, offset, partition }) => {
    if (body.kind !== 'PARK' || (body.why !== 'suspend' && body.why !== 'dead')) return false;
    const by = view.reading.partitions[partition]?.parkings.get(offset)?.resumedBy;
    return offset < asked.offset && (by?.records[0]?.offset ?? Infinity) > answer.offset;
  });
}
