/*
 * The graph as a Mermaid flowchart, for places that draw Mermaid themselves (READMEs, wikis).
 */
import type { GraphEdge, GraphGroup, GraphItem, NodeRole, WorkflowGraph } from './graph.ts';

const SHAPES: Partial<Record<NodeRole, readonly [open: string, close: string]>> = {
  start: ['((', '))'],
  finish: ['(((', ')))'],
  exit: ['((', '))'],
  end: ['(((', ')))'],
  switch: ['{', '}'],
  wait: ['([', '])'],
  raise: ['>', ']'],
  emit: ['[/', '/]'],
  listen: ['[\\', '\\]'],
  bar: ['[[', ']]'],
  catch: ['([', '])'],
};

export function toMermaid(graph: WorkflowGraph): string {
  const names = new Map<string, string>();
  const lines = ['---', `title: ${JSON.stringify(graph.title)}`, '---', 'flowchart TD'];
  const name = (id: string): string => {
    const known = names.get(id) ?? `n${names.size}`;
    names.set(id, known);
    return known;
  };
  const write = (item: GraphItem, indent: string): void => {
    if (item.type === 'group') {
      const text = words([item.label, ...item.details, ...item.badges]);
      lines.push(`${indent}subgraph ${name(item.id)}["${text}"]`);
      inside(item, `${indent}  `);
      lines.push(`${indent}end`);
    } else {
      const [open, close] = SHAPES[item.role] ?? ['[', ']'];
      const text = words([item.label, ...item.details, ...item.badges]);
      lines.push(`${indent}${name(item.id)}${open}"${text}"${close}`);
    }
  };
  const inside = (group: GraphGroup, indent: string): void => {
    // An empty subgraph is a syntax error of Mermaid's.
    if (group.items.length === 0) lines.push(`${indent}${name(`${group.id}#empty`)}["nothing"]`);
    for (const item of group.items) write(item, indent);
    for (const edge of group.edges) {
      lines.push(`${indent}${name(edge.from)} ${arrow(edge)} ${name(edge.to)}`);
    }
  };
  inside(graph.root, '  ');
  return `${lines.join('\n')}\n`;
}

function arrow({ role, label }: GraphEdge): string {
  const line = role === 'flow' || role === 'case' ? '-->' : '-.->';
  return label === undefined ? line : `${line}|"${words([label])}"|`;
}

/** Mermaid reads HTML entities with a # in front; quotes and angle brackets would end the text. */
function words(lines: readonly string[]): string {
  return lines
    .map((line) =>
      line.replaceAll(/[#"<>&`\\|{}[\]()]/g, (char) => `#${char.codePointAt(0) ?? 32};`),
    )
    .join('<br/>');
}
