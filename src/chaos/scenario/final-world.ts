/*
 * The world at rest, as predicates and invariants see it: every run with how it ended, what its
 * services were asked for, and which of its effects still stand.
 *
 * Owns: what "undone" means. An effect is undone when the function that takes it back was applied for
 * the same subject and was scheduled after it in the Log. The order of the Log decides, not the order
 * in which requests arrived: a service that takes something back bars what was asked for earlier and
 * comes later (a runner that slept between scheduling and calling makes such calls; no engine can
 * call them back).
 */
import type { History, LedgerEntry } from '../history.ts';
import { causeOf, type Effect, type Effects } from '../oracles/effects.ts';
import { type Reading, type Run, wasNeverBegun } from '../oracles/log-reading.ts';
import type { Json } from '../../wire/json.ts';
import type { Cause } from '../../wire/state.ts';
import { anyJson } from '../../wire/canonical-json.ts';
import {
  documentOf,
  type FinalCall,
  type FinalEffect,
  type FinalRun,
  type FinalWorld,
  type Scenario,
} from './format.ts';

/** The whole world: the runs, and what the services saw. */
export function finalWorld(runs: readonly FinalRun[], history: History): FinalWorld {
  return { runs, ledger: history.ledger.map(finalCall) };
}

/** Runs that were started, by clients and by other runs, in the order of their partitions and records. */
export function finalRuns(
  history: History,
  reading: Reading,
  effects: Effects,
  scenario: Scenario,
): FinalRun[] {
  const calls = Map.groupBy(history.ledger, ({ run }) => run);
  const byRun = new Map<string, Effect[]>();
  for (const effect of effects.values()) {
    const run = effect.calls[0]?.run;
    if (run === undefined) continue;
    const list = byRun.get(run);
    if (list === undefined) byRun.set(run, [effect]);
    else list.push(effect);
  }
  const runs: FinalRun[] = [];
  for (const run of reading.runs.values()) {
    // A client has begun it, a schedule or another run.
    if (wasNeverBegun(run)) continue;
    runs.push(finalRun(run, calls.get(run.run) ?? [], byRun.get(run.run) ?? [], reading, scenario));
  }
  return runs;
}

function finalRun(
  run: Run,
  calls: readonly LedgerEntry[],
  effects: readonly Effect[],
  reading: Reading,
  scenario: Scenario,
): FinalRun {
  const start = run.start?.body;
  const begun = begunBy(run);
  const hash = run.records[0]?.header.definition;
  const document = documentOf(scenario, hash);
  const called: Record<string, number> = {};
  let failures = 0;
  for (const { heard, name } of calls) {
    called[name] = (called[name] ?? 0) + 1;
    if (heard === 'error') failures += 1;
  }
  const applied = finalEffects(run.run, effects, scenario);
  return {
    id: run.run,
    workflow: document.document.name,
    by: begun?.by?.run ?? null,
    input: (start?.kind === 'START' ? (start.input ?? null) : begun?.input) ?? {},
    ...ending(run, reading),
    calls: calls.length,
    failures,
    called,
    effects: applied,
    standing: applied
      .filter(({ name, undone }) => !undone && undoersOf(name, scenario).length > 0)
      .map(({ name }) => name),
    deferred: deferredOf(run),
    refused: run.records.filter(({ header }) => header.kind === 'ANSWER').length,
  };
}

/** What has begun the run, if it was not a client: a task of another run, or a schedule. */
function begunBy({ records, start }: Run): Extract<Cause, { kind: 'start' }> | undefined {
  const [first] = records;
  if (start !== undefined || first === undefined) return undefined;
  const cause = causeOf(first.body);
  return cause?.kind === 'start' ? cause : undefined;
}

function ending(run: Run, reading: Reading): Pick<FinalRun, 'status' | 'output' | 'error'> {
  const body = run.ends[0]?.body;
  if (body?.kind === 'END') {
    const { cancelled, error, output } = body.end;
    if (cancelled === true) return { status: 'cancelled', output: null, error: null };
    if (error !== undefined) return { status: 'faulted', output: null, error };
    return { status: 'completed', output: output ?? null, error: null };
  }
  const { parkings } = reading.partitions[(run.start ?? run.records[0])?.partition ?? 0] ?? {};
  const parked = run.records.some((entry) => {
    const parking = parkings?.get(entry.offset);
    return parking !== undefined && parking.resumedBy === undefined;
  });
  return { status: parked ? 'parked' : 'running', output: null, error: null };
}

function deferredOf({ ends }: Run): readonly string[] {
  const body = ends[0]?.body;
  const entries = body?.kind === 'END' ? (body.end.compensations ?? []) : [];
  return entries.filter(({ outcome }) => outcome === 'deferred').map(({ pointer }) => pointer);
}

interface Applied {
  readonly name: string;
  readonly key: string;
  readonly subject: Json;
  readonly subjectKey: string;
  /** offset at which the Log scheduled it */
  readonly order: number;
}

function finalEffects(run: string, effects: readonly Effect[], scenario: Scenario): FinalEffect[] {
  const applied: Applied[] = [];
  for (const { calls, key, scheduled } of effects) {
    const call = calls.find((each) => each.applied);
    if (call === undefined) continue;
    const { name, request } = call;
    const subject = scenario.services.get(name)?.subject?.evaluate({ request, run }) ?? run;
    const subjectKey = typeof subject === 'string' ? subject : anyJson(subject);
    applied.push({ name, key, subject, subjectKey, order: scheduled[0]?.entry.offset ?? -1 });
  }
  applied.sort((a, b) => a.order - b.order);
  return applied.map(({ name, key, subject, subjectKey, order }) => {
    const undoers = undoersOf(name, scenario);
    const undone = applied.some(
      (other) =>
        other.order > order && other.subjectKey === subjectKey && undoers.includes(other.name),
    );
    return { name, key, subject, undone };
  });
}

const undoers = new WeakMap<Scenario, ReadonlyMap<string, readonly string[]>>();

/** The functions that take back what `name` does. */
function undoersOf(name: string, scenario: Scenario): readonly string[] {
  let byName = undoers.get(scenario);
  if (byName === undefined) {
    const services = [...scenario.services.values()].filter(({ undoes }) => undoes !== undefined);
    byName = new Map(
      [...Map.groupBy(services, ({ undoes }) => undoes as string)].map(([undone, by]) => [
        undone,
        by.map((service) => service.name),
      ]),
    );
    undoers.set(scenario, byName);
  }
  return byName.get(name) ?? [];
}

function finalCall(entry: LedgerEntry): FinalCall {
  const { answer, applied, at, attempt, heard, key, name, request, role, run } = entry;
  return { at, key, role, name, request, run, attempt, applied, heard, answer: answer ?? null };
}
