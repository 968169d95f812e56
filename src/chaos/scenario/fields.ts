/*
 * Reading a mapping field by field, with one clear finding per mistake.
 *
 * Owns: the words for missing, unknown and wrongly typed fields. Does not own: which fields there are
 * (read-*.ts), or where things stand in the text (src/dsl/source.ts).
 *
 * Invariant: a reader never throws for what stands in a file; it reports and gives undefined.
 */
import { didYouMean, type Finding, listWords, quote } from '../../dsl/problem.ts';
import { type Json, type JsonObject, pointerStep } from '../../wire/json.ts';
import { compileExpression } from './expression.ts';
import type { Bounds, Expression } from './format.ts';

export class Findings {
  readonly all: Finding[] = [];

  add(
    code: string,
    pointer: string,
    message: string,
    expected: string,
    more: Pick<Finding, 'hint' | 'at'> = {},
  ): undefined {
    this.all.push({ code, pointer, message, expected, ...more });
    return undefined;
  }
}

/** The number of a field, with its limits. */
export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

/** One mapping of a scenario. */
export class Fields {
  readonly pointer: string;
  readonly findings: Findings;
  readonly #value: JsonObject;
  readonly #what: string;

  private constructor(value: JsonObject, pointer: string, what: string, findings: Findings) {
    this.#value = value;
    this.pointer = pointer;
    this.#what = what;
    this.findings = findings;
  }

  /** The mapping at `pointer`, with no other keys than `keys` (undefined: any). */
  static of(
    value: Json | undefined,
    pointer: string,
    what: string,
    keys: readonly string[] | undefined,
    findings: Findings,
  ): Fields | undefined {
    if (!isObject(value)) {
      return findings.add(
        'wrong-type',
        pointer,
        `${what} is ${nameOf(value)}`,
        keys === undefined ? 'a mapping' : `a mapping with ${listWords(keys)}`,
      );
    }
    if (keys !== undefined) {
      for (const key of Object.keys(value)) {
        if (keys.includes(key)) continue;
        const hint = didYouMean(key, keys);
        findings.add(
          'unknown-key',
          `${pointer}/${pointerStep(key)}`,
          `${what} has no ${quote(key)}`,
          listWords(keys),
          { at: 'key', ...(hint === undefined ? {} : { hint }) },
        );
      }
    }
    return new Fields(value, pointer, what, findings);
  }

  get keys(): string[] {
    return Object.keys(this.#value);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#value, key);
  }

  at(key: string): string {
    return `${this.pointer}/${pointerStep(key)}`;
  }

  raw(key: string): Json | undefined {
    return Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
  }

  /** Reports that `key` is missing. */
  require(key: string, expected: string): boolean {
    if (this.has(key)) return true;
    this.findings.add('missing', this.pointer, `${this.#what} has no ${quote(key)}`, expected);
    return false;
  }

  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.trim() !== '') return value;
    return this.wrong(key, 'a text');
  }

  requiredText(key: string, expected: string): string | undefined {
    return this.require(key, expected) ? this.text(key) : undefined;
  }

  number(key: string, rule: NumberRule = {}): number | undefined {
    const value = this.raw(key);
    return value === undefined ? undefined : readNumber(value, this.at(key), rule, this.findings);
  }

  list(key: string): readonly Json[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.length > 0) return value as readonly Json[];
    return this.wrong(key, 'a list with at least one item');
  }

  jq(key: string): Expression | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.wrong(key, 'a jq expression');
    return readExpression(value, this.at(key), this.findings);
  }

  bounds(key: string, rule: NumberRule, fallback: Bounds): Bounds {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    if (typeof value === 'number') {
      const both = readNumber(value, this.at(key), rule, this.findings);
      return both === undefined ? fallback : { from: both, to: both };
    }
    if (!Array.isArray(value) || value.length !== 2) {
      this.wrong(key, 'a number, or two of them: [from, to]');
      return fallback;
    }
    const [from, to] = value.map((item: Json, index) =>
      readNumber(item, `${this.at(key)}/${index}`, rule, this.findings),
    );
    if (from === undefined || to === undefined) return fallback;
    if (from > to) this.wrong(key, '[from, to] with from not above to');
    return { from, to };
  }

  wrong(key: string, expected: string): undefined {
    return this.findings.add(
      'wrong-type',
      this.at(key),
      `${quote(key)} is ${nameOf(this.raw(key))}`,
      expected,
    );
  }
}

export function readNumber(
  value: Json,
  pointer: string,
  { min = -Infinity, max = Infinity, whole = false }: NumberRule,
  findings: Findings,
): number | undefined {
  const kind = whole ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || (whole && !Number.isSafeInteger(value))) {
    return findings.add('wrong-type', pointer, `this is ${nameOf(value)}`, kind);
  }
  if (value >= min && value <= max) return value;
  const range = max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
  return findings.add('out-of-range', pointer, `${value} is out of range`, `${kind} ${range}`);
}

export function readExpression(
  source: string,
  pointer: string,
  findings: Findings,
): Expression | undefined {
  const compiled = compileExpression(source);
  if (typeof compiled !== 'string') return compiled;
  const hint = source.includes('${') ? { hint: 'scenarios take bare jq, without ${ }' } : {};
  return findings.add('expression-syntax', pointer, compiled, 'a jq expression', hint);
}

/** What a value is, with its article. */
export function nameOf(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text ${quote(value)}`;
  return `the ${typeof value} ${String(value)}`;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
