/*
 * The schema of tasks: what every task may have, and one definition per kind.
 */
/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema and of the DSL */
import { TASK_KINDS } from '../document.ts';
import {
  anyObject,
  anything,
  byKey,
  byType,
  expression,
  flag,
  flowDirective,
  integer,
  listOf,
  object,
  oneWordOf,
  pattern,
  type Properties,
  ref,
  type Schema,
  text,
  transformation,
  uri,
  variableName,
} from './build.ts';

const named = (title: string, values: Schema, code: string): Schema => ({
  title,
  type: 'object',
  additionalProperties: values,
  minProperties: 1,
  maxProperties: 1,
  expected: 'exactly one name and what it stands for',
  code,
});

/** What every task may have. `metadata` is open; the names Waybill reads are checked. */
const common: Properties = {
  if: expression,
  input: ref('input'),
  output: ref('output'),
  export: ref('export'),
  timeout: ref('timeoutOrName'),
  then: flowDirective,
  metadata: ref('taskMetadata'),
};

/** The common properties are checked once, in `task`; a kind only has to know that they may stand. */
const allowed = Object.fromEntries(Object.keys(common).map((name) => [name, anything]));

/** A task kind: its own properties, the common ones, and no others. */
export const task = (
  title: string,
  own: Properties,
  required: readonly string[] = Object.keys(own),
): Schema => object(title, { ...own, ...allowed }, required, { code: 'task' });

const errorText = byType('a text', { string: anything });
const status = integer(100, 599, { expected: 'an HTTP status code, 100 to 599' });

