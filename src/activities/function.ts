/*
 * Host functions: what `call: name` means when the workflow defines no function of that name. The
 * Activities port for functions of this process, and the loader of `--functions module.ts`.
 *
 * Owns: turning results into Json and what is thrown into WorkflowError. Does not own time: a function
 * that hangs is bounded by the runtime (activity.timeout), which aborts `signal`.
 *
 * H1. `run` never rejects; whatever a function does is an answer (ports/activities.ts, A3).
 * H2. Nothing is shared: a function gets a copy of its arguments, and its result is copied.
 * H3. A result is JSON or a runtime error that names the place; integers are exact or refused.
 * H4. Errors carry a message, never a stack: they travel in records and are seen by workflows.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setOwn } from '../dsl/plan/expression.ts';
import { didYouMean } from '../dsl/problem.ts';
import type { ActivityAnswer, ActivityContext } from '../ports/index.ts';
import {
  type Activity,
  type Json,
  JsonError,
  type JsonObject,
  type WorkflowError,
  pointerStep,
} from '../wire/index.ts';
import { cut, detailOf, ERROR_TYPES, standard, STANDARD } from './errors.ts';
import { signalOf } from './signal.ts';

/** What a host function knows besides its arguments. */
export interface HostContext {
  /** effect key: equal for every attempt of one effect; give it to services as idempotency key */
  readonly key: string;
  /** 1 for the first; a retry by policy counts, a repetition after a crash does not */
  readonly attempt: number;
  readonly run: string;
  /** '' is the run itself, anything else one of its branches */
  readonly strand: string;
  /** aborted when the answer is not wanted any more: timeout, cancel, shutdown */
  readonly signal: AbortSignal;
  /**
   * Says that the function is still at work. An attempt may take five minutes; each heartbeat begins them
   * anew. A timeout that the workflow sets stands: no heartbeat moves it.
   */
  heartbeat(): void;
}

/**
 * What `call: name` calls. Gets a copy of the evaluated arguments (`with`), gives what JSON can hold, or a
 * promise of it. What it throws is an error of the workflow: { type, status, title, detail } as it is,
 * anything else as a runtime error with its message.
 */
export type HostFunction<Arguments = never, Result = unknown> = (
  args: Arguments,
  context: HostContext,
) => Result | PromiseLike<Result>;

/** Activities of which nothing is absent. */
export interface Present {
  run(activity: Activity, context: ActivityContext): PromiseLike<ActivityAnswer>;
}

export type HostFunctions = { readonly [name: string]: HostFunction };

const DEPTH_MAX = 500;

export function functionActivities(functions: HostFunctions): Present {
  const known = new Map<string, HostFunction<Json>>();
  for (const [name, value] of Object.entries(functions)) {
    if (typeof value !== 'function') throw new TypeError(`functions.${name} is not a function`);
    known.set(name, value as unknown as HostFunction<Json>);
  }
  return { run: (activity, context) => call(known, activity, context) };
}

/** What a function is told. Few ask for the signal: it is made when it is asked for. */
class Call implements HostContext {
  readonly key: string;
  readonly attempt: number;
  readonly run: string;
  readonly strand: string;
  readonly heartbeat: () => void;
  readonly #context: ActivityContext;
  #signal: AbortSignal | undefined;

  constructor({ attempt, key }: Activity, context: ActivityContext) {
    this.key = key;
    this.attempt = attempt;
    this.run = context.run;
    this.strand = context.strand;
    this.heartbeat = () => context.heartbeat();
    this.#context = context;
  }

  get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#context));
  }
}

/** H1 */
async function call(
  known: ReadonlyMap<string, HostFunction<Json>>,
  activity: Activity,
  context: ActivityContext,
): Promise<ActivityAnswer> {
  const host = activity.kind === 'function' ? known.get(activity.name) : undefined;
  if (host === undefined) return { error: standard('configuration', unknown(known, activity)) };
  try {
    const result = await host(copyJson(activity.arguments), new Call(activity, context));
    return { result: resultJson(result) };
  } catch (thrown) {
    return { error: asWorkflowError(thrown) };
  }
}

