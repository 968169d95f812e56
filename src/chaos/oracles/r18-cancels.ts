/*
 * R18: every request to a run has an outcome, one; and what may be running is not undone before it has
 * answered in this tenure or cannot answer any more. Nor is it begun again once it is being cancelled.
 */
import type { LedgerEntry } from '../history.ts';
import { causeOf } from './effects.ts';
import type { Entry, Openable, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { checkMayBeRunning } from './r18-may-be-running.ts';

/** A request that nothing delays is at most so long on its way to the service, ms. */
const TRANSIT_MAX_MS = 1_000;

export const cancels: Oracle = {
  name: 'r18-cancels',
  promise: 'R18',
  says: 'a request has one outcome; what is being cancelled is waited for, and not begun again',
  check(view, verdict) {
    let cancels = false;
    for (const { openables } of view.reading.partitions) {
      for (const openable of openables.values()) {
        const { kind } = openable.first.header;
        if (kind === 'CONTROL') checkControl(openable, view, verdict);
        else if (kind === 'CANCELLING') checkCancelling(openable, view, verdict);
        cancels ||= kind === 'CONTROL' || kind === 'CANCELLING';
      }
    }
    if (cancels) checkMayBeRunning(view, verdict);
  },
};

function checkControl({ first, resolvedBy }: Openable, { history }: View, verdict: Verdict): void {
  if (resolvedBy === undefined) {
    verdict.expect(
      !history.quiescent,
      () =>
        `${first.named} has asked something of run ${first.header.run}, and nobody has answered`,
      at(first),
    );
    return;
  }
  const { run } = first.header;
  verdict.expect(
    resolvedBy.records.some(({ header }) => header.run === run || header.kind === 'ANSWER'),
    () => `${first.named} is resolved by a unit that says nothing of run ${run}`,
    at(first),
  );
}

function checkCancelling({ first, resolvedBy }: Openable, view: View, verdict: Verdict): void {
  const { body, header } = first;
  if (body.kind !== 'CANCELLING') return;
  const { key, until } = body;
  const next = resolvedBy === undefined ? undefined : nextOf(resolvedBy, first);
  const cause = next === undefined ? undefined : causeOf(next.body);
  if (next !== undefined && cause !== undefined) {
    const answered = cause.kind === 'activity' && cause.key === key;
    verdict.expect(
      answered || until === 0 || next.time >= until - view.history.skewMax,
      () =>
        `${next.named} goes on at ${next.time} without an answer of ${key.slice(0, 12)}, which ${first.named} waits for until ${until}`,
      at(next),
    );
  }
  const detained = view.history.fired.some(
    ({ kind, point }) => point === 'activity' && !kind.startsWith('crash'),
  );
  if (
    detained ||
    view.history.fired.some(({ kind }) => kind.startsWith('pause') || kind === 'swizzle')
  )
    return;
  const calls = view.effects.get(key)?.calls ?? [];
  verdict.checked += calls.length;
  for (const call of calls) {
    // Not by the time that the broker wrote down, whose clock may step.
    if (call.at <= first.landed + (view.history.transitMax ?? TRANSIT_MAX_MS)) continue;
    verdict.violation(lateCall(call, first), { run: header.run });
  }
}

/** What became of the strand; undefined when it was left behind with the run that ended. */
function nextOf({ records }: Unit, { header }: Entry): Entry | undefined {
  return records.find(
    ({ header: { kind, run, strand } }) =>
      run === header.run && strand === header.strand && kind !== 'RESUME' && kind !== 'ANSWER',
  );
}

function lateCall({ at: asked, name, runner }: LedgerEntry, first: Entry): string {
  return `${name} was called at ${asked} by ${runner}, after ${first.named} (${first.landed}) had begun to cancel it`;
}
