/*
 * An Oniguruma pattern (Perl_NT syntax, as jq uses it) -> a JavaScript pattern for the flags `u`, `s`.
 *
 * I1. Every construct is translated or refused; nothing is passed on in the hope that it means the same.
 * I2. The groups of the original keep their order; groups that the translation adds (for atomic and
 *     possessive ones) are recorded, so that captures are reported as if they were not there.
 */
import { SYNTAX_DEPTH_MAX } from '../limits.ts';
import { CLASSES, complementOf, COMPLEMENTS, POSIX } from './classes.ts';

export interface Translated {
  readonly source: string;
  /** for each group of the original: its number in the translation, and its name */
  readonly groups: readonly { readonly index: number; readonly name: string | null }[];
}

export interface Options {
  /** `x`: white space and comments in the pattern mean nothing */
  readonly extended: boolean;
  readonly ignoreCase: boolean;
  /** whether `.` matches a newline */
  readonly dotAll: boolean;
}

/** The message, in Oniguruma's words where it has some. */
export class PatternError extends Error {}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\\x07',
  e: '\\x1b',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
};
const END = '(?![\\s\\S])';
const START = '(?<![\\s\\S])';
const WORD = `[${CLASSES['w']!}]`;
const BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;
const NOT_BOUNDARY = `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`;
const SYNTAX = /[\\^$.*+?()[\]{}|/]/;
const BRACKET_SYNTAX = /[\\^$.*+?()[\]{}|/-]/;

interface Flags {
  readonly extended: boolean;
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

class Translator {
  readonly #chars: readonly string[];
  #at = 0;
  #depth = 0;
  /** groups opened in the output so far */
  #count = 0;
  readonly groups: { index: number; name: string | null }[] = [];
  readonly #backreferences: { readonly name: string | undefined; readonly number: number }[] = [];

  constructor(pattern: string) {
    this.#chars = Array.from(pattern);
  }

