/*
 * Invalid documents, each with the one problem it must get. The mark ▼ stands in front of the place
 * that the problem must name; it is taken out before the document is loaded.
 */

export interface InvalidCase {
  readonly name: string;
  readonly code: string;
  readonly pointer: string;
  /** The document, with ▼ at the expected place. */
  readonly text: string;
  /** A part of the message or of the hint. */
  readonly says?: string;
  readonly file?: string;
}

const HEAD = 'document: { dsl: 1.0.3, namespace: test, name: sample, version: 1.0.0 }\n';
const T = '/do/0/step';

/** A document whose tasks are `body`, which begins at column 3 of line 3. */
function doc(body: string, before = ''): string {
  const lines = body.replace(/^\n/, '').replace(/\s+$/, '').split('\n');
  const margin = Math.min(...lines.filter(Boolean).map((line) => /^ */.exec(line)![0].length));
  return `${HEAD}${before}do:\n${lines.map((line) => `  ${line.slice(margin)}`).join('\n')}\n`;
}

/** A document with one task `step` of these lines. */
function task(lines: string, before = ''): string {
  const body = lines.replace(/^\n/, '').replace(/\s+$/, '').split('\n');
  const margin = Math.min(...body.filter(Boolean).map((line) => /^ */.exec(line)![0].length));
  return doc(`- step:\n${body.map((line) => `    ${line.slice(margin)}`).join('\n')}`, before);
}

const one = (
  name: string,
  code: string,
  pointer: string,
  text: string,
  says?: string,
  file?: string,
): InvalidCase => ({
  name,
  code,
  pointer,
  text,
  ...(says === undefined ? {} : { says }),
  ...(file === undefined ? {} : { file }),
});

const OK = 'do:\n  - step: { set: { a: 1 } }\n';

