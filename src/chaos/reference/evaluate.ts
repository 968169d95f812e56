/*
 * Expressions, schemas and durations of a document, evaluated where they stand, each time anew.
 *
 * A text that stands for a whole field is jq, bare or in `${ }`; inside free-form values only a whole
 * `${ }` is, or in loose mode any text that can be evaluated. The first output counts, none is null.
 */
import { parse } from 'yaml';
import type { Duration, SchemaModel } from '../../dsl/document.ts';
import { durationMs } from '../../dsl/duration.ts';
import { expressionOf } from '../../dsl/expression.ts';
import { compileSchema } from '../../dsl/plan/json-schema.ts';
import { compile, JqError, JqSyntaxError, type Program } from '../../jq/index.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import { Fault, fault } from './fault.ts';

/** What an expression sees besides `.`, and the task that is to blame when it fails. */
export interface Scope {
  readonly instance: string;
  readonly now: number;
  readonly variables: Readonly<Record<string, Json | (() => Json)>>;
  /** evaluate.mode: loose */
  readonly loose: boolean;
}

interface Compiled {
  readonly names: readonly string[];
  readonly program: Program;
}

/** By its source, for each list of names that it was evaluated with. */
const programs = new Map<string, Compiled[]>();

function programOf(source: string, names: readonly string[]): Program {
  let known = programs.get(source);
  if (known === undefined) programs.set(source, (known = []));
  for (const one of known) if (areEqual(one.names, names)) return one.program;
  const program = compile(source, { variables: names });
  known.push({ names, program });
  return program;
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) {
    if (some[index] !== others[index]) return false;
  }
  return true;
}

function jq(source: string, input: Json, { instance, now, variables }: Scope): Json {
  const names = Object.keys(variables);
  const program = programOf(source, names);
  const { reads } = program;
  const values = names.map((name) => {
    if (!reads.has(name)) return null;
    const value = variables[name];
    return typeof value === 'function' ? value() : (value ?? null);
  });
  type Values = Parameters<Program['first']>[1];
  try {
    const output = program.first(input as never, values as Values, { now: now / 1000 });
    const found = (output ?? null) as Json;
    return isPlain(found) ? found : plain(found);
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    throw fault('expression', `${error.message} (in ${error.source})`, instance);
  }
}

/** What an expression would see, of its input and of all that has a name but what is hidden. */
export function seenBy(source: string, input: Json, { variables }: Scope): Json {
  const { reads, readsInput } = compile(source, {
    variables: [...Object.keys(variables), 'secrets'],
  });
  const seen = [...reads].map((name): [string, Json] => {
    const value = name === 'secrets' || name === 'authorization' ? null : variables[name];
    return [name, typeof value === 'function' ? value() : (value ?? null)];
  });
  return { text: source, input: readsInput ? input : null, variables: Object.fromEntries(seen) };
}

function isPlain(value: Json): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) if (!isPlain(item)) return false;
    return true;
  }
  return Object.values(value as JsonObject).every(isPlain);
}

/** NaN and the infinities as jq prints them. */
function plain(value: Json): Json {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return null;
    return Number.isFinite(value) ? value : Math.sign(value) * Number.MAX_VALUE;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => plain(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item as Json)]));
}

/** A field that is an expression; an object in its place is free-form. */
export function field(value: Json, input: Json, scope: Scope): Json {
  if (typeof value !== 'string') return free(value, input, scope);
  return jq(expressionOf(value, 'expression') ?? value, input, scope);
}

export function free(value: Json, input: Json, scope: Scope): Json {
  if (typeof value === 'string') {
    const source = expressionOf(value, 'free');
    if (scope.loose) return loosely(value, source ?? value, input, scope);
    return source === undefined ? value : jq(source, input, scope);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => free(item, input, scope));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, free(item as Json, input, scope)]),
  );
}

/** What can be evaluated is; what cannot stays a text. A text of blanks and comments asks for nothing. */
function loosely(text: string, source: string, input: Json, scope: Scope): Json {
  if (source.split('\n').every((line) => /^\s*(#|$)/.test(line))) return text;
  try {
    return jq(source, input, scope);
  } catch (error) {
    if (error instanceof JqSyntaxError || error instanceof Fault) return text;
    throw error;
  }
}

export function isTrue(condition: string, input: Json, scope: Scope): boolean {
  const verdict = field(condition, input, scope);
  return verdict !== null && verdict !== false;
}

/** Milliseconds. */
export function duration(value: Duration, input: Json, scope: Scope): number {
  if (typeof value !== 'string' || expressionOf(value, 'free') === undefined) {
    return durationMs(value);
  }
  const text = field(value, input, scope);
  try {
    return durationMs(text as Duration);
  } catch {
    throw fault('expression', `${JSON.stringify(text)} is not a duration`, scope.instance);
  }
}

type Check = ReturnType<typeof compileSchema>;
/** By the schema in the document, or by the text of one that stands elsewhere. */
const inline = new WeakMap<object, Check>();
const external = new Map<string, Check>();

/** Throws a validation error when the value does not fit; `text` is a schema that stands elsewhere. */
export function fit(
  model: SchemaModel | undefined,
  value: Json,
  instance: string,
  text?: string,
): void {
  if (model === undefined) return;
  const { document } = model;
  let check: Check | undefined;
  if (text !== undefined) {
    check = external.get(text);
    if (check === undefined) external.set(text, (check = compileSchema(parse(text) as Json)));
  } else if (typeof document === 'object' && document !== null) {
    check = inline.get(document);
    if (check === undefined) inline.set(document, (check = compileSchema(document as Json)));
  } else if (document === undefined) return;
  else check = compileSchema(document);
  const objection = check(value);
  if (objection !== undefined) throw fault('validation', objection, instance);
}
