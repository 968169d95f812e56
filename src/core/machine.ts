/*
 * The machine that a step runs: a strand's State, opened for work, and one move after the other until it
 * stops. Task kinds (tasks/) say what entering, resuming and finishing means; what is common to all of
 * them is in flow.ts (from task to task), unwinding.ts (errors, deadlines, cancel), look-ahead.ts
 * (retries), given-events.ts and stopped.ts (the State that is left).
 *
 * M1. The State given is never changed; frames are replaced, not written to.
 * M2. One move at a time, in a loop: the depth of a document never becomes depth of the stack,
 *     except for strands and runs that a step begins, which NESTED_MAX limits.
 * M3. A step stops exactly once: blocked, out of fuel, or ended.
 * M4. While looking ahead over a retry's delay nothing but an activity may be met; anything else
 *     undoes the look-ahead, and the strand is held until the delay is over.
 * M5. All that a step begins shares its fuel: no document makes one step take long.
 */
import {
  EvaluationFault,
  type Directive,
  type Node,
  type NodeList,
  type Plan,
} from '../dsl/plan/index.ts';
import type {
  ActivityState,
  Caller,
  ChildWorkflow,
  Compensation,
  CloudEvent,
  Frame,
  Json,
  NodeState,
  State,
  StrandEnd,
  WorkflowError,
} from '../wire/index.ts';
import { check } from './check.ts';
import { nextDeadline } from './deadline.ts';
import { standardError } from './errors.ts';
import { enter, leave, shaped } from './flow.ts';
import type { Given } from './given-events.ts';
import { NESTED_MAX, PURE_HOPS_MAX, TASKS_PER_STEP } from './limits.ts';
import { giveUpLookingAhead, type LookAhead } from './look-ahead.ts';
import {
  BrokenInvariant,
  type Fuel,
  type Next,
  type Outcome,
  type RunStart,
  type StepOptions,
  type StrandId,
  type Transition,
} from './outcome.ts';
import { TaskScope } from './scope.ts';
import { endless, isPure, stoppedState } from './stopped.ts';
import { bodyOf } from './tasks/index.ts';
import { undoIndex, withoutData } from './undo.ts';
import { unwind } from './unwinding.ts';

/** What happens next inside a step. */
export type Move =
  /** `instead`: the task is entered, and that is its output; what it would do is not done */
  | {
      readonly do: 'enter';
      readonly node: Node;
      readonly data: Json;
      readonly instead?: { readonly output: Json };
    }
  | { readonly do: 'leave'; readonly output: Json; readonly then?: Directive | undefined }
  | { readonly do: 'raise'; readonly error: WorkflowError }
  | { readonly do: 'stop'; readonly next: Next };

export function newFuel(): Fuel {
  return { left: TASKS_PER_STEP };
}

/** Plain data while it is being made; nobody else sees it before. */
export type Making<T> = { -readonly [Member in keyof T]: T[Member] };

/** What a step shares with the strands and runs that it begins. */
interface Around {
  readonly fuel: Fuel;
  /** steps around this one that have begun it */
  readonly nested: number;
  /** one of them looks ahead */
  readonly ahead: boolean;
}

export class Machine {
  readonly plan: Plan;
  readonly id: StrandId;
  readonly startedAt: number;
  readonly workflowInput: Json | undefined;
  readonly variables: { readonly [name: string]: Json } | undefined;
  readonly caller: Caller | undefined;
  /** time of the step, ms; a look-ahead moves it to the time of the retry */
  now: number;
  readonly frames: Frame[];
  context: Json | undefined;
  activation: number;
  deadline: number | undefined;
  compensations: readonly Compensation[];
  cancelling: State['cancelling'] | undefined;
  /** the activity that an error has thrown out, so that its retry may keep the key */
  thrown: ActivityState | undefined;
  readonly transitions: Transition[] = [];
  /** what the strand has emitted in this step, and branches that ended in it */
  readonly events: CloudEvent[] = [];
  /** runs that it has begun in this step */
  readonly runs: RunStart[] = [];
  readonly options: StepOptions;
  readonly child: ChildWorkflow | undefined;
  /** what the task that listens was given in this step, and what it took of it */
  given: Given | undefined;
  pureHops: number;
  /** the task at which fuel ran out */
  entering: { node: Node; data: Json } | undefined;
  ahead: LookAhead | undefined;
  /** compensations that are still to be put off */
  defer: number;
  /** the list of tasks that the strand runs, once its frames may be gone (unwinding.ts) */
  root: string | undefined;
  /** as it stood before the step */
  readonly before: State;
  readonly around: Around;

