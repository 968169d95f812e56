/*
 * A workflow as a picture in the making: nested groups of nodes, and edges between siblings.
 *
 * Because `then` reaches siblings only, every edge joins two items of the same group; what leaves a
 * scope (`exit`, `end`) leads to a marker inside it. Ids are JSON pointers of tasks (markers add a
 * `#word`), so that a report can find the task behind a node. Plain data: mermaid.ts and
 * report/graph-svg.ts draw it.
 */
import { pointerStep } from '../wire/json.ts';
import type {
  CatchModel,
  ForTask,
  ListenTask,
  Task,
  TaskKind,
  TaskList,
  TryTask,
  WorkflowDocument,
} from './document.ts';
import { isTask, taskEntry, taskKind } from './document.ts';
import {
  badgesOf,
  clip,
  detailsOf,
  errorFilterWords,
  expressionWords,
  retryWords,
} from './graph-words.ts';

export type NodeRole = TaskKind | 'start' | 'finish' | 'exit' | 'end' | 'bar' | 'catch';
export type GroupRole = 'workflow' | 'do' | 'for' | 'fork' | 'try' | 'body' | 'catch' | 'listen';
export type EdgeRole = 'flow' | 'case' | 'error' | 'retry' | 'loop';

export interface GraphNode {
  readonly type: 'node';
  readonly id: string;
  readonly role: NodeRole;
  readonly label: string;
  /** What the task does, in one or two short lines. */
  readonly details: readonly string[];
  /** Conditions and limits around it: `if`, timeout, compensation. */
  readonly badges: readonly string[];
}
export interface GraphGroup {
  readonly type: 'group';
  readonly id: string;
  readonly role: GroupRole;
  readonly label: string;
  readonly details: readonly string[];
  readonly badges: readonly string[];
  readonly items: readonly GraphItem[];
  readonly edges: readonly GraphEdge[];
}
export type GraphItem = GraphNode | GraphGroup;
/** Both ends are items of the group that has the edge. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly role: EdgeRole;
  readonly label?: string;
}
export interface WorkflowGraph {
  readonly title: string;
  readonly subtitle: string;
  readonly root: GraphGroup;
}

export function buildGraph(document: WorkflowDocument): WorkflowGraph {
  const { namespace, name, version, title } = document.document;
  const list = listGraph(document.do, '/do', true);
  return {
    title: title ?? name,
    subtitle: `${namespace}/${name}/${version}`,
    root: {
      type: 'group',
      id: '',
      role: 'workflow',
      label: title ?? name,
      details: [],
      badges: [],
      ...list,
    },
  };
}

type Content = Pick<GraphGroup, 'items' | 'edges'>;

/** The items of a list in order, joined by what their `then` says. */
function listGraph(list: TaskList, pointer: string, root = false): Content {
  const items: GraphItem[] = [];
  const edges: GraphEdge[] = [];
  const entries = list.map((item, index) => {
    const [name, task] = taskEntry(item);
    return { name, task, id: `${pointer}/${index}/${pointerStep(name)}` };
  });
  const ids = new Map(entries.map(({ name, id }) => [name, id]));
  const exit = `${pointer}#exit`;
  if (root) {
    items.push(marker('start', `${pointer}#start`));
    edges.push({ from: `${pointer}#start`, to: entries[0]?.id ?? exit, role: 'flow' });
  }
  entries.forEach(({ name, task, id }, index) => {
    items.push(taskGraph(task, name, id));
    const next = entries[index + 1]?.id ?? exit;
    const target = (then: string | undefined): string => {
      if (then === undefined || then === 'continue') return next;
      if (then === 'exit' || (then === 'end' && root)) return exit;
      if (then !== 'end') return ids.get(then) ?? next;
      const end = `${id}#end`;
      if (!items.some((item) => item.id === end)) items.push(marker('end', end));
      return end;
    };
    edges.push(...leaving(task, id, target));
  });
  // The marker of a nested list is worth its place only when something jumps to it.
  const last = entries.at(-1)?.id;
  const jumps = edges.some((edge) => edge.to === exit && (edge.from !== last || edge.label));
  if (root || jumps) items.push(marker(root ? 'finish' : 'exit', exit));
  return { items, edges: root || jumps ? edges : edges.filter((edge) => edge.to !== exit) };
}

function marker(role: 'start' | 'finish' | 'exit' | 'end', id: string): GraphNode {
  const label = { start: 'start', finish: 'end', exit: 'exit', end: 'end workflow' }[role];
  return { type: 'node', id, role, label, details: [], badges: [] };
}

