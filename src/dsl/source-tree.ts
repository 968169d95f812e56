/*
 * YAML nodes -> a tree of plain JSON, and back from a JSON pointer to a place in the text.
 *
 * Owns: what keys, scalars, tags, aliases and merge keys mean, and that numbers and texts survive
 * exactly. Aliases are copied, within a budget, so that the value is a tree.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { exactInteger, type Json, numberFault, pointerStep } from '../wire/json.ts';
import { type Finding, type Position, quote } from './problem.ts';

/** Nesting of a document; the recursive parts of Waybill rely on it. */
export const DEPTH_MAX = 200;
/** Nodes that aliases may add to a document. */
export const ALIASED_NODES_MAX = 20_000;

/** A finding that may carry its place already: syntax errors have no pointer. */
export interface Placed extends Finding {
  readonly place?: Position;
}

type Tree = Record<string, Json>;

export function tooDeep(pointer: string): Placed {
  return {
    code: 'too-deep',
    message: 'the document is nested too deep',
    pointer,
    expected: `at most ${DEPTH_MAX} levels`,
  };
}

const PLAIN_TAGS = /^(!|tag:yaml\.org,2002:(str|int|float|bool|null|map|seq))$/;

/** Walks the YAML nodes twice over their life: once to make the value, later to find places. */
export class TreeReader {
  readonly findings: Placed[] = [];
  /** True when the value is not worth checking: parts of it are missing. */
  broken = false;
  readonly #place: (offset: number) => Position;
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  readonly #open = new Set<Node>();
  #aliasDepth = 0;
  #aliased = 0;

  constructor(place: (offset: number) => Position) {
    this.#place = place;
  }

