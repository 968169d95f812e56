/*
 * The schema of what call and run tasks are given, of authentication and of events.
 */
/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema and of the DSL */
import { CALL_PROTOCOLS } from '../document.ts';
import {
  anyObject,
  anyText,
  anything,
  byKey,
  byType,
  either,
  expression,
  flag,
  integer,
  listOf,
  literalUri,
  mapOf,
  object,
  oneWordOf,
  pattern,
  type Properties,
  ref,
  type Schema,
  text,
  textMap,
  texts,
  variableName,
  wrappedExpression,
} from './build.ts';
import { task } from './tasks.ts';

const output = oneWordOf('content', 'raw', 'response');
const parameters = byType('an object, or an expression in ${ }', {
  string: expression,
  object: anyObject,
});

const ASYNC_API_PROTOCOLS =
  'amqp amqp1 anypointmq googlepubsub http ibmmq jms kafka mercure mqtt mqtt5 nats pulsar redis sns solace sqs stomp ws'.split(
    ' ',
  );

/** What each protocol's `with` must be; a function takes any object. */
const protocolArguments: Readonly<Record<string, Schema>> = {
  http: object(
    'an http call',
    {
      method: pattern('^[A-Za-z]+$', 'an HTTP method', { code: 'bad-method' }),
      endpoint: ref('endpoint'),
      headers: byType('an object of texts, or an expression in ${ }', {
        string: wrappedExpression,
        object: textMap,
      }),
      query: byType('an object of plain values, or an expression in ${ }', {
        string: wrappedExpression,
        object: mapOf({
          type: ['string', 'number', 'boolean', 'null'],
          expected: 'a text, a number, true, false or null',
        }),
      }),
      body: anything,
      output,
      redirect: flag,
    },
    ['method', 'endpoint'],
  ),
  grpc: object(
    'a grpc call',
    {
      proto: ref('resource'),
      service: object(
        'a gRPC service',
        {
          name: text(),
          host: pattern('^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$', 'a host name'),
          port: integer(0, 65_535),
          authentication: ref('authentication'),
        },
        ['name', 'host'],
      ),
      method: text(),
      arguments: anyObject,
    },
    ['proto', 'service', 'method'],
  ),
  openapi: object(
    'an openapi call',
    {
      document: ref('resource'),
      operationId: text(),
      parameters: anyObject,
      authentication: ref('authentication'),
      output,
      redirect: flag,
    },
    ['document', 'operationId'],
  ),
  asyncapi: ref('asyncApi'),
  a2a: object(
    'an a2a call',
    {
      method: oneWordOf(
        'message/send',
        'message/stream',
        'tasks/get',
        'tasks/list',
        'tasks/cancel',
        'tasks/resubscribe',
        ...['set', 'get', 'list', 'delete'].map((verb) => `tasks/pushNotificationConfig/${verb}`),
        'agent/getAuthenticatedExtendedCard',
      ),
      agentCard: ref('resource'),
      server: ref('endpoint'),
      parameters,
    },
    ['method'],
  ),
  mcp: object(
    'an mcp call',
    {
      protocolVersion: text(),
      method: oneWordOf(
        'tools/list',
        'tools/call',
        'prompts/list',
        'prompts/get',
        'resources/list',
        'resources/read',
        'resources/templates/list',
      ),
      parameters,
      timeout: ref('duration'),
      transport: byKey('transport', 'no-choice', 'http or stdio', {
        http: object('transport', {
          http: object('transport.http', { endpoint: ref('endpoint'), headers: textMap }, [
            'endpoint',
          ]),
          options: textMap,
        }),
        stdio: object('transport', {
          stdio: object(
            'transport.stdio',
            { command: text(), arguments: texts, environment: textMap },
            ['command'],
          ),
          options: textMap,
        }),
      }),
      client: object('client', { name: text(), version: text() }, ['name', 'version']),
    },
    ['method', 'transport'],
  ),
};

let call: Schema = task('a call task', { call: text(), with: anyObject }, ['call']);
for (const protocol of CALL_PROTOCOLS) {
  const own: Properties = { call: text(), with: ref(`${protocol}Arguments`) };
  call = {
    if: { properties: { call: { const: protocol } } },
    then: task(`a call task (${protocol})`, own, ['call', 'with']),
    else: call,
  };
}

const secret = object('the name of a secret', { use: text() });
const scheme = (policy: Schema): Schema => ({
  type: 'object',
  if: { required: ['use'] },
  then: secret,
  else: policy,
});
const credentials = (title: string): Schema =>
  object(title, { username: text(), password: anyText }, ['username', 'password']);
const token = object('a security token', { token: text(), type: text() }, ['token', 'type']);
const oidc: Properties = {
  authority: literalUri,
  grant: oneWordOf(
    'authorization_code',
    'client_credentials',
    'password',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ),
  client: object('client', {
    id: text(),
    secret: text(),
    assertion: text(),
    authentication: oneWordOf(
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
    ),
  }),
  request: object('request', {
    encoding: oneWordOf('application/x-www-form-urlencoded', 'application/json'),
  }),
  issuers: texts,
  scopes: texts,
  audiences: texts,
  username: text(),
  password: text(),
  subject: token,
  actor: token,
};
const schemes: Readonly<Record<string, Schema>> = {
  basic: scheme(credentials('basic authentication')),
  bearer: scheme(object('bearer authentication', { token: text() }, ['token'])),
  digest: scheme(credentials('digest authentication')),
  oauth2: scheme(
    object(
      'oauth2 authentication',
      {
        ...oidc,
        endpoints: object('endpoints', {
          token: literalUri,
          revocation: literalUri,
          introspection: literalUri,
        }),
      },
      ['authority', 'grant'],
    ),
  ),
  oidc: scheme(object('oidc authentication', oidc, ['authority', 'grant'])),
};
const policies = Object.fromEntries(
  Object.entries(schemes).map(([name, schema]) => [
    name,
    object('an authentication policy', { [name]: schema }),
  ]),
);

