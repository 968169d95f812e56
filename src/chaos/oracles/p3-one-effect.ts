/*
 * P3: an activity may be attempted more than once, always with the same key and the same request; the
 * first recorded result stands; no attempt begins before the record that schedules it is durable and
 * valid.
 *
 * What no engine can prevent is not held against it: a runner that was stopped between knowing its
 * record valid and making the call may make it late, after another owner has gone on. Within one
 * tenure there is no such excuse: what the tenure itself has resolved, it does not start any more. But
 * while it was stopped it has not heard that it had.
 */
import type { History, LedgerEntry } from '../history.ts';
import { type Effect, type Scheduled, shortKey } from './effects.ts';
import { sameJson } from '../same-json.ts';
import { putAside } from './put-aside.ts';
import type { Entry } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';
import { checkKeptKeys } from './p3-kept-keys.ts';

/** A request that nothing delays is at most so long on its way to the service, ms. */
const TRANSIT_MAX_MS = 1_000;

export const oneEffect: Oracle = {
  name: 'p3-one-effect',
  promise: 'P3',
  says: 'one key, one request, one application; no attempt before its record is valid; the first recorded result stands',
  check(view, verdict) {
    const { effects, history } = view;
    // A request that the plan delayed or doubled on its way may arrive when its attempt is long over.
    const detained = history.fired.some(({ point }) => point === 'activity');
    const aside = putAside(history);
    const transit = detained ? Infinity : (history.transitMax ?? TRANSIT_MAX_MS);
    for (const effect of effects.values()) {
      checkCalls(effect, transit, history, verdict);
      if (!aside.has(effect.calls[0]?.run ?? '')) checkRecorded(effect, verdict);
    }
    checkKeptKeys(view, verdict);
  },
};

function checkCalls(
  { key, scheduled, calls }: Effect,
  transit: number,
  history: History,
  verdict: Verdict,
): void {
  const first = calls[0];
  if (first === undefined) return;
  let applied = 0;
  for (const call of calls) {
    const where = { run: call.run };
    if (call.applied) applied += 1;
    verdict.expect(
      call === first || (sameJson(call.request, first.request) && call.name === first.name),
      () =>
        `effect ${shortKey(key)} of run ${call.run} was asked for twice with different requests: ${first.name} ${JSON.stringify(first.request)}, then ${call.name} ${JSON.stringify(call.request)}`,
      where,
    );
    checkSchedule(call, scheduled, transit, history, verdict);
  }
  verdict.expect(
    applied <= 1,
    () => `${first.name} was applied ${applied} times for effect ${shortKey(key)}`,
    { run: first.run },
  );
}

function checkSchedule(
  call: LedgerEntry,
  scheduled: readonly Scheduled[],
  transit: number,
  history: History,
  verdict: Verdict,
): void {
  const what = (): string =>
    `attempt ${call.attempt} of ${call.name} for run ${call.run} (at ${call.at}, by ${call.runner})`;
  const where = { run: call.run };
  // Of a run that was put aside and went on, the newest one asks for it.
  const step = scheduled.findLast(
    ({ activity, entry }) => activity.attempt === call.attempt && entry.landed <= call.at,
  );
  verdict.checked += 1;
  if (step === undefined) {
    const later = scheduled.find(({ activity }) => activity.attempt === call.attempt);
    const why =
      later === undefined
        ? 'no valid record schedules it'
        : `${later.entry.named} was appended only at ${later.entry.landed}`;
    verdict.violation(`${what()} began too soon: ${why}`, where);
    return;
  }
  const { activity, entry } = step;
  verdict.expect(
    sameJson(call.request, activity.arguments) && call.name === activity.name,
    () => `${what()} asked for something else than ${entry.named} schedules`,
    at(entry),
  );
  verdict.expect(
    entry.header.run === call.run && entry.header.strand === call.strand,
    () => `${what()} was made for strand "${call.strand}", but ${entry.named} is of another`,
    at(entry),
  );
  const resolver = settledBy(step);
  if (resolver === undefined) return;
  // Put aside and resumed, it was asked for more than once: whoever slept may mean the record before.
  const others = scheduled.filter(
    (other) => other !== step && other.activity.attempt === call.attempt,
  );
  if (others.some((other) => other.entry.landed <= call.at && settledBy(other) === undefined))
    return;
  verdict.expect(
    awakeMs(call.runner, resolver.landed, call.at, history) <= transit,
    () => `${what()} began after ${resolver.named} of the same tenure had settled it`,
    at(entry),
  );
}

/** How much of the time between a process was not stopped, ms. */
function awakeMs(process: string, from: number, to: number, { processes }: History): number {
  let awake = Math.max(0, to - from);
  let paused: number | undefined;
  for (const { at, event, process: whose } of processes) {
    if (whose !== process) continue;
    if (event === 'paused') paused ??= at;
    else if (paused !== undefined) {
      awake -= Math.max(0, Math.min(at, to) - Math.max(paused, from));
      paused = undefined;
    }
  }
  return awake;
}

/** Who settled it in its own tenure; under another one this may be the attempt of a zombie. */
function settledBy({ entry, openable }: Scheduled): Entry | undefined {
  const resolver = openable?.resolvedBy?.records[0];
  return resolver?.header.tenure === entry.header.tenure ? resolver : undefined;
}

function checkRecorded({ key, calls, recorded }: Effect, verdict: Verdict): void {
  let result: number | undefined;
  const attempts = new Set<number>();
  for (const { attempt, entry, error, result: value } of recorded) {
    const where = at(entry);
    verdict.expect(
      !attempts.has(attempt),
      () => `attempt ${attempt} of effect ${shortKey(key)} has a second outcome: ${entry.named}`,
      where,
    );
    attempts.add(attempt);
    verdict.expect(
      result === undefined,
      () =>
        `effect ${shortKey(key)} had its result at ${result}, and ${entry.named} records another outcome`,
      where,
    );
    if (error !== undefined) continue;
    result = entry.offset;
    verdict.expect(
      // A record's time is in whole milliseconds; a service that answers at once is within one.
      calls.some(
        ({ answer, at: asked }) =>
          Math.floor(asked) <= entry.landed && sameJson(answer, value ?? null),
      ),
      () =>
        `${entry.named} records ${JSON.stringify(value ?? null)} for effect ${shortKey(key)}, which the service never answered`,
      where,
    );
  }
}
