/*
 * The reference: a document run by plain recursion, without records, States, steps or plans. It shares
 * no code with the engine but the document model, jq and durations, so that the two cannot share a
 * mistake; where the DSL is silent it follows DESIGN section 4 and ARCHITECTURE.md.
 *
 * Branches of a fork know nothing of each other, so they are run one after the other, each with its own
 * clock, and the fork is settled afterwards by the order in which they ended.
 */
import {
  type CallTask,
  type ErrorDefinition,
  type FlowDirective,
  type ForkTask,
  type ForTask,
  isTask,
  type RetryPolicy,
  type Task,
  taskEntry,
  type TaskList,
  type Timeout,
  type TryTask,
  type WorkflowDocument,
} from '../../dsl/document.ts';
import { canonicalJson } from '../../wire/canonical-json.ts';
import { type Json, pointerStep } from '../../wire/json.ts';
import type { StrandEnd, WorkflowError } from '../../wire/state.ts';
import { duration, field, fit, free, isTrue, type Scope } from './evaluate.ts';
import { type Effect, Fault, fault, type Origin, takes } from './fault.ts';
import { type Line, nowhere, Unfinished } from './line.ts';

export interface Reference {
  /** `unfinished`: it waits for what the line does not tell */
  readonly status: 'completed' | 'faulted' | 'unfinished';
  readonly output?: Json;
  readonly error?: WorkflowError;
  /** every attempt, strand by strand */
  readonly calls: readonly Called[];
  /** virtual time of the end, ms */
  readonly at: number;
  /** forks that another end at the same time would have decided otherwise */
  readonly ties: number;
}

export interface Called {
  readonly effect: Effect;
  readonly attempt: number;
  readonly at: number;
  outcome: 'result' | 'error' | 'none';
}

export interface Start {
  readonly run: string;
  readonly input: Json;
  readonly at: number;
  readonly line: Line;
}

/** More tasks than any run that ends in a reasonable time has. */
const TASKS_MAX = 200_000;

export function interpret(document: WorkflowDocument, start: Start): Reference {
  return new Interpreter(document, start).run();
}

interface Deadline {
  readonly at: number;
}

/** A deadline was reached; only the task that set it knows what to make of it. */
class Struck extends Error {
  readonly deadline: Deadline;
  readonly origin: Origin | undefined;
  constructor(deadline: Deadline, origin: Origin | undefined) {
    super('a deadline was reached');
    this.deadline = deadline;
    this.origin = origin;
  }
}

/** `then: end`. */
class Ended extends Error {
  readonly output: Json;
  constructor(output: Json) {
    super('the workflow ends here');
    this.output = output;
  }
}

interface Strand {
  readonly line: Line;
  now: number;
  context: Json;
  waited: boolean;
}

/** What surrounds a task. */
interface Here {
  readonly strand: Strand;
  /** loop and catch variables */
  readonly variables: Readonly<Record<string, Json>>;
  /** outermost first */
  readonly deadlines: readonly Deadline[];
  /** the try blocks around it, innermost last: the call that each of them repeats */
  readonly retrying: readonly { failed: Origin | undefined }[];
  readonly indices: readonly number[];
}

interface Done {
  readonly output: Json;
  readonly then: FlowDirective | undefined;
}

/** One task being run. */
interface Active {
  readonly name: string;
  readonly pointer: string;
  readonly task: Task;
  readonly raw: Json;
  readonly startedAt: number;
}

interface BranchEnd {
  readonly end: StrandEnd | undefined;
  readonly at: number;
  readonly order: number;
  readonly calls: Called[];
}

class Interpreter {
  private readonly document: WorkflowDocument;
  private readonly start: Start;
  private calls: Called[] = [];
  private tasks = 0;
  private ties = 0;

  constructor(document: WorkflowDocument, start: Start) {
    this.document = document;
    this.start = start;
  }

  run(): Reference {
    const { at, line } = this.start;
    const strand: Strand = { line, now: at, context: null, waited: false };
    try {
      const end = this.workflow(strand);
      line.ended(end, strand.now);
      const status = end.error === undefined ? 'completed' : 'faulted';
      return { status, ...end, calls: this.calls, at: strand.now, ties: this.ties };
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      return { status: 'unfinished', calls: this.calls, at: strand.now, ties: this.ties };
    }
  }

