/*
 * Tokens -> tree, by recursive descent with precedence climbing for the binary operators.
 *
 * From loosest to tightest: `def` `label` `as`, `|`, `,`, `//`, assignments, `or`, `and`, comparisons,
 * `+ -`, `* / %`, `-x` and `try`, postfix. A binding's source is a whole expression (`1 + 2 as $x | ..`)
 * and its body reaches as far right as it can, through commas.
 *
 * I1. `|` and `,` are folded by loops, so long ones do not count as nesting.
 */
import type {
  BinaryOperator,
  Definition,
  Node,
  Parameter,
  Pattern,
  UpdateOperator,
  Variable,
} from './ast.ts';
import { type Grammar, parseObject, parsePatterns } from './braces.ts';
import { Cursor } from './cursor.ts';
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
  readonly #cursor: Cursor;
  readonly #grammar: Grammar;

  constructor(source: string, tokens: readonly Token[], depth: number) {
    this.#cursor = new Cursor(source, tokens, depth);
    this.#grammar = {
      cursor: this.#cursor,
      query: (commas) => this.#query(commas),
      text: (format) => this.#text(format),
      formatted: () => this.#formatted(),
    };
  }

  program(): Node {
    const body = this.#query(true);
    if (this.#cursor.peek().type !== 'end') this.#cursor.unexpected();
    return body;
  }

  // --- pipes, commas, bindings ----------------------------------------------------------------

  /** A pipeline; without `commas` it stops at one, as in the value of an object's key. */
  #query(commas: boolean): Node {
    return this.#cursor.nested(() => {
      const stages: { node: Node; at: number }[] = [];
      for (;;) {
        const node = this.#stage(commas);
        const at = this.#cursor.peek().at;
        stages.push({ node, at });
        if (!this.#cursor.accept('|')) break;
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
    const at = this.#cursor.peek().at;
    const first = this.#bindable(commas);
    if (!commas || !this.#cursor.at(',')) return first;
    const parts = [first];
    while (this.#cursor.accept(',')) parts.push(this.#bindable(commas));
    return { kind: 'comma', at, parts };
  }

  /** An expression, or what starts with one and then reaches to the end of the pipeline. */
  #bindable(commas: boolean): Node {
    const at = this.#cursor.peek().at;
    if (this.#cursor.at('def')) {
      const definition = this.#definition();
      return { kind: 'define', at, definition, body: this.#query(commas) };
    }
    if (this.#cursor.accept('label')) {
      const name = this.#cursor.variableName().text;
      this.#cursor.expect('|');
      const body = this.#query(commas);
      return { kind: 'label', at, label: { declares: 'label', name }, body };
    }
    const source = this.#expression(0);
    if (!this.#cursor.accept('as')) return source;
    const patterns = parsePatterns(this.#grammar);
    this.#cursor.expect('|');
    return { kind: 'bind', at, source, patterns, body: this.#query(commas) };
  }

  #definition(): Definition {
    const at = this.#cursor.expect('def').at;
    const token = this.#cursor.take();
    if (token.type !== 'name' || KEYWORDS.has(token.text)) {
      this.#cursor.back();
      this.#cursor.unexpected('the name of a function');
    }
    const parameters: Parameter[] = [];
    const values: { parameter: Parameter; variable: Variable; at: number }[] = [];
    if (this.#cursor.accept('(')) {
      do {
        const parameterAt = this.#cursor.peek().at;
        const isValue = this.#cursor.peek().type === 'variable';
        const { text: name, type } = this.#cursor.take();
        if (!isValue && (type !== 'name' || KEYWORDS.has(name))) {
          this.#cursor.back();
          this.#cursor.unexpected('a parameter');
        }
        const parameter: Parameter = { declares: 'parameter', name };
        parameters.push(parameter);
        if (isValue)
          values.push({ parameter, variable: { declares: 'variable', name }, at: parameterAt });
      } while (this.#cursor.accept(';'));
      this.#cursor.expect(')');
    }
    this.#cursor.expect(':');
    let body = this.#query(true);
    this.#cursor.expect(';');
    // `def f($a): B` is `def f(a): a as $a | B`; the first parameter loops outermost.
    for (const { parameter, variable, at: valueAt } of values.reverse()) {
      const source: Node = { kind: 'call', at: valueAt, name: parameter.name, args: [] };
      const patterns: Pattern[] = [{ kind: 'variable', at: valueAt, variable }];
      body = { kind: 'bind', at: valueAt, source, patterns, body };
    }
    return { declares: 'function', at, name: token.text, parameters, body };
  }

  // --- operators ------------------------------------------------------------------------------

  #expression(minimum: number): Node {
    let left: Node;
    const { at } = this.#cursor.peek();
    if (this.#cursor.accept('-')) {
      const of = this.#cursor.nested(() => this.#expression(FACTOR_LEVEL));
      left = { kind: 'negate', at, of };
    } else {
      left = this.#unary();
    }
    let forbidden = -1;
    for (;;) {
      const token = this.#cursor.peek();
      const precedence =
        token.type === 'operator' || token.type === 'name' ? PRECEDENCE.get(token.text) : undefined;
      if (precedence === undefined || precedence.level < minimum) return left;
      const { level, associates } = precedence;
      if (level === forbidden) {
        this.#cursor.unexpected(undefined, `${token.text} does not chain; add parentheses`);
      }
      forbidden = associates === 'none' ? level : -1;
      this.#cursor.take();
      const right = this.#cursor.nested(() =>
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
    const { at } = this.#cursor.peek();
    if (this.#cursor.accept('try')) {
      return this.#cursor.nested((): Node => {
        const body = this.#operand();
        const handler = this.#cursor.accept('catch') ? this.#operand() : undefined;
        return { kind: 'try', at, body, handler };
      });
    }
    return this.#postfix();
  }

  #operand(): Node {
    const { at } = this.#cursor.peek();
    if (this.#cursor.accept('-'))
      return { kind: 'negate', at, of: this.#cursor.nested(() => this.#operand()) };
    return this.#unary();
  }

  // --- terms and what follows them ------------------------------------------------------------

  #postfix(): Node {
    let term = this.#term();
    for (;;) {
      const token = this.#cursor.peek();
      const { at } = token;
      if (token.type === 'field') {
        this.#cursor.take();
        term = { kind: 'index', at, of: term, key: { kind: 'literal', at, value: token.text } };
      } else if (this.#cursor.at('[')) {
        term = this.#brackets(term);
      } else if (this.#cursor.at('.') && this.#followsDot(this.#cursor.ahead())) {
        this.#cursor.take();
        if (this.#cursor.at('[')) term = this.#brackets(term);
        else term = { kind: 'index', at, of: term, key: this.#formatted() };
      } else if (this.#cursor.accept('?')) {
        term = { kind: 'try', at, body: term, handler: undefined };
      } else if (this.#cursor.at('?//')) {
        // The lexer reads `.a?//1` greedily; outside patterns it means `.a? // 1`.
        term = { kind: 'try', at, body: term, handler: undefined };
        this.#cursor.replace({ type: 'operator', at: at + 1, text: '//' });
      } else {
        return term;
      }
    }
  }

  #followsDot(token: Token | undefined): boolean {
    return token?.type === 'string' || (token?.type === 'operator' && token.text === '[');
  }

  #brackets(of: Node): Node {
    const { at } = this.#cursor.expect('[');
    if (this.#cursor.accept(']')) return { kind: 'iterate', at, of };
    if (this.#cursor.accept(':')) {
      const to = this.#query(true);
      this.#cursor.expect(']');
      return { kind: 'slice', at, of, from: undefined, to };
    }
    const key = this.#query(true);
    if (this.#cursor.accept(']')) return { kind: 'index', at, of, key };
    this.#cursor.expect(':');
    const to = this.#cursor.at(']') ? undefined : this.#query(true);
    this.#cursor.expect(']');
    return { kind: 'slice', at, of, from: key, to };
  }

  #term(): Node {
    const token = this.#cursor.take();
    const { at } = token;
    switch (token.type) {
      case 'number':
        return { kind: 'literal', at, value: Number(token.text) };
      case 'string':
        this.#cursor.back();
        return this.#text('text');
      case 'format':
        if (this.#cursor.peek().type === 'string') return this.#text(token.text);
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
        this.#cursor.back();
        return this.#cursor.unexpected();
    }
  }

  #punctuation(token: Token): Node {
    const { at } = token;
    switch (token.text) {
      case '.':
        if (this.#cursor.peek().type === 'string') {
          return { kind: 'index', at, of: { kind: 'identity', at }, key: this.#formatted() };
        }
        if (this.#cursor.peek().type === 'name' && !KEYWORDS.has(this.#cursor.peek().text)) {
          this.#cursor.unexpected(
            undefined,
            'try .["field"] instead of .field for unusually named fields',
          );
        }
        return { kind: 'identity', at };
      case '..':
        return { kind: 'call', at, name: 'recurse', args: [] };
      case '(': {
        const body = this.#query(true);
        this.#cursor.expect(')');
        return body;
      }
      case '[': {
        if (this.#cursor.accept(']')) return { kind: 'array', at, of: undefined };
        const of = this.#query(true);
        this.#cursor.expect(']');
        return { kind: 'array', at, of };
      }
      case '{':
        return parseObject(this.#grammar, at);
      default:
        this.#cursor.back();
        return this.#cursor.unexpected();
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
        return this.#cursor.nested(() => this.#if(at));
      case 'reduce':
      case 'foreach':
        return this.#cursor.nested(() => this.#fold(text, at));
      case 'break': {
        if (this.#cursor.peek().type !== 'variable') {
          this.#cursor.fail('break requires a label to break to', this.#cursor.peek().at);
        }
        return { kind: 'break', at, name: this.#cursor.take().text };
      }
      case 'import':
      case 'include':
      case 'module':
        return this.#cursor.fail(
          'modules are not available',
          at,
          'define functions in the expression',
        );
      default:
        if (KEYWORDS.has(text)) {
          this.#cursor.back();
          this.#cursor.unexpected();
        }
        return { kind: 'call', at, name: text, args: this.#arguments() };
    }
  }

  #arguments(): Node[] {
    if (!this.#cursor.accept('(')) return [];
    const args = [this.#query(true)];
    while (this.#cursor.accept(';')) args.push(this.#query(true));
    this.#cursor.expect(')', 'arguments are separated by ;');
    return args;
  }

  #if(at: number): Node {
    const test = this.#query(true);
    this.#cursor.expect('then');
    const then = this.#query(true);
    const here = this.#cursor.peek().at;
    if (this.#cursor.accept('elif')) {
      return { kind: 'if', at, test, then, otherwise: this.#cursor.nested(() => this.#if(here)) };
    }
    const otherwise = this.#cursor.accept('else') ? this.#query(true) : undefined;
    this.#cursor.expect('end', 'possibly unterminated if');
    return { kind: 'if', at, test, then, otherwise };
  }

  #fold(kind: 'reduce' | 'foreach', at: number): Node {
    const source = this.#expression(0);
    this.#cursor.expect('as');
    const patterns = parsePatterns(this.#grammar);
    this.#cursor.expect('(');
    const init = this.#query(true);
    this.#cursor.expect(';');
    const update = this.#query(true);
    if (kind === 'reduce') {
      this.#cursor.expect(')');
      return { kind, at, source, patterns, init, update };
    }
    const extract = this.#cursor.accept(';') ? this.#query(true) : undefined;
    this.#cursor.expect(')');
    return { kind, at, source, patterns, init, update, extract };
  }

  /** A string, after `@format` or not. */
  #formatted(): Node {
    const token = this.#cursor.peek();
    if (token.type === 'format') {
      this.#cursor.take();
      return this.#text(token.text);
    }
    return this.#text('text');
  }

  #text(format: string): Node {
    const token = this.#cursor.take();
    if (token.type !== 'string') {
      this.#cursor.back();
      return this.#cursor.unexpected('a string');
    }
    const { at } = token;
    if (token.parts.every((part) => typeof part === 'string')) {
      return { kind: 'literal', at, value: token.parts.join('') };
    }
    const parts = token.parts.map((part) =>
      typeof part === 'string'
        ? part
        : new Parser(this.#cursor.source, part, this.#cursor.depth).program(),
    );
    return { kind: 'text', at, format, parts };
  }
}

export function parse(source: string): Node {
  return new Parser(source, tokenize(source), 0).program();
}

/** Parses text that is not the program's own: every node stands where the program mentions it. */
export function parseAs(tokens: readonly Token[], at: number): Node {
  const moved = (token: Token): Token =>
    token.type === 'string'
      ? {
          ...token,
          at,
          parts: token.parts.map((part) => (typeof part === 'string' ? part : part.map(moved))),
        }
      : { ...token, at };
  return new Parser('', tokens.map(moved), 0).program();
}