  translate(options: Options): string {
    const source = this.#alternatives(options);
    if (this.#at < this.#chars.length) throw new PatternError('unmatched close parenthesis');
    // Numbers are known only now: a reference may precede the group it names.
    return source.replace(/\0(\d+)\0/g, (_, i) => this.#reference(Number(i)));
  }

  #peek(ahead = 0): string | undefined {
    return this.#chars[this.#at + ahead];
  }

  #startsWith(text: string): boolean {
    return Array.from(text).every((char, i) => this.#peek(i) === char);
  }

  #accept(text: string): boolean {
    if (!this.#startsWith(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** Up to the closing delimiter, which is consumed. */
  #until(close: string, message: string): string {
    const end = this.#chars.indexOf(close, this.#at);
    if (end < 0) throw new PatternError(message);
    const text = this.#chars.slice(this.#at, end).join('');
    this.#at = end + 1;
    return text;
  }

  #alternatives(start: Flags): string {
    if (++this.#depth > SYNTAX_DEPTH_MAX) throw new PatternError('too deep nest level');
    let flags = start;
    let out = '';
    let close = '';
    while (this.#at < this.#chars.length && this.#peek() !== ')') {
      if (this.#accept('|')) {
        out += '|';
        continue;
      }
      if (flags.extended) {
        if (/\s/.test(this.#peek()!)) {
          this.#at++;
          continue;
        }
        if (this.#accept('#')) {
          while (this.#at < this.#chars.length && this.#peek() !== '\n') this.#at++;
          continue;
        }
      }
      const changed = this.#isolatedFlags(flags);
      if (changed !== undefined) {
        // `a(?i)b|c`: the rest of the group, alternatives included, is under the new flags.
        if (changed.ignoreCase !== flags.ignoreCase) {
          out += `(?${changed.ignoreCase ? 'i' : '-i'}:`;
          close += ')';
        }
        flags = changed;
        continue;
      }
      const before = this.#count;
      const atom = this.#atom(flags);
      out += this.#quantified(atom, before, flags);
    }
    this.#depth--;
    return out + close;
  }

  #isolatedFlags(flags: Flags): Flags | undefined {
    const match = /^\(\?([imsx]*)(?:-([imsx]*))?\)/.exec(
      this.#chars.slice(this.#at, this.#at + 16).join(''),
    );
    if (match === null || match[0].length < 4) return undefined;
    this.#at += match[0].length;
    return withFlags(flags, match[1] ?? '', match[2] ?? '');
  }

  #quantified(atom: string, groupsBefore: number, flags: Flags): string {
    if (flags.extended) while (this.#peek() !== undefined && /\s/.test(this.#peek()!)) this.#at++;
    let out = atom;
    for (;;) {
      const quantifier = this.#quantifier();
      if (quantifier === undefined) return out;
      if (out === '') throw new PatternError('target of repeat operator is not specified');
      const lazy = this.#peek() === '?';
      const possessive = this.#peek() === '+' && !quantifier.startsWith('{');
      if (lazy || possessive) this.#at++;
      out = repeat(out, quantifier, lazy, this.#count > groupsBefore);
      if (possessive) out = this.#atomic(out, groupsBefore);
      out = `(?:${out})`;
    }
  }

  #quantifier(): string | undefined {
    const char = this.#peek();
    if (char === '*' || char === '+' || char === '?') {
      this.#at++;
      return char;
    }
    if (char !== '{') return undefined;
    const rest = this.#chars.slice(this.#at, this.#at + 24).join('');
    const match = /^\{(\d+)(,(\d*))?\}|^\{,(\d+)\}/.exec(rest);
    if (match === null) return undefined;
    this.#at += match[0].length;
    const low = Number(match[1] ?? 0);
    const high =
      match[4] !== undefined
        ? Number(match[4])
        : match[2] === undefined
          ? low
          : match[3] === ''
            ? Infinity
            : Number(match[3]);
    if (low > 100_000 || (high !== Infinity && high > 100_000)) {
      throw new PatternError('too big number is specified for repeat range');
    }
    return high === Infinity ? `{${low},}` : `{${Math.min(low, high)},${Math.max(low, high)}}`;
  }

  /** JavaScript has no atomic groups, but a lookahead is one, and its capture can be consumed. */
  #atomic(body: string, groupsBefore: number): string {
    this.#shiftGroups(groupsBefore);
    return `(?=(${body}))\\${groupsBefore + 1}`;
  }

  /** A group is added in front of those after `before`. */
  #shiftGroups(before: number): void {
    this.#count++;
    this.groups.forEach((group, i) => {
      if (group.index > before) this.groups[i] = { index: group.index + 1, name: group.name };
    });
  }

  #atom(flags: Flags): string {
    const char = this.#chars[this.#at++]!;
    switch (char) {
      case '.':
        return flags.dotAll ? '[\\s\\S]' : '[^\\n]';
      case '^':
        return START;
      case '$':
        return `(?=\\n?${END})`;
      case '[':
        return this.#bracket(flags);
      case '(':
        return this.#group(flags);
      case '\\':
        return this.#escape(flags);
      case '*':
      case '+':
      case '?':
        throw new PatternError('target of repeat operator is not specified');
      default:
        return literal(char);
    }
  }

