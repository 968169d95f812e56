/*
 * Definition -> Plan. Every expression is compiled, every `then` and `use` reference resolved, every
 * schema turned into a check; what is wrong comes back as problems with their places, all at once.
 */
import type { Json } from '../../wire/json.ts';
import { pointerStep } from '../../wire/json.ts';
import type { DefinitionRef } from '../../wire/record.ts';
import type {
  CallTask,
  Duration,
  ErrorDefinition,
  ExternalResource,
  FlowDirective,
  HttpArguments,
  ListenTask,
  OpenApiArguments,
  RetryPolicy,
  RunConfiguration,
  RunTask,
  SchemaModel,
  Task,
  TaskList,
  Timeout,
  WorkflowDocument,
  WorkflowProcess,
} from '../document.ts';
import { isTask, taskEntry, taskKind } from '../document.ts';
import { durationMs } from '../duration.ts';
import { expressionOf } from '../expression.ts';
import type { Definition } from '../load.ts';
import { uriOf } from '../resources/uris.ts';
import { readSource } from '../source.ts';
import type { Finding, Problem } from '../problem.ts';
import { placeProblem } from '../problem.ts';
import { ExpressionCompiler, type Place as Position } from './expression.ts';
import { compileOpenApi } from './openapi.ts';
import { compileProcess } from './process.ts';
import { compileHttp } from './http.ts';
import { StrategyCompiler } from './listen.ts';
import { type FunctionBody, Library, type Place } from './library.ts';
import { type Pool, poolsOf } from './pools.ts';
import { type ExtensionPlace, extensionsOf } from './extensions.ts';
import {
  type ChildNode,
  type Condition,
  type Directive,
  type DurationValue,
  EvaluationFault,
  type ExtendedNode,
  type ForeachPlan,
  type ForkNode,
  type ListenNode,
  type Node,
  type NodeBase,
  type NodeList,
  type Plan,
  type RetryPlan,
  type SchemaCheck,
  type StrategyPlan,
  type Value,
} from './plan.ts';
import { compileFrom, type LateFrom, RequestCompiler } from './request.ts';

/** Tasks of one Plan, each call of a function counted with all that the function does. */
const TASKS_MAX = 100_000;

/** Functions that call functions can unfold to more tasks than any memory holds (P10). */
class TooManyTasks extends Error {
  readonly finding: Finding;
  constructor(pointer: string) {
    super(`more than ${TASKS_MAX} tasks`);
    this.finding = {
      code: 'too-many-tasks',
      message: `with what its functions and extensions do, the workflow has more than ${TASKS_MAX} tasks`,
      // the place of a call inside a function is none of the document
      pointer: pointer.replace(/\/call\/.*/, '/call'),
      expected: `at most ${TASKS_MAX} tasks`,
      hint: 'they are unfolded wherever they apply; call functions in a for task instead',
    };
  }
}

/** Turns a JSON Schema into a check; throws with a message when it is no schema. */
export type SchemaCompiler = (schema: Json) => SchemaCheck;

export interface CompileResult {
  readonly plan?: Plan;
  readonly problems: readonly Problem[];
}

export function compilePlan(definition: Definition, schemas: SchemaCompiler): CompileResult {
  return new PlanCompiler(definition, schemas).compile();
}

/** What a list of tasks inherits from around it. */
interface Surroundings {
  readonly parent: Node | undefined;
  /** loop and catch variables in scope */
  readonly names: readonly string[];
  /** functions that are being expanded */
  readonly functions: readonly string[];
  /** the document that the tasks stand in, '' for the workflow */
  readonly base: string;
  /** compensations of what stands here are run by someone */
  readonly inSaga: boolean;
  /** inside a compensation, which is not undone itself */
  readonly undoes?: true;
  /** inside an extension: what is here is not extended itself */
  readonly extending?: true;
}

