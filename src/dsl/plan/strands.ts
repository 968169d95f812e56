/* Tasks whose parts are strands: forks, parallel loops, workflows that are run. */
import { pointerStep } from '../../wire/json.ts';
import {
  type RunConfiguration,
  taskEntry,
  type TaskList,
  type WorkflowProcess,
} from '../document.ts';
import type { PlanCompiler } from './compile.ts';
import type { Mutable, Surroundings } from './surroundings.ts';
import type { ChildNode, ForkNode, Node, NodeList } from './plan.ts';

export function completeFork(
  it: PlanCompiler,
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
        it.node(
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
  const { body: branches, ...shared } = compileStrands(
    it,
    names,
    node,
    `${pointer}/fork/branches`,
    compile,
    fork.compete === true,
  );
  Object.assign(node, { branches, compete: fork.compete === true, ...shared } satisfies Pick<
    ForkNode,
    'branches' | 'compete' | 'inherits'
  >);
}

/** Compiles what runs as strands of `node`, whose lists of tasks stand at `pointer`. */
export function compileStrands<Body>(
  it: PlanCompiler,
  names: readonly string[],
  node: Mutable<Node>,
  pointer: string,
  compile: () => Body,
  races = false,
): Pick<ForkNode, 'inherits' | 'settles'> & { readonly body: Body } {
  it.expressions.takeReads();
  const before = new Set(it.expressions.allReads);
  it.expressions.allReads.clear();
  const { awaited, compensated } = it;
  const body = compile();
  const reads = it.expressions.allReads;
  const inherits = [...new Set(names)].filter((name) => reads.has(name));
  for (const name of before) reads.add(name);
  node.keepsInput = true;
  if (it.compensated > compensated) it.byPointer.set(pointer, it.undo);
  // What a workflow that is waited for has to undo is known only when it runs.
  const settles = it.compensated > compensated || (races && it.awaited > awaited);
  return settles ? { body, inherits, settles } : { body, inherits };
}

export function completeChild(
  it: PlanCompiler,
  node: Mutable<Node>,
  run: RunConfiguration,
  { input, name, namespace, version }: WorkflowProcess,
  pointer: string,
  names: readonly string[],
): void {
  const definition = version === 'latest' ? { namespace, name } : { namespace, name, version };
  it.children.set(JSON.stringify(definition), definition);
  const at = `${pointer}/run/workflow/input`;
  const value = it.expressions.value(input ?? {}, at, 'taskDefinition', names);
  Object.assign(node, {
    kind: 'child',
    definition,
    await: run.await !== false,
    arguments: value,
  } satisfies Pick<ChildNode, 'kind' | 'definition' | 'await' | 'arguments'>);
}
