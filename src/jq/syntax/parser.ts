/*
 * Tokens -> tree, by recursive descent with precedence climbing for the binary operators.
 *
 * From loosest to tightest: `def` `label` `as`, `|`, `,`, `//`, assignments, `or`, `and`, comparisons,
 * `+ -`, `* / %`, `-x` and `try`, postfix. A binding's source is a whole expression (`1 + 2 as $x | ..`)
 * and its body reaches as far right as it can, through commas.
 *
 * I1. Nesting is bounded by SYNTAX_DEPTH_MAX: what the text nests, this file recurses on.
 * I2. `|` and `,` are folded by loops, so long ones do not count as nesting.
 */
import { JqSyntaxError } from '../errors.ts';
import { SYNTAX_DEPTH_MAX } from '../limits.ts';
import type {
  BinaryOperator,
  Definition,
  Entry,
  Node,
  Parameter,
  Pattern,
  PatternEntry,
  UpdateOperator,
  Variable,
} from './ast.ts';
import { type Token, tokenize } from './lexer.ts';

const KEYWORDS: ReadonlySet<string> = new Set(
  'def module import include if then else elif end as reduce foreach and or try catch label break'.split(
    ' ',
  ),
);

interface Precedence {
  readonly level: number;
  readonly associates: 'left' | 'right' | 'none';
}

function operators(
  level: number,
  associates: Precedence['associates'],
  names: string,
): [string, Precedence][] {
  return names.split(' ').map((name) => [name, { level, associates }]);
}

const PRECEDENCE: ReadonlyMap<string, Precedence> = new Map([
  ...operators(1, 'right', '//'),
  ...operators(2, 'none', '= |= //= += -= *= /= %='),
  ...operators(3, 'left', 'or'),
  ...operators(4, 'left', 'and'),
  ...operators(5, 'none', '== != < <= > >='),
  ...operators(6, 'left', '+ -'),
  ...operators(7, 'left', '* / %'),
]);
const FACTOR_LEVEL = 7;

class Parser {
  readonly #source: string;
  #tokens: Token[];
  #next = 0;
  #depth: number;

  constructor(source: string, tokens: readonly Token[], depth: number) {
    this.#source = source;
    this.#tokens = [...tokens];
    this.#depth = depth;
  }

  program(): Node {
    const body = this.#query(true);
    if (this.#peek().type !== 'end') this.#unexpected();
    return body;
  }

  // --- tokens ---------------------------------------------------------------------------------

  #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(): Token {
    return this.#tokens[this.#next++]!;
  }

  #fail(message: string, at: number, hint?: string): never {
    throw new JqSyntaxError(message, this.#source, at + 1, hint);
  }

  #unexpected(wanted?: string, hint?: string): never {
    const token = this.#peek();
    const shown = token.type === 'end' ? token.text : JSON.stringify(this.#shown(token));
    const expecting = wanted === undefined ? '' : `, expecting ${wanted}`;
    this.#fail(`syntax error, unexpected ${shown}${expecting}`, token.at, hint);
  }

