/*
 * Text to JSON value with places: the first half of loading a document.
 *
 * Owns: what YAML (1.2 core schema) and JSON mean here, aliases and merge keys included, the limits
 * of a text, and `locate`, which finds the place of a JSON pointer. Does not own: what a workflow is.
 *
 * Invariants:
 *  T1 never throws, whatever the text; the value is undefined exactly when nothing can be checked;
 *  T2 a syntax error is one finding, the first, because the ones after it are its consequences;
 *  T3 the value is a tree of plain JSON: aliases are copied (within a budget), numbers are exact;
 *  T4 every position lies inside the text.
 */
import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { exactInteger, type Json, numberFault, pointerStep } from '../wire/json.ts';
import { jsonSyntaxFault } from './json-syntax.ts';
import type { Finding, Locate, Position } from './problem.ts';
import { quote } from './problem.ts';

/** Characters of one document: what is larger would not fit one record of the definitions topic. */
export const TEXT_CHARS_MAX = 512 * 1024;
/** Nesting of a document; the recursive parts of Waybill rely on it. */
export const DEPTH_MAX = 200;
/** Nodes that aliases may add to a document. */
export const ALIASED_NODES_MAX = 20_000;

export interface Source {
  readonly value?: Json;
  readonly findings: readonly Placed[];
  readonly locate: Locate;
}
/** A finding that may carry its place already: syntax errors have no pointer. */
export interface Placed extends Finding {
  readonly place?: Position;
}

type Tree = Record<string, Json>;

/** Reads YAML, or JSON when the file's name says so. */
export function readSource(text: string, file: string): Source {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const fault = textFault(bare, file);
  if (fault !== undefined) return { findings: [fault], locate: () => undefined };
  const lines = new LineCounter();
  const place = (offset: number): Position => placeIn(lines, bare, file, offset);
  const documents: Document.Parsed[] = [];
  try {
    for (const each of compose(bare, lines)) if (documents.push(each) > 1) break;
  } catch (error) {
    const finding = error instanceof FirstFault ? error.finding(bare, place) : unreadable(error);
    return { findings: [finding], locate: () => undefined };
  }
  const [document, another] = documents;
  if (another !== undefined) {
    const finding: Placed = {
      code: 'several-documents',
      message: 'a second YAML document starts here; a file holds one workflow',
      pointer: '',
      expected: 'one document',
      hint: 'split the file at the `---` line',
      place: place(another.range[0]),
    };
    return { findings: [finding], locate: () => undefined };
  }
  const reader = new TreeReader(place);
  const contents = document?.contents ?? undefined;
  if (contents === undefined || (isScalar(contents) && contents.source === '')) {
    return { findings: [empty()], locate: () => undefined };
  }
  const value = reader.read(contents, '', 0);
  return {
    ...(reader.broken ? {} : { value }),
    findings: reader.findings,
    locate: (pointer, at) => reader.locate(contents, pointer, at),
  };
}

/** What makes a text unreadable before any grammar is asked. */
function textFault(text: string, file: string): Placed | undefined {
  if (text.length > TEXT_CHARS_MAX) {
    return {
      code: 'too-large',
      message: `the text has ${text.length.toLocaleString('en-US')} characters`,
      pointer: '',
      expected: `at most ${TEXT_CHARS_MAX.toLocaleString('en-US')} characters`,
      hint: 'keep large data out of the definition: pass it as input or fetch it in a task',
    };
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const before = text.slice(0, control.index);
    const line = before.split('\n').length;
    return {
      code: 'not-text',
      message: `the character U+${code} cannot stand in a document`,
      pointer: '',
      expected: 'a text in UTF-8',
      hint: 'the file may be binary, or saved in another encoding',
      place: { file, line, column: control.index - before.lastIndexOf('\n') },
    };
  }
  if (text.trim() === '') return empty();
  if (!/\.json$/i.test(file)) return undefined;
  const fault = jsonSyntaxFault(text);
  if (fault === undefined) return undefined;
  const before = text.slice(0, fault.offset);
  return {
    code: 'json-syntax',
    message: `${fault.found} is not JSON here`,
    pointer: '',
    expected: fault.expected,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    place: {
      file,
      line: before.split('\n').length,
      column: fault.offset - before.lastIndexOf('\n'),
    },
  };
}

