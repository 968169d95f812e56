/*
 * What the user promises of their own workflow: the scenario's invariants, and that every run ended on
 * a path that the scenario knows.
 */
import { finalWorld } from '../scenario/final-world.ts';
import { pathOf } from '../scenario/outcomes.ts';
import type { FinalRun, Scenario } from '../scenario/format.ts';
import { listens } from '../scenario/listens.ts';
import { isGivenUp } from './given-up.ts';
import type { Oracle } from './oracle.ts';

export const scenarioInvariants: Oracle = {
  name: 'scenario-invariants',
  promise: 'scenario',
  says: 'the invariants of the scenario hold, and every run ended on a path that it names',
  check({ finalRuns, history, reading, scenario, whole: undivided }, verdict) {
    // What a world that was cut off looks like says nothing about the workflow; P9 has reported it.
    if (scenario === undefined || !history.quiescent) return;
    const { invariants, outcomes } = scenario;
    if (invariants.length === 0 && outcomes.length === 0) return;
    const all = finalRuns();
    const runs = all.filter(({ id, status }) => {
      const run = status === 'parked' ? reading.runs.get(id) : undefined;
      return run === undefined || !isGivenUp(run, reading);
    });
    for (const run of runs) {
      if (outcomes.length > 0) {
        verdict.expect(
          pathOf(run, scenario) !== undefined,
          () =>
            `run ${run.id} ended on no path of the scenario: ${run.status} ${JSON.stringify(run.error ?? run.output)}`,
          { run: run.id },
        );
      }
      for (const invariant of invariants) {
        if (invariant.of !== 'run') continue;
        verdict.checked += 1;
        for (const said of invariant.check(run)) {
          verdict.violation(`${invariant.name}: ${said}`, { run: run.id });
        }
      }
    }
    // A world in which a run was given up (R20) is not the one that its author speaks of.
    if (runs.length < all.length || invariants.every(({ of }) => of === 'run')) return;
    if (history !== undivided && !isWorldOfItsOwn(runs, scenario)) return;
    const world = finalWorld(runs, history);
    for (const invariant of invariants) {
      if (invariant.of !== 'world') continue;
      verdict.checked += 1;
      for (const said of invariant.check(world)) verdict.violation(`${invariant.name}: ${said}`);
    }
  },
};

/**
 * Whether what is left of a world that has lost a partition is one in which less was started. Not where runs
 * listen: they may have heard twice what one said that had to begin again; nor where schedules begin some.
 */
function isWorldOfItsOwn(runs: readonly FinalRun[], scenario: Scenario): boolean {
  const { document, faults, scheduledFor, successor, workflows } = scenario;
  const all = [{ document }, ...workflows, ...(successor === undefined ? [] : [successor])];
  const knowsOthers = scheduledFor !== undefined || all.some(listens);
  return !knowsOthers && runs.length >= Math.max(1, faults.instances.from);
}
