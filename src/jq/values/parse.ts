/*
 * JSON text -> value, with jq's leniency (`nan`, `NaN`, numbers such as `.5` and `01`) and jq's messages.
 * Text that JSON.parse accepts does not come here: this is the slow way, which knows lines and columns.
 *
 * I1. Iterative; containers open on a stack of our own, at most VALUE_DEPTH_MAX of them.
 * I2. Columns count UTF-8 bytes, as in jq.
 */
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { type Json, type JsonObject, setKey } from './json.ts';
import { utf8Length } from './unicode.ts';

type Fail = (message: string) => never;

interface Open {
  readonly items: Json[] | JsonObject;
  /** the key whose value is awaited, after its colon */
  key: string | undefined;
  count: number;
}

const WHITE = ' \t\r\n';
const STRUCTURE = '[]{}:,';
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NAN = /^-?nan$/i;
const DEEP = /[[{]/g;

class Parser {
  readonly #text: string;
  readonly #fail: Fail;
  readonly #open: Open[] = [];
  #value: Json | undefined;
  #at = 0;
  #results: Json[] = [];

  constructor(text: string, fail: Fail) {
    this.#text = text;
    this.#fail = fail;
  }

  /** `at`: characters consumed when the problem was noticed. */
  #problem(message: string, at: number, end = false): never {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = utf8Length(before.slice(before.lastIndexOf('\n') + 1));
    return this.#whole(`${message}${end ? ' at EOF' : ''} at line ${line}, column ${column}`);
  }

  #whole(message: string): never {
    return this.#fail(`${message} (while parsing '${this.#text}')`);
  }

  parse(): Json {
    const text = this.#text;
    if (text.startsWith('\ufeff')) this.#at = 1;
    while (this.#at < text.length) {
      const char = text[this.#at]!;
      if (WHITE.includes(char)) this.#at++;
      else if (char === '"') this.#put(this.#string(), this.#at);
      else if (STRUCTURE.includes(char)) this.#structure(char);
      else this.#literal();
      this.#finishTopLevel();
    }
    if (this.#open.length > 0) this.#problem('Unfinished JSON term', text.length, true);
    if (this.#results.length === 0) this.#whole('Expected JSON value');
    return this.#results[0]!;
  }

  #finishTopLevel(): void {
    if (this.#open.length > 0 || this.#value === undefined) return;
    this.#results.push(this.#value);
    this.#value = undefined;
    if (this.#results.length > 1) this.#whole('Unexpected extra JSON values');
  }

  #put(value: Json, at: number): void {
    if (this.#value !== undefined) this.#problem('Expected separator between values', at);
    this.#value = value;
  }

  /** jq notices a bad literal at the character that ends it. */
  #literal(): void {
    const start = this.#at;
    const { length } = this.#text;
    while (this.#at < length && !`${WHITE}${STRUCTURE}"`.includes(this.#text[this.#at]!))
      this.#at++;
    const end = this.#at === length;
    const noticed = end ? length : this.#at + 1;
    const token = this.#text.slice(start, this.#at);
    this.#put(
      this.#word(token, (message) => this.#problem(message, noticed, end)),
      noticed,
    );
  }

  #word(token: string, problem: Fail): Json {
    const expect = (word: string, value: Json): Json =>
      token === word ? value : problem('Invalid literal');
    if (token.startsWith('t')) return expect('true', true);
    if (token.startsWith('f')) return expect('false', false);
    if (token.startsWith('nu')) return expect('null', null);
    if (token.startsWith("'")) return problem('Invalid string literal; expected ", but got \'');
    if (NAN.test(token)) return NaN;
    if (/^-?inf(?:inity)?$/i.test(token)) return token.startsWith('-') ? -Infinity : Infinity;
    return NUMBER.test(token) ? Number(token) : problem('Invalid numeric literal');
  }

  #structure(char: string): void {
    const at = ++this.#at;
    const top = this.#open.at(-1);
    switch (char) {
      case '[':
      case '{':
        if (this.#open.length >= VALUE_DEPTH_MAX)
          this.#problem('Exceeds depth limit for parsing', at);
        if (this.#value !== undefined) this.#problem('Expected separator between values', at);
        this.#open.push({ items: char === '[' ? [] : {}, key: undefined, count: 0 });
        return;
      case ':':
        if (this.#value === undefined) this.#problem("Expected string key before ':'", at);
        if (top === undefined || Array.isArray(top.items) || top.key !== undefined) {
          this.#problem("':' not as part of an object", at);
        }
        if (typeof this.#value !== 'string') this.#problem('Object keys must be strings', at);
        top.key = this.#value;
        this.#value = undefined;
        return;
      case ',':
        if (this.#value === undefined) this.#problem("Expected value before ','", at);
        if (top === undefined) this.#problem("',' not as part of an object or array", at);
        this.#append(top, at);
        return;
      default:
        this.#close(char, top, at);
    }
  }

  #append(top: Open, at: number): void {
    const value = this.#value!;
    this.#value = undefined;
    top.count++;
    if (Array.isArray(top.items)) {
      top.items.push(value);
    } else {
      if (top.key === undefined) this.#problem('Objects must consist of key:value pairs', at);
      setKey(top.items, top.key, value);
      top.key = undefined;
    }
  }

  #close(char: string, top: Open | undefined, at: number): void {
    const array = char === ']';
    if (
      top === undefined ||
      Array.isArray(top.items) !== array ||
      (array ? false : top.key !== undefined && this.#value === undefined)
    ) {
      this.#problem(`Unmatched '${char}'`, at);
    }
    if (this.#value !== undefined) this.#append(top, at);
    else if (top.count > 0) {
      this.#problem(
        array ? 'Expected another array element' : 'Expected another key-value pair',
        at,
      );
    }
    this.#open.pop();
    this.#value = top.items;
  }

  #string(): string {
    const text = this.#text;
    const start = ++this.#at;
    while (this.#at < text.length && text[this.#at] !== '"')
      this.#at += text[this.#at] === '\\' ? 2 : 1;
    if (this.#at >= text.length) this.#problem('Unfinished string', text.length, true);
    const raw = text.slice(start, this.#at++);
    return this.#unescape(raw, this.#at);
  }

  #unescape(raw: string, at: number): string {
    let out = '';
    for (let i = 0; i < raw.length; i++) {
      const char = raw[i]!;
      if (char !== '\\') {
        if (char < ' ') {
          this.#problem(
            'Invalid string: control characters from U+0000 through U+001F must be escaped',
            at,
          );
        }
        out += char;
        continue;
      }
      const escape = raw[++i]!;
      const simple = '"\\/bfnrt'.indexOf(escape);
      if (simple >= 0) {
        out += '"\\/\b\f\n\r\t'[simple]!;
      } else if (escape === 'u') {
        const hex = raw.slice(i + 1, i + 5);
        if (hex.length < 4) this.#problem('Invalid \\uXXXX escape', at);
        if (!/^[0-9a-fA-F]{4}$/.test(hex))
          this.#problem('Invalid characters in \\uXXXX escape', at);
        out += String.fromCharCode(Number.parseInt(hex, 16));
        i += 4;
        if (/[\ud800-\udbff]$/.test(out) && !/^\\u[dD][c-fC-F]/.test(raw.slice(i + 1))) {
          this.#problem('Invalid \\uXXXX\\uXXXX surrogate pair escape', at);
        }
      } else {
        this.#problem('Invalid escape', at);
      }
    }
    return out.toWellFormed();
  }
}

/** Deeper than this, JSON.parse is not asked: what it does there is the platform's business. */
const NATIVE_DEPTH_MAX = 500;

export function parseJson(text: string, fail: Fail): Json {
  if ((text.match(DEEP)?.length ?? 0) < NATIVE_DEPTH_MAX && !text.includes('\\u')) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // The slow way finds out what is wrong, or accepts what jq accepts.
    }
  }
  return new Parser(text, fail).parse();
}
