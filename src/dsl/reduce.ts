/*
 * The error reducer: what the validator found -> one finding per mistake.
 *
 * The schema is written so that only the branch its author meant is judged (schema/build.ts), so most
 * errors are one to one. What is left to reduce: the bookkeeping errors of `if`; several properties
 * missing from one object; and a misspelt key, which is an unknown property and a missing one.
 * Messages come from the annotations of the schema that failed (`title`, `expected`, `code`, `hint`).
 */
import { pointerStep } from '../wire/json.ts';
import { type Finding, listWords, nearest, quote } from './problem.ts';
import { belongsIn, remedyForKey } from './remedies.ts';
import type { Schema } from './schema/build.ts';

/** An error of the generated validator (ajv, verbose). */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: Schema;
  readonly data: unknown;
}

export function reduceErrors(errors: readonly SchemaError[]): Finding[] {
  const findings: Finding[] = [];
  // An item of two names is mostly one task whose lines are not indented: what stands in it is moot.
  const items = errors
    .filter(({ keyword, params }) => keyword === 'maxProperties' && params.limit === 1)
    .map((error) => `${error.instancePath}/`);
  const real = errors.filter(
    ({ keyword, instancePath }) =>
      keyword !== 'if' && !items.some((item) => instancePath.startsWith(item)),
  );
  const missing = new Map<string, SchemaError[]>();
  const unknown = new Map<string, Set<string>>();
  for (const error of real) {
    if (error.keyword === 'required') {
      missing.set(error.instancePath, [...(missing.get(error.instancePath) ?? []), error]);
    } else if (error.keyword === 'additionalProperties') {
      const names = unknown.get(error.instancePath) ?? new Set();
      unknown.set(error.instancePath, names.add(String(error.params.additionalProperty)));
    }
  }
  for (const [pointer, group] of missing) {
    const finding = missingProperties(pointer, group, unknown.get(pointer) ?? new Set());
    if (finding !== undefined) findings.push(finding);
  }
  const mistyped = new Set(
    real.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  for (const error of real) {
    if (error.keyword === 'required') continue;
    // What is wrong about a value of the wrong type does not matter.
    if (error.keyword !== 'type' && mistyped.has(error.instancePath)) continue;
    // What is missing says more than that there is too little.
    if (error.keyword === 'minProperties' && missing.has(error.instancePath)) continue;
    if (error.keyword === 'additionalProperties') {
      findings.push(unknownProperty(error, swapped(error.instancePath, missing, unknown)));
    } else findings.push(single(error));
  }
  return unique(findings);
}

/**
 * One property missing and one unknown: mostly a wrong name, at least one mistake. The unknown one is
 * reported, and says what is missing.
 */
function swapped(
  pointer: string,
  missing: ReadonlyMap<string, readonly SchemaError[]>,
  unknown: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const lacking = missing.get(pointer) ?? [];
  if (lacking.length !== 1 || unknown.get(pointer)?.size !== 1) return undefined;
  return String(lacking[0]?.params.missingProperty);
}

/** One finding for all that one object lacks; none when what is there is a misspelling of it. */
function missingProperties(
  pointer: string,
  errors: readonly SchemaError[],
  unknown: ReadonlySet<string>,
): Finding | undefined {
  const [first] = errors;
  if (first === undefined || (errors.length === 1 && unknown.size === 1)) return undefined;
  const names = errors
    .map((error) => String(error.params.missingProperty))
    .filter((name) => ![...unknown].some((other) => nearest(other, [name]) !== undefined));
  if (names.length === 0) return undefined;
  const owner = first.parentSchema.title ?? 'this object';
  return {
    code: 'missing-property',
    message: `${owner} needs ${listWords(names.map(quote), 'and')}`,
    pointer,
    expected: listWords(names.map(quote), 'and'),
    at: 'key',
  };
}

function single(error: SchemaError): Finding {
  const { instancePath: pointer, parentSchema: schema, data } = error;
  const expected = expectation(error);
  const hint = schema.hint;
  switch (error.keyword) {
    case 'not':
      return noChoice(error);
    case 'type':
      return {
        code: 'wrong-type',
        message: `expected ${expected}, found ${describe(data)}`,
        pointer,
        expected,
        ...withHint(typeHint(data, expected, error.params.type) ?? hint),
      };
    case 'enum': {
      const words = error.params.allowedValues as readonly string[];
      const meant = typeof data === 'string' ? nearest(data, words) : undefined;
      return {
        code: 'not-one-of',
        message: `${describe(data)} is not one of ${listWords(words)}`,
        pointer,
        expected: listWords(words),
        ...withHint(meant === undefined ? undefined : `did you mean ${quote(meant)}?`),
      };
    }
    case 'minProperties':
    case 'maxProperties':
      return wrongCount(error, expected);
    case 'minItems':
      return { code: 'empty', message: `this list is empty`, pointer, expected };
    case 'minimum':
    case 'maximum':
      return {
        code: 'out-of-range',
        message: `${describe(data)} is out of range`,
        pointer,
        expected,
        ...withHint(hint),
      };
    default: {
      const blank = typeof data === 'string' && data.trim() === '';
      const wanted = `expected ${expected}, found ${blank ? 'an empty text' : describe(data)}`;
      const code = blank ? 'empty' : (schema.code ?? 'bad-format');
      return { code, message: wanted, pointer, expected, ...withHint(blank ? undefined : hint) };
    }
  }
}

/** A key that has no business here: misspelt, a second discriminating key, or misplaced. */
function unknownProperty(error: SchemaError, lacking?: string): Finding {
  const { instancePath, parentSchema: schema, data } = error;
  const name = String(error.params.additionalProperty);
  const known = Object.keys(schema.properties ?? {});
  const present = new Set(typeof data === 'object' && data !== null ? Object.keys(data) : []);
  const owner = schema.title ?? 'this object';
  const meant = nearest(
    name,
    known.filter((each) => !present.has(each)),
  );
  const { alternatives = [] } = schema;
  const choice = alternatives.includes(name)
    ? `only one of ${listWords(alternatives)} can stand here`
    : undefined;
  const hint =
    meant === undefined
      ? (choice ??
        schema.hint ??
        belongsIn(name, schema, owner) ??
        `${owner} has ${listWords(known, 'and')}`)
      : `did you mean ${quote(meant)}?`;
  return {
    code: 'unknown-property',
    message:
      lacking === undefined
        ? `${owner} has no property ${quote(name)}`
        : `${owner} has no property ${quote(name)}, and ${quote(lacking)} is missing`,
    pointer: `${instancePath}/${pointerStep(name)}`,
    expected: listWords(known),
    hint,
    at: 'key',
  };
}

/** None of the keys that pick a branch is there, or something stands where nothing may. */
function noChoice(error: SchemaError): Finding {
  const { instancePath: pointer, parentSchema: schema, data } = error;
  const owner = schema.title ?? 'this object';
  const expected = schema.expected ?? 'nothing';
  const code = schema.code ?? 'not-allowed';
  const alternatives = schema.alternatives;
  if (alternatives === undefined) {
    return { code, message: `${owner} needs ${expected}`, pointer, expected, at: 'key' };
  }
  for (const key of Object.keys((data as object | undefined) ?? {})) {
    const meant = nearest(key, alternatives);
    if (meant === undefined) continue;
    return {
      code: 'unknown-property',
      message: `${owner} has no property ${quote(key)}`,
      pointer: `${pointer}/${pointerStep(key)}`,
      expected,
      hint: `did you mean ${quote(meant)}?`,
      at: 'key',
    };
  }
  const remedies = code === 'unknown-task' ? remedyForKey(data) : undefined;
  return {
    code,
    message:
      code === 'unknown-task'
        ? 'this task does not say what it does'
        : `${owner} needs ${expected}`,
    pointer,
    expected,
    at: 'key',
    ...withHint(remedies),
  };
}

/** Objects with exactly one key (list items), and objects that may not be empty. */
function wrongCount(error: SchemaError, expected: string): Finding {
  const { instancePath: pointer, parentSchema: schema, data } = error;
  const keys = Object.keys(data as object);
  const code = schema.code ?? 'empty';
  if (keys.length === 0) {
    return { code, message: `this object is empty`, pointer, expected };
  }
  const extra = keys[1] ?? '';
  const what = (schema.title ?? 'an item').replace(/^an? /, '');
  return {
    code,
    message: `this item has ${keys.length} names: ${listWords(keys.slice(0, 6).map(quote), 'and')}`,
    pointer: `${pointer}/${pointerStep(extra)}`,
    expected,
    hint: `every ${what} is a list item of its own: write \`- ${extra}:\`, or indent it if it belongs to ${quote(keys[0] ?? '')}`,
    at: 'key',
  };
}

/** What the schema wants, in words. */
function expectation({ keyword, params, parentSchema: schema }: SchemaError): string {
  if (keyword === 'minProperties' && schema.expected === undefined) return 'at least one property';
  if (typeof schema.expected === 'string') return schema.expected;
  if (keyword === 'minimum') return `${String(params.limit)} or more`;
  if (keyword === 'maximum') return `${String(params.limit)} or less`;
  if (keyword !== 'type') return 'another value';
  const types = [params.type].flat() as readonly string[];
  if (types.length === 1 && types[0] === 'object' && typeof schema.title === 'string') {
    return `an object (${schema.title})`;
  }
  return listWords(types.map((type) => TYPE_NAMES[type] ?? type));
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  null: 'nothing',
};

function describe(data: unknown): string {
  if (data === null || data === undefined) return 'nothing';
  if (typeof data === 'string') return data.trim() === '' ? 'an empty text' : quote(data);
  if (Array.isArray(data)) return data.length === 0 ? 'an empty list' : 'a list';
  if (typeof data === 'object') return 'an object';
  return `the ${typeof data === 'number' ? 'number' : 'value'} ${JSON.stringify(data)}`;
}

function typeHint(data: unknown, expected: string, types: unknown): string | undefined {
  const texts = [types].flat().includes('string');
  if (texts && typeof data === 'boolean') return `quote it if it is a text: '${data}'`;
  if (texts && typeof data === 'number') return `quote it: '${data}'`;
  if (data === null) return 'the key has no value; check the indentation of the lines below it';
  if (expected.startsWith('a list') && typeof data === 'object') {
    return 'put `- ` in front of every item';
  }
  if (Array.isArray(data) && data.length === 1) return 'remove the `- ` in front of it';
  if (typeof data === 'string' && data.trim().startsWith('${')) {
    return 'an expression cannot stand here';
  }
  return undefined;
}

function withHint(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.code} ${finding.pointer}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