function unknown(known: ReadonlyMap<string, unknown>, { kind, name }: Activity): string {
  if (kind !== 'function') return `host functions cannot run an activity of kind "${kind}"`;
  const names = [...known.keys()].sort();
  const list = names.length === 0 ? 'none is registered' : `registered are ${names.join(', ')}`;
  const meant = didYouMean(name, names);
  return `there is no function "${name}": ${list}${meant === undefined ? '' : `; ${meant}`}`;
}

// --- errors

/** What a function threw, as the workflow sees it. */
function asWorkflowError(thrown: unknown): WorkflowError {
  if (thrown instanceof JsonError) return standard('runtime', thrown.message);
  const problem = asProblem(thrown);
  if (problem !== undefined) return problem;
  return standard('runtime', detailOf(thrown) ?? `the function threw ${String(thrown)}`);
}

/**
 * A thrown { type, status, title, detail }. Errors of libraries have a `type` now and then: it counts
 * when it is one of the standard types or a URI, or when a status stands beside it.
 */
function asProblem(thrown: unknown): WorkflowError | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('type' in thrown)) return undefined;
  const { type, status, title, detail } = thrown as { readonly [member: string]: unknown };
  if (typeof type !== 'string' || type === '') return undefined;
  const isUri = /^[a-z][a-z0-9+.-]*:/i.test(type);
  const known = STANDARD.get(type.startsWith(ERROR_TYPES) ? type.slice(ERROR_TYPES.length) : type);
  const hasStatus = Number.isInteger(status);
  if (!isUri && known === undefined && !hasStatus) return undefined;
  const said = typeof detail === 'string' ? cut(detail) : detailOf(thrown);
  return {
    type: isUri ? type : ERROR_TYPES + type,
    status: hasStatus ? (status as number) : (known?.[0] ?? 500),
    title: typeof title === 'string' ? cut(title) : (known?.[1] ?? type),
    ...(said === undefined ? {} : { detail: said }),
  };
}

// --- values

/** H2: arguments are Json already and may be shared with records in memory. */
function copyJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(copyJson);
  const copy: Record<string, Json> = {};
  for (const [key, one] of Object.entries(value as JsonObject)) setOwn(copy, key, copyJson(one));
  return copy;
}

/** H3. Like JSON.stringify and back, but what would be lost on that way is refused. */
function resultJson(result: unknown): Json {
  // Most results are plain; where something else is in them is worth finding out only then.
  return plainJson(result, 0) ?? toJson(result, '', []);
}

/** A copy of what is plain JSON as it stands; undefined = look closer. */
function plainJson(value: unknown, depth: number): Json | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.isWellFormed() ? value : undefined;
    case 'number':
      return Number.isInteger(value)
        ? Number.isSafeInteger(value)
          ? value + 0
          : undefined
        : Number.isFinite(value)
          ? value
          : undefined;
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (depth >= DEPTH_MAX) return undefined;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const one of value as readonly unknown[]) {
      const item = plainJson(one, depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value || 'then' in value) {
    return undefined;
  }
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const member = plainJson((value as Record<string, unknown>)[key], depth + 1);
    if (member === undefined || key === '__proto__' || !key.isWellFormed()) return undefined;
    copy[key] = member;
  }
  return copy;
}

function toJson(value: unknown, pointer: string, above: readonly object[]): Json {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'boolean':
      return value;
    case 'string':
      if (!value.isWellFormed()) throw notJson(pointer, 'a string with a lone surrogate');
      return value;
    case 'number':
      return exactNumber(value, pointer);
    case 'object':
      return value === null ? null : objectJson(value, pointer, above);
    case 'bigint':
      throw notJson(pointer, 'a BigInt; give it as a string');
    default:
      throw notJson(pointer, `a ${typeof value}`);
  }
}

function exactNumber(value: number, pointer: string): number {
  if (!Number.isFinite(value)) throw notJson(pointer, String(value));
  // from 1e21 on numbers are written with an exponent, and nobody takes them for exact integers
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) {
    throw notJson(pointer, `${value}, an integer beyond 2^53; give it as a string`);
  }
  return value === 0 ? 0 : value;
}

