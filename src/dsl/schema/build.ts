/*
 * The words in which the schema is written.
 *
 * The schema is JSON Schema 2020-12 with one habit: there is no oneOf and no anyOf. Where values
 * differ by type or by a discriminating key, `if` picks the branch, so that a mistake is judged by
 * the rules of what its author meant and makes one error. Three annotations carry what an error
 * says: `expected` (in words), `code` (when the keyword's own code is not telling) and `hint`;
 * `title` names an object ("an http call").
 */
/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema and of the DSL */

export interface Notes {
  readonly title?: string;
  readonly expected?: string;
  readonly code?: string;
  readonly hint?: string;
  /** The keys of which one picks the branch. */
  readonly alternatives?: readonly string[];
}
export interface Schema extends Notes {
  readonly properties?: Properties;
  readonly [keyword: string]: unknown;
}
export type Properties = Readonly<Record<string, Schema>>;

/** The annotation keywords that ajv has to know. */
export const ANNOTATIONS = ['expected', 'code', 'hint', 'alternatives'];

/** Whole-string `${ }`. */
export const EXPRESSION_PATTERN = '^\\s*\\$\\{[\\s\\S]+\\}\\s*$';
/** A URI reference or template: no blanks, and not an expression. */
const URI = '(?!\\$\\{)[^\\s]+';

export const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/** An object that has these properties and no others. */
export function object(
  title: string,
  properties: Properties,
  required: readonly string[] = [],
  more: Schema = {},
): Schema {
  return { title, type: 'object', properties, required, additionalProperties: false, ...more };
}

/** An object from names to values of one kind. */
export const mapOf = (values: Schema, more: Schema = {}): Schema => ({
  type: 'object',
  additionalProperties: values,
  ...more,
});

export const listOf = (items: Schema, more: Schema = {}): Schema => ({
  type: 'array',
  items,
  ...more,
});

/** Any object. */
export const anyObject: Schema = { type: 'object' };
export const anything: Schema = {};
export const flag: Schema = { type: 'boolean' };

/** Text with something in it. */
export const text = (notes?: Notes): Schema =>
  notes === undefined ? ref('text') : { type: 'string', pattern: '\\S', ...notes };
/** Text that may be empty. */
export const anyText: Schema = { type: 'string' };

export const pattern = (regex: string, expected: string, notes: Notes = {}): Schema => ({
  type: 'string',
  pattern: regex,
  expected,
  ...notes,
});

export const oneWordOf = (...words: readonly string[]): Schema => ({ type: 'string', enum: words });

export const integer = (minimum: number, maximum?: number, notes: Notes = {}): Schema => ({
  type: 'integer',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
  ...notes,
});

/** A field typed as a runtime expression: bare jq, or `${ }` around it. */
export const expression: Schema = ref('expression');
/** `${ }` and nothing else. */
export const wrappedExpression: Schema = ref('wrappedExpression');
/** A URI, a URI template, or `${ }`. */
export const uri: Schema = ref('uri');
/** A URI or URI template; no expression. */
export const literalUri: Schema = ref('literalUri');
export const variableName: Schema = ref('variable');
export const flowDirective: Schema = ref('flowDirective');
/** `from` and `as`. */
export const transformation: Schema = ref('transformation');
export const texts: Schema = ref('texts');
export const textMap: Schema = ref('textMap');

type TypeName = 'string' | 'array' | 'object' | 'boolean' | 'number' | 'null';

/** Picks the branch by the type of the value. */
export function byType(expected: string, branches: Partial<Record<TypeName, Schema>>): Schema {
  const names = Object.keys(branches);
  const allOf = Object.entries(branches).map(([type, then]) => ({ if: { type }, then }));
  return { type: names, expected, allOf };
}

/**
 * Picks the branch by the first of its keys that is present. An object without any of them fails
 * with `code`; `alternatives` lets the error say that two of them stand side by side.
 */
export function byKey(
  title: string,
  code: string,
  expected: string,
  branches: Readonly<Record<string, Schema>>,
): Schema {
  const alternatives = Object.keys(branches);
  let chain: Schema = { not: {}, title, code, expected, alternatives };
  for (const [key, branch] of Object.entries(branches).toReversed()) {
    const then = branch.$ref === undefined ? { ...branch, alternatives } : branch;
    chain = { if: { required: [key] }, then, else: chain };
  }
  return { title, type: 'object', expected, if: { type: 'object' }, then: chain };
}

/** One of two properties, and not both. */
export function either(title: string, first: string, second: string): Schema {
  const expected = `either ${first} or ${second}`;
  const refused = { not: {}, title, code: 'no-choice', expected };
  const both = { not: {}, title: JSON.stringify(second), code: 'not-both', expected };
  return {
    if: { required: [first] },
    then: { properties: { [second]: both } },
    else: { if: { required: [second] }, else: refused },
  };
}

/** What stands in many places is compiled once: the definitions behind the names above. */
export const sharedDefinitions: Readonly<Record<string, Schema>> = {
  text: { type: 'string', pattern: '\\S', expected: 'a text that is not empty' },
  expression: { type: 'string', pattern: '\\S', expected: 'a jq expression, bare or in ${ }' },
  wrappedExpression: pattern(EXPRESSION_PATTERN, 'an expression in ${ }'),
  uri: pattern(
    `^(?:${URI}|\\s*\\$\\{[\\s\\S]+\\}\\s*)$`,
    'a URI, a URI template or an expression in ${ }',
    { code: 'bad-uri' },
  ),
  literalUri: pattern(`^${URI}$`, 'a URI or a URI template', { code: 'bad-uri' }),
  variable: text({ expected: 'the name of a variable' }),
  flowDirective: text({ expected: 'continue, exit, end or the name of a task in this list' }),
  transformation: byType('a jq expression, or an object with ${ } leaves', {
    string: expression,
    object: anyObject,
  }),
  texts: listOf(anyText, { expected: 'a list of texts' }),
  textMap: mapOf(anyText, { expected: 'an object of texts' }),
};