const process = { stdin: anyText, arguments: texts, environment: anyObject };
const script = (source: Properties): Schema =>
  object('a script', { language: text(), ...source, ...process }, ['language']);
const needlessAfter = {
  not: {},
  code: 'misplaced-property',
  title: '"after"',
  expected: 'cleanup: eventually beside it',
};
const running: Readonly<Record<string, Schema>> = {
  container: object(
    'a container',
    {
      image: text(),
      name: text(),
      command: anyText,
      ports: anyObject,
      volumes: anyObject,
      ...process,
      lifetime: object(
        'lifetime',
        { cleanup: oneWordOf('always', 'never', 'eventually'), after: ref('duration') },
        ['cleanup'],
        {
          allOf: [
            {
              if: { properties: { cleanup: { const: 'eventually' } }, required: ['cleanup'] },
              then: { title: 'a lifetime with cleanup: eventually', required: ['after'] },
            },
            {
              if: { properties: { cleanup: { enum: ['always', 'never'] } }, required: ['cleanup'] },
              then: { properties: { after: needlessAfter } },
            },
          ],
        },
      ),
      pullPolicy: oneWordOf('ifNotPresent', 'always', 'never'),
    },
    ['image'],
  ),
  script: byKey('a script', 'no-choice', '`code` (inline) or `source` (external)', {
    code: script({ code: text() }),
    source: script({ source: ref('resource') }),
  }),
  shell: object('a shell command', { command: text(), ...process }, ['command']),
  workflow: object(
    'a workflow to run',
    { namespace: text(), name: text(), version: text(), input: anyObject },
    ['namespace', 'name', 'version'],
  ),
};

const event = { id: text(), type: text(), subject: text(), datacontenttype: text() };
const attributes: Properties = { ...event, source: text(), time: text(), dataschema: text() };
const filters = listOf(ref('eventFilter'), { expected: 'a list of event filters' });
const strategy = (until: Schema | undefined): Schema =>
  byKey('an event strategy', 'no-choice', 'one of all, any, one', {
    all: object('an event strategy (all)', { all: filters }),
    any:
      until === undefined
        ? object('an event strategy (any)', { any: filters }, [], {
            hint: 'a strategy in `until` has no `until` of its own',
          })
        : object('an event strategy (any)', { any: filters, until }),
    one: object('an event strategy (one)', { one: ref('eventFilter') }),
  });

export const callDefinitions: Readonly<Record<string, Schema>> = {
  call: {
    title: 'a call task',
    type: 'object',
    if: { properties: { call: { type: 'string' } } },
    then: call,
    else: { properties: { call: { type: 'string', expected: 'the name of what to call' } } },
  },
  ...Object.fromEntries(
    CALL_PROTOCOLS.map((name) => [`${name}Arguments`, protocolArguments[name] ?? {}]),
  ),
  asyncApi: object(
    'an asyncapi call',
    {
      document: ref('resource'),
      channel: text(),
      operation: text(),
      server: object('server', { name: text(), variables: anyObject }, ['name']),
      protocol: oneWordOf(...ASYNC_API_PROTOCOLS),
      message: object('message', { payload: anyObject, headers: anyObject }),
      subscription: object(
        'subscription',
        { filter: wrappedExpression, consume: ref('consume'), foreach: ref('iterator') },
        ['consume'],
      ),
      authentication: ref('authentication'),
    },
    ['document'],
    {
      allOf: [
        either('an asyncapi call', 'operation', 'channel'),
        either('an asyncapi call', 'message', 'subscription'),
      ],
    },
  ),
  consume: byKey('consume', 'no-choice', 'one of amount, while, until', {
    amount: object('consume', { for: ref('duration'), amount: integer(1) }),
    while: object('consume', { for: ref('duration'), while: wrappedExpression }),
    until: object('consume', { for: ref('duration'), until: wrappedExpression }),
  }),
  iterator: object('foreach', {
    item: variableName,
    at: variableName,
    do: ref('taskList'),
    output: ref('output'),
    export: ref('export'),
  }),
  run: byKey(
    'a run task',
    'no-choice',
    'one of container, script, shell, workflow',
    Object.fromEntries(
      Object.entries(running).map(([name, schema]) => [
        name,
        object('run', {
          await: flag,
          return: oneWordOf('stdout', 'stderr', 'code', 'all', 'none'),
          [name]: schema,
        }),
      ]),
    ),
  ),
  authentication: byKey(
    'an authentication',
    'no-choice',
    'one of use, basic, bearer, digest, oauth2, oidc',
    { use: object('a reference to use.authentications', { use: text() }), ...policies },
  ),
  policy: byKey(
    'an authentication policy',
    'no-choice',
    'one of basic, bearer, digest, oauth2, oidc',
    policies,
  ),
  emittedEvent: { title: 'an event', type: 'object', properties: attributes, required: ['type'] },
  eventFilter: object(
    'an event filter',
    {
      with: {
        title: 'an event filter',
        type: 'object',
        properties: attributes,
        minProperties: 1,
        expected: 'at least one attribute',
      },
      correlate: mapOf(object('a correlation', { from: expression, expect: text() }, ['from'])),
    },
    ['with'],
  ),
  strategy: strategy(
    byType('a jq expression, or an event strategy', {
      string: expression,
      object: ref('endStrategy'),
    }),
  ),
  endStrategy: strategy(undefined),
};
