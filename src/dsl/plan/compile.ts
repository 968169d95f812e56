/*
 * Definition -> Plan. Every expression is compiled, every `then` and `use` reference resolved, every
 * schema turned into a check; what is wrong comes back as problems with their places, all at once.
 */
import { type Json, pointerStep } from '../../wire/json.ts';
import type { DefinitionRef } from '../../wire/record.ts';
import {
  isTask,
  type Task,
  taskEntry,
  taskKind,
  type TaskList,
  type WorkflowDocument,
} from '../document.ts';
import type { Definition } from '../load.ts';
import { type Finding, placeProblem, type Problem } from '../problem.ts';
import { isActivity, keepFromSecrets } from './calling.ts';
import { ExpressionCompiler } from './expression.ts';
import { extendedNode, extensionsOf } from './extensions.ts';
import { completeKind } from './kinds.ts';
import { Library, type Place } from './library.ts';
import { schedulePlan } from './listening.ts';
import type { Node, NodeList, Plan, SchemaCheck } from './plan.ts';
import { compileFrom, type LateFrom } from './request.ts';
import { schemaCheck } from './schemas.ts';
import { directive, extending, type Mutable, type Surroundings } from './surroundings.ts';
import { timeoutOf } from './times.ts';
import { completeCompensation, noSagaHere } from './undoing.ts';

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

export class PlanCompiler {
  readonly definition: Definition;
  readonly document: WorkflowDocument;
  readonly schemas: SchemaCompiler;
  readonly expressions: ExpressionCompiler;
  readonly byPointer = new Map<string, Node>();
  readonly functions = new Set<string>();
  readonly children = new Map<string, DefinitionRef>();
  /** tasks compiled so far that something undoes */
  compensated = 0;
  /** ... and workflows that are waited for */
  awaited = 0;
  readonly undo = { kind: 'undo' } as unknown as Node;
  readonly library: Library;
  /** pointers of the plan -> what is compiled there */
  readonly places = new Map<string, Place>();

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
      undoes: this.compensated > 0 || this.awaited > 0,
    };
    // A cancel undoes everything, in one go, whatever scopes are active.
    if (this.compensated > 0) this.byPointer.set(body.pointer, this.undo);
    const { input, output, timeout } = document;
    if (input?.schema) plan.inputSchema = schemaCheck(this, input.schema, '/input/schema', '');
    if (input?.from !== undefined) {
      plan.inputFrom = this.expressions.value(input.from, '/input/from', 'workflowInput', []);
    }
    if (output?.as !== undefined) {
      plan.outputAs = this.expressions.value(output.as, '/output/as', 'workflowOutput', []);
    }
    if (output?.schema) plan.outputSchema = schemaCheck(this, output.schema, '/output/schema', '');
    if (timeout !== undefined) {
      plan.timeout = timeoutOf(this, timeout, '/timeout', 'workflowInput', []);
    }
    const on = schedulePlan(this);
    if (on !== undefined) plan.schedule = on;
    plan.keepsContext = this.expressions.allReads.has('context');
    plan.keepsInput = this.expressions.allReads.has('workflow');
    plan.functions = [...this.functions];
    const problems = this.problems();
    return problems.length > 0 ? { problems } : { plan, problems };
  }

  /** Each mistake once, where it stands, however often it was compiled. */
  problems(): Problem[] {
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

  placeOf(pointer: string): Place {
    for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
      const place = this.places.get(pointer.slice(0, end));
      if (place !== undefined) return { ...place, pointer: place.pointer + pointer.slice(end) };
    }
    return { pointer };
  }

  list(tasks: TaskList, pointer: string, around: Surroundings): NodeList {
    const list: Mutable<NodeList> = { pointer, nodes: [] };
    const names = tasks.map((item) => taskEntry(item)[0]);
    list.nodes = tasks.map((item, index) => {
      const [name, task] = taskEntry(item);
      const at = `${pointer}/${index}/${pointerStep(name)}`;
      return this.node(task, name, at, list, index, names, around);
    });
    return list;
  }

  node(
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
      : extendedNode(this, extensions, task, name, pointer, list, index, siblings, around);
  }

  plain(
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
      node.inputSchema = schemaCheck(
        this,
        task.input.schema,
        `${pointer}/input/schema`,
        around.base,
      );
    let from: LateFrom | undefined;
    if (task.input?.from !== undefined) {
      const at = `${pointer}/input/from`;
      if (isActivity(this, task)) {
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
      node.outputSchema = schemaCheck(
        this,
        task.output.schema,
        `${pointer}/output/schema`,
        around.base,
      );
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
      node.exportSchema = schemaCheck(
        this,
        task.export.schema,
        `${pointer}/export/schema`,
        around.base,
      );
    }
    const late = expressions.takeReads();
    if (task.timeout !== undefined) {
      node.timeout = timeoutOf(this, task.timeout, `${pointer}/timeout`, 'taskDefinition', names);
    }
    node.keepsInput = late.has('input');
    node.keepsRawInput = late.has('task');
    if (from !== undefined) keepFromSecrets(this, task, pointer, late);
    // An extension may be for compensations as well as for other tasks: there it undoes nothing.
    const undoable = !(around.undoes && around.extending);
    const saga =
      (isTask(task, 'do') || isTask(task, 'try')) && task.metadata?.saga === true && undoable;
    if (around.inSaga) node.inSaga = true;
    if (saga && around.undoes) noSagaHere(this, `${pointer}/metadata/saga`);
    if (saga) {
      node.saga = true;
      this.byPointer.set(`${pointer}/${isTask(task, 'try') ? 'try' : 'do'}`, this.undo);
    }
    const inside = saga ? { ...around, inSaga: true } : around;
    completeKind(this, node, task, pointer, siblings, inside, from);
    if (task.metadata?.compensate !== undefined && undoable) {
      completeCompensation(this, node, task.metadata.compensate, pointer, around);
    }
    return node;
  }
}