  constructor(
    plan: Plan,
    id: StrandId,
    state: State,
    now: number,
    options: StepOptions,
    around?: Around,
  ) {
    this.plan = plan;
    this.id = id;
    this.before = state;
    this.now = now;
    this.options = options;
    this.around = around ?? { fuel: options.fuel ?? newFuel(), nested: 0, ahead: false };
    this.defer = options.defer ?? 0;
    this.child = state.child;
    this.startedAt = state.startedAt;
    this.workflowInput = state.input;
    this.variables = state.variables;
    this.caller = state.caller;
    this.frames = [...state.frames];
    this.context = state.context;
    this.activation = state.activation;
    this.deadline = state.deadline;
    this.compensations = state.compensations ?? NO_COMPENSATIONS;
    this.cancelling = state.cancelling;
    this.pureHops = state.pureHops;
    if (state.entering) {
      this.entering = { node: this.nodeAt(state.position), data: state.data ?? null };
    }
  }

  // -- running ----------------------------------------------------------------------------------

  /** Data flow of the workflow itself: schema of the raw input, then `from`, then the first task. */
  start(raw: Json): Outcome {
    const { plan } = this;
    this.tell('workflow-started', '');
    try {
      check(plan.inputSchema, raw, '/input/schema');
      const scope = this.workflowScope();
      const input = plan.inputFrom === undefined ? raw : plan.inputFrom(raw, scope);
      if (plan.timeout !== undefined) this.deadline = this.now + plan.timeout(input, scope);
      return this.run(this.into(plan.body, input));
    } catch (error) {
      if (!(error instanceof EvaluationFault)) throw error;
      return this.run(this.fault(standardError(error.kind, error.message, error.pointer)));
    }
  }

  /** Makes moves until the strand stops, and says how. */
  run(first: Move): Outcome {
    let move = first;
    for (;;) {
      if (move.do === 'stop') return this.stop(move.next);
      try {
        if (move.do === 'enter') move = enter(this, move.node, move.data, move.instead);
        else if (move.do === 'leave') move = leave(this, move.output, move.then);
        else move = this.raised(move.error);
      } catch (error) {
        move = { do: 'raise', error: this.explain(error) };
      }
    }
  }

  /** Goes on after fuel ran out. */
  resumeEntering(): Move {
    const { entering } = this;
    if (entering === undefined) throw new BrokenInvariant('nothing is waiting to be entered');
    this.entering = undefined;
    return { do: 'enter', ...entering };
  }

  /** Runs `act`; what an expression or a schema objects to becomes an error of the workflow. */
  guarded(act: () => Move): Move {
    try {
      return act();
    } catch (error) {
      return { do: 'raise', error: this.explain(error) };
    }
  }

  explain(error: unknown): WorkflowError {
    if (!(error instanceof EvaluationFault)) throw error;
    const instance = this.fallbackInstance ?? this.blamed();
    this.fallbackInstance = undefined;
    return standardError(error.kind, error.message, instance);
  }

  /** The task whose condition or input is evaluated before it has a frame. */
  fallbackInstance: string | undefined;

  private stop(next: Next): Outcome {
    if (this.ahead !== undefined && next.kind !== 'activity')
      next = giveUpLookingAhead(this, this.ahead);
    if (next.kind === 'activity' && this.ahead !== undefined) {
      next = { ...next, notBefore: this.ahead.until };
    }
    if (isPure(next, this.now)) {
      if (++this.pureHops > PURE_HOPS_MAX) return this.run(this.fault(endless(this)));
    } else this.pureHops = 0;
    const state = stoppedState(this, next);
    const { events, given, runs, transitions } = this;
    const deadline = nextDeadline(state);
    return given === undefined
      ? { state, next, deadline, events, runs, transitions }
      : { state, next, deadline, events, taken: given.taken, runs, transitions };
  }

  // -- lists of tasks -----------------------------------------------------------------------------

  /** Enters the first task of a list. */
  into(list: NodeList, data: Json): Move {
    const [first] = list.nodes;
    if (first !== undefined) return { do: 'enter', node: first, data };
    if (this.frames.length > 0) return { do: 'leave', output: data };
    return this.isRoot ? this.endWorkflow(data) : this.over({ output: data });
  }

  /** `then: end`, or the last task of the workflow: nothing that is active matters any more. */
  endWorkflow(raw: Json): Move {
    const undo = undoIndex(this.frames);
    if (undo >= 0) {
      // Within a compensation there is nothing else to be ended.
      this.frames.length = undo + 1;
      return bodyOf(this.nodeAt(this.top().pointer)).done(
        this,
        this.nodeAt(this.top().pointer),
        this.top(),
        raw,
        { kind: 'end' },
      );
    }
    this.frames.length = 0;
    if (!this.isRoot) return this.over({ output: raw, endsWorkflow: true });
    try {
      const { outputAs, outputSchema } = this.plan;
      const output = outputAs === undefined ? raw : outputAs(raw, this.workflowScope());
      check(outputSchema, output, '/output/schema');
      this.tell('workflow-completed', '');
      return this.over({ output });
    } catch (error) {
      return this.fault(this.explain(error));
    }
  }

