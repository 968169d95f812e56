/*
 * Late leaves: evaluated at the call, with secrets at hand (request.ts says which leaves those are).
 *
 * Secrets are fetched while this is not looking: an expression that touches one that is not there yet
 * stops with SecretNeeded, and is evaluated anew once it is. So only what is really read is fetched,
 * and what the document does not declare cannot be read at all.
 */
import { type Json as JqJson, JqSyntaxError, type Program } from '../../jq/index.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import type { LateArguments, LateLeaf } from '../../wire/state.ts';
import { expressionOf } from '../expression.ts';
import { outcome, setOwn } from './expression.ts';
import { EvaluationFault } from './plan.ts';
import { programOf } from './programs.ts';
import { expanded } from './request.ts';

/** These must be fetched before the evaluation can go on. */
export class SecretNeeded extends Error {
  readonly names: readonly string[];
  constructor(names: readonly string[]) {
    super('a secret is needed');
    this.names = names;
  }
}

/** The document does not declare a secret of that name. */
export class SecretUndeclared extends Error {
  constructor(name: string) {
    super(`the document does not declare a secret "${name}" in use.secrets`);
  }
}

export interface Given {
  /** secrets that have been fetched, by name */
  readonly secrets: ReadonlyMap<string, Json>;
  /** leaves that read it stay null without it */
  readonly authorization?: Json;
}

/**
 * `args` with all that waits for the call in its place. Throws EvaluationFault for what an expression
 * objects to, SecretNeeded, SecretUndeclared.
 */
export function fillIn(args: Json, late: LateArguments, given: Given): Json {
  const { leaves, secrets } = late;
  const variables = new Map<string, () => Json>(
    Object.entries(late.variables).map(([name, value]) => [name, () => value]),
  );
  const held = secretsObject(secrets, given.secrets);
  variables.set('secrets', () => held);
  const { authorization } = given;
  variables.set('authorization', () => authorization ?? null);
  let { input } = late;
  if (late.from !== undefined) {
    input = from(late.from, late, variables);
    variables.set('input', () => input);
  }
  let filled = args;
  for (const leaf of leaves) {
    if (authorization === undefined && mayRead(leaf, 'authorization')) continue;
    const value =
      leaf.template === true
        ? expanded(leaf.text, input, leaf.at)
        : evaluate(leaf.text, leaf.at, input, late, variables);
    filled = put(filled, stepsOf(leaf.at), value);
  }
  return filled;
}

function mayRead({ template, text }: LateLeaf, name: string): boolean {
  return template !== true && text.includes(`$${name}`);
}

type Variables = ReadonlyMap<string, () => Json>;

/** What `.` is after an input.from that reads secrets: an expression, or an object with such leaves. */
function from(value: Json, late: LateArguments, variables: Variables): Json {
  const at = '/input/from';
  const leafwise = (part: Json): Json => {
    if (typeof part === 'string') {
      const source = expressionOf(part, 'free') ?? (late.loose ? part : undefined);
      return source === undefined ? part : evaluate(source, at, late.input, late, variables);
    }
    return mapped(part, leafwise);
  };
  if (typeof value !== 'string') return leafwise(value);
  const source = expressionOf(value, 'expression') ?? value;
  const { loose: _, ...strict } = late;
  return evaluate(source, at, late.input, strict, variables);
}

function evaluate(
  text: string,
  at: string,
  input: Json,
  { loose, now }: Pick<LateArguments, 'loose' | 'now'>,
  variables: Variables,
): Json {
  let program: Program;
  try {
    program = compiled(text, at, [...variables.keys()]);
  } catch (error) {
    if (loose === true && error instanceof EvaluationFault) return text;
    throw error;
  }
  const values = program.variables.map(
    (name) => (program.reads.has(name) ? variables.get(name)!() : null) as JqJson,
  );
  const host = now === undefined ? {} : { now: now / 1000 };
  try {
    // A value may hold the object of all secrets itself: what leaves here is plain.
    return plain(outcome(() => program.first(input as JqJson, values, host), at));
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    if (loose === true) return text;
    // jq shows the beginning of a value that does not fit
    const message = `the expression fails (what jq says could show a secret): ${text}`;
    throw new EvaluationFault('expression', message, at);
  }
}

function compiled(text: string, at: string, names: readonly string[]): Program {
  try {
    return programOf(text, names);
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error;
    throw new EvaluationFault('expression', `${error.message} (in ${text})`, at);
  }
}

/** `$secrets`: an object that asks for what is not there yet. */
function secretsObject(declared: readonly string[], known: ReadonlyMap<string, Json>): Json {
  const look = (key: string | symbol): Json | undefined => {
    // neither jq nor JSON.stringify mean a secret by these
    if (typeof key === 'symbol' || (key === 'toJSON' && !declared.includes(key))) return undefined;
    if (!declared.includes(key)) throw new SecretUndeclared(key);
    const value = known.get(key);
    if (value === undefined) throw new SecretNeeded([key]);
    return value;
  };
  return new Proxy(Object.create(null) as JsonObject, {
    get: (_target, key) => look(key),
    has: (_target, key) => look(key) !== undefined,
    ownKeys: () => {
      const missing = declared.filter((name) => !known.has(name));
      if (missing.length > 0) throw new SecretNeeded(missing);
      return [...new Set(declared)];
    },
    getOwnPropertyDescriptor: (_target, key) => {
      const value = look(key);
      if (value === undefined) return undefined;
      return { value, enumerable: true, configurable: true, writable: true };
    },
  });
}

function plain(value: Json): Json {
  return mapped(value, plain);
}

function mapped(value: Json, each: (part: Json) => Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(each);
  const result: Record<string, Json> = {};
  for (const [key, part] of Object.entries(value)) setOwn(result, key, each(part));
  return result;
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `value` with `leaf` at the end of the path; what it shares with others is not changed. */
function put(value: Json, [step, ...below]: readonly string[], leaf: Json): Json {
  if (step === undefined) return leaf;
  if (typeof value !== 'object' || value === null) {
    throw new EvaluationFault('configuration', 'a late leaf has no place in the arguments', step);
  }
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.with(Number(step), put(items[Number(step)] ?? null, below, leaf));
  }
  const object = value as JsonObject;
  const copy: Record<string, Json> = { ...object };
  const inner = Object.hasOwn(object, step) ? object[step]! : null;
  setOwn(copy, step, put(inner, below, leaf));
  return copy;
}