  private workflow(strand: Strand): StrandEnd {
    const { input, output, timeout } = this.document;
    const raw = this.start.input;
    let limit: Deadline | undefined;
    try {
      fit(input?.schema, raw, '/input/schema');
      const first =
        input?.from === undefined
          ? raw
          : field(input.from, raw, this.workflowScope(strand, '/input/from'));
      limit = this.deadline(timeout, first, strand.now, this.workflowScope(strand, '/timeout'));
      const deadlines = limit === undefined ? [] : [limit];
      const here: Here = { strand, variables: {}, deadlines, retrying: [], indices: [] };
      const end = this.untilEnd(() => this.list(here, this.document.do, '/do', first));
      const last = end.output;
      const scope = this.workflowScope(strand, '');
      const result = output?.as === undefined ? last : field(output.as, last, scope);
      fit(output?.schema, result, '');
      return { output: result };
    } catch (error) {
      if (error instanceof Fault) return { error: error.error };
      if (!(error instanceof Struck) || error.deadline !== limit) throw error;
      return { error: fault('timeout', 'the workflow has timed out', '').error };
    }
  }

  private untilEnd(act: () => Json): { output: Json; endsWorkflow?: true } {
    try {
      return { output: act() };
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      return { output: error.output, endsWorkflow: true };
    }
  }

  // -- lists and tasks ---------------------------------------------------------------------------

  private list(here: Here, tasks: TaskList, pointer: string, raw: Json): Json {
    let data = raw;
    for (let index = 0; index < tasks.length;) {
      const [name, task] = taskEntry(tasks[index]!);
      const done = this.task(here, name, task, `${pointer}/${index}/${pointerStep(name)}`, data);
      data = done.output;
      if (done.then === 'exit') break;
      if (done.then === 'end') throw new Ended(data);
      if (done.then === undefined || done.then === 'continue') index++;
      else index = tasks.findIndex((item) => taskEntry(item)[0] === done.then);
    }
    return data;
  }

  private task(here: Here, name: string, task: Task, pointer: string, raw: Json): Done {
    if (++this.tasks > TASKS_MAX) throw new Unfinished('too many tasks');
    const { strand } = here;
    const active: Active = { name, pointer, task, raw, startedAt: strand.now };
    if (task.if !== undefined && !isTrue(task.if, raw, this.scope(here, active))) {
      return { output: raw, then: task.then };
    }
    fit(task.input?.schema, raw, pointer);
    const { from } = task.input ?? {};
    const input = from === undefined ? raw : field(from, raw, this.scope(here, active));
    const scope = this.scope(here, active, { input });
    const limit = this.deadline(task.timeout, input, strand.now, scope);
    const inside = { ...here, deadlines: [...here.deadlines, ...(limit ? [limit] : [])] };
    let done: Done;
    try {
      done = this.perform(inside, active, input);
    } catch (error) {
      if (!(error instanceof Struck) || error.deadline !== limit) throw error;
      throw fault('timeout', 'the task has timed out', pointer, error.origin);
    }
    let { output } = done;
    if (task.output?.as !== undefined) {
      output = field(task.output.as, output, this.scope(here, active, { input, output }));
    }
    fit(task.output?.schema, output, pointer);
    if (task.export?.as !== undefined) {
      const { output: raw } = done;
      const seen = this.scope(here, active, { input, output, raw });
      const context = field(task.export.as, output, seen);
      fit(task.export.schema, context, pointer);
      strand.context = context;
    }
    return { output, then: done.then ?? task.then };
  }

