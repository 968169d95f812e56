/*
 * Drives `step` alone: one run, its strands, its activities and its time, without runtime or ports.
 * Slow and simple on purpose; what it does with an Outcome is the least that a caller must do.
 */
import {
  begin,
  beginBranch,
  cancelCause,
  isJoined,
  type Outcome,
  type RunStart,
  settlement,
  step,
  type StepOptions,
} from '../../src/core/index.ts';
import { compilePlan, load, type Plan, wants } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import {
  type Activity,
  type CloudEvent,
  decodeState,
  encodeState,
  type Json,
  type State,
  type StrandEnd,
  type WorkflowError,
} from '../../src/wire/index.ts';

export type Answer = { result: Json; after?: number } | { error: WorkflowError; after?: number };
export type Functions = Record<string, (activity: Activity, nth: number, at: number) => Answer>;

export interface Driven {
  end: StrandEnd;
  /** every activity that was started, in order */
  calls: { run: string; name: string; key: string; attempt: number; arguments: Json; at: number }[];
  /** when the run ended, ms */
  at: number;
  hops: number;
  transitions: string[];
  /** every event that was emitted, in order, and when (ms) */
  emitted: CloudEvent[];
  emittedAt: number[];
  /** runs that it has begun and nobody waits for */
  runs: (Pick<RunStart, 'by' | 'input' | 'run'> & {
    name: string;
    at: number;
    end: StrandEnd | undefined;
  })[];
}

export interface World {
  /** workflows that tasks may run, by name */
  definitions?: Record<string, Plan>;
  from?: number;
  /** events from outside */
  sent?: readonly Sent[];
}