export const taskDefinitions: Readonly<Record<string, Schema>> = {
  taskList: listOf(named('a task', ref('task'), 'task-item'), {
    expected: 'a list of tasks (`- name: ...`)',
  }),
  task: {
    ...byKey(
      'a task',
      'unknown-task',
      `one of ${TASK_KINDS.join(', ')}`,
      Object.fromEntries(TASK_KINDS.map((kind) => [kind, ref(`${kind}Task`)])),
    ),
    properties: common,
  },
  taskMetadata: {
    title: 'metadata',
    type: 'object',
    properties: {
      compensate: ref('task'),
      saga: flag,
      parallel: object('metadata.parallel', { max: integer(1) }, ['max']),
      limit: ref('concurrencyLimit'),
    },
  },
  concurrencyLimit: object('metadata.limit', { max: integer(1) }, ['max']),

  callTask: ref('call'),
  doTask: task('a do task', { do: ref('taskList') }),
  emitTask: task('an emit task', {
    emit: object('emit', { event: object('emit.event', { with: ref('emittedEvent') }, ['with']) }, [
      'event',
    ]),
  }),
  forTask: task(
    'a for task',
    {
      for: object(
        'for',
        {
          each: variableName,
          in: byType('a jq expression, or a list of objects', {
            string: expression,
            array: listOf(anyObject),
          }),
          at: variableName,
        },
        ['in'],
      ),
      while: expression,
      do: ref('taskList'),
    },
    ['for', 'do'],
  ),
  forkTask: task('a fork task', {
    fork: object('fork', { branches: ref('taskList'), compete: flag }, ['branches']),
  }),
  listenTask: task(
    'a listen task',
    {
      listen: object(
        'listen',
        { to: ref('strategy'), read: oneWordOf('data', 'envelope', 'raw') },
        ['to'],
      ),
      foreach: ref('iterator'),
    },
    ['listen'],
  ),
  raiseTask: task('a raise task', {
    raise: object(
      'raise',
      {
        error: byType('the name of an error in use.errors, or an error', {
          string: text({ expected: 'the name of an error in use.errors' }),
          object: ref('error'),
        }),
      },
      ['error'],
    ),
  }),
  runTask: task('a run task', { run: ref('run') }),
  setTask: task('a set task', {
    set: byType('an object, or an expression in ${ }', {
      string: expression,
      object: { type: 'object', minProperties: 1, expected: 'at least one property' },
    }),
  }),
  switchTask: task('a switch task', {
    switch: listOf(
      named(
        'a case',
        object('a switch case', { when: expression, then: flowDirective }, ['then']),
        'case-item',
      ),
      { minItems: 1, expected: 'a list of cases (`- name: { when, then }`)' },
    ),
  }),
  tryTask: task('a try task', { try: ref('taskList'), catch: ref('catch') }),
  waitTask: task('a wait task', { wait: ref('duration') }),

  catch: object('catch', {
    errors: object('catch.errors', { with: ref('errorFilter') }),
    as: variableName,
    when: expression,
    exceptWhen: expression,
    retry: byType('the name of a policy in use.retries, or a retry policy', {
      string: text(),
      object: ref('retryPolicy'),
    }),
    do: ref('taskList'),
    then: flowDirective,
  }),
  error: object(
    'an error',
    {
      type: uri,
      status,
      instance: pattern(
        '^(?:\\s*\\$\\{[\\s\\S]+\\}\\s*|(?:/(?:[^/~]|~[01])*)*)$',
        'a JSON pointer or an expression in ${ }',
      ),
      title: errorText,
      detail: errorText,
    },
    ['type', 'status'],
  ),
  errorFilter: object(
    'an error filter',
    { type: text(), status, instance: text(), title: text(), detail: text() },
    [],
    { minProperties: 1, expected: 'at least one of type, status, instance, title, detail' },
  ),
  retryPolicy: object('a retry policy', {
    when: expression,
    exceptWhen: expression,
    delay: ref('duration'),
    backoff: byKey('backoff', 'no-choice', 'one of constant, linear, exponential', {
      constant: object('backoff', { constant: anyObject }),
      linear: object('backoff', { linear: anyObject }),
      exponential: object('backoff', { exponential: anyObject }),
    }),
    limit: object('limit', {
      attempt: object('limit.attempt', { count: integer(0), duration: ref('duration') }),
      duration: ref('duration'),
    }),
    jitter: object('jitter', { from: ref('duration'), to: ref('duration') }, ['from', 'to']),
  }),

  input: object('input', { schema: ref('schema'), from: transformation }),
  output: object('output', { schema: ref('schema'), as: transformation }),
  export: object('export', { schema: ref('schema'), as: transformation }),
  schema: byKey('a schema', 'no-choice', '`document` (inline) or `resource` (external)', {
    document: object('a schema', { format: text(), document: anything }),
    resource: object('a schema', { format: text(), resource: ref('resource') }),
  }),
  timeoutOrName: byType('the name of a timeout in use.timeouts, or { after: a duration }', {
    string: text(),
    object: ref('timeout'),
  }),
  timeout: object('a timeout', { after: ref('duration') }, ['after']),
  duration: byType('a duration: an object of days to milliseconds, ISO 8601 text or ${ }', {
    // The grammar of the text is judged by duration.ts, which says more than a pattern can.
    string: text(),
    object: object(
      'a duration',
      Object.fromEntries(
        ['days', 'hours', 'minutes', 'seconds', 'milliseconds'].map((unit) => [unit, integer(0)]),
      ),
      [],
      { minProperties: 1, expected: 'at least one of days to milliseconds' },
    ),
  }),
  endpoint: byType('a URI, a URI template, an expression in ${ } or { uri, authentication }', {
    string: uri,
    object: object('an endpoint', { uri, authentication: ref('authentication') }, ['uri']),
  }),
  resource: object('an external resource', { name: text(), endpoint: ref('endpoint') }, [
    'endpoint',
  ]),
  extension: object(
    'an extension',
    {
      extend: oneWordOf(
        ...TASK_KINDS.filter((kind) => kind !== 'do' && kind !== 'fork'),
        'composite',
        'all',
      ),
      when: expression,
      before: ref('taskList'),
      after: ref('taskList'),
    },
    ['extend'],
  ),
  extensions: listOf(named('an extension', ref('extension'), 'extension-item')),
};