function empty(): Placed {
  return {
    code: 'empty-document',
    message: 'there is no document in this file',
    pointer: '',
    expected: 'a workflow: `document` and `do`',
  };
}

/** The first syntax error, thrown to end the reading there: garbage makes one per token. */
class FirstFault extends Error {
  readonly code: string;
  readonly offset: number;

  constructor(offset: number, code: string, message: string) {
    super(message);
    this.offset = offset;
    this.code = code;
  }

  finding(text: string, place: (offset: number) => Position): Placed {
    return { ...describe(this, text), place: place(this.offset) };
  }
}

/** The yaml package's own pipeline, watched: it ends at the first error and at too deep nesting. */
function compose(text: string, lines: LineCounter): Generator<Document.Parsed> {
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, intAsBigInt: true });
  // The composer collects errors through this member; its type says private, its use is stable.
  const watched = composer as unknown as { onError: OnError };
  let first: FirstFault | undefined;
  watched.onError = (source, code, message, warning) => {
    if (warning === true) return;
    // The composer takes what is thrown inside it for exhaustion and reports that here as well.
    first ??= new FirstFault(startOf(source), code, message);
    throw first;
  };
  return composer.compose(tokens(text, lines), true, text.length) as Generator<Document.Parsed>;
}

type OnError = (source: ErrorSource, code: string, message: string, warning?: boolean) => void;
type ErrorSource = number | readonly [number, number] | { readonly offset: number };

function startOf(source: ErrorSource): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : source[0];
}

function* tokens(text: string, lines: LineCounter): ReturnType<Parser['parse']> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let depth = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    if (depth > DEPTH_MAX) throw new FirstFault(offset, 'RESOURCE_EXHAUSTION', '');
    offset += MARKERS.has(lexeme) ? 0 : lexeme.length;
    for (const token of parser.next(lexeme)) {
      yield token;
      if (token.type === 'error') throw new FirstFault(token.offset, 'STREAM', token.message);
    }
  }
  yield* parser.end();
}

/** Lexemes that stand for a state of the lexer and not for a part of the text. */
const MARKERS = new Set(['\u0002', '\u0018', '\u001f']);

/** What the parser itself could not take. It recurses, so deep block nesting ends here. */
function unreadable(error: unknown): Placed {
  if (error instanceof RangeError) return tooDeep('');
  return syntax(`the text cannot be read: ${error instanceof Error ? error.message : 'no reason'}`);
}

function syntax(message: string, hint?: string): Placed {
  return {
    code: 'yaml-syntax',
    message,
    pointer: '',
    expected: 'well-formed YAML',
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The parser's error in words that help. */
function describe(error: FirstFault, text: string): Placed {
  const message = error.message.split('\n')[0] ?? '';
  const { code } = error;
  if (code === 'TAB_AS_INDENT') {
    return { ...syntax('a tab indents this line', 'use spaces'), code: 'yaml-tab' };
  }
  if (code === 'RESOURCE_EXHAUSTION') return tooDeep('');
  if (code === 'BAD_ALIAS') return syntax(message, 'quote a value that starts with * or &');
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') {
    return syntax(message, "quote a value that contains ': ', for example '${ { a: .b } }'");
  }
  const line = text.slice(text.lastIndexOf('\n', error.offset - 1) + 1, error.offset + 1);
  return syntax(
    message,
    /[{[@`%]/.test(line) ? 'quote values that contain { [ @ ` or %' : undefined,
  );
}

function tooDeep(pointer: string): Placed {
  return {
    code: 'too-deep',
    message: 'the document is nested too deep',
    pointer,
    expected: `at most ${DEPTH_MAX} levels`,
  };
}

function placeIn(lines: LineCounter, text: string, file: string, offset: number): Position {
  const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

const PLAIN_TAGS = /^(!|tag:yaml\.org,2002:(str|int|float|bool|null|map|seq))$/;

/** Walks the YAML nodes twice over their life: once to make the value, later to find places. */
class TreeReader {
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
          expected: `at most ${ALIASED_NODES_MAX.toLocaleString('en-US')} aliased values`,
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