  private perform(here: Here, active: Active, input: Json): Done {
    const { pointer, task } = active;
    const scope = this.scope(here, active, { input });
    const done = (output: Json, then?: FlowDirective): Done => ({ output, then });
    if (isTask(task, 'set')) return done(field(task.set as Json, input, scope));
    if (isTask(task, 'do')) return done(this.list(here, task.do, `${pointer}/do`, input));
    if (isTask(task, 'call')) return done(this.call(here, active, task, input));
    if (isTask(task, 'for')) return done(this.loop(here, active, task, input));
    if (isTask(task, 'fork')) return done(this.fork(here, task, pointer, input));
    if (isTask(task, 'try')) return this.attempts(here, active, task, input);
    if (isTask(task, 'wait')) {
      const { strand } = here;
      const until = strand.now + duration(task.wait, input, scope);
      this.goOn(here, strand.line.hold(until, strand.now, earliest(here)));
      return done(input);
    }
    if (isTask(task, 'switch')) {
      const cases = task.switch.map((item) => Object.values(item)[0]!);
      const chosen =
        cases.find(({ when }) => when !== undefined && isTrue(when, input, scope)) ??
        cases.find(({ when }) => when === undefined);
      return done(input, chosen?.then);
    }
    if (isTask(task, 'raise')) throw this.raised(task.raise.error, input, scope);
    throw new TypeError(`the reference does not know the task at ${pointer}`);
  }

  private raised(named: ErrorDefinition | string, input: Json, scope: Scope): Fault {
    const model = typeof named === 'string' ? this.document.use!.errors![named]! : named;
    const text = (value: string | undefined): string | undefined => {
      const result = value === undefined ? null : free(value, input, scope);
      if (result === null) return undefined;
      return typeof result === 'string' ? result : JSON.stringify(result);
    };
    const status = free(model.status, input, scope);
    if (typeof status !== 'number') {
      return fault('expression', 'the status of an error must be a number', scope.instance);
    }
    const detail = text(model.detail);
    return new Fault({
      type: text(model.type) ?? '',
      status,
      title: text(model.title) ?? '',
      ...(detail === undefined ? {} : { detail }),
      instance: text(model.instance) ?? scope.instance,
    });
  }

  private loop(here: Here, active: Active, task: ForTask, input: Json): Json {
    const { each = 'item', at = 'index' } = task.for;
    const scope = this.scope(here, active, { input });
    const items = field(task.for.in as Json, input, scope);
    if (!Array.isArray(items)) throw fault('expression', 'for.in gives no array', active.pointer);
    let data = input;
    for (const [index, item] of (items as Json[]).entries()) {
      const variables = { ...here.variables, [each]: item, [at]: index };
      const turn = { ...here, variables, indices: [...here.indices, index] };
      const seen = this.scope(turn, active, { input });
      if (task.while !== undefined && !isTrue(task.while, data, seen)) break;
      data = this.list(turn, task.do, `${active.pointer}/do`, data);
    }
    return data;
  }

  // -- what takes time -----------------------------------------------------------------------------

  private call(here: Here, active: Active, task: CallTask, input: Json): Json {
    const { pointer } = active;
    const { strand } = here;
    const scope = this.scope(here, active, { input });
    const request = field((task.with ?? null) as Json, input, scope);
    const functions = this.document.use?.functions ?? {};
    if (Object.hasOwn(functions, task.call)) {
      const body = [{ [task.call]: functions[task.call]! }];
      return this.list({ ...here, variables: {} }, body, `${pointer}/call`, request);
    }
    const same = { pointer, request: canonicalJson(request), indices: here.indices.join() };
    const around = here.retrying.findLast(
      ({ failed }) =>
        failed?.pointer === pointer &&
        failed.request === same.request &&
        failed.indices === same.indices,
    );
    const before = around?.failed;
    if (around !== undefined) around.failed = undefined;
    const effect = before?.effect ?? { name: task.call, request };
    const attempt = (before?.attempt ?? 0) + 1;
    const origin: Origin = { ...same, attempt, effect };
    const called: Called = { effect, attempt, at: strand.now, outcome: 'none' };
    if (earliest(here) > strand.now) this.calls.push(called);
    const asked = { pointer, name: task.call, request, attempt, effect };
    const heard = strand.line.call(asked, strand.now, earliest(here));
    this.goOn(here, heard.at, origin);
    const { answer } = heard;
    if (answer === undefined) throw new TypeError('a call ended without an answer or a deadline');
    called.outcome = 'error' in answer ? 'error' : 'result';
    if ('result' in answer) return answer.result;
    throw new Fault({ instance: pointer, ...answer.error }, origin);
  }

