/*
 * A place in a list of tokens, and the errors that name it.
 *
 * I1. Nesting is bounded by SYNTAX_DEPTH_MAX: whatever recurses on the text goes through `nested`.
 */
import { JqSyntaxError } from '../errors.ts';
import { SYNTAX_DEPTH_MAX } from '../limits.ts';
import type { Token } from './lexer.ts';

export class Cursor {
  readonly source: string;
  depth: number;
  readonly #tokens: Token[];
  #next = 0;

  constructor(source: string, tokens: readonly Token[], depth: number) {
    this.source = source;
    this.#tokens = [...tokens];
    this.depth = depth;
  }

  /** The token after the next one. */
  ahead(): Token | undefined {
    return this.#tokens[this.#next + 1];
  }

  /** Un-takes the last token, to complain about it. */
  back(): void {
    this.#next--;
  }

  replace(token: Token): void {
    this.#tokens[this.#next] = token;
  }

  peek(): Token {
    return this.#tokens[this.#next]!;
  }

  take(): Token {
    return this.#tokens[this.#next++]!;
  }

  fail(message: string, at: number, hint?: string): never {
    throw new JqSyntaxError(message, this.source, at + 1, hint);
  }

  unexpected(wanted?: string, hint?: string): never {
    const token = this.peek();
    const shown = token.type === 'end' ? token.text : JSON.stringify(this.#shown(token));
    const expecting = wanted === undefined ? '' : `, expecting ${wanted}`;
    this.fail(`syntax error, unexpected ${shown}${expecting}`, token.at, hint);
  }

  #shown(token: Token): string {
    if (token.type === 'variable') return `$${token.text}`;
    if (token.type === 'field') return `.${token.text}`;
    if (token.type === 'format') return `@${token.text}`;
    return token.text;
  }

  /** Whether the next token is this operator or keyword. */
  at(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.type === 'operator' || token.type === 'name');
  }

  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.#next++;
    return true;
  }

  expect(text: string, hint?: string): Token {
    if (!this.at(text)) this.unexpected(JSON.stringify(text), hint);
    return this.take();
  }

  variableName(): Token {
    if (this.peek().type !== 'variable') this.unexpected('a $name');
    return this.take();
  }

  nested<T>(parse: () => T): T {
    if (++this.depth > SYNTAX_DEPTH_MAX) {
      this.fail('the expression nests too deeply', this.peek().at);
    }
    const result = parse();
    this.depth--;
    return result;
  }
}
