/*
 * P5: a fork joins once, with the ends of all its branches or a decided one; results stand in
 * declaration order; no end of a branch is dropped or invented.
 *
 * A fork that outlives its hop is a joining STEP. The unit that resolves it names the ends of its
 * branches; the last one may be merged into it (R6), ends of branches without records of their own
 * stand in the State of the joining STEP.
 */
import { isTask, type Task, type WorkflowDocument } from '../../dsl/document.ts';
import type { ForkState, StrandEnd } from '../../wire/state.ts';
import { causeOf } from './effects.ts';
import { sameJson } from '../same-json.ts';
import type { Entry, Openable, Partition, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { checkLosers, type Race } from './p5-losers.ts';
import { taskAt } from './policy.ts';
import { isCancelling } from './step-skim.ts';

export const forkJoinsOnce: Oracle = {
  name: 'p5-fork-joins-once',
  promise: 'P5',
  says: 'a fork joins once, when all branches have ended or one decides, with every end in its place; who has lost goes no further',
  check(view, verdict) {
    for (const partition of view.reading.partitions) checkPartition(partition, view, verdict);
  },
};

function checkPartition(partition: Partition, view: View, verdict: Verdict): void {
  const forks = new Set<string>();
  for (const openable of partition.openables.values()) {
    const { first, resolvedBy } = openable;
    const { joins, run, strand } = first.header;
    if (first.header.kind !== 'STEP' || joins === 0) continue;
    const name = `${run} ${branchPrefix(strand, joins)}`;
    // A strand that moved on while its fork stays open writes the joining STEP anew: not a second fork.
    verdict.expect(
      !forks.has(name) || resolvedInTurn(openable, partition),
      () =>
        `fork ${joins} of strand "${strand}" of run ${run} has a second joining STEP: ${first.named}`,
      at(first),
    );
    forks.add(name);
    if (resolvedBy !== undefined) checkJoin(openable, resolvedBy, partition, view, verdict);
  }
  if (forks.size > 0) checkLosers(partition, (joining) => raceOf(joining, view), verdict);
}

function raceOf(joining: Openable, { documentOf }: View): Race | undefined {
  const { body, header } = joining.first;
  const fork = forkOf(joining);
  const document = documentOf(header.definition);
  if (fork === undefined || document === undefined || body.kind !== 'STEP') return undefined;
  const task = taskAt(document, fork.pointer);
  const competes = task !== undefined && isTask(task, 'fork') && task.fork.compete === true;
  return { competes, stopped: isCancelling(body) || fork.state.settling === true };
}

/** A further joining STEP of one fork is right when the unit that wrote it resolved the one before. */
function resolvedInTurn({ first }: Openable, { openables, units }: Partition): boolean {
  const unit = units.find(({ records }) => records.includes(first));
  return (unit?.targets ?? []).some((target) => {
    const before = openables.get(target)?.first.header;
    return before?.joins === first.header.joins && before.strand === first.header.strand;
  });
}

function checkJoin(
  openable: Openable,
  unit: Unit,
  partition: Partition,
  { documentOf }: View,
  verdict: Verdict,
): void {
  const step = openable.first;
  const next = unit.records.find(
    ({ header }) => header.run === step.header.run && header.strand === step.header.strand,
  );
  const cause = next === undefined ? undefined : causeOf(next.body);
  const fork = forkOf(openable);
  // Cut short by a deadline or a cancel: there is no join to judge.
  if (next === undefined || cause?.kind !== 'joined' || fork === undefined) return;
  const { pointer, state } = fork;
  const what = `the fork of ${step.named} (run ${step.header.run})`;
  const { named, recorded } = branchesNamed(step, unit, partition);
  const ends = new Map<number, StrandEnd>();
  for (const [branch, end] of Object.entries(state.ends)) ends.set(Number(branch), end);
  for (const [branch, end] of recorded) ends.set(branch, end);
  for (const [key, end] of Object.entries(cause.ends)) {
    const branch = Number(key);
    const before = ends.get(branch);
    verdict.expect(
      before === undefined || sameEnd(before, end),
      () =>
        `${next.named} joins branch ${branch} with ${told(end)}; it had ended with ${told(before)}`,
      at(next),
    );
    // A branch that began and ended within this very hop has no record and needs none.
    verdict.expect(
      before !== undefined || named.has(branch) || branch >= state.started,
      () => `${next.named} joins branch ${branch} of ${step.named}, of which it resolves nothing`,
      at(next),
    );
    ends.set(branch, end);
  }
  for (const branch of ends.keys()) {
    verdict.expect(
      branch < state.total,
      () => `${what} has ${state.total} branches, and ${next.named} joins branch ${branch}`,
      at(next),
    );
  }
  const document = documentOf(step.header.definition);
  const task = document === undefined ? undefined : taskAt(document, pointer);
  const competes = task !== undefined && isTask(task, 'fork') && task.fork.compete === true;
  // Without the document nobody can tell a competing fork from one that was joined too early.
  const decided = ends.values().some((end) => settles(end, task === undefined || competes));
  // A parallel loop that is being cancelled begins no further iterations.
  const { body: before } = step;
  const isStopped = before.kind === 'STEP' && before.state.cancelling !== undefined;
  const awaited = isStopped ? state.started : state.total;
  verdict.expect(
    decided || ends.size >= awaited,
    () => `${what} was joined with ${ends.size} of ${awaited} branches (${next.named})`,
    at(next),
  );
  if (task === undefined || competes || decided || document === undefined) return;
  const { body } = next;
  if (body.kind !== 'END' || !isWholeOutput(pointer, task, document)) return;
  const results = Array.from(
    { length: state.total },
    (_, branch) => ends.get(branch)?.output ?? null,
  );
  verdict.expect(
    body.end.output === undefined || sameJson(body.end.output, results),
    () =>
      `${what} gave ${JSON.stringify(body.end.output)}, not its results in declaration order, ${JSON.stringify(results)}`,
    at(next),
  );
}

/** Branches of which the unit resolves a record, and the ends that were recorded for them. */
function branchesNamed(
  step: Entry,
  unit: Unit,
  { openables, parkings }: Partition,
): { readonly named: Set<number>; readonly recorded: Map<number, StrandEnd> } {
  const prefix = branchPrefix(step.header.strand, step.header.joins);
  const named = new Set<number>();
  const recorded = new Map<number, StrandEnd>();
  const note = ({ header, body }: Entry): void => {
    if (header.run !== step.header.run || !header.strand.startsWith(prefix)) return;
    const rest = header.strand.slice(prefix.length);
    // Deeper strands stand for nothing: their own fork joins them.
    if (!/^\d+$/.test(rest)) return;
    named.add(Number(rest));
    if (header.kind === 'END' && body.kind === 'END') recorded.set(Number(rest), body.end);
  };
  for (const target of unit.targets) {
    const entry = openables.get(target)?.first;
    if (entry !== undefined) note(entry);
  }
  // A branch that came back from the Store ends in the unit of its RESUME.
  for (const { body } of unit.records) {
    if (body.kind !== 'RESUME') continue;
    for (const row of body.rows) {
      const park = parkings.get(row)?.park;
      if (park !== undefined) note(park);
    }
  }
  return { named, recorded };
}

/** Whether the fork's output is, unchanged, the output of the whole workflow. */
function isWholeOutput(pointer: string, task: Task, document: WorkflowDocument): boolean {
  const [, first, index, , deeper] = pointer.split('/');
  return (
    first === 'do' &&
    deeper === undefined &&
    Number(index) === document.do.length - 1 &&
    !isTask(task, 'run') &&
    task.output === undefined &&
    document.output === undefined
  );
}

function told(end: StrandEnd | undefined): string {
  return JSON.stringify(end?.output ?? end?.error ?? null);
}

function sameEnd(a: StrandEnd, b: StrandEnd): boolean {
  return (
    sameJson(a.output ?? null, b.output ?? null) &&
    a.error?.type === b.error?.type &&
    a.error?.status === b.error?.status
  );
}

/** An end after which the other branches do not matter. */
function settles({ error, endsWorkflow }: StrandEnd, competes: boolean): boolean {
  return error !== undefined || endsWorkflow === true || competes;
}

/** Names of a fork's branches begin so: `<strand>/<activation>.` */
function branchPrefix(strand: string, activation: number): string {
  return `${strand === '' ? '' : `${strand}/`}${activation}.`;
}

/** The fork as the newest copy has it: a CARRY takes the ends so far into the State. */
function forkOf({
  copies,
  first,
}: Openable): { readonly state: ForkState; readonly pointer: string } | undefined {
  const newest = copies.at(-1)?.body;
  const body = newest?.kind === 'CARRY' ? newest.body : newest;
  if (body?.kind !== 'STEP') return undefined;
  for (const { node, pointer } of body.state.frames.toReversed()) {
    if (node.kind === 'fork' && node.activation === first.header.joins) {
      return { state: node, pointer };
    }
  }
  return undefined;
}
