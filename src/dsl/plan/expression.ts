/*
 * Expressions of a document, compiled once: bare jq or `${ }` in fields that are expressions,
 * whole-string `${ }` leaves in free-form values (notes of the DSL: never in data).
 *
 * X1. A leaf of several outputs gives its first one, one of none gives null.
 * X2. Only the variables that a program reads are looked up, each once per evaluation.
 * X3. A jq error becomes an EvaluationFault that names the expression; a jq error that is the engine's
 *     own limit (fuel) does too.
 * X4. In loose mode every text in a free-form value is tried as jq; one that does not compile, or fails,
 *     stays the text that it is. Fields that are expressions by their type are the same in both modes: a
 *     condition that fails must not become a text, which is true.
 */
import {
  compile,
  type Json as JqJson,
  JqError,
  JqSyntaxError,
  type Program,
} from '../../jq/index.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import { pointerStep } from '../../wire/json.ts';
import { expressionOf } from '../expression.ts';
import type { Finding } from '../problem.ts';
import { didYouMean } from '../problem.ts';
import { type Condition, EvaluationFault, type Value } from './plan.ts';

/** Where expressions stand decides what they can see (matrix of the DSL, notes/spec section 2). */
export const VISIBLE = {
  workflowInput: ['workflow', 'runtime'],
  workflowOutput: ['context', 'workflow', 'runtime'],
  taskInput: ['context', 'task', 'workflow', 'runtime'],
  taskDefinition: ['context', 'input', 'task', 'workflow', 'runtime', 'authorization'],
  // what a call or run task is given, where a leaf that reads a secret waits for the call (request.ts)
  requestInput: ['context', 'task', 'workflow', 'runtime', 'secrets'],
  request: ['context', 'input', 'task', 'workflow', 'runtime', 'authorization', 'secrets'],
  // the matrix does not grant $output here, the specification's own examples use it; it does grant
  // $authorization, which is a secret and would be stored
  taskOutput: ['context', 'input', 'output', 'task', 'workflow', 'runtime'],
} as const satisfies Record<string, readonly string[]>;
export type Place = keyof typeof VISIBLE;

const ALL_NAMES = new Set<string>(Object.values(VISIBLE).flat());

/** Is shown every expression of a value; true takes the leaf out of it, which is null then. */
export type LeafTaker = (pointer: string, source: string, program: Program) => boolean;

/** Collects what is wrong and what is read while a document is compiled. */
export class ExpressionCompiler {
  readonly findings: Finding[] = [];
  readonly mode: 'strict' | 'loose';
  /** variables read since the last `takeReads` */
  private reads = new Set<string>();
  /** ... and by the whole document */
  readonly allReads = new Set<string>();

  constructor(mode: 'strict' | 'loose') {
    this.mode = mode;
  }

  takeReads(): Set<string> {
    const taken = this.reads;
    this.reads = new Set();
    return taken;
  }

  /** A field that is an expression, or free-form where the model allows an object. */
  value(
    value: Json,
    pointer: string,
    place: Place,
    names: readonly string[],
    taker?: LeafTaker,
  ): Value {
    if (typeof value !== 'string') return this.free(value, pointer, place, names, taker);
    const source = expressionOf(value, 'expression');
    return source === undefined
      ? () => value
      : this.expression(source, pointer, place, names, taker);
  }

  /** What is set: an expression, or in loose mode any text. */
  given(value: Json, pointer: string, place: Place, names: readonly string[]): Value {
    return this.mode === 'loose'
      ? this.free(value, pointer, place, names)
      : this.value(value, pointer, place, names);
  }

  condition(value: string, pointer: string, place: Place, names: readonly string[]): Condition {
    const evaluate = this.value(value, pointer, place, names);
    return (input, scope) => {
      const verdict = evaluate(input, scope);
      return verdict !== false && verdict !== null;
    };
  }

  /** A free-form value: only whole-string `${ }` leaves are evaluated. */
  free(
    value: Json,
    pointer: string,
    place: Place,
    names: readonly string[],
    taker?: LeafTaker,
  ): Value {
    return this.leafwise(value, pointer, place, names, taker) ?? (() => value);
  }

  /** The evaluator of a free-form value, or undefined when nothing in it needs evaluation. */
  private leafwise(
    value: Json,
    pointer: string,
    place: Place,
    names: readonly string[],
    taker: LeafTaker | undefined,
  ): Value | undefined {
    if (typeof value === 'string') {
      const source = expressionOf(value, 'free');
      if (this.mode === 'loose') {
        return this.loosely(value, source ?? value, pointer, place, names, taker);
      }
      return source === undefined
        ? undefined
        : this.expression(source, pointer, place, names, taker);
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) {
      const parts = (value as readonly Json[]).map((item, index) =>
        this.leafwise(item, `${pointer}/${index}`, place, names, taker),
      );
      if (parts.every((part) => part === undefined)) return undefined;
      const items = value as readonly Json[];
      return (input, scope) =>
        items.map((item, i) => {
          const part = parts[i];
          return part === undefined ? item : part(input, scope);
        });
    }
    const entries = Object.entries(value as { readonly [key: string]: Json });
    const parts = entries.map(([key, item]) =>
      this.leafwise(item, `${pointer}/${pointerStep(key)}`, place, names, taker),
    );
    if (parts.every((part) => part === undefined)) return undefined;
    return (input, scope) => {
      const result: Record<string, Json> = {};
      for (let i = 0; i < entries.length; i++) {
        const [key, item] = entries[i]!;
        const part = parts[i];
        setOwn(result, key, part === undefined ? item : part(input, scope));
      }
      return result;
    };
  }

