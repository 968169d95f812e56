/*
 * P6: retries never exceed the policy, whatever crashes; crashes add attempts within limits of their
 * own.
 *
 * Attempts with an outcome are numbered in the Log, so a counter that was lost shows as a number used
 * twice, and one that ran away as a number beyond the policy. Repetitions of one attempt come from
 * takeovers alone: a tenure starts an attempt once, and after K counted takeovers nobody does.
 */
import { TAKEOVERS_DEAD } from '../../wire/limits.ts';
import { type Effect, shortKey } from './effects.ts';
import type { Entry } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { attemptsAllowed } from './policy.ts';
import { putAside } from './put-aside.ts';

export const retriesWithinPolicy: Oracle = {
  name: 'p6-retries-within-policy',
  promise: 'P6',
  says: 'attempts with an outcome stay within the policy, attempts without one within the takeovers',
  check(view, verdict) {
    const aside = putAside(view.history);
    for (const effect of view.effects.values()) {
      if (aside.has(effect.scheduled[0]?.entry.header.run ?? '')) continue;
      checkPolicy(effect, view, verdict);
      checkCrashes(effect, view, verdict);
    }
  },
};

function checkPolicy(effect: Effect, { documentOf }: View, verdict: Verdict): void {
  const { key, recorded, scheduled } = effect;
  const first = scheduled[0];
  if (first === undefined) return;
  const { name, pointer } = first.activity;
  const document = documentOf(first.entry.header.definition);
  const allowed = document === undefined ? Infinity : attemptsAllowed(document, pointer);
  const attempts = new Set<number>();
  for (const { activity, entry } of scheduled) {
    verdict.expect(
      activity.attempt <= allowed,
      () =>
        `${entry.named} schedules attempt ${activity.attempt} of ${name} for run ${entry.header.run}; the policy allows ${allowed}`,
      at(entry),
    );
    verdict.expect(
      !attempts.has(activity.attempt),
      () =>
        `attempt ${activity.attempt} of ${name} for run ${entry.header.run} is scheduled again by ${entry.named}: the count was lost`,
      at(entry),
    );
    attempts.add(activity.attempt);
  }
  verdict.expect(
    recorded.length <= allowed,
    () =>
      `effect ${shortKey(key)} (${name}) has ${recorded.length} outcomes; the policy allows ${allowed}`,
    at(first.entry),
  );
}

function checkCrashes(
  { calls, scheduled }: Effect,
  { history, reading }: View,
  verdict: Verdict,
): void {
  if (calls.length < 2) return;
  // Requests that the plan doubled on their way are not the engine's.
  const doubled = history.fired.filter(({ point }) => point === 'activity').length;
  for (const { activity, entry, openable } of scheduled) {
    const { attempt, name } = activity;
    let seen = 0;
    for (const call of calls) if (call.attempt === attempt) seen += 1;
    if (seen < 2) continue;
    const until = openable?.resolvedBy?.records[0]?.offset ?? Infinity;
    const claims = (reading.partitions[entry.partition]?.claims ?? []).filter(
      ({ offset }) => offset > entry.offset && offset < until,
    );
    verdict.expect(
      seen <= 1 + claims.length + doubled,
      () =>
        `attempt ${attempt} of ${name} for run ${entry.header.run} was made ${seen} times in ${1 + claims.length} tenures`,
      at(entry),
    );
    const dead = claims.find((claim) => takeovers(claim, entry.identity) >= TAKEOVERS_DEAD);
    if (dead === undefined) continue;
    const late = calls.findLast((call) => call.attempt === attempt && call.at > dead.landed);
    verdict.expect(
      late === undefined || openable?.resolvedBy !== undefined,
      () =>
        `attempt ${attempt} of ${name} for run ${entry.header.run} is still made after ${TAKEOVERS_DEAD} takeovers (${dead.named})`,
      at(dead),
    );
  }
}

function takeovers(claim: Entry, identity: number): number {
  const { body } = claim;
  return body.kind === 'CLAIM' ? (body.takeovers.get(identity) ?? 0) : 0;
}
