/*
 * Extensions: which of them apply to a task, and the node that they put around it.
 */
import { pointerStep } from '../../wire/json.ts';
import { type Extension, type Task, taskKind, type Use } from '../document.ts';
import type { PlanCompiler } from './compile.ts';
import { directive, extending, type Mutable, type Surroundings } from './surroundings.ts';
import type { ExtendedNode, Node, NodeList } from './plan.ts';

export interface ExtensionPlace {
  readonly name: string;
  readonly extension: Extension;
  /** JSON pointer in the document */
  readonly place: string;
}

/** In order of declaration. */
export function extensionsOf(task: Task, use: Use | undefined): ExtensionPlace[] {
  const kind = taskKind(task);
  return (use?.extensions ?? []).flatMap((item, index) => {
    const [name, extension] = Object.entries(item)[0]!;
    const { extend } = extension;
    // do and fork have no name of their own there: they are what `composite` is about
    const meant = extend === 'composite' ? kind === 'do' || kind === 'fork' : extend === kind;
    if (extend !== 'all' && !meant) return [];
    return [{ name, extension, place: `/use/extensions/${index}/${pointerStep(name)}` }];
  });
}

/** A task with what extensions put around it. */
export function extendedNode(
  it: PlanCompiler,
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
  it.byPointer.set(at, node);
  if (task.if !== undefined) {
    node.condition = it.expressions.condition(task.if, `${pointer}/if`, 'taskInput', around.names);
  }
  const own = { names: ['task'], functions: [], base: '', extending: true } as const;
  const inside: Surroundings = { ...around, parent: node, ...own };
  node.extensions = extensions.map(({ extension, place, name: called }) => {
    const here = `${at}/extensions/${pointerStep(called)}`;
    it.places.set(here, { pointer: place });
    const tasks = (which: 'before' | 'after'): NodeList | undefined => {
      const found = extension[which] ?? [];
      return found.length === 0 ? undefined : it.list(found, `${here}/${which}`, inside);
    };
    const { when } = extension;
    return {
      when:
        when === undefined
          ? undefined
          : it.expressions.condition(when, `${here}/when`, 'taskInput', inside.names),
      before: tasks('before'),
      after: tasks('after'),
    };
  });
  const inner: Mutable<NodeList> = { pointer: at, nodes: [], handsOn: true };
  node.inner = inner;
  const within = { ...around, parent: node };
  inner.nodes = [it.plain(task, name, pointer, inner, 0, siblings, within)];
  return node;
}