  #group(flags: Flags): string {
    const before = this.#count;
    const body = (inner: Flags = flags): string => {
      const source = this.#alternatives(inner);
      if (!this.#accept(')')) throw new PatternError('end pattern with unmatched parenthesis');
      return source;
    };
    if (!this.#accept('?')) return this.#capture(null, body);
    if (this.#accept('#')) {
      this.#until(')', 'end pattern in group');
      return '';
    }
    if (this.#accept(':')) return `(?:${body()})`;
    if (this.#accept('=')) return `(?=${body()})`;
    if (this.#accept('!')) return `(?!${body()})`;
    if (this.#accept('<=')) return `(?<=${body()})`;
    if (this.#accept('<!')) return `(?<!${body()})`;
    if (this.#accept('>')) return this.#atomic(body(), before);
    if (this.#peek() === '<' || this.#peek() === "'" || this.#startsWith('P<')) {
      this.#accept('P');
      const close = this.#peek() === "'" ? "'" : '>';
      this.#at++;
      const name = this.#until(close, 'end pattern in group');
      if (name === '') throw new PatternError('group name is empty');
      if (!/^[\p{L}_][\p{L}\p{M}\p{N}\p{Pc}]*$/u.test(name)) {
        throw new PatternError(`invalid group name <${name}>`);
      }
      return this.#capture(name, body);
    }
    const rest = this.#chars.slice(this.#at, this.#at + 16).join('');
    const match = /^([imsx]*)(?:-([imsx]*))?:/.exec(rest);
    if (match === null) throw new PatternError('undefined group option');
    this.#at += match[0].length;
    const inner = withFlags(flags, match[1] ?? '', match[2] ?? '');
    const source = body(inner);
    if (inner.ignoreCase === flags.ignoreCase) return `(?:${source})`;
    return `(?${inner.ignoreCase ? 'i' : '-i'}:${source})`;
  }

  #capture(name: string | null, body: () => string): string {
    this.#count++;
    this.groups.push({ index: this.#count, name });
    return `(${body()})`;
  }

  #escape(flags: Flags): string {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw new PatternError('end pattern at escape');
    const inside = this.#classEscape(char);
    if (inside !== undefined) return `[${inside}]`;
    switch (char) {
      case 'A':
        return START;
      case 'z':
        return END;
      case 'Z':
        return `(?=\\n?${END})`;
      case 'b':
        return BOUNDARY;
      case 'B':
        return NOT_BOUNDARY;
      case 'N':
        return '[^\\n]';
      case 'O':
        return '[\\s\\S]';
      case 'R':
        return '(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])';
      case 'Q': {
        const text: string[] = [];
        while (this.#at < this.#chars.length && !this.#accept('\\E'))
          text.push(this.#chars[this.#at++]!);
        return text.length === 0 ? '' : `(?:${text.map(literal).join('')})`;
      }
      case 'k':
        return this.#namedReference();
      default:
    }
    if (/[1-9]/.test(char)) return this.#numberedReference(char, flags);
    if (/[gGKXyY]/.test(char)) throw new PatternError(`\\${char} is not supported`);
    return this.#characterEscape(char);
  }

  #numberedReference(first: string, _flags: Flags): string {
    let digits = first;
    while (/^\d$/.test(this.#peek() ?? '') && digits.length < 3) digits += this.#chars[this.#at++]!;
    this.#backreferences.push({ name: undefined, number: Number(digits) });
    return `\0${this.#backreferences.length - 1}\0`;
  }

  #namedReference(): string {
    const open = this.#chars[this.#at++];
    if (open !== '<' && open !== "'") throw new PatternError('invalid backref number/name');
    const name = this.#until(open === '<' ? '>' : "'", 'invalid backref number/name');
    const number = /^\d+$/.test(name) ? Number(name) : 0;
    this.#backreferences.push({ name: number === 0 ? name : undefined, number });
    return `\0${this.#backreferences.length - 1}\0`;
  }

  #reference(index: number): string {
    const { name, number } = this.#backreferences[index]!;
    if (name === undefined) {
      const group = this.groups[number - 1];
      if (group === undefined) throw new PatternError('invalid backref number/name');
      return `(?:\\${group.index})`;
    }
    const named = this.groups.filter((group) => group.name === name);
    if (named.length === 0) throw new PatternError(`undefined name <${name}> reference`);
    return `(?:${named
      .map((group) => `\\${group.index}`)
      .reverse()
      .join('|')})`;
  }

  /** What a letter means as a class, as the inside of a bracket. */
  #classEscape(char: string): string | undefined {
    const lower = char.toLowerCase();
    if (char === 'p' || char === 'P') return this.#property(char === 'P');
    const members = CLASSES[lower];
    if (members === undefined || char === lower) return members;
    return COMPLEMENTS[lower];
  }

  #property(negated: boolean): string {
    if (!this.#accept('{')) throw new PatternError('invalid character property name {p}');
    let name = this.#until('}', 'invalid character property name');
    let outside = negated;
    if (name.startsWith('^')) {
      name = name.slice(1);
      outside = !outside;
    }
    const posix = POSIX[name.toLowerCase()];
    if (posix !== undefined) return outside ? complementOf(name.toLowerCase()) : posix;
    const escape = outside ? '\\P' : '\\p';
    for (const candidate of [
      name,
      `Script=${name}`,
      `Script_Extensions=${name}`,
      titled(name),
      `Script=${titled(name)}`,
    ]) {
      try {
        // oxlint-disable-next-line no-new -- asks the engine whether it knows the name
        new RegExp(`\\p{${candidate}}`, 'u');
        return `${escape}{${candidate}}`;
      } catch {
        continue;
      }
    }
    throw new PatternError(`invalid character property name {${name}}`);
  }

  #characterEscape(char: string, plain = literal): string {
    if (char === 'x') {
      if (this.#accept('{')) return codePoint(this.#until('}', 'invalid code point value'), 16);
      let digits = '';
      while (digits.length < 2 && /^[0-9a-fA-F]$/.test(this.#peek() ?? ''))
        digits += this.#chars[this.#at++]!;
      return codePoint(digits === '' ? '0' : digits, 16);
    }
    if (char === 'u') {
      const digits = this.#chars.slice(this.#at, this.#at + 4).join('');
      if (/^[0-9a-fA-F]{4}$/.test(digits)) {
        this.#at += 4;
        return codePoint(digits, 16);
      }
      return 'u';
    }
    if (char === '0') {
      let digits = '';
      while (digits.length < 2 && /^[0-7]$/.test(this.#peek() ?? ''))
        digits += this.#chars[this.#at++]!;
      return codePoint(digits === '' ? '0' : digits, 8);
    }
    if (char === 'c') {
      const letter = this.#chars[this.#at++];
      if (letter === undefined) throw new PatternError('end pattern at control');
      return codePoint((letter.charCodeAt(0) & 31).toString(16), 16);
    }
    return CONTROLS[char] ?? plain(char);
  }

  // --- brackets -------------------------------------------------------------------------------

  /** Intersections become lookaheads; nested brackets and complements become alternatives. */
  #bracket(flags: Flags): string {
    if (++this.#depth > SYNTAX_DEPTH_MAX) throw new PatternError('too deep nest level');
    const negated = this.#accept('^');
    const operands: string[] = [];
    let members = '';
    let nested: string[] = [];
    let first = true;
    const finish = (): void => {
      const parts = [...(members === '' ? [] : [`[${members}]`]), ...nested];
      operands.push(
        parts.length === 0 ? '(?!)' : parts.length === 1 ? parts[0]! : `(?:${parts.join('|')})`,
      );
      members = '';
      nested = [];
    };
    for (;;) {
      const char = this.#peek();
      if (char === undefined) throw new PatternError('premature end of char-class');
      if (char === ']' && !first) break;
      first = false;
      if (this.#accept('&&')) {
        finish();
        continue;
      }
      if (this.#startsWith('[:')) {
        const named = /^\[:(\^?)([a-z]+):\]/.exec(
          this.#chars.slice(this.#at, this.#at + 16).join(''),
        );
        if (named !== null && POSIX[named[2]!] !== undefined) {
          this.#at += named[0].length;
          members += named[1] === '^' ? complementOf(named[2]!) : POSIX[named[2]!]!;
          continue;
        }
      }
      if (char === '[') {
        this.#at++;
        nested.push(this.#bracket(flags));
        continue;
      }
      members += this.#member();
    }
    this.#at++;
    finish();
    this.#depth--;
    const [only = '(?!)'] = operands;
    if (operands.length === 1 && /^\[(?:[^\\\]]|\\.)*\]$/s.test(only)) {
      return negated ? `[^${only.slice(1)}` : only;
    }
    const all = operands.map((operand) => `(?=${operand})`).join('');
    return negated ? `(?:(?!${all})[\\s\\S])` : `(?:${all}[\\s\\S])`;
  }

  /** One member of a bracket, or a range. */
  #member(): string {
    const low = this.#character();
    if (low.length === 0 || low.startsWith('\\p') || low.startsWith('\\P')) return low;
    if (this.#peek() !== '-' || this.#peek(1) === ']' || this.#peek(1) === undefined) return low;
    if (CLASS_TEXTS.has(low)) return low;
    this.#at++;
    if (this.#peek() === '[') return `${low}\\-`;
    const high = this.#character();
    if (CLASS_TEXTS.has(high) || high.startsWith('\\p') || high.startsWith('\\P'))
      return `${low}\\-${high}`;
    return `${low}-${high}`;
  }

  #character(): string {
    const char = this.#chars[this.#at++]!;
    if (char !== '\\') return bracketLiteral(char);
    const escape = this.#chars[this.#at++];
    if (escape === undefined) throw new PatternError('end pattern at escape');
    if (escape === 'b') return '\\x08';
    if (escape === 'R' || escape === 'X') return bracketLiteral(escape);
    if (/[1-7]/.test(escape)) {
      let digits = escape;
      while (digits.length < 3 && /^[0-7]$/.test(this.#peek() ?? ''))
        digits += this.#chars[this.#at++]!;
      return codePoint(digits, 8);
    }
    return this.#classEscape(escape) ?? this.#characterEscape(escape, bracketLiteral);
  }
}

const CLASS_TEXTS: ReadonlySet<string> = new Set(Object.values(CLASSES));

function withFlags(flags: Flags, on: string, off: string): Flags {
  const pick = (letter: string, before: boolean): boolean =>
    off.includes(letter) ? false : on.includes(letter) || before;
  // In Perl's syntax `s` is what jq's `p` half does: the dot takes newlines. `m` changes nothing here,
  // because `^` and `$` are anchored to the text as a whole.
  return {
    extended: pick('x', flags.extended),
    ignoreCase: pick('i', flags.ignoreCase),
    dotAll: pick('s', flags.dotAll),
  };
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
}

function literal(char: string): string {
  return SYNTAX.test(char) ? `\\${char}` : char;
}

function bracketLiteral(char: string): string {
  return BRACKET_SYNTAX.test(char) ? `\\${char}` : char;
}

function codePoint(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  if (!(code <= 0x10ffff)) throw new PatternError('too big wide-char value');
  return `\\u{${code.toString(16)}}`;
}

/** Lookarounds and anchors cannot be repeated under the `u` flag; a group around them can. */
function repeatable(atom: string): string {
  return atom.length === 1 ? atom : `(?:${atom})`;
}

/**
 * JavaScript forgets the groups of an optional iteration that matched nothing, Oniguruma reports them as
 * empty. Written as an alternative to nothing, the iteration is not optional.
 */
function repeat(atom: string, quantifier: string, lazy: boolean, groups: boolean): string {
  const body = repeatable(atom);
  const plain = `${body}${quantifier}${lazy ? '?' : ''}`;
  if (!groups || (quantifier !== '?' && quantifier !== '*')) return plain;
  const least = quantifier === '?' ? body : `${body}+${lazy ? '?' : ''}`;
  return lazy ? `(?:|${least})` : `(?:${least}|)`;
}

export function translate(pattern: string, options: Options): Translated {
  const translator = new Translator(pattern);
  const source = translator.translate(options);
  return { source, groups: translator.groups };
}