function objectJson(value: object, pointer: string, above: readonly object[]): Json {
  if (above.includes(value)) throw notJson(pointer, 'an object that contains itself');
  if (above.length >= DEPTH_MAX) throw notJson(pointer, `nested deeper than ${DEPTH_MAX} levels`);
  const kind = withoutJson(value);
  if (kind !== undefined) throw notJson(pointer, kind);
  const below = [...above, value];
  if (Array.isArray(value)) {
    return Array.from(value, (one, index) => toJson(one, `${pointer}/${index}`, below));
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return toJson((value.toJSON as () => unknown)(), pointer, below);
  }
  const members: [string, Json][] = [];
  for (const [key, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const at = `${pointer}/${pointerStep(key)}`;
    if (!key.isWellFormed()) throw notJson(at, 'a key with a lone surrogate');
    members.push([key, toJson(one, at, below)]);
  }
  // fromEntries defines members: a key `__proto__` stays a member
  return Object.fromEntries(members);
}

/** Objects that JSON.stringify would turn into {} or worse without a word. */
function withoutJson(value: object): string | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return 'binary data; give it as base64 text';
  }
  if (value instanceof Map || value instanceof WeakMap) return 'a Map; give an object';
  if (value instanceof Set || value instanceof WeakSet) return 'a Set; give an array';
  if (value instanceof Error) return 'an Error; throw it';
  if (value instanceof RegExp) return 'a RegExp';
  if ('then' in value && typeof value.then === 'function') return 'a promise; await it';
  return undefined;
}

function notJson(pointer: string, what: string): JsonError {
  const where = pointer === '' ? 'the result' : `the result at ${pointer}`;
  return new JsonError(`${where} is not JSON: it is ${what}`, pointer);
}

// --- `--functions module.ts`

/** The module of host functions cannot be used: one clear sentence, with the file it is about. */
export class FunctionsModuleError extends Error {
  override readonly name = 'FunctionsModuleError';
  readonly code: 'missing' | 'syntax' | 'failed' | 'empty' | 'not-a-function' | 'ambiguous';
  readonly path: string;

  constructor(code: FunctionsModuleError['code'], path: string, what: string, cause?: unknown) {
    super(`${path}: ${what}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
  }
}

/** Functions that a module exports by name, and those in the object that it exports by default. */
export async function loadFunctions(modulePath: string): Promise<HostFunctions> {
  const path = resolve(modulePath);
  if (!existsSync(path)) throw new FunctionsModuleError('missing', path, 'there is no such file');
  if (!statSync(path).isFile()) {
    throw new FunctionsModuleError('missing', path, 'this is not a file; name a module in it');
  }
  let module: { readonly [name: string]: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    throw importFailed(path, error);
  }
  return functionsOf(module, path);
}

function functionsOf(module: { readonly [name: string]: unknown }, path: string): HostFunctions {
  const functions = new Map<string, HostFunction>();
  for (const [name, value] of Object.entries(module)) {
    // constants and classes beside functions are the module's own business
    if (name === 'default' || name === 'module.exports' || typeof value !== 'function') continue;
    functions.set(name, value as HostFunction);
  }
  for (const [name, value] of defaultEntries(module['default'])) {
    if (typeof value !== 'function') {
      const what = `its default export has "${name}", which is not a function`;
      throw new FunctionsModuleError('not-a-function', path, what);
    }
    if ((functions.get(name) ?? value) !== value) {
      const what = `it exports two different functions as "${name}"`;
      throw new FunctionsModuleError('ambiguous', path, what);
    }
    functions.set(name, value as HostFunction);
  }
  if (functions.size === 0) {
    const what = 'it exports no function; export each by name, or all in a default export object';
    throw new FunctionsModuleError('empty', path, what);
  }
  return Object.fromEntries(functions);
}

function defaultEntries(exported: unknown): readonly (readonly [string, unknown])[] {
  if (typeof exported === 'function') return [[exported.name, exported]];
  return typeof exported === 'object' && exported !== null ? Object.entries(exported) : [];
}

function importFailed(path: string, error: unknown): FunctionsModuleError {
  const said = error instanceof Error ? error.message : String(error);
  if (error instanceof SyntaxError) {
    // Node puts the place and the line of source in front of the stack
    const before = (error.stack ?? '').split(`SyntaxError`)[0]?.trimEnd();
    const where = before === undefined || before === '' ? '' : `\n${before}`;
    return new FunctionsModuleError('syntax', path, `${said}${where}`, error);
  }
  return new FunctionsModuleError('failed', path, `it could not be loaded: ${said}`, error);
}
