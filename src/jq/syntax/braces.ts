/*
 * What stands in braces and brackets with names in it: patterns and objects.
 */
import type { Entry, Node, Pattern, PatternEntry, Variable } from './ast.ts';
import type { Cursor } from './cursor.ts';

/** The rest of the grammar, as these two need it. */
export interface Grammar {
  readonly cursor: Cursor;
  query(commas: boolean): Node;
  text(format: string): Node;
  formatted(): Node;
}

export function parsePatterns(g: Grammar): Pattern[] {
  const patterns = [pattern(g)];
  while (g.cursor.accept('?//')) patterns.push(pattern(g));
  return patterns;
}

function pattern(g: Grammar): Pattern {
  return g.cursor.nested((): Pattern => {
    const token = g.cursor.peek();
    if (token.type === 'variable') {
      g.cursor.take();
      return {
        kind: 'variable',
        at: token.at,
        variable: { declares: 'variable', name: token.text },
      };
    }
    if (g.cursor.accept('[')) {
      const elements = [pattern(g)];
      while (g.cursor.accept(',')) elements.push(pattern(g));
      g.cursor.expect(']');
      return { kind: 'array', at: token.at, elements };
    }
    if (g.cursor.accept('{')) {
      const entries = [patternEntry(g)];
      while (g.cursor.accept(',')) entries.push(patternEntry(g));
      g.cursor.expect('}');
      return { kind: 'object', at: token.at, entries };
    }
    return g.cursor.unexpected('a pattern: $name, [..] or {..}');
  });
}

function patternEntry(g: Grammar): PatternEntry {
  const token = g.cursor.peek();
  const { at } = token;
  if (token.type === 'variable') {
    g.cursor.take();
    const key: Node = { kind: 'literal', at, value: token.text };
    const variable: Variable = { declares: 'variable', name: token.text };
    return { at, key, variable, pattern: g.cursor.accept(':') ? pattern(g) : undefined };
  }
  let key: Node;
  if (token.type === 'name') {
    g.cursor.take();
    key = { kind: 'literal', at, value: token.text };
  } else if (token.type === 'string') {
    key = g.text('text');
  } else if (token.type === 'format') {
    g.cursor.take();
    key = g.text(token.text);
  } else if (g.cursor.accept('(')) {
    key = g.query(true);
    g.cursor.expect(')');
  } else {
    g.cursor.unexpected('a key');
  }
  g.cursor.expect(':');
  return { at, key, variable: undefined, pattern: pattern(g) };
}

export function parseObject(g: Grammar, at: number): Node {
  const entries: Entry[] = [];
  while (!g.cursor.at('}')) {
    entries.push(entryOf(g));
    if (!g.cursor.accept(',')) break;
  }
  g.cursor.expect('}', 'the value of a key that is more than a pipe of terms takes parentheses');
  return withKeysOnce(entries, at);
}

/** `{"a\(x)"}` means `{"a\(x)": ."a\(x)"}` with the key evaluated once: it is bound first. */
function withKeysOnce(entries: readonly Entry[], at: number): Node {
  const bound: { variable: Variable; key: Node }[] = [];
  const simple = entries.map((entry, i): Entry => {
    const { key, value } = entry;
    if (value.kind !== 'index' || value.key !== key || key.kind === 'literal') return entry;
    // No program can write this name.
    const name = `*key${i}`;
    bound.push({ variable: { declares: 'variable', name }, key });
    const once: Node = { kind: 'variable', at: entry.at, name };
    return { at: entry.at, key: once, value: { ...value, key: once } };
  });
  let node: Node = { kind: 'object', at, entries: simple };
  for (const { variable, key } of bound.reverse()) {
    const patterns: Pattern[] = [{ kind: 'variable', at: key.at, variable }];
    node = { kind: 'bind', at, source: key, patterns, body: node };
  }
  return node;
}

function entryOf(g: Grammar): Entry {
  const token = g.cursor.peek();
  const { at } = token;
  const input: Node = { kind: 'identity', at };
  if (token.type === 'variable') {
    g.cursor.take();
    const value: Node = { kind: 'variable', at, name: token.text };
    if (g.cursor.accept(':')) return { at, key: value, value: g.query(false) };
    return { at, key: { kind: 'literal', at, value: token.text }, value };
  }
  let key: Node;
  if (token.type === 'name') {
    g.cursor.take();
    key = { kind: 'literal', at, value: token.text };
  } else if (token.type === 'string' || token.type === 'format') {
    key = g.formatted();
  } else if (g.cursor.accept('(')) {
    key = g.query(true);
    g.cursor.expect(')');
    g.cursor.expect(':');
    return { at, key, value: g.query(false) };
  } else {
    g.cursor.unexpected('a key', 'a key that is an expression takes parentheses');
  }
  if (g.cursor.accept(':')) return { at, key, value: g.query(false) };
  return { at, key, value: { kind: 'index', at, of: input, key } };
}