  /** The strand has waited until `at`: the outermost deadline that has passed strikes. */
  private goOn({ deadlines, strand }: Here, at: number, origin?: Origin): void {
    strand.waited = true;
    strand.now = at;
    const passed = deadlines.find((deadline) => deadline.at <= at);
    if (passed !== undefined) throw new Struck(passed, origin);
  }

  private attempts(here: Here, active: Active, task: TryTask, input: Json): Done {
    const { pointer } = active;
    const { strand } = here;
    const caught = task.catch;
    const { retries } = this.document.use ?? {};
    const policy = typeof caught.retry === 'string' ? retries?.[caught.retry] : caught.retry;
    const limit = policy?.limit?.attempt?.duration;
    const firstAt = strand.now;
    const repeated: { failed: Origin | undefined } = { failed: undefined };
    for (let failures = 1; ; failures++) {
      const scope = this.scope(here, active, { input });
      const end = limit && { at: strand.now + duration(limit, input, scope) };
      const block: Here = {
        ...here,
        deadlines: [...here.deadlines, ...(end ? [end] : [])],
        retrying: [...here.retrying, repeated],
      };
      let error: Fault;
      try {
        const output = this.list(block, task.try, `${pointer}/try`, input);
        return { output, then: undefined };
      } catch (thrown) {
        if (thrown instanceof Struck && thrown.deadline === end) {
          error = fault('timeout', 'the attempt has taken too long', pointer, thrown.origin);
        } else if (thrown instanceof Fault) error = thrown;
        else throw thrown;
      }
      const variables = { ...here.variables, [caught.as ?? 'error']: { ...error.error } };
      const after = { ...here, variables };
      try {
        const judging = this.scope(after, active, { input });
        if (!takes(caught.errors?.with ?? {}, error.error)) throw error;
        if (caught.when !== undefined && !isTrue(caught.when, input, judging)) throw error;
        if (caught.exceptWhen !== undefined && isTrue(caught.exceptWhen, input, judging)) {
          throw error;
        }
        const due = policy && this.retryTime(here, policy, failures, firstAt, input, judging);
        if (due !== undefined) {
          repeated.failed = error.origin;
          const { now } = strand;
          this.goOn(here, strand.line.retry(due.from, due.to, now, earliest(here)));
          continue;
        }
      } catch (thrown) {
        // The catch itself is at fault; what was under way is still the call that failed.
        throw thrown instanceof Fault ? new Fault(thrown.error, error.origin) : thrown;
      }
      const output =
        caught.do === undefined ? input : this.list(after, caught.do, `${pointer}/catch/do`, input);
      return { output, then: caught.then };
    }
  }

  private retryTime(
    here: Here,
    policy: RetryPolicy,
    failures: number,
    firstAt: number,
    input: Json,
    scope: Scope,
  ): { from: number; to: number } | undefined {
    const { backoff = { constant: {} }, delay, exceptWhen, jitter, limit, when } = policy;
    if (failures > (limit?.attempt?.count ?? Infinity)) return undefined;
    if (when !== undefined && !isTrue(when, input, scope)) return undefined;
    if (exceptWhen !== undefined && isTrue(exceptWhen, input, scope)) return undefined;
    const base = delay === undefined ? 0 : duration(delay, input, scope);
    const times =
      'linear' in backoff ? failures : 'exponential' in backoff ? 2 ** (failures - 1) : 1;
    const from = jitter === undefined ? 0 : duration(jitter.from, input, scope);
    const to = jitter === undefined ? 0 : duration(jitter.to, input, scope);
    const due = scope.now + base * times;
    const { duration: whole } = limit ?? {};
    const last = whole === undefined ? Infinity : firstAt + duration(whole, input, scope);
    const { line } = here.strand;
    return line.inTime(due + from, due + to, last) ? { from: due + from, to: due + to } : undefined;
  }

  // -- forks -----------------------------------------------------------------------------------------

