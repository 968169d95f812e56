/*
 * The machine that a step runs: a strand's State, opened for work, and the moves between tasks.
 * Task kinds (tasks/) say what entering, resuming and finishing means; the machine does the rest:
 * data flow, flow directives, deadlines, errors, fuel, and the look-ahead of a retry.
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
import { attemptDeadline, firstTimed, nextDeadline } from './deadline.ts';
import { standardError } from './errors.ts';
import { NESTED_MAX, PURE_HOPS_MAX, TASKS_PER_STEP } from './limits.ts';
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
import { bodyOf, kindOf } from './tasks/index.ts';
import { beginUndo, isPending, noteDone, noteFailed, settleLog, undoIndex } from './undo.ts';

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

/** Events for the task at `pointer`, looked at up to `next`. */
interface Given {
  readonly pointer: string;
  readonly depth: number;
  readonly events: readonly CloudEvent[];
  next: number;
  readonly taken: number[];
}

interface LookAhead {
  readonly until: number;
  readonly now: number;
  readonly frames: readonly Frame[];
  readonly context: Json | undefined;
  readonly activation: number;
  readonly compensations: readonly Compensation[];
  readonly transitions: number;
  readonly events: number;
}

export function newFuel(): Fuel {
  return { left: TASKS_PER_STEP };
}