  // -- errors and time ---------------------------------------------------------------------------

  /** An error goes outwards, unless it is only looked ahead at. */
  private raised(error: WorkflowError): Move {
    if (this.ahead !== undefined) return { do: 'stop', next: { kind: 'continue' } };
    return unwind(this, error);
  }

  /** Transformed output of a task whose result comes when nobody goes on with it. */
  outputOf(frame: Frame, raw: Json): Json {
    try {
      return shaped(this, this.nodeAt(frame.pointer), frame, raw);
    } catch (error) {
      this.explain(error);
      return raw;
    }
  }

  cancelled(): Move {
    if (this.isRoot) this.tell('workflow-cancelled', '');
    return this.over({ cancelled: true });
  }

  /** The strand ends like that; what it did is told with it, as far as it matters. */
  over(end: StrandEnd): Move {
    const kept = this.isRoot
      ? this.compensations.filter(({ outcome }) => outcome !== undefined)
      : this.compensations;
    const compensations = this.options.brief === true ? withoutData(kept) : kept;
    const told = kept.length === 0 ? end : { ...end, compensations };
    return { do: 'stop', next: { kind: 'end', end: told } };
  }

  /** The strand ends with an error that nothing catches. */
  fault(error: WorkflowError): Move {
    this.frames.length = 0;
    if (this.isRoot) this.tell('workflow-faulted', '', { detail: error.detail ?? error.title });
    return this.over({ error });
  }

  // -- strands -----------------------------------------------------------------------------------

  /** Whether this strand is the root of its workflow: of the run, or of an awaited child. */
  get isRoot(): boolean {
    return this.id.strand === (this.child?.strand ?? '');
  }

  /** What $workflow.id says. */
  get workflowId(): string {
    const { child, id } = this;
    return child === undefined ? id.run : `${id.run}/${child.strand}`;
  }

  /** What is met now happens only later, if it does: nothing may be done that cannot be undone (M4). */
  get looksAhead(): boolean {
    return this.ahead !== undefined || this.around.ahead;
  }

  /** A machine for a strand or run that this step begins. */
  nested(plan: Plan, id: StrandId, state: State): Machine {
    const { around, now, options, pureHops } = this;
    const nested = around.nested + 1;
    const fuel = nested > NESTED_MAX ? { left: 0 } : around.fuel;
    const inside = { fuel, nested, ahead: this.looksAhead };
    return new Machine(plan, id, { ...state, pureHops }, now, options, inside);
  }

  /** Takes over what a strand has done that has ended without a record of its own. */
  absorb({ events, runs, transitions }: Outcome): void {
    for (const event of events) this.events.push(event);
    for (const run of runs) this.runs.push(run);
    for (const transition of transitions) this.transitions.push(transition);
  }

  // -- looking around ----------------------------------------------------------------------------

  top(): Frame {
    const frame = this.frames.at(-1);
    if (frame === undefined) throw new BrokenInvariant('no task is active');
    return frame;
  }

  /** Replaces what is remembered about the task on top. */
  remember(node: NodeState): void {
    this.frames[this.frames.length - 1] = { ...this.top(), node };
  }

  nodeAt(pointer: string): Node {
    const node = this.plan.byPointer.get(pointer);
    if (node === undefined) throw new BrokenInvariant(`the definition has no task at ${pointer}`);
    return node;
  }

  /** The scope of expressions that belong to `node`. */
  scope(node: Node, rawInput: Json | undefined, input: Json | undefined): TaskScope {
    const frame = this.frames.at(-1);
    const startedAt = frame?.pointer === node.pointer ? frame.startedAt : this.now;
    return new TaskScope(this, node, rawInput, input, startedAt);
  }

  workflowScope(): TaskScope {
    return new TaskScope(this, undefined, undefined, undefined, this.startedAt);
  }

  /** What happens to what surrounds a task is nobody's business. */
  tellOf(kind: Transition['kind'], node: Node, error?: WorkflowError): void {
    if (node.kind === 'extended' || node.kind === 'undo') return;
    this.tell(kind, node.instance, error === undefined ? {} : { error });
  }

  /** The task that is to blame for what fails now. */
  blamed(): string {
    const frame = this.frames.at(-1);
    if (frame === undefined) return '';
    return frame.node.kind === 'undo' ? frame.pointer : this.nodeAt(frame.pointer).instance;
  }

  tell(
    kind: Transition['kind'],
    pointer: string,
    more: Pick<Transition, 'detail' | 'error' | 'keys'> = {},
  ): void {
    const { observe = false } = this.options;
    if (observe !== true && !(observe === 'workflow' && kind.startsWith('workflow-'))) return;
    this.transitions.push({
      kind,
      run: this.id.run,
      strand: this.id.strand,
      pointer,
      at: this.now,
      ...more,
    });
  }
}

const NO_COMPENSATIONS: readonly Compensation[] = [];
