/*
 * The reference: a document run by plain recursion, without records, States, steps or plans. It shares
 * no code with the engine but the document model, jq and durations, so that the two cannot share a
 * mistake; where the DSL is silent it follows DESIGN section 4 and ARCHITECTURE.md.
 *
 * Here is what all tasks have in common: lists, data flow, timeouts, and what expressions see. What is
 * particular to a kind of task stands in tasks/.
 */
import {
  type FlowDirective,
  isTask,
  type SchemaModel,
  type Task,
  taskEntry,
  type TaskList,
  type Timeout,
  type WorkflowDocument,
} from '../../dsl/document.ts';
import type { Definition } from '../../dsl/load.ts';
import { resolveUri, uriOf } from '../../dsl/resources/uris.ts';
import { type Json, pointerStep } from '../../wire/json.ts';
import type { Compensation, StrandEnd, WorkflowError } from '../../wire/state.ts';
import { duration, field, fit, free, isTrue, type Scope } from './evaluate.ts';
import { Fault, fault } from './fault.ts';
import {
  type Active,
  type Begun,
  type Called,
  type Deadline,
  type Doings,
  type Done,
  type Emitted,
  earliest,
  Ended,
  goOn,
  type Here,
  instant,
  type Strand,
  Struck,
  untilEnd,
} from './here.ts';
import { Cancelled, type Line, Unfinished } from './line.ts';
import { leavesOpen, note, sagaScope, stop, told } from './saga.ts';
import { hidesInput } from './tasks/asked.ts';
import { call } from './tasks/call.ts';
import { child } from './tasks/child.ts';
import { emit } from './tasks/emit.ts';
import { extended } from './tasks/extended.ts';
import { loop, parallelLoop } from './tasks/for.ts';
import { fork } from './tasks/fork.ts';
import { listen } from './tasks/listen.ts';
import { runProcess } from './tasks/process.ts';
import { raised } from './tasks/raise.ts';
import { attempts } from './tasks/try.ts';

export interface Reference {
  /** `unfinished`: it waits for what the line does not tell */
  readonly status: 'completed' | 'faulted' | 'cancelled' | 'unfinished';
  readonly output?: Json;
  readonly error?: WorkflowError;
  /** what was undone, or could not be */
  readonly compensations?: readonly Compensation[];
  /** every attempt, strand by strand */
  readonly calls: readonly Called[];
  /** every event, strand by strand */
  readonly emitted: readonly Emitted[];
  /** every run that it has begun and does not wait for */
  readonly begun: readonly Begun[];
  /** virtual time of the end, ms */
  readonly at: number;
  /** forks that another end at the same time would have decided otherwise */
  readonly ties: number;
}

export interface Start {
  readonly run: string;
  /** workflows that tasks may run, the newest last */
  readonly definitions?: readonly Interpreted[];
  readonly input: Json;
  readonly at: number;
  readonly line: Line;
}

/** More tasks than any run that ends in a reasonable time has. */
const TASKS_MAX = 200_000;

export type Interpreted = Pick<Definition, 'document' | 'resources'>;

export function interpret(definition: Interpreted, start: Start): Reference {
  return new Interpreter(definition, start).run();
}

export class Interpreter {
  readonly definition: Interpreted;
  readonly start: Start;
  /** what is the same in every scope */
  private known: Scope['variables'] | undefined;
  /** shared with the children that it waits for */
  readonly does: Doings;

  constructor(
    definition: Interpreted,
    start: Start,
    does: Doings = { calls: [], emitted: [], begun: [], tasks: 0, ties: 0 },
  ) {
    this.definition = definition;
    this.start = start;
    this.does = does;
  }

  /** The interpreter of a child that this one waits for. */
  of(definition: Interpreted, start: Start): Interpreter {
    return new Interpreter(definition, start, this.does);
  }

  get document(): WorkflowDocument {
    return this.definition.document;
  }

  run(): Reference {
    const { at, line } = this.start;
    const strand: Strand = {
      line,
      now: at,
      context: null,
      waited: false,
      log: [],
      heard: new Map(),
    };
    try {
      const end = this.workflow(strand);
      // What could still be undone is told to nobody.
      const settled = strand.log.filter(({ outcome }) => outcome !== undefined);
      line.ended({ ...end, ...told(settled) }, strand.now);
      const ended = end.error === undefined ? 'completed' : 'faulted';
      const status = strand.cancelled === undefined ? ended : 'cancelled';
      return { status, ...end, ...told(settled), ...this.told(strand) };
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      return { status: 'unfinished', ...this.told(strand) };
    }
  }

  private told({ now }: Strand): Pick<Reference, 'at' | 'begun' | 'calls' | 'emitted' | 'ties'> {
    const { begun, calls, emitted, ties } = this.does;
    return { begun, calls, emitted, at: now, ties };
  }