export const INVALID_CASES: readonly InvalidCase[] = [
  // -- text ------------------------------------------------------------------------------------
  one('an empty file', 'empty-document', '', '▼'),
  one('blank lines only', 'empty-document', '', '▼ \n\n'),
  one('comments only', 'empty-document', '', '▼# nothing\n'),
  one('a NUL byte', 'not-text', '', `${HEAD}do▼\u0000:\n`),
  one(
    'a tab as indentation',
    'yaml-tab',
    '',
    `${HEAD}do:\n▼\t- step:\n\t\tset: { a: 1 }\n`,
    'spaces',
  ),
  one('an open bracket', 'yaml-syntax', '', `${HEAD}do: [ { step: { wait: PT1S } }\n▼`),
  one('an open quote', 'yaml-syntax', '', `${HEAD}do:\n  - step: { set: "x }\n▼`),
  one(
    'jq with a colon, unquoted',
    'yaml-syntax',
    '',
    task('set: ▼${ . + { a: 1 } }'),
    'quote a value',
  ),
  one('two documents', 'several-documents', '', `${HEAD}${OK}▼---\n${HEAD}${OK}`, 'split the file'),
  one('a duplicate key', 'duplicate-key', '/do', `${HEAD}${OK}▼${OK}`),
  one('a duplicate key, deep', 'duplicate-key', `${T}/set/a`, task('set: { a: 1, ▼a: 2 }')),
  one('an unknown tag', 'unknown-tag', `${T}/set/a`, task('set: { a: !secret ▼x }')),
  one('a binary tag', 'unknown-tag', `${T}/set/a`, task('set: { a: !!binary ▼aGk= }')),
  one('an alias without an anchor', 'bad-alias', `${T}/set/a`, task('set: { a: ▼*nowhere }')),
  one('an alias inside itself', 'bad-alias', `${T}/set/a/b`, task('set: { a: &x { b: ▼*x } }')),
  one(
    'an integer that would be rounded',
    'inexact-number',
    `${T}/set/a`,
    task('set: { a: ▼9007199254740993 }'),
    'as a string',
  ),
  one('a number that overflows', 'inexact-number', `${T}/set/a`, task('set: { a: ▼1e400 }')),
  one('infinity', 'inexact-number', `${T}/set/a`, task('set: { a: ▼.inf }')),
  one('a list as a key', 'bad-key', `${T}/set`, task('set: { ▼[a]: 1 }')),
  one('the key __proto__', 'bad-key', `${T}/set`, task('set: { ▼__proto__: 1, a: 2 }')),
  one('a merge of a text', 'bad-merge', `${T}/set`, task('set: { <<: ▼text, a: 1 }')),
  one('a list at the root', 'wrong-type', '', '▼- a\n- b\n'),
  one('a text at the root', 'wrong-type', '', '▼hello\n'),
  one('JSON with a trailing comma', 'json-syntax', '', '{ "do": [1, ▼] }', 'comma', 'a.json'),
  one('JSON with a comment', 'json-syntax', '', '{ ▼// no\n "do": [] }', 'comments', 'a.json'),
  one('JSON cut short', 'json-syntax', '', '{ "do": [▼', 'end of the file', 'a.json'),
  one('YAML in a JSON file', 'json-syntax', '', '▼do: 1', undefined, 'a.json'),

  // -- the head --------------------------------------------------------------------------------
  one('no document', 'missing-property', '', `▼${OK}`, '"document"'),
  one('no do', 'missing-property', '', `▼${HEAD}`, '"do"'),
  one('a head without anything', 'missing-property', '/document', `▼document: {}\n${OK}`, '"dsl"'),
  one(
    'a version that YAML reads as a number',
    'wrong-type',
    '/document/version',
    `document: { dsl: 1.0.3, namespace: a, name: b, version: ▼1.0 }\n${OK}`,
    'quote it',
  ),
  one(
    'a version that is not semantic',
    'bad-version',
    '/document/version',
    `document: { dsl: 1.0.3, namespace: a, name: b, version: ▼v1 }\n${OK}`,
  ),
  one(
    'a name with a blank',
    'bad-name',
    '/document/name',
    `document: { dsl: 1.0.3, namespace: a, name: ▼my flow, version: 1.0.0 }\n${OK}`,
  ),
  one(
    'DSL 0.8',
    'dsl-version',
    '/document/dsl',
    `document: { dsl: ▼0.8.0, namespace: a, name: b, version: 1.0.0 }\n${OK}`,
    'another language',
  ),
  one(
    'DSL 2',
    'dsl-version',
    '/document/dsl',
    `document: { dsl: ▼2.0.0, namespace: a, name: b, version: 1.0.0 }\n${OK}`,
  ),
  one(
    'a misspelt head property',
    'unknown-property',
    '/document/namepsace',
    `document: { dsl: 1.0.3, ▼namepsace: a, name: b, version: 1.0.0 }\n${OK}`,
    'did you mean "namespace"',
  ),
  one(
    'retries at the root',
    'unknown-property',
    '/retries',
    `${HEAD}▼retries: {}\n${OK}`,
    'belongs in "use"',
  ),
  one(
    'a key of my own at the root',
    'unknown-property',
    '/owner',
    `${HEAD}▼owner: me\n${OK}`,
    'x-',
  ),
  one(
    'tasks as an object',
    'wrong-type',
    '/do',
    `${HEAD}do:\n  ▼step: { set: { a: 1 } }\n`,
    '`- `',
  ),
  one('tasks left out', 'wrong-type', '/do', `${HEAD}▼do:\n`, 'no value'),

  // -- tasks -----------------------------------------------------------------------------------
  one(
    'two tasks in one item',
    'task-item',
    '/do/0/b',
    doc('- a: { set: { x: 1 } }\n  ▼b: { set: { x: 1 } }'),
    'list item of its own',
  ),
  one(
    'a task that is not indented',
    'task-item',
    '/do/0/set',
    doc('- step:\n  ▼set: { a: 1 }'),
    'indent',
  ),
  one('a task without a body', 'wrong-type', T, doc('- ▼step:'), 'indentation'),
  one(
    'a task that does nothing',
    'unknown-task',
    T,
    doc('- ▼step: { if: .a }'),
    'does not say what it does',
  ),
  one('a word of another language', 'unknown-task', T, doc('- ▼step: { parallel: [] }'), '`fork`'),
  one(
    'a misspelt kind',
    'unknown-property',
    `${T}/cal`,
    task('▼cal: http\nwith: { method: get, endpoint: http://a }'),
    'did you mean "call"',
  ),
  one(
    'a misspelt common property',
    'unknown-property',
    `${T}/metdata`,
    task('set: { a: 1 }\n▼metdata: {}'),
    'did you mean "metadata"',
  ),
  one(
    'two kinds in one task',
    'unknown-property',
    `${T}/set`,
    task('call: http\nwith: { method: get, endpoint: http://a }\n▼set: { a: 1 }'),
    'task of its own',
  ),
  one(
    'a property of with beside it',
    'unknown-property',
    `${T}/endpoint`,
    task('call: http\nwith: { method: get, endpoint: http://a }\n▼endpoint: http://b'),
    'belongs in "with"',
  ),
  one(
    'retry beside catch',
    'unknown-property',
    `${T}/retry`,
    task('try: [ { a: { set: { x: 1 } } } ]\ncatch: {}\n▼retry: { delay: PT1S }'),
    'belongs in "catch"',
  ),
  one(
    'an if that is no text',
    'wrong-type',
    `${T}/if`,
    task('if: ▼true\nset: { a: 1 }'),
    'quote it',
  ),
  one('an empty set', 'empty', `${T}/set`, task('set: ▼{}')),
  one('a list to set', 'wrong-type', `${T}/set`, task('set: ▼[1, 2]')),
  one('an http call without with', 'missing-property', T, doc('- ▼step: { call: http }'), '"with"'),
  one(
    'an http call without method and endpoint',
    'missing-property',
    `${T}/with`,
    task('call: http\n▼with: { body: 1 }'),
    '"method" and "endpoint"',
  ),
  one(
    'a misspelt argument',
    'unknown-property',
    `${T}/with/endpont`,
    task('call: http\nwith: { method: get, ▼endpont: http://a }'),
    'did you mean "endpoint"',
  ),
  one(
    'an output that does not exist',
    'not-one-of',
    `${T}/with/output`,
    task('call: http\nwith: { method: get, endpoint: http://a, output: ▼respons }'),
    'did you mean "response"',
  ),
  one(
    'a header that is a number',
    'wrong-type',
    `${T}/with/headers/x`,
    task('call: http\nwith: { method: get, endpoint: http://a, headers: { x: ▼3 } }'),
  ),
  one(
    'headers as bare jq',
    'bad-format',
    `${T}/with/headers`,
    task('call: http\nwith: { method: get, endpoint: http://a, headers: ▼.headers }'),
  ),
  one(
    'an endpoint with a blank',
    'bad-uri',
    `${T}/with/endpoint`,
    task('call: http\nwith: { method: get, endpoint: ▼http://a/b c }'),
  ),
  one(
    'a URI template that is not closed',
    'bad-uri',
    `${T}/with/endpoint`,
    task('call: http\nwith:\n  method: get\n  endpoint: ▼http://a/{id'),
    'not closed',
  ),
  one(
    'a URI template with an operator',
    'bad-uri',
    `${T}/with/endpoint`,
    task('call: http\nwith:\n  method: get\n  endpoint: ▼http://a/{?id}'),
    'simple variable',
  ),
  one('a call of a number', 'wrong-type', `${T}/call`, task('call: ▼1')),
  one(
    'a grpc port out of range',
    'out-of-range',
    `${T}/with/service/port`,
    task(
      'call: grpc\nwith: { proto: { endpoint: file://a }, method: m, service: { name: s, host: h, port: ▼70000 } }',
    ),
  ),
  one(
    'an a2a method that does not exist',
    'not-one-of',
    `${T}/with/method`,
    task('call: a2a\nwith: { method: ▼message/sent }'),
    'message/send',
  ),
  one(
    'two transports',
    'unknown-property',
    `${T}/with/transport/stdio`,
    task(
      'call: mcp\nwith: { method: tools/list, transport: { http: { endpoint: http://a }, ▼stdio: { command: x } } }',
    ),
  ),
  one(
    'an event without a type',
    'missing-property',
    `${T}/emit/event/with`,
    task('emit: { event: { ▼with: { source: a:b } } }'),
    '"type"',
  ),
  one(
    'event attributes without with',
    'unknown-property',
    `${T}/emit/event/type`,
    task('emit: { event: { ▼type: a, with: { type: b } } }'),
    'belongs in "with"',
  ),
  one('a for without do', 'missing-property', T, doc('- ▼step: { for: { in: .items } }'), '"do"'),
  one(
    'a for without in',
    'missing-property',
    `${T}/for`,
    task('▼for: { each: x }\ndo: []'),
    '"in"',
  ),
  one('a for over a number', 'wrong-type', `${T}/for/in`, task('for: { in: ▼3 }\ndo: []')),
  one(
    'a variable with a $',
    'bad-variable',
    `${T}/for/each`,
    task('for: { each: ▼$pet, in: .pets }\ndo: []'),
    'without the $: pet',
  ),
  one(
    'a reserved variable',
    'reserved-variable',
    `${T}/for/each`,
    task('for: { each: ▼input, in: .pets }\ndo: []'),
  ),
  one(
    'item and position of one name',
    'duplicate-variable',
    `${T}/for/at`,
    task('for: { each: x, in: .pets, at: ▼x }\ndo: []'),
  ),
  one(
    'a fork of a single branch object',
    'wrong-type',
    `${T}/fork/branches`,
    task('fork: { branches: ▼{ a: { set: { x: 1 } } } }'),
  ),
  one(
    'compete as a text',
    'wrong-type',
    `${T}/fork/compete`,
    task('fork: { branches: [], compete: ▼"yes" }'),
  ),
  one(
    'listen to nothing',
    'no-choice',
    `${T}/listen/to`,
    task('listen: { ▼to: {} }'),
    'one of all, any, one',
  ),
  one(
    'all and any',
    'unknown-property',
    `${T}/listen/to/any`,
    task('listen: { to: { all: [], ▼any: [] } }'),
  ),
  one(
    'until with all',
    'unknown-property',
    `${T}/listen/to/until`,
    task('listen: { to: { all: [], ▼until: .a } }'),
  ),
  one(
    'until in until',
    'unknown-property',
    `${T}/listen/to/until/until`,
    task('listen: { to: { any: [], until: { any: [], ▼until: .a } } }'),
  ),
  one(
    'a filter without attributes',
    'empty',
    `${T}/listen/to/one/with`,
    task('listen: { to: { one: { with: ▼{} } } }'),
  ),
  one(
    'a correlation without from',
    'missing-property',
    `${T}/listen/to/one/correlate/id`,
    task('listen: { to: { one: { with: { type: a }, correlate: { ▼id: { expect: a } } } } }'),
  ),
  one(
    'a raise without a status',
    'missing-property',
    `${T}/raise/error`,
    task('raise: { ▼error: { type: http://a/b } }'),
    '"status"',
  ),
  one(
    'a status out of range',
    'out-of-range',
    `${T}/raise/error/status`,
    task('raise: { error: { type: http://a/b, status: ▼42 } }'),
  ),
  one(
    'an unknown error',
    'unknown-reference',
    `${T}/raise/error`,
    task(
      'raise: { error: ▼notFund }',
      'use: { errors: { notFound: { type: http://a/b, status: 404 } } }\n',
    ),
    'did you mean "notFound"',
  ),
  one(
    'an asyncapi call without an operation',
    'no-choice',
    `${T}/with`,
    task('call: asyncapi\n▼with: { document: { endpoint: http://a }, message: {} }'),
    'either operation or channel',
  ),
  one(
    'an asyncapi call that sends and subscribes',
    'not-both',
    `${T}/with/subscription`,
    task(
      'call: asyncapi\nwith: { document: { endpoint: http://a }, operation: x, message: {}, ▼subscription: { consume: { amount: 1 } } }',
    ),
  ),
  one(
    'a wrong name for what is required',
    'unknown-property',
    `${T}/with/url`,
    task('call: http\nwith: { method: get, ▼url: http://a }'),
    '"endpoint" is missing',
  ),
  one(
    'an enumeration of another type',
    'wrong-type',
    `${T}/with/output`,
    task('call: http\nwith: { method: get, endpoint: http://a, output: ▼1 }'),
  ),
  one(
    'a run of nothing',
    'no-choice',
    `${T}/run`,
    task('▼run: { await: false }'),
    'one of container',
  ),
  one(
    'a script with code and source',
    'unknown-property',
    `${T}/run/script/source`,
    task('run: { script: { language: js, code: x, ▼source: { endpoint: http://a } } }'),
  ),
  one(
    'a lifetime without after',
    'missing-property',
    `${T}/run/container/lifetime`,
    task('run: { container: { image: a, ▼lifetime: { cleanup: eventually } } }'),
    '"after"',
  ),
  one(
    'a lifetime with a needless after',
    'misplaced-property',
    `${T}/run/container/lifetime/after`,
    task('run: { container: { image: a, lifetime: { cleanup: always, ▼after: PT1S } } }'),
  ),
  one(
    'script arguments as an object',
    'wrong-type',
    `${T}/run/script/arguments`,
    task('run: { script: { language: js, code: x, arguments: ▼{ a: 1 } } }'),
  ),
  one(
    'a case without then',
    'missing-property',
    `${T}/switch/0/a`,
    task('switch:\n  - ▼a: { when: .x }'),
    '"then"',
  ),
  one(
    'cases as an object',
    'wrong-type',
    `${T}/switch`,
    task('switch:\n  ▼a: { then: end }'),
    '`- `',
  ),
  one('no cases', 'empty', `${T}/switch`, task('switch: ▼[]')),
  one(
    'two defaults',
    'several-defaults',
    `${T}/switch/1/b`,
    task('switch:\n  - a: { then: end }\n  - ▼b: { then: exit }'),
    '"a"',
  ),
  one(
    'two cases of one name',
    'duplicate-name',
    `${T}/switch/1/a`,
    task('switch:\n  - a: { when: .x, then: end }\n  - ▼a: { when: .y, then: exit }'),
  ),
  one('a try without catch', 'missing-property', T, doc('- ▼step: { try: [] }'), '"catch"'),
  one(
    'a backoff of no kind',
    'no-choice',
    `${T}/catch/retry/backoff`,
    task('try: []\ncatch: { retry: { ▼backoff: {} } }'),
  ),
  one(
    'a negative count',
    'out-of-range',
    `${T}/catch/retry/limit/attempt/count`,
    task('try: []\ncatch: { retry: { limit: { attempt: { count: ▼-1 } } } }'),
  ),
  one(
    'a jitter that ends before it begins',
    'jitter-range',
    `${T}/catch/retry/jitter`,
    task('try: []\ncatch: { retry: { ▼jitter: { from: PT2S, to: PT1S } } }'),
  ),
  one(
    'an unknown retry policy',
    'unknown-reference',
    `${T}/catch/retry`,
    task('try: []\ncatch: { retry: ▼never }'),
    'there is no use.retries',
  ),
  one('a wait of a number', 'wrong-type', `${T}/wait`, task('wait: ▼30')),
  one('a wait in words', 'bad-duration', `${T}/wait`, task('wait: ▼30s'), 'PT30S'),
  one('a duration in small letters', 'bad-duration', `${T}/wait`, task('wait: ▼pt30s'), 'capitals'),
  one('a duration without T', 'bad-duration', `${T}/wait`, task('wait: ▼P30S'), 'PT30S'),
  one(
    'a misspelt unit',
    'unknown-property',
    `${T}/wait/second`,
    task('wait: { ▼second: 3 }'),
    'did you mean "seconds"',
  ),
  one(
    'a duration of half a second',
    'wrong-type',
    `${T}/wait/seconds`,
    task('wait: { seconds: ▼0.5 }'),
  ),
  one('a duration of no parts', 'empty', `${T}/wait`, task('wait: ▼{}')),
  one(
    'a timeout that is a duration',
    'unknown-reference',
    `${T}/timeout`,
    task('set: { a: 1 }\ntimeout: ▼PT5S'),
    '{ after: PT5S }',
  ),
  one(
    'a schema without a document',
    'no-choice',
    `${T}/input/schema`,
    task('set: { a: 1 }\ninput: { ▼schema: { format: json } }'),
  ),

  // -- flow and names --------------------------------------------------------------------------
  one('then to nowhere', 'unknown-target', `${T}/then`, task('set: { a: 1 }\nthen: ▼stop')),
  one(
    'then to a misspelt task',
    'unknown-target',
    '/do/0/a/then',
    doc('- a: { set: { x: 1 }, then: ▼secnd }\n- second: { set: { x: 1 } }'),
    'did you mean "second"',
  ),
  one(
    'then to a task of another list',
    'unknown-target',
    '/do/0/a/then',
    doc('- a: { set: { x: 1 }, then: ▼inner }\n- b: { do: [ { inner: { set: { x: 1 } } } ] }'),
    '/do/1/b/do/0/inner',
  ),
  one(
    'a case to nowhere',
    'unknown-target',
    `${T}/switch/0/a/then`,
    task('switch:\n  - a: { then: ▼nowhere }'),
  ),
  one(
    'catch.then to nowhere',
    'unknown-target',
    `${T}/catch/then`,
    task('try: []\ncatch: { then: ▼nowhere }'),
  ),
  one(
    'then between branches',
    'then-without-list',
    `${T}/fork/branches/0/a/then`,
    task('fork:\n  branches:\n    - a: { set: { x: 1 }, then: ▼b }\n    - b: { set: { x: 1 } }'),
  ),
  one(
    'then as an expression',
    'unknown-target',
    `${T}/then`,
    task('set: { a: 1 }\nthen: ▼${ .next }'),
    'switch',
  ),
  one(
    'two tasks of one name',
    'duplicate-name',
    '/do/1/a',
    doc('- a: { set: { x: 1 } }\n- ▼a: { set: { x: 1 } }'),
  ),
  one('a task called end', 'reserved-name', '/do/0/end', doc('- ▼end: { set: { x: 1 } }')),
  one(
    'metadata.parallel on a do',
    'misplaced-metadata',
    `${T}/metadata/parallel`,
    task('do: []\nmetadata: { ▼parallel: { max: 2 } }'),
  ),
  one(
    'metadata.parallel with while',
    'parallel-while',
    `${T}/while`,
    task('for: { in: .x }\n▼while: .y\ndo: []\nmetadata: { parallel: { max: 2 } }'),
  ),
  one(
    'metadata.parallel of too many',
    'out-of-range',
    `${T}/metadata/parallel/max`,
    task('for: { in: .x }\ndo: []\nmetadata: { parallel: { max: ▼257 } }'),
    '257 iterations',
  ),
  one(
    'metadata.limit on a task that asks nobody',
    'misplaced-metadata',
    `${T}/metadata/limit`,
    task('set: { a: 1 }\nmetadata: { ▼limit: { max: 2 } }'),
  ),
  one(
    'metadata.limit of a call of a function of the document',
    'misplaced-metadata',
    `${T}/metadata/limit`,
    task(
      'call: f\nmetadata: { ▼limit: { max: 2 } }',
      'use: { functions: { f: { set: { a: 1 } } } }\n',
    ),
  ),
  one(
    'metadata.limit that is a bare number',
    'wrong-type',
    `${T}/metadata/limit`,
    task('call: f\nmetadata: { limit: ▼3 }'),
  ),
  one(
    'metadata.limit of a workflow of half an activity',
    'wrong-type',
    '/document/metadata/limit/max',
    `document: { dsl: '1.0.3', namespace: n, name: n, version: '1.0.0', metadata: { limit: { max: ▼0.5 } } }\ndo: []\n`,
  ),
  one(
    'metadata.limit of none at all',
    'out-of-range',
    `${T}/metadata/limit/max`,
    task('call: f\nmetadata: { limit: { max: ▼0 } }'),
  ),
  one(
    'metadata.saga that is a text',
    'wrong-type',
    `${T}/metadata/saga`,
    task('do: []\nmetadata: { saga: ▼"on" }'),
  ),
  one(
    'a compensation that does nothing',
    'unknown-task',
    `${T}/metadata/compensate`,
    task('set: { a: 1 }\nmetadata: { ▼compensate: {} }'),
  ),

  // -- expressions -----------------------------------------------------------------------------
  one('an empty expression', 'empty', `${T}/if`, task('if: ▼${ }\nset: { a: 1 }')),
  one('an empty condition', 'empty', `${T}/if`, task('if: ▼""\nset: { a: 1 }')),
  one(
    'two expressions in a condition',
    'mixed-expression',
    `${T}/if`,
    task('if: ▼${ .a } and ${ .b }\nset: { a: 1 }'),
  ),

  // -- use and schedule ------------------------------------------------------------------------
  one(
    'an unknown authentication',
    'unknown-reference',
    `${T}/with/endpoint/authentication/use`,
    task(
      'call: http\nwith: { method: get, endpoint: { uri: http://a, authentication: { use: ▼nobody } } }',
    ),
  ),
  one(
    'an unknown secret',
    'unknown-reference',
    `${T}/with/endpoint/authentication/basic/use`,
    task(
      'call: http\nwith: { method: get, endpoint: { uri: http://a, authentication: { basic: { use: ▼nothing } } } }',
      'use: { secrets: [ something ] }\n',
    ),
    'something',
  ),
  one(
    'basic without a password',
    'missing-property',
    '/use/authentications/a/basic',
    `${HEAD}use: { authentications: { a: { ▼basic: { username: u } } } }\n${OK}`,
    '"password"',
  ),
  one(
    'an unknown grant',
    'not-one-of',
    '/use/authentications/a/oauth2/grant',
    `${HEAD}use: { authentications: { a: { oauth2: { authority: http://a, grant: ▼client_credential } } } }\n${OK}`,
    'client_credentials',
  ),
  one('an unknown catalog', 'unknown-reference', `${T}/call`, task('call: ▼log:1.0.0@mine')),
  one(
    'an extension of nothing',
    'not-one-of',
    '/use/extensions/0/a/extend',
    `${HEAD}use: { extensions: [ { a: { extend: ▼calls } } ] }\n${OK}`,
    'did you mean "call"',
  ),
  one(
    'extensions as an object',
    'wrong-type',
    '/use/extensions',
    `${HEAD}use: { extensions: ▼{ a: { extend: call } } }\n${OK}`,
  ),
  one('an unused schedule', 'empty', '/schedule', `${HEAD}schedule: ▼{}\n${OK}`),
  one(
    'read without on',
    'missing-property',
    '/schedule',
    `${HEAD}▼schedule: { every: PT1H, read: data }\n${OK}`,
    '"on"',
  ),
  one(
    'cron with seconds',
    'bad-cron',
    '/schedule/cron',
    `${HEAD}schedule: { cron: ▼0 0 0 * * * }\n${OK}`,
    'seconds',
  ),
  one(
    'cron at minute 61',
    'bad-cron',
    '/schedule/cron',
    `${HEAD}schedule: { cron: ▼61 * * * * }\n${OK}`,
    'minute',
  ),
  one(
    'a mode that does not exist',
    'not-one-of',
    '/evaluate/mode',
    `${HEAD}evaluate: { mode: ▼lax }\n${OK}`,
  ),
  one(
    'a secret that is no text',
    'wrong-type',
    '/use/secrets/0',
    `${HEAD}use: { secrets: [ ▼1 ] }\n${OK}`,
  ),
];