/** What a compensation can see besides its own input, which is the input of what it undoes. */
const COMPENSATION_NAMES = ['output', 'certain'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class PlanCompiler {
  private readonly definition: Definition;
  private readonly document: WorkflowDocument;
  private readonly schemas: SchemaCompiler;
  private readonly expressions: ExpressionCompiler;
  private readonly byPointer = new Map<string, Node>();
  private readonly functions = new Set<string>();
  private readonly children = new Map<string, DefinitionRef>();
  /** tasks compiled so far that something undoes */
  private compensated = 0;
  private readonly undo = { kind: 'undo' } as unknown as Node;
  private readonly library: Library;
  /** pointers of the plan -> what is compiled there */
  private readonly places = new Map<string, Place>();

  constructor(definition: Definition, schemas: SchemaCompiler) {
    this.definition = definition;
    this.document = definition.document;
    this.expressions = new ExpressionCompiler(this.document.evaluate?.mode ?? 'strict');
    this.library = new Library(definition, this.expressions.findings);
    this.schemas = schemas;
  }

  compile(): CompileResult {
    const { document } = this;
    const saga = document.document.metadata?.saga === true;
    const around: Surroundings = {
      parent: undefined,
      names: [],
      functions: [],
      base: '',
      inSaga: saga,
    };
    let body: NodeList;
    try {
      body = this.list(document.do, '/do', around);
    } catch (error) {
      if (!(error instanceof TooManyTasks)) throw error;
      const { definition } = this;
      return { problems: [placeProblem(error.finding, definition.locate, definition.file)] };
    }
    const plan: Mutable<Plan> = {
      definition: this.definition,
      body,
      byPointer: this.byPointer,
      saga,
      journal: document.document.metadata?.durability === 'journal',
      keepsContext: false,
      keepsInput: false,
      functions: [],
      children: [...this.children.values()],
      undoes: this.compensated > 0 || this.children.size > 0,
    };
    // A cancel undoes everything, in one go, whatever scopes are active.
    if (this.compensated > 0) this.byPointer.set(body.pointer, this.undo);
    const { input, output, timeout } = document;
    if (input?.schema) plan.inputSchema = this.schema(input.schema, '/input/schema', '');
    if (input?.from !== undefined) {
      plan.inputFrom = this.expressions.value(input.from, '/input/from', 'workflowInput', []);
    }
    if (output?.as !== undefined) {
      plan.outputAs = this.expressions.value(output.as, '/output/as', 'workflowOutput', []);
    }
    if (output?.schema) plan.outputSchema = this.schema(output.schema, '/output/schema', '');
    if (timeout !== undefined) {
      plan.timeout = this.timeout(timeout, '/timeout', 'workflowInput', []);
    }
    const on = this.schedule();
    if (on !== undefined) plan.schedule = on;
    plan.keepsContext = this.expressions.allReads.has('context');
    plan.keepsInput = this.expressions.allReads.has('workflow');
    plan.functions = [...this.functions];
    const problems = this.problems();
    return problems.length > 0 ? { problems } : { plan, problems };
  }

  /** There is no run yet whose variables its filters could read. */
  private schedule(): Plan['schedule'] {
    const { on, read = 'data' } = this.document.schedule ?? {};
    if (on === undefined) return undefined;
    const { expressions } = this;
    const strategies = new StrategyCompiler(expressions, []);
    expressions.takeReads();
    const to = strategies.strategy(on, '/schedule/on');
    const reads = [...expressions.takeReads()];
    const [first] = reads;
    if (first === undefined && !strategies.readsInput) return { to, read };
    const what = first === undefined ? '`${ }` in what is compared' : `$${first}`;
    expressions.findings.push({
      code: 'schedule-reads-run',
      message: `${what} cannot be evaluated in a schedule: there is no run yet`,
      pointer: '/schedule/on',
      expected: 'filters that read the event alone',
      hint: 'judge the rest in the first task of the workflow',
    });
    return undefined;
  }

  /** Each mistake once, where it stands, however often it was compiled. */
  private problems(): Problem[] {
    const said = new Set<string>();
    return this.expressions.findings.flatMap((finding) => {
      const { pointer, source } = this.placeOf(finding.pointer);
      const { locate, file } = source ?? this.definition;
      const id = `${file}${pointer} ${finding.message}`;
      if (said.has(id)) return [];
      said.add(id);
      return [placeProblem({ ...finding, pointer }, locate, file)];
    });
  }

  private placeOf(pointer: string): Place {
    for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
      const place = this.places.get(pointer.slice(0, end));
      if (place !== undefined) return { ...place, pointer: place.pointer + pointer.slice(end) };
    }
    return { pointer };
  }

  private list(tasks: TaskList, pointer: string, around: Surroundings): NodeList {
    const list: Mutable<NodeList> = { pointer, nodes: [] };
    const names = tasks.map((item) => taskEntry(item)[0]);
    list.nodes = tasks.map((item, index) => {
      const [name, task] = taskEntry(item);
      const at = `${pointer}/${index}/${pointerStep(name)}`;
      return this.node(task, name, at, list, index, names, around);
    });
    return list;
  }

  private node(
    task: Task,
    name: string,
    pointer: string,
    list: NodeList,
    index: number,
    siblings: readonly string[],
    around: Surroundings,
  ): Node {
    const extensions = around.extending ? [] : extensionsOf(task, this.document.use);
    return extensions.length === 0
      ? this.plain(task, name, pointer, list, index, siblings, around)
      : this.extended(extensions, task, name, pointer, list, index, siblings, around);
  }

  /** A task with what extensions put around it. */
  private extended(
    extensions: readonly ExtensionPlace[],
    task: Task,
    name: string,
    pointer: string,
    list: NodeList,
    index: number,
    siblings: readonly string[],
    around: Surroundings,
  ): Node {
    const at = pointer.slice(0, pointer.lastIndexOf('/'));
    const node = {
      kind: 'extended',
      pointer: at,
      instance: pointer,
      name,
      task,
      parent: around.parent,
      list,
      index,
      then: directive(task.then, siblings),
      keepsInput: true,
      keepsRawInput: false,
      extending: extending(around),
    } as unknown as Mutable<ExtendedNode>;
    this.byPointer.set(at, node);
    if (task.if !== undefined) {
      node.condition = this.expressions.condition(
        task.if,
        `${pointer}/if`,
        'taskInput',
        around.names,
      );
    }
    const own = { names: ['task'], functions: [], base: '', extending: true } as const;
    const inside: Surroundings = { ...around, parent: node, ...own };
    node.extensions = extensions.map(({ extension, place, name: called }) => {
      const here = `${at}/extensions/${pointerStep(called)}`;
      this.places.set(here, { pointer: place });
      const tasks = (which: 'before' | 'after'): NodeList | undefined => {
        const found = extension[which] ?? [];
        return found.length === 0 ? undefined : this.list(found, `${here}/${which}`, inside);
      };
      const { when } = extension;
      return {
        when:
          when === undefined
            ? undefined
            : this.expressions.condition(when, `${here}/when`, 'taskInput', inside.names),
        before: tasks('before'),
        after: tasks('after'),
      };
    });
    const inner: Mutable<NodeList> = { pointer: at, nodes: [], handsOn: true };
    node.inner = inner;
    const within = { ...around, parent: node };
    inner.nodes = [this.plain(task, name, pointer, inner, 0, siblings, within)];
    return node;
  }

  private plain(
    task: Task,
    name: string,
    pointer: string,
    list: NodeList,
    index: number,
    siblings: readonly string[],
    around: Surroundings,
  ): Node {
    const { names } = around;
    const expressions = this.expressions;
    if (this.byPointer.size >= TASKS_MAX) throw new TooManyTasks(pointer);
    // The node is completed in two passes: its children need it as their parent.
    const node = {
      kind: taskKind(task),
      pointer,
      instance: pointer,
      name,
      task,
      parent: around.parent,
      list,
      index,
      then: directive(task.then, siblings),
      extending: extending(around),
    } as unknown as Mutable<Node>;
    this.byPointer.set(pointer, node);

    // What surrounds an extended task has looked at its condition already.
    if (task.if !== undefined && list.handsOn !== true) {
      node.condition = expressions.condition(task.if, `${pointer}/if`, 'taskInput', names);
    }
    if (task.input?.schema)
      node.inputSchema = this.schema(task.input.schema, `${pointer}/input/schema`, around.base);
    let from: LateFrom | undefined;
    if (task.input?.from !== undefined) {
      const at = `${pointer}/input/from`;
      if (this.isActivity(task)) {
        const compiled = compileFrom(expressions, task.input.from, at, names);
        if ('late' in compiled) from = compiled.late;
        else node.inputFrom = compiled.value;
      } else node.inputFrom = expressions.value(task.input.from, at, 'taskInput', names);
    }
    expressions.takeReads();
    if (task.output?.as !== undefined) {
      node.outputAs = expressions.value(
        task.output.as,
        `${pointer}/output/as`,
        'taskOutput',
        names,
      );
    }
    if (task.output?.schema) {
      node.outputSchema = this.schema(task.output.schema, `${pointer}/output/schema`, around.base);
    }
    if (task.export?.as !== undefined) {
      node.exportAs = expressions.value(
        task.export.as,
        `${pointer}/export/as`,
        'taskOutput',
        names,
      );
    }
    if (task.export?.schema) {
      node.exportSchema = this.schema(task.export.schema, `${pointer}/export/schema`, around.base);
    }
    const late = expressions.takeReads();
    if (task.timeout !== undefined) {
      node.timeout = this.timeout(task.timeout, `${pointer}/timeout`, 'taskDefinition', names);
    }
    node.keepsInput = late.has('input');
    node.keepsRawInput = late.has('task');
    if (from !== undefined) this.keepFromSecrets(task, pointer, late);
    // An extension may be for compensations as well as for other tasks: there it undoes nothing.
    const undoable = !(around.undoes && around.extending);
    const saga =
      (isTask(task, 'do') || isTask(task, 'try')) && task.metadata?.saga === true && undoable;
    if (around.inSaga) node.inSaga = true;
    if (saga && around.undoes) this.noSagaHere(`${pointer}/metadata/saga`);
    if (saga) {
      node.saga = true;
      this.byPointer.set(`${pointer}/${isTask(task, 'try') ? 'try' : 'do'}`, this.undo);
    }
    const inside = saga ? { ...around, inSaga: true } : around;
    this.complete(node, task, pointer, siblings, inside, from);
    if (task.metadata?.compensate !== undefined && undoable) {
      this.completeCompensation(node, task.metadata.compensate, pointer, around);
    }
    return node;
  }

  /** True for tasks that are carried out by an activity. */
  private isActivity(task: Task): boolean {
    if (isTask(task, 'run')) return isProcess(task);
    return isTask(task, 'call') && !this.library.has(task.call);
  }

  /** What a late input.from gives is known at the call only: nothing else of the task can read it. */
  private keepFromSecrets(task: Task, pointer: string, reads: ReadonlySet<string>): void {
    const { timeout } = task;
    const named = typeof timeout === 'string';
    const after = (named ? this.document.use?.timeouts?.[timeout] : timeout)?.after;
    const timed = typeof after === 'string' && expressionOf(after, 'free') !== undefined;
    const undone = JSON.stringify(task.metadata?.compensate ?? null).includes('$input');
    if (!timed && !undone && !reads.has('input')) return;
    this.expressions.findings.push({
      code: 'misplaced-secret',
      message: timed
        ? 'this timeout would be computed from an input that holds secrets'
        : '$input holds secrets in this task, and what its output, export or compensation reads is stored',
      pointer: timed ? `${pointer}/timeout/after` : `${pointer}/input/from`,
      expected: 'secrets in the arguments of the call instead of its input',
      hint: 'write ${ $secrets.name } where the value is needed',
    });
  }

  /** What is particular to the kind of task. */
  private complete(
    node: Mutable<Node>,
    task: Task,
    pointer: string,
    siblings: readonly string[],
    around: Surroundings,
    from: LateFrom | undefined,
  ): void {
    const { names } = around;
    const expressions = this.expressions;
    const inside = (more: readonly string[] = []): Surroundings => ({
      ...around,
      parent: node,
      names: more.length === 0 ? names : [...new Set([...names, ...more])],
    });
    if (isTask(task, 'set')) {
      const value = expressions.given(task.set, `${pointer}/set`, 'taskDefinition', names);
      Object.assign(node, { value });
    } else if (isTask(task, 'for')) {
      const each = task.for.each ?? 'item';
      const at = task.for.at ?? 'index';
      const items = expressions.value(
        task.for.in as Json,
        `${pointer}/for/in`,
        'taskDefinition',
        names,
      );
      expressions.takeReads();
      const { parallel } = task.metadata ?? {};
      if (parallel !== undefined) {
        const compile = (): NodeList =>
          this.list(task.do, `${pointer}/do`, { ...inside([each, at]), parent: undefined });
        const { body, ...shared } = this.strands(
          [...names, each, at],
          node,
          `${pointer}/do`,
          compile,
        );
        const { max } = parallel;
        Object.assign(node, { kind: 'parallel', each, at, items, body, max, ...shared });
        return;
      }
      const condition =
        task.while === undefined
          ? undefined
          : expressions.condition(task.while, `${pointer}/while`, 'taskDefinition', [
              ...names,
              each,
              at,
            ]);
      const reads = expressions.takeReads();
      if (reads.has('input')) node.keepsInput = true;
      if (reads.has('task')) node.keepsRawInput = true;
      const body = this.list(task.do, `${pointer}/do`, inside([each, at]));
      Object.assign(node, { each, at, items, while: condition, body });
    } else if (isTask(task, 'try')) {
      this.completeTry(node, task, pointer, siblings, inside);
    } else if (isTask(task, 'do')) {
      Object.assign(node, { body: this.list(task.do, `${pointer}/do`, inside()) });
    } else if (isTask(task, 'switch')) {
      const cases: { when: unknown; then: Directive }[] = [];
      let otherwise: Directive | undefined;
      task.switch.forEach((item, index) => {
        const [name, one] = Object.entries(item)[0]!;
        const at = `${pointer}/switch/${index}/${pointerStep(name)}`;
        const then = directive(one.then, siblings);
        if (one.when === undefined) otherwise = then;
        else
          cases.push({
            when: expressions.condition(one.when, `${at}/when`, 'taskDefinition', names),
            then,
          });
      });
      Object.assign(node, { cases, otherwise });
    } else if (isTask(task, 'raise')) {
      const { error } = task.raise;
      const at =
        typeof error === 'string' ? `/use/errors/${pointerStep(error)}` : `${pointer}/raise/error`;
      const model: ErrorDefinition =
        typeof error === 'string' ? this.document.use!.errors![error]! : error;
      const part = (key: keyof ErrorDefinition): Value | undefined =>
        model[key] === undefined
          ? undefined
          : expressions.free(model[key], `${at}/${key}`, 'taskDefinition', names);
      Object.assign(node, {
        error: {
          type: part('type'),
          status: part('status'),
          title: part('title'),
          detail: part('detail'),
          instance: part('instance'),
        },
      });
    } else if (isTask(task, 'wait')) {
      const duration = this.duration(task.wait, `${pointer}/wait`, 'taskDefinition', names);
      node.keepsInput = true;
      Object.assign(node, { duration });
    } else if (isTask(task, 'emit')) {
      const at = `${pointer}/emit/event/with`;
      const { with: given } = task.emit.event;
      const attributes = expressions.free(given as Json, at, 'taskDefinition', names);
      Object.assign(node, { attributes });
    } else if (isTask(task, 'listen')) {
      this.completeListen(node, task, pointer, inside, around);
    } else if (isTask(task, 'fork')) {
      this.completeFork(node, task.fork, pointer, names, around);
    } else if (isTask(task, 'run') && task.run.workflow !== undefined) {
      this.completeChild(node, task.run, task.run.workflow, pointer, names);
    } else if (isTask(task, 'call')) this.completeCall(node, task, pointer, around, from);
    else if (isTask(task, 'run') && isProcess(task)) {
      this.completeProcess(node, task, pointer, around, from);
    }
  }

  private completeCall(
    node: Mutable<Node>,
    task: CallTask,
    pointer: string,
    around: Surroundings,
    from: LateFrom | undefined,
  ): void {
    const { expressions, document } = this;
    const at = `${pointer}/with`;
    const given = (task.with ?? null) as Json;
    if (!this.isActivity(task)) {
      if (task.metadata?.limit !== undefined) this.noLimitHere(pointer);
      const args = expressions.value(given, at, 'taskDefinition', around.names);
      const body = this.library.function(task.call, around.base, `${pointer}/call`);
      if (body !== undefined) this.completeInvoke(node, body, args, pointer, around);
      return;
    }
    const request = this.request(around, from, task.call === 'http' || task.call === 'openapi');
    if (task.call === 'http') {
      Object.assign(node, compileHttp(request, document, task.with as HttpArguments, at));
    } else if (task.call === 'openapi') {
      const call = task.with as OpenApiArguments;
      const { library } = this;
      const found = { library, base: around.base, findings: expressions.findings };
      Object.assign(node, compileOpenApi(request, document, call, at, found));
    } else {
      this.functions.add(task.call);
      const args = request.free(given, at, '');
      Object.assign(node, { activity: 'function', service: task.call, arguments: args });
    }
    const pools = this.pools(task, pointer);
    Object.assign(node, { kind: 'call', late: request.late, pools });
  }

  private pools({ metadata }: Task, pointer: string): readonly Pool[] {
    return poolsOf(this.document, metadata?.limit?.max, this.placeOf(pointer));
  }

  /** What a function asks for is limited in its own text, wherever it is called. */
  private noLimitHere(pointer: string): void {
    this.expressions.findings.push({
      code: 'misplaced-metadata',
      message: 'metadata.limit has no meaning on the call of a function that is made of tasks',
      pointer: `${pointer}/metadata/limit`,
      expected: 'the limit on the tasks of the function',
      at: 'key',
    });
  }

  private completeProcess(
    node: Mutable<Node>,
    task: RunTask,
    pointer: string,
    around: Surroundings,
    from: LateFrom | undefined,
  ): void {
    const request = this.request(around, from);
    const { library } = this;
    const { findings } = this.expressions;
    const context = { name: node.name, library, base: around.base, findings };
    Object.assign(
      node,
      { kind: 'call', pools: this.pools(task, pointer) },
      compileProcess(request, task.run, `${pointer}/run`, context),
    );
    Object.assign(node, { late: request.late });
    if (task.run.await === false) node.keepsInput = true;
  }

  /** Compiles the request of an activity; `late` of it is complete once all parts have been given. */
  private request(
    { names }: Surroundings,
    from: LateFrom | undefined,
    authorization = false,
  ): RequestCompiler {
    const secrets = this.document.use?.secrets ?? [];
    return new RequestCompiler(this.expressions, names, secrets, from, authorization);
  }

  private completeListen(
    node: Mutable<Node>,
    task: ListenTask,
    pointer: string,
    inside: (more?: readonly string[]) => Surroundings,
    { base }: Surroundings,
  ): void {
    const { expressions } = this;
    const { names } = inside();
    const { read = 'data', to } = task.listen;
    const strategies = new StrategyCompiler(expressions, names);
    const at = `${pointer}/listen/to`;
    expressions.takeReads();
    const main = strategies.strategy(to, at);
    let untilHolds: Condition | undefined;
    let untilHeard: StrategyPlan | undefined;
    if (to.any !== undefined && typeof to.until === 'string') {
      untilHolds = expressions.condition(to.until, `${at}/until`, 'taskDefinition', names);
    } else if (to.any !== undefined && typeof to.until === 'object') {
      untilHeard = strategies.strategy(to.until, `${at}/until`);
    }
    const never = typeof to.until === 'string' && expressionOf(to.until, 'expression') === 'false';
    const { foreach } = task;
    let each: Mutable<ForeachPlan> | undefined;
    if (foreach !== undefined) {
      const item = foreach.item ?? 'item';
      const index = foreach.at ?? 'index';
      const there = `${pointer}/foreach`;
      const known = inside([item, index]);
      const result = (value: Json | undefined, where: string): Value | undefined =>
        value === undefined
          ? undefined
          : expressions.value(value, `${there}/${where}/as`, 'taskOutput', known.names);
      const schema = (model: SchemaModel | undefined, where: string): SchemaCheck | undefined =>
        model === undefined ? undefined : this.schema(model, `${there}/${where}/schema`, base);
      each = {
        each: item,
        at: index,
        body: undefined,
        outputAs: result(foreach.output?.as, 'output'),
        outputSchema: schema(foreach.output?.schema, 'output'),
        exportAs: result(foreach.export?.as, 'export'),
        exportSchema: schema(foreach.export?.schema, 'export'),
      };
    }
    const reads = expressions.takeReads();
    if (reads.has('input') || strategies.readsInput) node.keepsInput = true;
    if (reads.has('task')) node.keepsRawInput = true;
    if (each !== undefined && foreach?.do !== undefined && foreach.do.length > 0) {
      each.body = this.list(foreach.do, `${pointer}/foreach/do`, inside([each.each, each.at]));
    }
    Object.assign(node, {
      to: main,
      untilHolds,
      untilHeard,
      read,
      foreach: each,
      keepsOutputs: !never,
    } satisfies Omit<ListenNode, keyof NodeBase | 'kind'>);
  }

  private completeTry(
    node: Mutable<Node>,
    task: Extract<Task, { try: TaskList }>,
    pointer: string,
    siblings: readonly string[],
    inside: (more?: readonly string[]) => Surroundings,
  ): void {
    const { names } = inside();
    const expressions = this.expressions;
    expressions.takeReads();
    const caught = task.catch;
    const as = caught.as ?? 'error';
    const withError = [...new Set([...names, as])];
    const condition = (value: string | undefined, at: string) =>
      value === undefined
        ? undefined
        : expressions.condition(value, `${pointer}/catch/${at}`, 'taskDefinition', withError);
    const when = condition(caught.when, 'when');
    const exceptWhen = condition(caught.exceptWhen, 'exceptWhen');
    const retry =
      caught.retry === undefined
        ? undefined
        : this.retry(caught.retry, `${pointer}/catch/retry`, withError, names);
    node.keepsInput = true;
    if (expressions.takeReads().has('task')) node.keepsRawInput = true;
    const body = this.list(task.try, `${pointer}/try`, inside());
    const handler =
      caught.do === undefined
        ? undefined
        : this.list(caught.do, `${pointer}/catch/do`, inside([as]));
    Object.assign(node, {
      body,
      filter: caught.errors?.with ?? {},
      as,
      when,
      exceptWhen,
      retry,
      handler,
      catchThen: caught.then === undefined ? undefined : directive(caught.then, siblings),
    });
  }

  private completeFork(
    node: Mutable<Node>,
    fork: { readonly branches: TaskList; readonly compete?: boolean },
    pointer: string,
    names: readonly string[],
    around: Surroundings,
  ): void {
    const compile = (): NodeList[] =>
      fork.branches.map((item, index) => {
        const [name, task] = taskEntry(item);
        const list: Mutable<NodeList> = { pointer: `${pointer}/fork/branches`, nodes: [] };
        // A branch is a strand of its own: nothing above it is its parent, and `then` leads nowhere else.
        list.nodes = [
          this.node(
            task,
            name,
            `${pointer}/fork/branches/${index}/${pointerStep(name)}`,
            list,
            0,
            [name],
            { ...around, parent: undefined },
          ),
        ];
        return list;
      });
    const { body: branches, ...shared } = this.strands(
      names,
      node,
      `${pointer}/fork/branches`,
      compile,
    );
    Object.assign(node, { branches, compete: fork.compete === true, ...shared } satisfies Pick<
      ForkNode,
      'branches' | 'compete' | 'inherits'
    >);
  }

  /** Compiles what runs as strands of `node`, whose lists of tasks stand at `pointer`. */
  private strands<Body>(
    names: readonly string[],
    node: Mutable<Node>,
    pointer: string,
    compile: () => Body,
  ): Pick<ForkNode, 'inherits' | 'settles'> & { readonly body: Body } {
    this.expressions.takeReads();
    const before = new Set(this.expressions.allReads);
    this.expressions.allReads.clear();
    const { compensated } = this;
    const body = compile();
    const reads = this.expressions.allReads;
    const inherits = [...new Set(names)].filter((name) => reads.has(name));
    for (const name of before) reads.add(name);
    node.keepsInput = true;
    if (this.compensated === compensated) return { body, inherits };
    this.byPointer.set(pointer, this.undo);
    return { body, inherits, settles: true };
  }

  private completeChild(
    node: Mutable<Node>,
    run: RunConfiguration,
    { input, name, namespace, version }: WorkflowProcess,
    pointer: string,
    names: readonly string[],
  ): void {
    const definition = version === 'latest' ? { namespace, name } : { namespace, name, version };
    this.children.set(JSON.stringify(definition), definition);
    const at = `${pointer}/run/workflow/input`;
    const value = this.expressions.value(input ?? {}, at, 'taskDefinition', names);
    Object.assign(node, {
      kind: 'child',
      definition,
      await: run.await !== false,
      arguments: value,
    } satisfies Pick<ChildNode, 'kind' | 'definition' | 'await' | 'arguments'>);
  }

  private completeInvoke(
    node: Mutable<Node>,
    { id, name, task, base, place }: FunctionBody,
    args: Value,
    pointer: string,
    around: Surroundings,
  ): void {
    const list: Mutable<NodeList> = { pointer: `${pointer}/call`, nodes: [] };
    Object.assign(node, { kind: 'invoke', arguments: args, body: list });
    if (around.functions.includes(id)) {
      this.expressions.findings.push({
        code: 'recursive-function',
        message: `the function ${id} calls itself (${[...around.functions, id].join(' -> ')})`,
        pointer,
        expected: 'functions that end',
        hint: 'use a for task, or a task that jumps back with `then`',
      });
      return;
    }
    const at = `${pointer}/call/0/${pointerStep(name)}`;
    this.places.set(at, place);
    // The caller's loop and catch variables are not the function's business.
    list.nodes = [
      this.node(task, name, at, list, 0, [name], {
        ...around,
        parent: node,
        names: [],
        functions: [...around.functions, id],
        base,
      }),
    ];
  }

  /** What undoes a task is run by whatever scope an error or a cancel leaves. */
  private completeCompensation(
    node: Mutable<Node>,
    task: Task,
    pointer: string,
    around: Surroundings,
  ): void {
    if (around.undoes) this.noSagaHere(`${pointer}/metadata/compensate`);
    else if (!around.inSaga && around.functions.length === 0 && !around.extending) {
      this.expressions.findings.push({
        code: 'compensation-without-saga',
        message: 'no saga is around this task: its compensation would never run',
        pointer: `${pointer}/metadata/compensate`,
        expected: 'metadata.saga: true on a do or try task around it, or on the document',
      });
    }
    this.compensated++;
    node.keepsInput = true;
    const at = `${pointer}/metadata/compensate`;
    const list: Mutable<NodeList> = { pointer: at, nodes: [] };
    const name = node.name;
    list.nodes = [
      this.node(task, name, at, list, 0, [name], {
        parent: this.undo,
        names: COMPENSATION_NAMES,
        functions: around.functions,
        base: around.base,
        inSaga: false,
        undoes: true,
        ...(around.extending ? { extending: true } : {}),
      }),
    ];
    Object.assign(node, { compensation: list });
  }

  private noSagaHere(pointer: string): void {
    this.expressions.findings.push({
      code: 'compensation-in-compensation',
      message: 'a compensation is not undone itself',
      pointer,
      expected: 'a compensation without metadata.saga and metadata.compensate',
      hint: 'one that fails is retried by its own try, then kept as deferred',
    });
  }

  /** `before`: what can be seen when an attempt begins; there is no error yet. */
  private retry(
    retry: RetryPolicy | string,
    at: string,
    names: readonly string[],
    before: readonly string[],
  ): RetryPlan {
    const pointer = typeof retry === 'string' ? `/use/retries/${pointerStep(retry)}` : at;
    const policy = typeof retry === 'string' ? this.document.use!.retries![retry]! : retry;
    const duration = (value: Duration | undefined, where: string, visible = names) =>
      value === undefined
        ? undefined
        : this.duration(value, `${pointer}/${where}`, 'taskDefinition', visible);
    const condition = (value: string | undefined, where: string) =>
      value === undefined
        ? undefined
        : this.expressions.condition(value, `${pointer}/${where}`, 'taskDefinition', names);
    const jitterFrom = duration(policy.jitter?.from, 'jitter/from');
    const jitterTo = duration(policy.jitter?.to, 'jitter/to');
    const backoff = policy.backoff ?? { constant: {} };
    return {
      when: condition(policy.when, 'when'),
      exceptWhen: condition(policy.exceptWhen, 'exceptWhen'),
      delay: duration(policy.delay, 'delay'),
      backoff:
        'exponential' in backoff ? 'exponential' : 'linear' in backoff ? 'linear' : 'constant',
      jitter: jitterFrom && jitterTo ? { from: jitterFrom, to: jitterTo } : undefined,
      count: policy.limit?.attempt?.count,
      attemptDuration: duration(policy.limit?.attempt?.duration, 'limit/attempt/duration', before),
      limitDuration: duration(policy.limit?.duration, 'limit/duration'),
    };
  }

  private timeout(
    timeout: Timeout | string,
    at: string,
    place: Position,
    names: readonly string[],
  ): DurationValue {
    return typeof timeout === 'string'
      ? this.duration(
          this.document.use!.timeouts![timeout]!.after,
          `/use/timeouts/${pointerStep(timeout)}/after`,
          place,
          names,
        )
      : this.duration(timeout.after, `${at}/after`, place, names);
  }

  private duration(
    duration: Duration,
    pointer: string,
    place: Position,
    names: readonly string[],
  ): DurationValue {
    if (typeof duration !== 'string' || expressionOf(duration, 'free') === undefined) {
      const literal = durationMs(duration);
      return () => literal;
    }
    const evaluate = this.expressions.value(duration, pointer, place, names);
    return (input, scope) => {
      const value = evaluate(input, scope);
      try {
        return durationMs(value as Duration);
      } catch {
        throw new EvaluationFault(
          'expression',
          `${JSON.stringify(value)} is not a duration; expected ISO 8601 such as PT30S`,
          pointer,
        );
      }
    };
  }

  private schema(schema: SchemaModel, pointer: string, base: string): SchemaCheck {
    const { document, resource } = schema;
    const at = `${pointer}/${resource === undefined ? 'document' : 'resource'}`;
    const source = resource === undefined ? document : this.resource(resource, at, base);
    if (source === undefined) return () => undefined;
    try {
      return this.schemas(source);
    } catch (error) {
      this.schemaFinding(at, error instanceof Error ? error.message : String(error));
      return () => undefined;
    }
  }

  /** A resource that holds JSON or YAML; undefined when it does not, and that has been said. */
  private resource(
    { endpoint }: ExternalResource,
    pointer: string,
    base: string,
  ): Json | undefined {
    const text = this.library.text(endpoint, base, `${pointer}/endpoint`);
    if (text === undefined) return undefined;
    const { value, findings } = readSource(text, uriOf(endpoint));
    if (findings.length === 0) return value;
    this.schemaFinding(pointer, findings[0]!.message);
    return undefined;
  }

  private schemaFinding(pointer: string, why: string): void {
    this.expressions.findings.push({
      code: 'schema-invalid',
      message: `this is not a JSON Schema: ${why}`,
      pointer,
      expected: 'a JSON Schema (draft 2020-12)',
    });
  }
}

function isProcess({ run }: RunTask): boolean {
  return run.script !== undefined || run.shell !== undefined;
}

function extending({ names }: Surroundings): boolean {
  return names.includes('task');
}

/** Targets were checked at load: a name that is not a sibling does not come here. */
function directive(then: FlowDirective | undefined, siblings: readonly string[]): Directive {
  if (then === undefined || then === 'continue') return { kind: 'continue' };
  if (then === 'exit' || then === 'end') return { kind: then };
  return { kind: 'goto', index: siblings.indexOf(then) };
}