  #shown(token: Token): string {
    if (token.type === 'variable') return `$${token.text}`;
    if (token.type === 'field') return `.${token.text}`;
    if (token.type === 'format') return `@${token.text}`;
    return token.text;
  }

  /** Whether the next token is this operator or keyword. */
  #at(text: string): boolean {
    const token = this.#peek();
    return token.text === text && (token.type === 'operator' || token.type === 'name');
  }

  #accept(text: string): boolean {
    if (!this.#at(text)) return false;
    this.#next++;
    return true;
  }

  #expect(text: string, hint?: string): Token {
    if (!this.#at(text)) this.#unexpected(JSON.stringify(text), hint);
    return this.#take();
  }

  #variableName(): Token {
    if (this.#peek().type !== 'variable') this.#unexpected('a $name');
    return this.#take();
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > SYNTAX_DEPTH_MAX) {
      this.#fail('the expression nests too deeply', this.#peek().at);
    }
    const result = parse();
    this.#depth--;
    return result;
  }

  // --- pipes, commas, bindings ----------------------------------------------------------------

  /** A pipeline; without `commas` it stops at one, as in the value of an object's key. */
  #query(commas: boolean): Node {
    return this.#nested(() => {
      const stages: { node: Node; at: number }[] = [];
      for (;;) {
        const node = this.#stage(commas);
        const at = this.#peek().at;
        stages.push({ node, at });
        if (!this.#accept('|')) break;
      }
      let query = stages.at(-1)!.node;
      for (let i = stages.length - 2; i >= 0; i--) {
        const { node, at } = stages[i]!;
        query = { kind: 'pipe', at, left: node, right: query };
      }
      return query;
    });
  }

  #stage(commas: boolean): Node {
    const at = this.#peek().at;
    const first = this.#bindable(commas);
    if (!commas || !this.#at(',')) return first;
    const parts = [first];
    while (this.#accept(',')) parts.push(this.#bindable(commas));
    return { kind: 'comma', at, parts };
  }

  /** An expression, or what starts with one and then reaches to the end of the pipeline. */
  #bindable(commas: boolean): Node {
    const at = this.#peek().at;
    if (this.#at('def')) {
      const definition = this.#definition();
      return { kind: 'define', at, definition, body: this.#query(commas) };
    }
    if (this.#accept('label')) {
      const name = this.#variableName().text;
      this.#expect('|');
      const body = this.#query(commas);
      return { kind: 'label', at, label: { declares: 'label', name }, body };
    }
    const source = this.#expression(0);
    if (!this.#accept('as')) return source;
    const patterns = this.#patterns();
    this.#expect('|');
    return { kind: 'bind', at, source, patterns, body: this.#query(commas) };
  }

  #definition(): Definition {
    const at = this.#expect('def').at;
    const token = this.#take();
    if (token.type !== 'name' || KEYWORDS.has(token.text)) {
      this.#next--;
      this.#unexpected('the name of a function');
    }
    const parameters: Parameter[] = [];
    const values: { parameter: Parameter; variable: Variable; at: number }[] = [];
    if (this.#accept('(')) {
      do {
        const parameterAt = this.#peek().at;
        const isValue = this.#peek().type === 'variable';
        const { text: name, type } = this.#take();
        if (!isValue && (type !== 'name' || KEYWORDS.has(name))) {
          this.#next--;
          this.#unexpected('a parameter');
        }
        const parameter: Parameter = { declares: 'parameter', name };
        parameters.push(parameter);
        if (isValue)
          values.push({ parameter, variable: { declares: 'variable', name }, at: parameterAt });
      } while (this.#accept(';'));
      this.#expect(')');
    }
    this.#expect(':');
    let body = this.#query(true);
    this.#expect(';');
    // `def f($a): B` is `def f(a): a as $a | B`; the first parameter loops outermost.
    for (const { parameter, variable, at: valueAt } of values.reverse()) {
      const source: Node = { kind: 'call', at: valueAt, name: parameter.name, args: [] };
      const patterns: Pattern[] = [{ kind: 'variable', at: valueAt, variable }];
      body = { kind: 'bind', at: valueAt, source, patterns, body };
    }
    return { declares: 'function', at, name: token.text, parameters, body };
  }

  #patterns(): Pattern[] {
    const patterns = [this.#pattern()];
    while (this.#accept('?//')) patterns.push(this.#pattern());
    return patterns;
  }

  #pattern(): Pattern {
    return this.#nested((): Pattern => {
      const token = this.#peek();
      if (token.type === 'variable') {
        this.#take();
        return {
          kind: 'variable',
          at: token.at,
          variable: { declares: 'variable', name: token.text },
        };
      }
      if (this.#accept('[')) {
        const elements = [this.#pattern()];
        while (this.#accept(',')) elements.push(this.#pattern());
        this.#expect(']');
        return { kind: 'array', at: token.at, elements };
      }
      if (this.#accept('{')) {
        const entries = [this.#patternEntry()];
        while (this.#accept(',')) entries.push(this.#patternEntry());
        this.#expect('}');
        return { kind: 'object', at: token.at, entries };
      }
      return this.#unexpected('a pattern: $name, [..] or {..}');
    });
  }

  #patternEntry(): PatternEntry {
    const token = this.#peek();
    const { at } = token;
    if (token.type === 'variable') {
      this.#take();
      const key: Node = { kind: 'literal', at, value: token.text };
      const variable: Variable = { declares: 'variable', name: token.text };
      return { at, key, variable, pattern: this.#accept(':') ? this.#pattern() : undefined };
    }
    let key: Node;
    if (token.type === 'name') {
      this.#take();
      key = { kind: 'literal', at, value: token.text };
    } else if (token.type === 'string') {
      key = this.#text('text');
    } else if (token.type === 'format') {
      this.#take();
      key = this.#text(token.text);
    } else if (this.#accept('(')) {
      key = this.#query(true);
      this.#expect(')');
    } else {
      this.#unexpected('a key');
    }
    this.#expect(':');
    return { at, key, variable: undefined, pattern: this.#pattern() };
  }

  // --- operators ------------------------------------------------------------------------------

  #expression(minimum: number): Node {
    let left: Node;
    const { at } = this.#peek();
    if (this.#accept('-')) {
      const of = this.#nested(() => this.#expression(FACTOR_LEVEL));
      left = { kind: 'negate', at, of };
    } else {
      left = this.#unary();
    }
    let forbidden = -1;
    for (;;) {
      const token = this.#peek();
      const precedence =
        token.type === 'operator' || token.type === 'name' ? PRECEDENCE.get(token.text) : undefined;
      if (precedence === undefined || precedence.level < minimum) return left;
      const { level, associates } = precedence;
      if (level === forbidden) {
        this.#unexpected(undefined, `${token.text} does not chain; add parentheses`);
      }
      forbidden = associates === 'none' ? level : -1;
      this.#take();
      const right = this.#nested(() =>
        this.#expression(associates === 'right' ? level : level + 1),
      );
      left = this.#binary(token, left, right);
    }
  }

  #binary(token: Token, left: Node, right: Node): Node {
    const { at, text } = token;
    switch (text) {
      case '//':
        return { kind: 'alternative', at, left, right };
      case 'and':
      case 'or':
        return { kind: text, at, left, right };
      case '=':
      case '|=':
      case '//=':
      case '+=':
      case '-=':
      case '*=':
      case '/=':
      case '%=':
        return { kind: 'update', at, operator: text as UpdateOperator, left, right };
      default:
        return { kind: 'binary', at, operator: text as BinaryOperator, left, right };
    }
  }

  /** The operand of `try` and of `catch`: no binary operators outside parentheses. */
  #unary(): Node {
    const { at } = this.#peek();
    if (this.#accept('try')) {
      return this.#nested((): Node => {
        const body = this.#operand();
        const handler = this.#accept('catch') ? this.#operand() : undefined;
        return { kind: 'try', at, body, handler };
      });
    }
    return this.#postfix();
  }

  #operand(): Node {
    const { at } = this.#peek();
    if (this.#accept('-')) return { kind: 'negate', at, of: this.#nested(() => this.#operand()) };
    return this.#unary();
  }

  // --- terms and what follows them ------------------------------------------------------------

  #postfix(): Node {
    let term = this.#term();
    for (;;) {
      const token = this.#peek();
      const { at } = token;
      if (token.type === 'field') {
        this.#take();
        term = { kind: 'index', at, of: term, key: { kind: 'literal', at, value: token.text } };
      } else if (this.#at('[')) {
        term = this.#brackets(term);
      } else if (this.#at('.') && this.#followsDot(this.#tokens[this.#next + 1])) {
        this.#take();
        if (this.#at('[')) term = this.#brackets(term);
        else term = { kind: 'index', at, of: term, key: this.#formatted() };
      } else if (this.#accept('?')) {
        term = { kind: 'try', at, body: term, handler: undefined };
      } else if (this.#at('?//')) {
        // The lexer reads `.a?//1` greedily; outside patterns it means `.a? // 1`.
        term = { kind: 'try', at, body: term, handler: undefined };
        this.#tokens[this.#next] = { type: 'operator', at: at + 1, text: '//' };
      } else {
        return term;
      }
    }
  }

  #followsDot(token: Token | undefined): boolean {
    return token?.type === 'string' || (token?.type === 'operator' && token.text === '[');
  }

  #brackets(of: Node): Node {
    const { at } = this.#expect('[');
    if (this.#accept(']')) return { kind: 'iterate', at, of };
    if (this.#accept(':')) {
      const to = this.#query(true);
      this.#expect(']');
      return { kind: 'slice', at, of, from: undefined, to };
    }
    const key = this.#query(true);
    if (this.#accept(']')) return { kind: 'index', at, of, key };
    this.#expect(':');
    const to = this.#at(']') ? undefined : this.#query(true);
    this.#expect(']');
    return { kind: 'slice', at, of, from: key, to };
  }

  #term(): Node {
    const token = this.#take();
    const { at } = token;
    switch (token.type) {
      case 'number':
        return { kind: 'literal', at, value: Number(token.text) };
      case 'string':
        this.#next--;
        return this.#text('text');
      case 'format':
        if (this.#peek().type === 'string') return this.#text(token.text);
        return { kind: 'format', at, name: token.text };
      case 'field':
        return {
          kind: 'index',
          at,
          of: { kind: 'identity', at },
          key: { kind: 'literal', at, value: token.text },
        };
      case 'variable':
        return { kind: 'variable', at, name: token.text };
      case 'name':
        return this.#named(token);
      case 'operator':
        return this.#punctuation(token);
      case 'end':
        this.#next--;
        return this.#unexpected();
    }
  }

  #punctuation(token: Token): Node {
    const { at } = token;
    switch (token.text) {
      case '.':
        if (this.#peek().type === 'string') {
          return { kind: 'index', at, of: { kind: 'identity', at }, key: this.#formatted() };
        }
        if (this.#peek().type === 'name' && !KEYWORDS.has(this.#peek().text)) {
          this.#unexpected(
            undefined,
            'try .["field"] instead of .field for unusually named fields',
          );
        }
        return { kind: 'identity', at };
      case '..':
        return { kind: 'call', at, name: 'recurse', args: [] };
      case '(': {
        const body = this.#query(true);
        this.#expect(')');
        return body;
      }
      case '[': {
        if (this.#accept(']')) return { kind: 'array', at, of: undefined };
        const of = this.#query(true);
        this.#expect(']');
        return { kind: 'array', at, of };
      }
      case '{':
        return this.#object(at);
      default:
        this.#next--;
        return this.#unexpected();
    }
  }

  #named(token: Token): Node {
    const { at, text } = token;
    switch (text) {
      case 'null':
        return { kind: 'literal', at, value: null };
      case 'true':
        return { kind: 'literal', at, value: true };
      case 'false':
        return { kind: 'literal', at, value: false };
      case 'if':
        return this.#nested(() => this.#if(at));
      case 'reduce':
      case 'foreach':
        return this.#nested(() => this.#fold(text, at));
      case 'break': {
        if (this.#peek().type !== 'variable') {
          this.#fail('break requires a label to break to', this.#peek().at);
        }
        return { kind: 'break', at, name: this.#take().text };
      }
      case 'import':
      case 'include':
      case 'module':
        return this.#fail('modules are not available', at, 'define functions in the expression');
      default:
        if (KEYWORDS.has(text)) {
          this.#next--;
          this.#unexpected();
        }
        return { kind: 'call', at, name: text, args: this.#arguments() };
    }
  }

  #arguments(): Node[] {
    if (!this.#accept('(')) return [];
    const args = [this.#query(true)];
    while (this.#accept(';')) args.push(this.#query(true));
    this.#expect(')', 'arguments are separated by ;');
    return args;
  }

  #if(at: number): Node {
    const test = this.#query(true);
    this.#expect('then');
    const then = this.#query(true);
    const here = this.#peek().at;
    if (this.#accept('elif')) {
      return { kind: 'if', at, test, then, otherwise: this.#nested(() => this.#if(here)) };
    }
    const otherwise = this.#accept('else') ? this.#query(true) : undefined;
    this.#expect('end', 'possibly unterminated if');
    return { kind: 'if', at, test, then, otherwise };
  }

  #fold(kind: 'reduce' | 'foreach', at: number): Node {
    const source = this.#expression(0);
    this.#expect('as');
    const patterns = this.#patterns();
    this.#expect('(');
    const init = this.#query(true);
    this.#expect(';');
    const update = this.#query(true);
    if (kind === 'reduce') {
      this.#expect(')');
      return { kind, at, source, patterns, init, update };
    }
    const extract = this.#accept(';') ? this.#query(true) : undefined;
    this.#expect(')');
    return { kind, at, source, patterns, init, update, extract };
  }

  /** A string, after `@format` or not. */
  #formatted(): Node {
    const token = this.#peek();
    if (token.type === 'format') {
      this.#take();
      return this.#text(token.text);
    }
    return this.#text('text');
  }

  #text(format: string): Node {
    const token = this.#take();
    if (token.type !== 'string') {
      this.#next--;
      return this.#unexpected('a string');
    }
    const { at } = token;
    if (token.parts.every((part) => typeof part === 'string')) {
      return { kind: 'literal', at, value: token.parts.join('') };
    }
    const parts = token.parts.map((part) =>
      typeof part === 'string' ? part : new Parser(this.#source, part, this.#depth).program(),
    );
    return { kind: 'text', at, format, parts };
  }

  // --- objects --------------------------------------------------------------------------------

  #object(at: number): Node {
    const entries: Entry[] = [];
    while (!this.#at('}')) {
      entries.push(this.#entry());
      if (!this.#accept(',')) break;
    }
    this.#expect('}', 'the value of a key that is more than a pipe of terms takes parentheses');
    return this.#withKeysOnce(entries, at);
  }

  /** `{"a\(x)"}` means `{"a\(x)": ."a\(x)"}` with the key evaluated once: it is bound first. */
  #withKeysOnce(entries: readonly Entry[], at: number): Node {
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

  #entry(): Entry {
    const token = this.#peek();
    const { at } = token;
    const input: Node = { kind: 'identity', at };
    if (token.type === 'variable') {
      this.#take();
      const value: Node = { kind: 'variable', at, name: token.text };
      if (this.#accept(':')) return { at, key: value, value: this.#query(false) };
      return { at, key: { kind: 'literal', at, value: token.text }, value };
    }
    let key: Node;
    if (token.type === 'name') {
      this.#take();
      key = { kind: 'literal', at, value: token.text };
    } else if (token.type === 'string' || token.type === 'format') {
      key = this.#formatted();
    } else if (this.#accept('(')) {
      key = this.#query(true);
      this.#expect(')');
      this.#expect(':');
      return { at, key, value: this.#query(false) };
    } else {
      this.#unexpected('a key', 'a key that is an expression takes parentheses');
    }
    if (this.#accept(':')) return { at, key, value: this.#query(false) };
    return { at, key, value: { kind: 'index', at, of: input, key } };
  }
}

export function parse(source: string): Node {
  return new Parser(source, tokenize(source), 0).program();
}