  read(node: Node | null, pointer: string, depth: number): Json {
    if (node === null || this.broken) return null;
    if (depth > DEPTH_MAX) return this.#refuse(tooDeep(pointer), node);
    if (this.#aliasDepth > 0 && ++this.#aliased > ALIASED_NODES_MAX) {
      return this.#refuse(
        {
          code: 'too-many-aliases',
          message: 'the aliases of this document expand to too much',
          pointer,
          expected: `at most ${ALIASED_NODES_MAX} aliased values`,
        },
        node,
      );
    }
    if (isAlias(node)) return this.#readAlias(node, pointer, depth);
    if (typeof node.tag === 'string' && !PLAIN_TAGS.test(node.tag)) {
      const expected = 'no tags besides those of JSON types';
      const message = `the tag ${quote(node.tag)} has no meaning in a workflow`;
      return this.#refuse({ code: 'unknown-tag', message, pointer, expected }, node);
    }
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#readScalar(node.value, node.source, node, pointer);
    this.#open.add(node);
    let value: Json = null;
    if (isMap(node)) value = this.#readMap(node, pointer, depth);
    else if (isSeq(node)) {
      value = node.items.map((item, index) =>
        this.read(item as Node | null, `${pointer}/${index}`, depth + 1),
      );
    }
    this.#open.delete(node);
    return value;
  }

  #readAlias(alias: Alias, pointer: string, depth: number): Json {
    const target = this.#anchors.get(alias.source);
    if (target === undefined || this.#open.has(target)) {
      const message =
        target === undefined
          ? `there is no anchor &${alias.source} before this alias`
          : `the alias *${alias.source} stands inside the value it repeats`;
      return this.#refuse(
        {
          code: 'bad-alias',
          message,
          pointer,
          expected: 'the name of an anchor set earlier',
          hint: 'quote the value if it is a text that starts with *',
        },
        alias,
      );
    }
    this.#targets.set(alias, target);
    this.#aliasDepth++;
    const value = this.read(target, pointer, depth);
    this.#aliasDepth--;
    return value;
  }

  #readScalar(value: unknown, source: string | undefined, node: Node, pointer: string): Json {
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') {
      if (value.isWellFormed()) return value;
      const message = 'this string has half of a surrogate pair';
      return this.#report({ code: 'bad-unicode', message, pointer, expected: 'whole characters' });
    }
    if (typeof value === 'bigint') {
      const exact = exactInteger(value);
      if (exact !== undefined) return exact;
    }
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'number' || typeof value === 'bigint') {
      const literal = /^[-+]?\.(inf|nan)$/i.test(source ?? '')
        ? `${source} has no JSON value`
        : numberFault(String(source ?? value).replace(/^\+/, ''));
      const message = literal ?? `the number ${String(source)} would be rounded`;
      return this.#report({
        code: 'inexact-number',
        message,
        pointer,
        expected: 'a number that a 64-bit float holds exactly',
      });
    }
    const expected = 'text, a number, true, false or null';
    const message = 'this value has no JSON form';
    return this.#refuse({ code: 'unknown-tag', message, pointer, expected }, node);
  }

  #readMap(map: YAMLMap, pointer: string, depth: number): Json {
    const tree: Tree = {};
    const explicit = new Set<string>();
    const merges: Node[] = [];
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) {
        merges.push(pair.value as Node);
        continue;
      }
      const key = keyText(pair.key);
      if (key === undefined || key === '__proto__' || !key.isWellFormed()) {
        const message =
          key === undefined
            ? 'a key must be a text'
            : `${quote(key)} cannot be the name of anything`;
        const finding = { code: 'bad-key', message, pointer, expected: 'a name' };
        this.#report(finding, pair.key as Node);
        continue;
      }
      const at = `${pointer}/${pointerStep(key)}`;
      if (explicit.has(key)) {
        const message = `the key ${quote(key)} stands here for the second time`;
        const expected = 'every key once';
        this.#report({ code: 'duplicate-key', message, pointer: at, expected }, pair.key as Node);
      }
      explicit.add(key);
      tree[key] = this.read(pair.value as Node | null, at, depth + 1);
    }
    for (const merge of merges) this.#merge(merge, tree, pointer, depth);
    return tree;
  }

  /** `<<: *defaults`: keys of the map itself win, then the first source that has them. */
  #merge(merge: Node, tree: Tree, pointer: string, depth: number): void {
    const sources = isSeq(merge) ? (merge.items as Node[]) : [merge];
    for (const source of sources) {
      const value = this.read(source, pointer, depth + 1);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        const expected = 'an object, or a list of objects';
        const message = 'a merge key (<<) takes an object';
        this.#report({ code: 'bad-merge', message, pointer, expected }, source);
        continue;
      }
      for (const [key, member] of Object.entries(value)) {
        if (!Object.hasOwn(tree, key)) tree[key] = member;
      }
    }
  }

  #report(finding: Finding, node?: Node | null): null {
    const offset = node?.range?.[0];
    this.findings.push(offset === undefined ? finding : { ...finding, place: this.#place(offset) });
    return null;
  }

  #refuse(finding: Finding, node: Node): null {
    if (!this.broken) this.#report(finding, node);
    this.broken = true;
    return null;
  }

  locate(root: ParsedNode, pointer: string, at: 'key' | 'value' = 'value'): Position | undefined {
    let node: Node | null = root;
    let key: number | undefined;
    for (const step of pointer.split('/').slice(1)) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const found = this.#child(node, name);
      if (found === undefined) return undefined;
      ({ key, node } = found);
    }
    const range = node?.range;
    const blank = range === undefined || range === null || range[0] === range[1];
    const offset = key !== undefined && (at === 'key' || blank) ? key : range?.[0];
    return offset === undefined ? undefined : this.#place(offset);
  }

  #child(
    from: Node | null,
    name: string,
  ): { key: number | undefined; node: Node | null } | undefined {
    const parent = isAlias(from) ? this.#targets.get(from) : from;
    if (isSeq(parent)) {
      const item = /^\d+$/.test(name) ? parent.items[Number(name)] : undefined;
      return item === undefined ? undefined : { key: undefined, node: item as Node | null };
    }
    if (!isMap(parent)) return undefined;
    const pair = parent.items.findLast((each) => keyText(each.key) === name);
    if (pair !== undefined) {
      return { key: (pair.key as Node).range?.[0], node: pair.value as Node | null };
    }
    for (const each of parent.items) {
      if (!isMergeKey(each.key)) continue;
      const sources = isSeq(each.value) ? each.value.items : [each.value];
      for (const source of sources) {
        const found = this.#child(source as Node, name);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

/** The text of a key: as written, so that `200:` is "200" and not a number. */
function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === 'string') return key.value;
  const source = key.source ?? '';
  return source === '' ? undefined : source;
}