  private fork(here: Here, { fork }: ForkTask, pointer: string, input: Json): Json {
    const { strand } = here;
    const { branches, compete = false } = fork;
    const decides = ({ end }: BranchEnd): boolean =>
      end !== undefined && (end.endsWorkflow === true || (end.error === undefined) === compete);
    const begin = (index: number, line: Line): BranchEnd =>
      this.branch(here, branches[index]!, `${pointer}/fork/branches/${index}`, line, input);
    // What ends without waiting for anything ends before any other branch has really begun.
    const ends: BranchEnd[] = [];
    for (const index of branches.keys()) {
      const one = begin(index, nowhere(strand.line));
      ends.push(one);
      if (decides(one)) return settle(ends, ({ end }) => end !== undefined, compete);
    }
    const horizon = earliest(here);
    for (const [index, { end }] of ends.entries()) {
      if (end === undefined) ends[index] = begin(index, strand.line.branch(index, horizon));
    }
    const inOrder = ends.filter(({ end }) => end !== undefined).sort((a, b) => a.order - b.order);
    const decider =
      inOrder.find(decides) ?? (inOrder.length === ends.length ? inOrder.at(-1) : undefined);
    if (inOrder.some((one) => one !== decider && one.at === decider?.at && decides(one)))
      this.ties++;
    const known = (one: BranchEnd): boolean =>
      decider !== undefined && one.end !== undefined && one.order <= decider.order;
    if (ends.some(({ order }) => order !== -1)) {
      let at = Infinity;
      try {
        at = strand.line.join(decider, strand.now, earliest(here));
      } finally {
        // What a branch would still have done when the fork is over is not done any more.
        for (const one of ends) {
          const kept = known(one) && at >= one.at;
          this.calls.push(...one.calls.filter((called) => kept || called.at < at));
        }
      }
      this.goOn(here, at);
    }
    if (decider === undefined) throw new TypeError('a fork went on before it was decided');
    return settle(ends, known, compete);
  }

  private branch(
    { strand: { context, now }, variables }: Here,
    item: TaskList[number],
    at: string,
    line: Line,
    input: Json,
  ): BranchEnd {
    const strand: Strand = { line, now, context, waited: false };
    const here: Here = { strand, variables, deadlines: [], retrying: [], indices: [] };
    const outer = this.calls;
    this.calls = [];
    let end: StrandEnd | undefined;
    let order = -1;
    try {
      const [name, task] = taskEntry(item);
      const pointer = `${at}/${pointerStep(name)}`;
      end = this.untilEnd(() => {
        const { output, then } = this.task(here, name, task, pointer, input);
        if (then === 'end') throw new Ended(output);
        return output;
      });
    } catch (error) {
      if (error instanceof Fault) end = { error: error.error };
      else if (!(error instanceof Unfinished)) throw error;
    }
    if (end === undefined) order = Infinity;
    else if (strand.waited) order = line.ended(end, strand.now);
    const { calls } = this;
    this.calls = outer;
    return { end, at: end === undefined ? Infinity : strand.now, order, calls };
  }

  // -- looking around --------------------------------------------------------------------------------

  private deadline(
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

  private workflowScope({ context, now }: Strand, instance: string): Scope {
    return { instance, now, variables: { ...this.everywhere(), context } };
  }

  private scope(
    { strand, variables }: Here,
    { name, pointer, raw, startedAt, task }: Active,
    known: { input?: Json; output?: Json; raw?: Json } = {},
  ): Scope {
    const { context, now } = strand;
    const { input = null, output = null } = known;
    return {
      instance: pointer,
      now,
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
      },
    };
  }

  private everywhere(): Scope['variables'] {
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

function earliest({ deadlines }: Here): number {
  return Math.min(Infinity, ...deadlines.map(({ at }) => at));
}

/** Of the branches whose ends are known, the first in order of declaration that decides. */
function settle(
  ends: readonly BranchEnd[],
  known: (one: BranchEnd) => boolean,
  compete: boolean,
): Json {
  const all = ends.filter(known).map(({ end }) => end!);
  const over = all.find(({ endsWorkflow }) => endsWorkflow === true);
  if (over !== undefined) throw new Ended(over.output ?? null);
  const failed = all.find(({ error }) => error !== undefined)?.error;
  const won = all.find(({ error }) => error === undefined);
  if (compete && won !== undefined) return won.output ?? null;
  if (failed !== undefined) throw new Fault(failed);
  return all.map(({ output }) => output ?? null);
}

function instant(ms: number): Json {
  const iso8601 = new Date(ms).toISOString();
  return { iso8601, epoch: { seconds: Math.floor(ms / 1000), milliseconds: ms } };
}