  private expression(
    source: string,
    pointer: string,
    place: Place,
    names: readonly string[],
    taker: LeafTaker | undefined,
  ): Value {
    try {
      return this.compiled(source, pointer, place, names, taker);
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error;
      this.findings.push(explain(error, source, pointer, visibleAt(place, names)));
      return () => null;
    }
  }

  /** X4. Undefined when the text is no jq at all. */
  private loosely(
    text: string,
    source: string,
    pointer: string,
    place: Place,
    names: readonly string[],
    taker: LeafTaker | undefined,
  ): Value | undefined {
    if (saysNothing(source)) return undefined;
    let evaluate: Value;
    try {
      evaluate = this.compiled(source, pointer, place, names, taker);
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error;
      return undefined;
    }
    return (input, scope) => {
      try {
        return evaluate(input, scope);
      } catch (error) {
        if (!(error instanceof EvaluationFault)) throw error;
        return text;
      }
    };
  }

  /** Throws JqSyntaxError. */
  private compiled(
    source: string,
    pointer: string,
    place: Place,
    names: readonly string[],
    taker: LeafTaker | undefined,
  ): Value {
    const whole = compile(source, { variables: visibleAt(place, names) });
    const reads = [...whole.reads];
    for (const name of reads) {
      this.reads.add(name);
      this.allReads.add(name);
    }
    if (taker?.(pointer, source, whole)) return () => null;
    const program = compile(source, { variables: reads });
    const settle = mayCompute(source) ? (value: Json) => settled(value, pointer) : asIs;
    if (reads.length === 0) {
      return (input, scope) =>
        settle(run(() => program.first(input as JqJson, NONE, hostAt(scope.now)), pointer));
    }
    return (input, scope) =>
      settle(
        run(
          () =>
            program.first(
              input as JqJson,
              reads.map((name) => scope.variable(name) as JqJson),
              hostAt(scope.now),
            ),
          pointer,
        ),
      );
  }
}

function visibleAt(place: Place, names: readonly string[]): readonly string[] {
  return [...new Set([...VISIBLE[place], ...names])];
}

/** Blanks and comments alone are jq for `.`, and as a text what they are. */
function saysNothing(source: string): boolean {
  return /^(?:\s|#[^\n]*(?:\n|$))*$/.test(source);
}

const NONE: readonly JqJson[] = [];

/**
 * Only paths, variables and constructions of them: such a program gives back what it was given, and
 * that was JSON.
 */
function mayCompute(source: string): boolean {
  const rest = source
    .replaceAll(/"(?:[^"\\(]|\\[^(])*"/g, '')
    .replaceAll(/[.$][A-Za-z_]\w*|[A-Za-z_]\w*\s*:/g, '');
  return /[A-Za-z"*/%+-]/.test(rest);
}

function asIs(value: Json): Json {
  return value;
}

function settled(value: Json, pointer: string): Json {
  try {
    return isFinite(value) ? value : finite(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EvaluationFault('expression', 'the result is nested too deep', pointer);
  }
}

/** Nearly everything is: that is found out without a copy. */
function isFinite(value: Json): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) if (!isFinite(item)) return false;
    return true;
  }
  const object = value as JsonObject;
  for (const key in object) if (!isFinite(object[key]!)) return false;
  return true;
}

/** jq's numbers may be NaN or infinite; they become what jq prints for them, since State is JSON. */
function finite(value: Json): Json {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    return Number.isNaN(value) ? null : Math.sign(value) * Number.MAX_VALUE;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    const settled = items.map(finite);
    return settled.every((item, i) => item === items[i]) ? value : settled;
  }
  let changed = false;
  const settled: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const one = finite(item);
    if (one !== item) changed = true;
    setOwn(settled, key, one);
  }
  return changed ? settled : value;
}

/** One host object is reused while time stands still, as it does within a step. */
let host: { now: number } = { now: 0 };
function hostAt(now: number): { readonly now: number } {
  if (host.now !== now / 1000) host = { now: now / 1000 };
  return host;
}

/** What an evaluation gives, as JSON: for who evaluates later than the step. */
export function outcome(evaluate: () => Json | undefined, pointer: string): Json {
  return settled(run(evaluate, pointer), pointer);
}

function run(evaluate: () => Json | undefined, pointer: string): Json {
  try {
    return evaluate() ?? null;
  } catch (error) {
    if (error instanceof JqError) {
      throw new EvaluationFault('expression', `${error.message} (in ${error.source})`, pointer);
    }
    throw error;
  }
}

/** Assigns like `object[key] = value`, for `__proto__` too. */
export function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else object[key] = value;
}

function explain(
  error: JqSyntaxError,
  source: string,
  pointer: string,
  visible: readonly string[],
): Finding {
  const unknown = /\$([A-Za-z_]\w*) is not defined/.exec(error.message)?.[1];
  if (unknown === 'secrets' || unknown === 'authorization') {
    return {
      code: 'misplaced-secret',
      message: `$${unknown} cannot be read here: its value would be stored`,
      pointer,
      expected:
        unknown === 'secrets'
          ? 'input.from, arguments or authentication of a call or run task'
          : 'arguments of an http call that has an authentication',
      hint: 'read it where it is needed: there it is filled in at the call',
    };
  }
  const hint =
    unknown === undefined
      ? undefined
      : ALL_NAMES.has(unknown)
        ? `$${unknown} exists, but not here; here there are ${visible.map((name) => `$${name}`).join(', ')}`
        : (didYouMean(unknown, visible) ??
          `here there are ${visible.map((name) => `$${name}`).join(', ')}`);
  return {
    code: unknown === undefined ? 'expression-syntax' : 'unknown-variable',
    message: `${error.message}, at column ${error.column} of the expression ${source}`,
    pointer,
    expected: 'a jq expression',
    ...(hint === undefined ? {} : { hint }),
  };
}