/** Plain data while it is being made; nobody else sees it before. */
type Making<T> = { -readonly [Member in keyof T]: T[Member] };

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
  private given: Given | undefined;
  private pureHops: number;
  private entering: { node: Node; data: Json } | undefined;
  private ahead: LookAhead | undefined;
  private readonly around: Around;
  private readonly before: State;

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
        if (move.do === 'enter') move = this.enter(move.node, move.data, move.instead);
        else if (move.do === 'leave') move = this.leave(move.output, move.then);
        else move = this.raise(move.error);
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

  private explain(error: unknown): WorkflowError {
    if (!(error instanceof EvaluationFault)) throw error;
    const instance = this.fallbackInstance ?? this.blamed();
    this.fallbackInstance = undefined;
    return standardError(error.kind, error.message, instance);
  }

  /** The task whose condition or input is evaluated before it has a frame. */
  private fallbackInstance: string | undefined;

  private stop(next: Next): Outcome {
    if (this.ahead !== undefined && next.kind !== 'activity') next = this.giveUpLookingAhead();
    if (next.kind === 'activity' && this.ahead !== undefined) {
      next = { ...next, notBefore: this.ahead.until };
    }
    if (isPure(next, this.now)) {
      if (++this.pureHops > PURE_HOPS_MAX) return this.run(this.fault(this.endless()));
    } else this.pureHops = 0;
    const state = this.state(next);
    const { events, given, runs, transitions } = this;
    const taken = given === undefined ? {} : { taken: given.taken };
    return { state, next, deadline: nextDeadline(state), events, ...taken, runs, transitions };
  }

  private endless(): WorkflowError {
    const at = this.entering?.node.instance ?? '';
    this.entering = undefined;
    this.pureHops = 0;
    return standardError(
      'runtime',
      `the workflow has run ${PURE_HOPS_MAX * TASKS_PER_STEP} tasks without an activity or a wait`,
      at,
    );
  }

  private state(next: Next): State {
    const { entering, frames } = this;
    const position = entering?.node.pointer ?? frames.at(-1)?.pointer ?? '';
    const state: Making<State> = {
      status: next.kind === 'end' ? endStatus(next.end) : waits(next) ? 'waiting' : 'running',
      position,
      entering: entering !== undefined,
      frames: frames.map((frame, i) => this.settled(frame, frames[i + 1]?.pointer ?? position)),
      startedAt: this.startedAt,
      activation: this.activation,
      pureHops: this.pureHops,
    };
    // Member by member: this is made for each hop, and spreading what is absent is not free.
    if (entering !== undefined) state.data = entering.data;
    if (this.context !== undefined && this.plan.keepsContext) state.context = this.context;
    if (this.workflowInput !== undefined) state.input = this.workflowInput;
    if (this.variables !== undefined) state.variables = this.variables;
    if (this.compensations.length > 0) state.compensations = this.compensations;
    if (this.caller !== undefined) state.caller = this.caller;
    if (this.deadline !== undefined) state.deadline = this.deadline;
    if (this.child !== undefined) state.child = this.child;
    if (this.cancelling !== undefined) state.cancelling = this.cancelling;
    if (this.before.suspended) state.suspended = true;
    if (this.before.undoes) state.undoes = true;
    return state;
  }

  /** A do-like frame learns where it stands only when the step stops: nobody looks before. */
  private settled(frame: Frame, inner: string): Frame {
    if (frame.node.kind === 'for' && frame.node.passed !== undefined) {
      const { index, rest, passed } = frame.node;
      return { ...frame, node: { kind: 'for', index, rest: rest.slice(passed) } };
    }
    if (frame.node.kind !== 'do') return frame;
    const child = this.plan.byPointer.get(inner);
    // While its compensations run, a task stands where it stood.
    const index = child === undefined ? 0 : (child.index ?? frame.node.index);
    return index === frame.node.index
      ? frame
      : { ...frame, node: { kind: 'do', index, completed: index } };
  }

  // -- tasks ------------------------------------------------------------------------------------

  private enter(node: Node, data: Json, instead?: { readonly output: Json }): Move {
    if (this.around.fuel.left-- <= 0 && instead === undefined) {
      this.entering = { node, data };
      return { do: 'stop', next: { kind: 'continue' } };
    }
    this.fallbackInstance = node.instance;
    if (node.condition !== undefined && !node.condition(data, this.scope(node, data, undefined))) {
      this.tell('task-skipped', node.instance);
      this.fallbackInstance = undefined;
      return this.follow(node, data, node.then);
    }
    check(node.inputSchema, data, `${node.pointer}/input/schema`);
    const input =
      node.inputFrom === undefined ? data : node.inputFrom(data, this.scope(node, data, undefined));
    const after = node.timeout?.(input, this.scope(node, data, input));
    this.fallbackInstance = undefined;
    const frame: Making<Frame> = {
      pointer: node.pointer,
      node: kindOf(node).fresh,
      startedAt: this.now,
    };
    if (after !== undefined) frame.deadline = this.now + after;
    if (node.keepsRawInput) frame.rawInput = data;
    if (node.keepsInput) frame.input = input;
    if (node.saga !== undefined) frame.saga = this.compensations.length;
    this.frames.push(frame);
    this.tellOf('task-started', node);
    if (instead !== undefined) return this.leave(instead.output, undefined, false);
    return kindOf(node).enter(this, node, input, data);
  }

  /** The task on top is done with `raw` output, whether it did anything or not. */
  private leave(raw: Json, then: Directive | undefined, did = true): Move {
    const frame = this.frames.at(-1)!;
    const node = this.nodeAt(frame.pointer);
    let output: Json;
    try {
      output = this.shaped(node, frame, raw);
    } catch (error) {
      // The task itself is over: what becomes of its output is not for its own catch or retry.
      const objection = this.explain(error);
      if (did) noteDone(this, node, frame, raw);
      this.frames.pop();
      this.tellOf('task-faulted', node, objection);
      return { do: 'raise', error: objection };
    }
    if (frame.saga !== undefined && node.inSaga === undefined) settleLog(this, frame.saga);
    if (did) noteDone(this, node, frame, output);
    this.frames.pop();
    this.tellOf('task-completed', node);
    return this.follow(node, output, then ?? node.then);
  }

  /** Raw output to transformed output; exports. */
  private shaped(node: Node, frame: Frame, raw: Json): Json {
    let output = raw;
    if (node.outputAs === undefined && node.exportAs === undefined) {
      check(node.outputSchema, output, `${node.pointer}/output/schema`);
      return output;
    }
    const scope = this.scope(node, frame.rawInput, frame.input);
    scope.binds = false;
    scope.rawOutput = raw;
    scope.output = raw;
    if (node.outputAs !== undefined) output = node.outputAs(raw, scope);
    check(node.outputSchema, output, `${node.pointer}/output/schema`);
    if (node.exportAs !== undefined) {
      scope.output = output;
      const context = node.exportAs(output, scope);
      check(node.exportSchema, context, `${node.pointer}/export/schema`);
      this.context = context;
    }
    return output;
  }

  /** Goes where `then` says after `node`. */
  private follow(node: Node, output: Json, then: Directive): Move {
    if (node.list.handsOn === true) return this.listDone(node, output, then);
    switch (then.kind) {
      case 'continue': {
        const next = node.list.nodes[node.index + 1];
        return next === undefined
          ? this.listDone(node, output, then)
          : { do: 'enter', node: next, data: output };
      }
      case 'goto':
        return { do: 'enter', node: node.list.nodes[then.index]!, data: output };
      case 'exit':
        return this.listDone(node, output, then);
      case 'end':
        return this.endWorkflow(output);
    }
  }

  /** The list that `last` stands in is over, because of `by`. */
  private listDone(last: Node, output: Json, by: Directive): Move {
    const { parent } = last;
    if (parent !== undefined) return bodyOf(parent).done(this, parent, this.top(), output, by);
    return this.isRoot ? this.endWorkflow(output) : this.over({ output });
  }

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

  /** Unwinds to the nearest task that catches the error. */
  private raise(error: WorkflowError): Move {
    if (this.ahead !== undefined) return { do: 'stop', next: { kind: 'continue' } };
    let placed = error.instance === undefined ? { ...error, instance: this.blamed() } : error;
    while (this.frames.length > 0) {
      const frame = this.top();
      const node = this.nodeAt(frame.pointer);
      try {
        if (frame.saga !== undefined && !isCaught(frame) && isPending(this, frame.saga)) {
          return beginUndo(this, bodyPointer(node), frame.saga, placed);
        }
        const move = kindOf(node).caught?.(this, node, frame, placed);
        if (move !== undefined) return move;
      } catch (objection) {
        // The catch itself is at fault: its own error goes on, to whoever is around it.
        placed = this.explain(objection);
      }
      if (this.frames.length === 1) this.noteRoot();
      this.drop(placed);
    }
    if (this.undoesAtEnd && isPending(this, 0))
      return beginUndo(this, this.rootPointer(), 0, placed);
    return this.fault(placed);
  }

  /** The strand undoes what it did before it ends with an error. */
  private get undoesAtEnd(): boolean {
    return this.before.undoes === true || (this.isRoot && this.plan.saga);
  }

  private root: string | undefined;
  private noteRoot(): void {
    this.root ??= this.rootPointer();
  }

  /** Pointer of the list of tasks that the strand runs. */
  private rootPointer(): string {
    if (this.root !== undefined) return this.root;
    const [outermost] = this.frames;
    // A scope that is being undone may stand anywhere; what is left then is around all of it.
    if (outermost?.node.kind === 'undo') return this.plan.body.pointer;
    const node = outermost === undefined ? this.entering?.node : this.nodeAt(outermost.pointer);
    return node?.list.pointer ?? this.plan.body.pointer;
  }

  /** The strand is to go no further: it undoes what it did, or leaves that to whoever waits for it. */
  cancel(): Move {
    this.noteRoot();
    this.entering = undefined;
    while (this.frames.length > 0) this.tell('task-cancelled', this.frames.pop()!.pointer);
    const own = this.isRoot || this.cancelling === 'lost' || this.before.undoes === true;
    return own && isPending(this, 0)
      ? beginUndo(this, this.rootPointer(), 0, undefined)
      : this.cancelled();
  }

  /** The strand ends with an error that nothing may catch; compensations run first. */
  giveUp(error: WorkflowError): Move {
    this.noteRoot();
    const undo = undoIndex(this.frames);
    return this.unwindTo(undo + 1, error);
  }

  /** Transformed output of a task whose result comes when nobody goes on with it. */
  outputOf(frame: Frame, raw: Json): Json {
    try {
      return this.shaped(this.nodeAt(frame.pointer), frame, raw);
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
  private over(end: StrandEnd): Move {
    const kept =
      this.isRoot || end.endsWorkflow
        ? this.compensations.filter(({ outcome }) => outcome !== undefined)
        : this.compensations;
    const told = kept.length === 0 ? end : { ...end, compensations: kept };
    return { do: 'stop', next: { kind: 'end', end: told } };
  }

  /** The strand ends with an error that nothing catches. */
  fault(error: WorkflowError): Move {
    this.frames.length = 0;
    if (this.isRoot) this.tell('workflow-faulted', '', { detail: error.detail ?? error.title });
    return this.over({ error });
  }

  /** Takes the top frame off because an error passed through it. */
  private drop(error?: WorkflowError, passing = error): void {
    const frame = this.top();
    noteFailed(this, this.nodeAt(frame.pointer), frame, error);
    this.frames.pop();
    if (frame.node.kind === 'activity') this.thrown = frame.node;
    this.tellOf('task-faulted', this.nodeAt(frame.pointer), passing);
  }

  /** Drops the frames above `height`, whatever they would say; what their sagas did is undone first. */
  private unwindTo(height: number, error: WorkflowError): Move {
    this.entering = undefined;
    let undo: { readonly pointer: string; readonly floor: number } | undefined;
    while (this.frames.length > height) {
      const { pointer, saga } = this.top();
      const isLeft = saga !== undefined && !isCaught(this.top());
      this.drop(undefined, error);
      if (isLeft) undo = { pointer: bodyPointer(this.nodeAt(pointer)), floor: saga };
    }
    return undo !== undefined && isPending(this, undo.floor)
      ? beginUndo(this, undo.pointer, undo.floor, error)
      : { do: 'raise', error };
  }

  /**
   * What time has done before the cause is looked at: the outermost deadline that has passed strikes.
   * A workflow's timeout ends the instance, no task catches it.
   */
  overdue(): Move | undefined {
    const from = firstTimed(this);
    if (from === undefined) return undefined;
    this.noteRoot();
    if (from === 0 && this.deadline !== undefined && this.now >= this.deadline) {
      return this.giveUp(standardError('timeout', 'the workflow has timed out', ''));
    }
    for (let i = from; i < this.frames.length; i++) {
      const frame = this.frames[i]!;
      if (frame.deadline !== undefined && this.now >= frame.deadline) {
        return this.unwindTo(i, standardError('timeout', 'the task has timed out', frame.pointer));
      }
      const attempt = attemptDeadline(frame);
      if (attempt !== undefined && this.now >= attempt) {
        return this.unwindTo(
          i + 1,
          standardError('timeout', 'the attempt has taken too long', frame.pointer),
        );
      }
    }
    return undefined;
  }

  /** Tries what follows as if the delay were over already (M4). */
  lookAhead(until: number): void {
    this.ahead = {
      until,
      now: this.now,
      frames: [...this.frames],
      context: this.context,
      activation: this.activation,
      compensations: this.compensations,
      transitions: this.transitions.length,
      events: this.events.length,
    };
    this.now = until;
  }

  private giveUpLookingAhead(): Next {
    const ahead = this.ahead!;
    this.ahead = undefined;
    this.now = ahead.now;
    this.frames.splice(0, this.frames.length, ...ahead.frames);
    this.context = ahead.context;
    this.activation = ahead.activation;
    this.compensations = ahead.compensations;
    this.entering = undefined;
    this.transitions.length = ahead.transitions;
    this.events.length = ahead.events;
    return { kind: 'hold', until: ahead.until, why: 'retry' };
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

  /** The task on top is given these events. */
  hear(events: readonly CloudEvent[], pointer: string): void {
    this.given = { pointer, depth: this.frames.length, events, next: 0, taken: [] };
  }

  /** The next event that the task on top was given in this step, if it is the one that was given any. */
  heard(): CloudEvent | undefined {
    const { given } = this;
    if (given === undefined || given.depth !== this.frames.length) return undefined;
    return given.pointer === this.top().pointer ? given.events[given.next++] : undefined;
  }

  /** The event looked at last is taken. */
  take(): void {
    const { given } = this;
    if (given === undefined) throw new BrokenInvariant('there is no event to be taken');
    given.taken.push(given.next - 1);
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
  private tellOf(kind: Transition['kind'], node: Node, error?: WorkflowError): void {
    if (node.kind === 'extended' || node.kind === 'undo') return;
    this.tell(kind, node.instance, error === undefined ? {} : { error });
  }

  /** The task that is to blame for what fails now. */
  private blamed(): string {
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

/** The error comes from what handles errors, not from what is tried. */
function isCaught({ node }: Frame): boolean {
  return node.kind === 'try' && node.inCatch;
}

/** Pointer of the list inside a saga scope. */
function bodyPointer(node: Node): string {
  if (node.kind === 'do' || node.kind === 'try') return node.body.pointer;
  throw new BrokenInvariant(`a ${node.kind} task is no saga scope`);
}

function endStatus(end: StrandEnd): State['status'] {
  return end.cancelled ? 'cancelled' : end.error === undefined ? 'completed' : 'faulted';
}

/** What is due at once takes no more time than a pure task, and strands that only go on took none. */
function isPure(next: Next, now: number): boolean {
  if (next.kind === 'hold') return next.until <= now;
  if (next.kind !== 'fork') return next.kind === 'continue';
  return (
    next.strands.length > 0 && next.strands.every((one) => one.outcome.next.kind === 'continue')
  );
}

function waits(next: Next): boolean {
  return next.kind === 'hold' || next.kind === 'fork' || next.kind === 'listen';
}