export function planOf(yaml: string): Plan {
  const { definition, problems } = load(
    /^document:/m.test(yaml)
      ? yaml
      : `document: {dsl: '1.0.3', namespace: test, name: test, version: '1.0.0'}\n${yaml}`,
    'test.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems, null, 1));
  const compiled = compilePlan(definition, compileSchema);
  if (compiled.plan === undefined) throw new Error(JSON.stringify(compiled.problems, null, 1));
  return compiled.plan;
}

interface Strand {
  id: { run: string; strand: string };
  plan: Plan;
  state: State;
  outcome: Outcome;
  parent: Strand | undefined;
  branch: number;
  ends: Record<number, StrandEnd>;
  order: number[];
  started: number;
}

interface Event {
  at: number;
  order: number;
  act: () => void;
}

/** An event from outside, at `at` ms; what is not given is filled in. */
export type Sent = { at?: number; type: string } & Partial<CloudEvent>;

/** Whether two strands of a run went on side by side: branches of one fork, or below such. */
function besides(a: string, b: string): boolean {
  const [ours, theirs] = [a.split('/'), b.split('/')];
  const at = ours.findIndex((part, i) => part !== theirs[i]);
  const fork = (part: string | undefined): string | undefined => part?.split('.')[0];
  return at >= 0 && theirs[at] !== undefined && fork(ours[at]) === fork(theirs[at]);
}

/** Runs the document to its end; functions answer at once unless they say `after` (ms). */
export function drive(
  workflow: string | Plan,
  input: Json = {},
  functions: Functions = {},
  { definitions = {}, from = 0, sent = [] }: World = {},
): Driven {
  const plan = typeof workflow === 'string' ? planOf(workflow) : workflow;
  const driven: Driven = {
    end: {},
    calls: [],
    at: from,
    hops: 0,
    transitions: [],
    emitted: [],
    emittedAt: [],
    runs: [],
  };
  const options: StepOptions = {
    observe: true,
    home: 0,
    definitions: ({ name }) => {
      const found = definitions[name];
      return found === undefined ? { missing: `there is no ${name}` } : { plan: found };
    },
  };
  const events: Event[] = [];
  const counts: Record<string, number> = {};
  let order = 0;
  let now = from;
  let over = false;
  const at = (time: number, act: () => void): void => {
    events.push({ at: time, order: order++, act });
  };
  const living = new Set<Strand>();
  const heardBy = new Map<CloudEvent, Strand['id'][]>();

  /** What came so far, for a strand that listens. */
  const listen = (strand: Strand, outcome: Outcome): void => {
    const { next, deadline = Infinity } = outcome;
    if (over || !living.has(strand) || strand.outcome !== outcome || next.kind !== 'listen') return;
    const own = strand.id;
    const free = (other: Strand['id']): boolean =>
      other.run !== own.run || (other.strand !== own.strand && besides(other.strand, own.strand));
    const given = [...heardBy.keys()].filter(
      (event) => wants(next.subscription, event, now) && (heardBy.get(event) ?? []).every(free),
    );
    if (given.length === 0 || now >= deadline) return;
    const cause = { kind: 'events', events: given } as const;
    const heard = step(strand.plan, strand.id, strand.state, cause, now, options);
    if (heard.taken?.length === 0) return;
    for (const index of heard.taken ?? []) heardBy.get(given[index]!)!.push(own);
    follow(strand, heard);
  };
  const publish = (event: CloudEvent): void => {
    heardBy.set(event, []);
    for (const strand of living) {
      const { outcome } = strand;
      if (outcome.next.kind === 'listen') at(now, () => listen(strand, outcome));
    }
  };

  const follow = (strand: Strand, outcome: Outcome): void => {
    driven.hops++;
    for (const { kind, pointer } of outcome.transitions)
      driven.transitions.push(`${kind} ${pointer}`);
    if (strand.id.run === 'run-1') {
      driven.emitted.push(...outcome.events);
      driven.emittedAt.push(...outcome.events.map(() => now));
    }
    for (const run of outcome.runs) begins(run);
    for (const event of outcome.events) publish(event);
    // what travels is bytes, always
    const state = decodeState(encodeState(outcome.state));
    strand.state = state;
    strand.outcome = outcome;
    living.add(strand);
    const { next } = outcome;
    const current = (): boolean => living.has(strand) && strand.outcome === outcome;
    if (next.kind !== 'end' && outcome.deadline !== undefined) {
      at(outcome.deadline, () => {
        if (!current()) return;
        const timer = { kind: 'timer' } as const;
        const struck = step(strand.plan, strand.id, state, timer, now, options);
        if (!joinsOn(struck)) dropBelow(strand);
        follow(strand, struck);
      });
    }
    if (next.kind === 'activity')
      at(next.notBefore ?? now, () => current() && call(strand, outcome, next.activity));
    else if (next.kind === 'hold') {
      at(next.until, () => {
        if (current())
          follow(strand, step(strand.plan, strand.id, state, { kind: 'timer' }, now, options));
      });
    } else if (next.kind === 'continue') {
      at(now, () => {
        if (current())
          follow(strand, step(strand.plan, strand.id, state, { kind: 'continue' }, now, options));
      });
    } else if (joinsOn(outcome)) {
      for (const other of [...living].filter(({ parent }) => parent === strand)) {
        if (!living.has(other)) continue;
        const cancel = cancelCause('run');
        follow(other, step(other.plan, other.id, other.state, cancel, now, options));
      }
    } else if (next.kind === 'fork') {
      strand.ends = {};
      strand.order = [];
      const { node } = state.frames.at(-1)!;
      strand.started = node.kind === 'fork' ? node.started : 0;
      for (const begun of next.strands) branch(strand, begun);
    } else if (next.kind === 'listen') at(now, () => listen(strand, outcome));
    else ended(strand, next.end);
  };
  const begins = ({ by, input: given, outcome, plan: own, run }: RunStart): void => {
    const { name } = own.definition;
    driven.runs.push({ by, input: given, run, name, at: now, end: undefined });
    const strand = { id: { run, strand: '' }, plan: own, state: outcome.state, outcome };
    const nobody = { parent: undefined, branch: 0, ends: {}, order: [], started: 0 };
    follow({ ...strand, ...nobody }, outcome);
  };
  const branch = (
    parent: Strand,
    begun: { strand: string; branch: number; plan: Plan; outcome: Outcome },
  ): void => {
    follow(
      {
        id: { run: parent.id.run, strand: begun.strand },
        plan: begun.plan,
        state: begun.outcome.state,
        outcome: begun.outcome,
        parent,
        branch: begun.branch,
        ends: {},
        order: [],
        started: 0,
      },
      begun.outcome,
    );
  };
  const call = (strand: Strand, outcome: Outcome, activity: Activity): void => {
    const { name, key, attempt } = activity;
    driven.calls.push({
      run: strand.id.run,
      name,
      key,
      attempt,
      arguments: activity.arguments,
      at: now,
    });
    const nth = (counts[name] = (counts[name] ?? 0) + 1);
    const answer = functions[name]?.(activity, nth, now) ?? { result: activity.arguments };
    const { after = 0, ...told } = answer;
    at(now + after, () => {
      if (!living.has(strand) || strand.outcome !== outcome) return;
      const cause = { kind: 'activity', key, attempt, ...told } as const;
      follow(strand, step(strand.plan, strand.id, strand.state, cause, now, options));
    });
  };
  const dropBelow = (strand: Strand): void => {
    for (const other of living) {
      for (let up = other.parent; up !== undefined; up = up.parent)
        if (up === strand) living.delete(other);
    }
  };
  const ended = (strand: Strand, end: StrandEnd): void => {
    living.delete(strand);
    const { parent } = strand;
    const own = driven.runs.find(({ run }) => run === strand.id.run);
    if (own !== undefined && parent === undefined) {
      own.end = end;
      return;
    }
    if (parent === undefined) {
      over = true;
      dropBelow(strand);
      driven.end = end;
      driven.at = now;
      return;
    }
    if (!living.has(parent)) return;
    const isDecided = (): boolean =>
      settlement(parent.plan, parent.state, Object.values(parent.ends)) !== undefined;
    const before = isDecided();
    parent.ends[strand.branch] = end;
    parent.order.push(strand.branch);
    // Nothing more is begun for a task that is decided; what goes on may do so here (R18 cancels it).
    const decided = isDecided();
    const goesOn = [...living].some((other) => other.parent === parent);
    const count = Object.keys(parent.ends).length;
    const joined = !before && isJoined(parent.plan, parent.state, end, count);
    if (joined || (decided && !goesOn)) {
      dropBelow(parent);
      const cause = { kind: 'joined', ends: parent.ends, order: parent.order } as const;
      follow(parent, step(parent.plan, parent.id, parent.state, cause, now, options));
      return;
    }
    const { node } = parent.state.frames.at(-1)!;
    if (node.kind === 'fork' && parent.started < node.total && !decided) {
      branch(
        parent,
        beginBranch(parent.plan, parent.id, parent.state, parent.started++, now, options),
      );
    }
  };

  const root: Strand = {
    id: { run: 'run-1', strand: '' },
    plan,
    state: begin(now, input),
    outcome: undefined as never,
    parent: undefined,
    branch: 0,
    ends: {},
    order: [],
    started: 0,
  };
  for (const [nth, { at: time = from, ...given }] of sent.entries()) {
    const event = { specversion: '1.0', id: `sent-${nth}`, source: 'urn:outside', ...given };
    at(time, () => publish(event));
  }
  follow(root, step(plan, root.id, root.state, { kind: 'start' }, now, options));
  const going = (): boolean => !over || driven.runs.some(({ end }) => end === undefined);
  for (let turns = 0; going() && events.length > 0; turns++) {
    if (turns > 1_000_000) throw new Error('the run does not end');
    events.sort((a, b) => a.at - b.at || a.order - b.order);
    const event = events.shift()!;
    now = Math.max(now, event.at);
    event.act();
  }
  if (!over) throw new Error('the run is stuck');
  return driven;
}

/** It goes on joining what it has begun before, and whoever that is is to be cancelled. */
function joinsOn({ next }: Outcome): boolean {
  return next.kind === 'fork' && next.strands.length === 0;
}
