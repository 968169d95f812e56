/*
 * What a step begins: branches, iterations of a parallel loop, awaited children, and runs of their own.
 * Each is run to its first stop at once, so that one hop holds the first records of all of them.
 */
import { setOwn } from '../dsl/plan/expression.ts';
import type { NodeList, Plan } from '../dsl/plan/index.ts';
import { derivedRunId, type Json, type State } from '../wire/index.ts';
import type { Machine } from './machine.ts';
import type { RunStart, StrandStart } from './outcome.ts';

/** A run as it stands before its first step. */
export function newRun(now: number, input: Json): State {
  return {
    status: 'running',
    position: '',
    entering: false,
    frames: [],
    input,
    startedAt: now,
    activation: 0,
    pureHops: 0,
  };
}

/** What a strand takes along from around the task that begins it. */
export interface Along {
  readonly variables: { readonly [name: string]: Json } | undefined;
  /** it undoes what it did when it is not needed any more */
  readonly undoes: boolean;
}

/** Begins strand `index` of the task that `activation` names, which does `body`. */
export function beginStrand(
  machine: Machine,
  activation: number,
  index: number,
  body: NodeList,
  input: Json,
  { undoes, variables }: Along,
): StrandStart {
  const { child, context, id, plan, startedAt, workflowInput } = machine;
  const strand = pathOf(id.strand, activation, index);
  const state: State = {
    status: 'running',
    position: body.pointer,
    entering: false,
    frames: [],
    ...(context === undefined ? {} : { context }),
    ...(workflowInput === undefined ? {} : { input: workflowInput }),
    startedAt,
    activation: 0,
    pureHops: 0,
    ...(variables === undefined ? {} : { variables }),
    ...(child === undefined ? {} : { child }),
    ...(undoes ? { undoes: true } : {}),
  };
  const begun = machine.nested(plan, { run: id.run, strand }, state);
  return { strand, branch: index, plan, outcome: begun.run(begun.into(body, input)) };
}

/** The loop and catch variables of `names`, as they stand. */
export function inherited(
  names: readonly string[],
  value: (name: string) => Json,
): { readonly [name: string]: Json } | undefined {
  if (names.length === 0) return undefined;
  const variables: Record<string, Json> = {};
  for (const name of names) setOwn(variables, name, value(name));
  return variables;
}

/** Begins a workflow that the strand waits for. */
export function beginChild(
  machine: Machine,
  activation: number,
  plan: Plan,
  input: Json,
): StrandStart {
  const { child, id, now } = machine;
  const strand = pathOf(id.strand, activation, 0);
  const depth = (child?.depth ?? 0) + 1;
  const state = { ...newRun(now, input), child: { strand, depth } };
  const outcome = startOf(machine, plan, { run: id.run, strand }, state);
  return { strand, branch: 0, plan, outcome };
}

/** Begins a workflow that nobody waits for, as a run of its own with the same home (PROTOCOL.md R1). */
export function beginRun(machine: Machine, activation: number, plan: Plan, input: Json): RunStart {
  const { id, now, options } = machine;
  const by = { run: id.run, strand: id.strand, activation };
  const run = derivedRunId(id.run, id.strand, activation, now, options.home ?? 0);
  const outcome = startOf(machine, plan, { run, strand: '' }, newRun(now, input));
  return { run, by, input, plan, outcome };
}

function startOf(
  machine: Machine,
  plan: Plan,
  id: { readonly run: string; readonly strand: string },
  state: State,
): StrandStart['outcome'] {
  const { input = null, ...rest } = state;
  return machine.nested(plan, id, plan.keepsInput ? state : rest).start(input);
}

/** Strand `index` of what `activation` names in the strand `parent`. */
function pathOf(parent: string, activation: number, index: number): string {
  return `${parent === '' ? '' : `${parent}/`}${activation}.${index}`;
}
