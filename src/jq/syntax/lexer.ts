/*
 * Source text -> tokens. Strings with interpolation become one token whose parts hold the tokens of
 * the expressions inside them, so the parser needs no modes.
 *
 * I1. Every token has its offset; a fault is reported at the offset of what caused it.
 * I2. Nesting of interpolations is bounded by SYNTAX_DEPTH_MAX, because this file recurses on it.
 */
import { JqSyntaxError } from '../errors.ts';
import { SOURCE_LENGTH_MAX, SYNTAX_DEPTH_MAX } from '../limits.ts';

export type Token =
  | {
      readonly type: 'name' | 'variable' | 'field' | 'format' | 'operator';
      readonly at: number;
      readonly text: string;
    }
  | { readonly type: 'number'; readonly at: number; readonly text: string }
  | {
      readonly type: 'string';
      readonly at: number;
      readonly text: string;
      readonly parts: readonly (string | readonly Token[])[];
    }
  | { readonly type: 'end'; readonly at: number; readonly text: string };

const SPACE = /(?:[ \t\r\n]+|#(?:\\(?:\r\n|[^\r\n]|\n)|[^\\\r\n]|\\$|\r(?!\n))*)+/y;
const NAME = /(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*/y;
const FIELD = /\.[a-zA-Z_][a-zA-Z_0-9]*/y;
const VARIABLE = /\$(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*/y;
const FORMAT = /@[a-zA-Z0-9_]+/y;
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const OPERATOR =
  /\?\/\/|\/\/=|==|!=|<=|>=|\/\/|\|=|\+=|-=|\*=|\/=|%=|\.\.|[.?=;,:|+\-*/%$<>()[\]{}]/y;
const PLAIN_TEXT = /[^"\\]+/y;
const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Lexer {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  #fail(message: string, at: number, hint?: string): never {
    throw new JqSyntaxError(message, this.#source, at + 1, hint);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null || match[0] === '') return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  /** Tokens up to the end, or up to the `)` that closes an interpolation opened at `opened`. */
  tokens(opened: number | undefined): Token[] {
    const tokens: Token[] = [];
    const brackets: string[] = [];
    for (;;) {
      this.#match(SPACE);
      const at = this.#at;
      if (at >= this.#source.length) {
        if (opened !== undefined) this.#fail('unterminated string interpolation', opened);
        tokens.push({ type: 'end', at, text: 'end of file' });
        return tokens;
      }
      const token = this.#token(at);
      if (token.type === 'operator') {
        if (token.text === '(' || token.text === '[' || token.text === '{')
          brackets.push(token.text);
        else if (token.text === ')' && brackets.length === 0 && opened !== undefined) {
          tokens.push({ type: 'end', at, text: ')' });
          return tokens;
        } else if (token.text === ')' || token.text === ']' || token.text === '}') brackets.pop();
      }
      tokens.push(token);
    }
  }

  #token(at: number): Token {
    const first = this.#source.charCodeAt(at);
    if (first === 0x22) return this.#string(at);
    if (first === 0x2e) {
      const field = this.#match(FIELD);
      if (field !== undefined) return { type: 'field', at, text: field.slice(1) };
    }
    if (first === 0x24) {
      const variable = this.#match(VARIABLE);
      if (variable !== undefined) return { type: 'variable', at, text: variable.slice(1) };
    }
    if (first === 0x40) {
      const format = this.#match(FORMAT);
      if (format !== undefined) return { type: 'format', at, text: format.slice(1) };
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) return { type: 'number', at, text: number };
    const name = this.#match(NAME);
    if (name !== undefined) return { type: 'name', at, text: name };
    const operator = this.#match(OPERATOR);
    if (operator !== undefined) return { type: 'operator', at, text: operator };
    const shown = String.fromCodePoint(this.#source.codePointAt(at) ?? 0);
    this.#fail(
      `syntax error, unexpected ${JSON.stringify(shown)}`,
      at,
      shown === "'" ? 'strings take double quotes' : undefined,
    );
  }

  #string(at: number): Token {
    if (++this.#depth > SYNTAX_DEPTH_MAX) this.#fail('the expression nests too deeply', at);
    this.#at++;
    const parts: (string | readonly Token[])[] = [];
    let text = '';
    for (;;) {
      text += this.#match(PLAIN_TEXT) ?? '';
      const here = this.#at;
      if (here >= this.#source.length) this.#fail('unterminated string', at);
      this.#at++;
      if (this.#source[here] === '"') break;
      const escape = this.#source[this.#at++];
      if (escape === undefined) this.#fail('unterminated string', at);
      if (escape === '(') {
        if (text !== '') parts.push(text);
        text = '';
        parts.push(this.tokens(here));
      } else if (escape === 'u') {
        text += this.#unicodeEscape(here);
      } else {
        const char = ESCAPES[escape];
        if (char === undefined)
          this.#fail(`invalid escape \\${escape} in a string`, here, 'a backslash is written \\\\');
        text += char;
      }
    }
    if (text !== '') parts.push(text);
    this.#depth--;
    return { type: 'string', at, text: this.#source.slice(at, this.#at), parts };
  }

  #hex(): number {
    const digits = this.#source.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return -1;
    this.#at += 4;
    return Number.parseInt(digits, 16);
  }

  /** A high surrogate must be followed by a low one; a low one alone becomes U+FFFD, as in jq. */
  #unicodeEscape(at: number): string {
    const unit = this.#hex();
    if (unit < 0) this.#fail('invalid \\uXXXX escape in a string', at);
    if (unit >= 0xdc00 && unit <= 0xdfff) return '\ufffd';
    if (unit < 0xd800 || unit > 0xdbff) return String.fromCharCode(unit);
    if (this.#source.startsWith('\\u', this.#at)) {
      this.#at += 2;
      const low = this.#hex();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
    }
    this.#fail('invalid \\uXXXX\\uXXXX surrogate pair escape in a string', at);
  }
}

export function tokenize(source: string): Token[] {
  if (source.length > SOURCE_LENGTH_MAX) {
    throw new JqSyntaxError('the expression is too long', source.slice(0, 80), 1);
  }
  return new Lexer(source).tokens(undefined);
}