/** The edges that leave a task. */
function leaving(
  task: Task,
  from: string,
  target: (then: string | undefined) => string,
): GraphEdge[] {
  const after = target(task.then);
  if (isTask(task, 'switch')) {
    const edges: GraphEdge[] = [];
    let fallback: GraphEdge | undefined;
    for (const item of task.switch) {
      for (const [name, { when, then }] of Object.entries(item)) {
        const label = when === undefined ? 'else' : caseWords(name, when);
        const edge: GraphEdge = { from, to: target(then), role: 'case', label };
        if (when === undefined) fallback = edge;
        else edges.push(edge);
      }
    }
    return [...edges, fallback ?? { from, to: after, role: 'case', label: 'no match' }];
  }
  if (isTask(task, 'raise')) {
    // Without a condition nothing comes after a raise.
    return task.if === undefined ? [] : [{ from, to: after, role: 'flow', label: 'otherwise' }];
  }
  const edges: GraphEdge[] = [{ from, to: after, role: 'flow' }];
  if (isTask(task, 'try') && task.catch.then !== undefined) {
    const to = target(task.catch.then);
    if (to !== after) edges.push({ from, to, role: 'error', label: 'after catch' });
  }
  return edges;
}

function caseWords(name: string, when: string): string {
  const words = expressionWords(when, 34);
  return /^(?:case|when|default)?\d*$/i.test(name) ? words : clip(`${name}: ${words}`, 44);
}

function taskGraph(task: Task, name: string, id: string): GraphItem {
  const badges = badgesOf(task);
  const group = (role: GroupRole, details: readonly string[], content: Content): GraphGroup => ({
    type: 'group',
    id,
    role,
    label: clip(name, 44),
    details,
    badges,
    ...content,
  });
  if (isTask(task, 'do')) return group('do', [], listGraph(task.do, `${id}/do`));
  if (isTask(task, 'for')) return group('for', detailsOf(task), loop(task, id));
  if (isTask(task, 'fork')) return group('fork', detailsOf(task), branches(task.fork.branches, id));
  if (isTask(task, 'try')) return group('try', [], attempt(task, id));
  if (isTask(task, 'listen') && task.foreach?.do !== undefined) {
    return group('listen', detailsOf(task), events(task, task.foreach.do, id));
  }
  return {
    type: 'node',
    id,
    role: taskKind(task),
    label: clip(name, 44),
    details: detailsOf(task),
    badges,
  };
}

function loop(task: ForTask, id: string): Content {
  const content = listGraph(task.do, `${id}/do`);
  return turning(content, `next ${task.for.each ?? 'item'}`);
}

function events(task: ListenTask, list: TaskList, id: string): Content {
  return turning(listGraph(list, `${id}/foreach/do`), `next ${task.foreach?.item ?? 'item'}`);
}

/** Adds the edge that leads back to the beginning. */
function turning({ items, edges }: Content, label: string): Content {
  const first = items[0];
  const ways = items.filter((item) => item.type === 'group' || item.role !== 'end');
  const last = ways.find((item) => item.id.endsWith('#exit')) ?? ways.at(-1);
  if (first === undefined || last === undefined) return { items, edges };
  return { items, edges: [...edges, { from: last.id, to: first.id, role: 'loop', label }] };
}

function branches(list: TaskList, id: string): Content {
  const bar = (which: string): GraphNode => ({
    type: 'node',
    id: `${id}#${which}`,
    role: 'bar',
    label: which,
    details: [],
    badges: [],
  });
  const [fork, join] = [bar('fork'), bar('join')];
  const items = list.map((item, index) => {
    const [name, task] = taskEntry(item);
    return taskGraph(task, name, `${id}/fork/branches/${index}/${pointerStep(name)}`);
  });
  const edges = items.flatMap((item): GraphEdge[] => [
    { from: fork.id, to: item.id, role: 'flow' },
    { from: item.id, to: join.id, role: 'flow' },
  ]);
  return { items: [fork, ...items, join], edges };
}

/** The guarded tasks, and below them what catches their errors. */
function attempt(task: TryTask, id: string): Content {
  const body: GraphGroup = {
    type: 'group',
    id: `${id}/try`,
    role: 'body',
    label: 'try',
    details: [],
    badges: [],
    ...listGraph(task.try, `${id}/try`),
  };
  const handler = catching(task.catch, `${id}/catch`);
  const edges: GraphEdge[] = [
    { from: body.id, to: handler.id, role: 'error', label: errorFilterWords(task.catch) },
  ];
  const { retry } = task.catch;
  if (retry !== undefined) {
    edges.push({ from: body.id, to: body.id, role: 'retry', label: retryWords(retry) });
  }
  return { items: [body, handler], edges };
}

function catching(model: CatchModel, id: string): GraphItem {
  const label = model.as === undefined ? 'catch' : `catch as ${model.as}`;
  if (model.do === undefined || model.do.length === 0) {
    const details = [model.then === undefined ? 'go on' : `then ${model.then}`];
    return { type: 'node', id, role: 'catch', label, details, badges: [] };
  }
  const content = listGraph(model.do, `${id}/do`);
  return { type: 'group', id, role: 'catch', label, details: [], badges: [], ...content };
}