  workflow(strand: Strand): StrandEnd {
    const { input, output, timeout } = this.document;
    const raw = this.start.input;
    let limit: Deadline | undefined;
    try {
      this.fit(input?.schema, raw, '/input/schema', '');
      const first =
        input?.from === undefined
          ? raw
          : field(input.from, raw, this.workflowScope(strand, '/input/from'));
      limit = this.deadline(timeout, first, strand.now, this.workflowScope(strand, '/timeout'));
      const deadlines = limit === undefined ? [] : [limit];
      const here: Here = {
        strand,
        variables: {},
        deadlines,
        retrying: [],
        indices: [],
        extending: false,
        base: '',
        saga: false,
      };
      const { metadata } = this.document.document;
      const end = untilEnd(() =>
        sagaScope(this, here, metadata?.saga, (inside) =>
          this.list(inside, this.document.do, '/do', first),
        ),
      );
      const last = end.output;
      const scope = this.workflowScope(strand, '');
      const result = output?.as === undefined ? last : field(output.as, last, scope);
      this.fit(output?.schema, result, '', '');
      return { output: result };
    } catch (error) {
      if (error instanceof Fault) return { error: error.error };
      if (error instanceof Cancelled) return stop(this, strand, error, true);
      if (!(error instanceof Struck) || error.deadline !== limit) throw error;
      return { error: fault('timeout', 'the workflow has timed out', '').error };
    }
  }

  // -- lists and tasks ---------------------------------------------------------------------------

  list(here: Here, tasks: TaskList, pointer: string, raw: Json): Json {
    return this.sequence(here, tasks, pointer, raw).output;
  }

  /** `then` tells an exit from an end that was reached. */
  sequence(here: Here, tasks: TaskList, pointer: string, raw: Json): Done {
    let data = raw;
    for (let index = 0; index < tasks.length;) {
      const [name, task] = taskEntry(tasks[index]!);
      const done = this.task(here, name, task, `${pointer}/${index}/${pointerStep(name)}`, data);
      data = done.output;
      if (done.then === 'exit') return { output: data, then: 'exit' };
      if (done.then === 'end') throw new Ended(data);
      if (done.then === undefined || done.then === 'continue') index++;
      else index = tasks.findIndex((item) => taskEntry(item)[0] === done.then);
    }
    return { output: data, then: undefined };
  }

  task(here: Here, name: string, task: Task, pointer: string, raw: Json): Done {
    if (++this.does.tasks > TASKS_MAX) throw new Unfinished('too many tasks');
    const { strand } = here;
    const active: Active = { name, pointer, task, raw, startedAt: strand.now };
    if (task.if !== undefined && !isTrue(task.if, raw, this.scope(here, active))) {
      return { output: raw, then: task.then };
    }
    return extended(this, here, active, (instead) =>
      this.unextended(here, { ...active, startedAt: strand.now }, instead),
    );
  }

  private unextended(here: Here, active: Active, instead?: { readonly output: Json }): Done {
    const { pointer, raw, task } = active;
    const { strand } = here;
    this.fit(task.input?.schema, raw, pointer, here.base);
    const { from } = task.input ?? {};
    const input =
      from === undefined || hidesInput(task) ? raw : field(from, raw, this.scope(here, active));
    const scope = this.scope(here, active, { input });
    const limit = this.deadline(task.timeout, input, strand.now, scope);
    const inside = { ...here, deadlines: [...here.deadlines, ...(limit ? [limit] : [])] };
    let done: Done;
    try {
      done =
        instead === undefined
          ? this.perform(inside, active, input)
          : { ...instead, then: undefined };
    } catch (error) {
      if (error instanceof Cancelled) this.cancelled(here, active, input, error);
      if (leavesOpen(error, active)) note(here, active, input, undefined);
      if (!(error instanceof Struck) || error.deadline !== limit) throw error;
      throw fault('timeout', 'the task has timed out', pointer, error.origin);
    }
    try {
      const output = this.shaped(here, active, input, done.output);
      if (instead === undefined) note(here, active, input, output);
      return { output, then: done.then ?? task.then };
    } catch (error) {
      if (instead === undefined) note(here, active, input, done.output);
      throw error;
    }
  }

