/*
 * The door of the oracles: all of them in the order of their promises, and one call that asks all.
 */
import type { History, Violation } from '../history.ts';
import { finalRuns } from '../scenario/final-world.ts';
import { documentOf, type FinalRun, type Scenario } from '../scenario/format.ts';
import { declaredLoss, soundPart } from './declared-loss.ts';
import { differential } from './differential.ts';
import { readEffects } from './effects.ts';
import { type Reading, readLogs } from './log-reading.ts';
import { type Oracle, Verdict, type View } from './oracle.ts';
import { limitsKept } from './limits-kept.ts';
import { eventNeverLost } from './p1-event-never-lost.ts';
import { begunOnce } from './p1-begun-once.ts';
import { startNeverLost } from './p1-start-never-lost.ts';
import { everyTransitionOnce } from './p2-every-transition-once.ts';
import { oneEffect } from './p3-one-effect.ts';
import { notIdle } from './p4-idle.ts';
import { schedules } from './p4-schedules.ts';
import { timers } from './p4-timers.ts';
import { forkJoinsOnce } from './p5-fork-joins-once.ts';
import { jitterDrawn } from './p6-jitter-drawn.ts';
import { retriesWithinPolicy } from './p6-retries-within-policy.ts';
import { compensations } from './p7-compensations.ts';
import { definitionPinned } from './p8-definition-pinned.ts';
import { everythingEnds } from './p9-everything-ends.ts';
import { deadLetters } from './p10-dead-letters.ts';
import { noComplaint } from './p10-no-complaint.ts';
import { writeBudget } from './p11-write-budget.ts';
import { numbersWithoutGap, oneNumberOneRecord } from './r4-validity.ts';
import { unitsWhole } from './r6-units-whole.ts';
import { marksAreTrue } from './r10-marks.ts';
import { storeIsFold } from './r13-store-is-fold.ts';
import { begunByEvents } from './r16-begun-by-events.ts';
import { heardOnce } from './r16-heard-once.ts';
import { leftToNewer } from './r21-left-to-newer.ts';
import { homes } from './r1-homes.ts';
import { closedIsClosed, inboxOnly, tenures } from './r3-tenures.ts';
import { actsOnValid } from './r7-acts-on-valid.ts';
import { carries } from './r11-carries.ts';
import { logWhole, oneResolver, storeNotBehind } from './r14-taking-over.ts';
import { starts } from './r17-starts.ts';
import { cancels } from './r18-cancels.ts';
import { requestsDone } from './r18-requests-done.ts';
import { outputs } from './r19-outputs.ts';
import { takeovers } from './r20-takeovers.ts';
import { results } from './r22-results.ts';
import { scenarioInvariants } from './scenario-invariants.ts';

export const ORACLES: readonly Oracle[] = [
  startNeverLost,
  eventNeverLost,
  begunOnce,
  everyTransitionOnce,
  oneEffect,
  timers,
  notIdle,
  schedules,
  forkJoinsOnce,
  retriesWithinPolicy,
  jitterDrawn,
  compensations,
  definitionPinned,
  everythingEnds,
  noComplaint,
  deadLetters,
  writeBudget,
  homes,
  inboxOnly,
  tenures,
  numbersWithoutGap,
  oneNumberOneRecord,
  unitsWhole,
  actsOnValid,
  closedIsClosed,
  marksAreTrue,
  carries,
  logWhole,
  storeIsFold,
  storeNotBehind,
  oneResolver,
  heardOnce,
  begunByEvents,
  starts,
  cancels,
  requestsDone,
  outputs,
  takeovers,
  results,
  leftToNewer,
  declaredLoss,
  differential,
  limitsKept,
  scenarioInvariants,
];

export interface Checked {
  readonly violations: Violation[];
  /** how many things each oracle evaluated, by its name */
  readonly checked: Record<string, number>;
}

/** Asks every oracle about one run of the world. */
export function checkAll(
  history: History,
  scenario?: Scenario,
  oracles: readonly Oracle[] = ORACLES,
): Checked {
  return checkView(viewOf(history, scenario), oracles);
}

/** The same, for a caller that has a use for the view as well. */
export function checkView(view: View, oracles: readonly Oracle[] = ORACLES): Checked {
  const violations: Violation[] = [];
  const checked: Record<string, number> = {};
  for (const oracle of oracles) {
    const verdict = new Verdict(oracle.promise, oracle.name);
    oracle.check(view, verdict);
    violations.push(...verdict.violations);
    checked[oracle.name] = verdict.checked;
  }
  return { violations, checked };
}

/** What the oracles look at. */
export function viewOf(whole: History, scenario?: Scenario): View {
  const history = soundPart(whole);
  const reading = withoutStrangers(readLogs(history.logs), history);
  const effects = readEffects(reading, history.ledger);
  let runs: readonly FinalRun[] | undefined;
  return {
    history,
    whole,
    reading,
    effects,
    scenario,
    documentOf: (definition) =>
      scenario === undefined ? undefined : documentOf(scenario, definition),
    finalRuns() {
      runs ??= scenario === undefined ? [] : finalRuns(history, reading, effects, scenario);
      return runs;
    },
  };
}

/**
 * What strangers have appended and no reader believes is no record of anybody's, and their runs are nobody's
 * promise; that their requests are answered is.
 */
function withoutStrangers(reading: Reading, { strangers }: History): Reading {
  if (strangers === undefined) return reading;
  const theirs = new Set(strangers.map(({ run }) => run));
  const places = new Set(strangers.map(({ offset, partition }) => `${partition}/${offset}`));
  const partitions = reading.partitions.map((partition) => ({
    ...partition,
    entries: partition.entries.filter(
      (entry) => entry.valid || !places.has(`${entry.partition}/${entry.offset}`),
    ),
  }));
  const runs = new Map([...reading.runs].filter(([run]) => !theirs.has(run)));
  return { ...reading, partitions, runs };
}

export { type Entry, type Reading, readLogs, type Run } from './log-reading.ts';
export { type Oracle, Verdict, type View } from './oracle.ts';