  /** A call that was answered when its strand was cancelled is done. */
  private cancelled(here: Here, active: Active, input: Json, { at, called }: Cancelled): void {
    const { answer } = called ?? {};
    if (active.effect === undefined || answer === undefined || 'error' in answer) return;
    here.strand.now = at;
    const { run } = active.task as { readonly run?: { readonly await?: boolean } };
    let output = run?.await === false ? input : answer.result;
    try {
      output = this.shaped(here, active, input, output);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
    note(here, active, input, output);
  }

  /** Output and export of a task that is done. */
  shaped(
    here: Here,
    active: Active,
    input: Json,
    raw: Json,
    shape: Pick<Task, 'output' | 'export'> = active.task,
  ): Json {
    const { pointer } = active;
    const { strand } = here;
    let output = raw;
    if (shape.output?.as !== undefined) {
      output = field(shape.output.as, output, this.scope(here, active, { input, output }));
    }
    this.fit(shape.output?.schema, output, pointer, here.base);
    if (shape.export?.as !== undefined) {
      const seen = this.scope(here, active, { input, output, raw });
      const context = field(shape.export.as, output, seen);
      this.fit(shape.export.schema, context, pointer, here.base);
      strand.context = context;
    }
    return output;
  }

  private perform(here: Here, active: Active, input: Json): Done {
    const { pointer, task } = active;
    const scope = this.scope(here, active, { input });
    const done = (output: Json, then?: FlowDirective): Done => ({ output, then });
    if (isTask(task, 'set')) {
      const set = this.loose ? free : field;
      return done(set(task.set as Json, input, scope));
    }
    if (isTask(task, 'do')) {
      const { saga } = task.metadata ?? {};
      return done(
        sagaScope(this, here, saga, (inside) => this.list(inside, task.do, `${pointer}/do`, input)),
      );
    }
    if (isTask(task, 'call')) return done(call(this, here, active, task, input));
    if (isTask(task, 'emit')) return done(emit(this, here, task, input, scope));
    if (isTask(task, 'for')) {
      const parallel = task.metadata?.parallel;
      if (parallel === undefined) return done(loop(this, here, active, task, input));
      return done(parallelLoop(this, here, active, task, parallel.max, input));
    }
    if (isTask(task, 'run')) {
      const does = task.run.workflow === undefined ? runProcess : child;
      return done(does(this, here, active, task, input));
    }
    if (isTask(task, 'listen')) return done(listen(this, here, active, task, input));
    if (isTask(task, 'fork')) return done(fork(this, here, task, pointer, input));
    if (isTask(task, 'try')) return attempts(this, here, active, task, input);
    if (isTask(task, 'wait')) {
      const { strand } = here;
      const until = strand.now + duration(task.wait, input, scope);
      goOn(here, strand.line.hold(until, strand.now, earliest(here)));
      return done(input);
    }
    if (isTask(task, 'switch')) {
      const cases = task.switch.map((item) => Object.values(item)[0]!);
      const chosen =
        cases.find(({ when }) => when !== undefined && isTrue(when, input, scope)) ??
        cases.find(({ when }) => when === undefined);
      return done(input, chosen?.then);
    }
    if (isTask(task, 'raise')) throw raised(this, task.raise.error, input, scope);
    throw new TypeError(`the reference does not know the task at ${pointer}`);
  }

  // -- looking around --------------------------------------------------------------------------------

  deadline(
    timeout: Timeout | string | undefined,
    input: Json,
    now: number,
    scope: Scope,
  ): Deadline | undefined {
    if (timeout === undefined) return undefined;
    const { after } =
      typeof timeout === 'string' ? this.document.use!.timeouts![timeout]! : timeout;
    return { at: now + duration(after, input, scope) };
  }

  private fit(model: SchemaModel | undefined, value: Json, instance: string, base: string): void {
    const { resource } = model ?? {};
    const uri = resource && resolveUri(base, uriOf(resource.endpoint));
    fit(model, value, instance, uri === undefined ? undefined : this.definition.resources[uri]);
  }

  private workflowScope({ context, now }: Strand, instance: string): Scope {
    const { loose } = this;
    return { instance, now, loose, variables: { ...this.everywhere(), context } };
  }

  scope(
    { strand, variables }: Here,
    { name, pointer, raw, startedAt, task }: Active,
    known: { input?: Json; output?: Json; raw?: Json } = {},
  ): Scope {
    const { context, now } = strand;
    const { input = null, output = null } = known;
    return {
      instance: pointer,
      now,
      loose: this.loose,
      variables: {
        ...this.everywhere(),
        context,
        input,
        output,
        task: () => ({
          name,
          reference: pointer,
          definition: task as unknown as Json,
          input: raw,
          output: known.raw ?? output,
          startedAt: instant(startedAt),
        }),
        ...variables,
        ...(known.output === undefined ? {} : { output }),
      },
    };
  }

  private get loose(): boolean {
    return this.document.evaluate?.mode === 'loose';
  }

  private everywhere(): Scope['variables'] {
    return (this.known ??= this.whatIsKnown());
  }

  private whatIsKnown(): Scope['variables'] {
    const { at, input, run } = this.start;
    return {
      workflow: () => ({
        id: run,
        definition: this.document as unknown as Json,
        input,
        startedAt: instant(at),
      }),
      runtime: { name: 'waybill', version: '0.1.0', metadata: {} },
      authorization: null,
    };
  }
}
