/* Arbitrary records: every kind of body, every kind of node and cause, and the nastiest JSON there is. */
import fc from 'fast-check';
import type {
  Happened,
  Activity,
  Caller,
  Cause,
  CloudEvent,
  Compensation,
  DefinitionRef,
  Frame,
  Json,
  LateArguments,
  LateLeaf,
  LogRecord,
  NodeState,
  RecordBody,
  RecordHeader,
  RecordKind,
  ScheduleRule,
  State,
  StrandEnd,
  Subscription,
  WorkflowError,
} from '../../src/wire/index.ts';

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 60 }));
/** User data: a lone surrogate is legal in JSON. */
const wildText = fc.oneof({ weight: 8, arbitrary: text }, fc.constantFrom('\ud800', 'a\udc00b'));
const uint32 = fc.oneof(fc.nat(20), fc.nat(0xffff_ffff));
const whole = fc.oneof(fc.nat(20), fc.maxSafeNat());
const time = fc.oneof(fc.constant(0), fc.nat(253_402_300_799_999));

/** fc.record makes objects without a prototype now and then; a codec makes plain ones. */
function plainRecord<T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> {
  return fc.record(model as never, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

/** A record whose members marked optional may be absent (never undefined). */
function members<T extends object>(always: Members<T>, perhaps: Members<T> = {}): fc.Arbitrary<T> {
  return fc.record({ ...always, ...perhaps } as never, {
    requiredKeys: Object.keys(always) as never,
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<T>;
}

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 1e308, 5e-324, 2 ** 53, 2 ** 60, 1.234_567_890_123_456_8e20, 1e21),
);
const key = fc.oneof(text, fc.constantFrom('__proto__', 'toJSON', 'constructor', '', 'null', '0'));

export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'json' },
    fc.constant(null),
    fc.boolean(),
    number,
    wildText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((list) => Object.fromEntries(list)),
  ),
})).value;

const strand = fc.constantFrom('', '3.0', '3.0/12.255');
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString('hex'));

const error = fc.oneof(
  members<WorkflowError>(
    { type: wildText, status: fc.oneof(fc.integer(), number), title: wildText },
    { detail: wildText, instance: text },
  ),
  fc.constant({ type: 't', status: 500, title: 'more', extra: [1, { a: null }] } as WorkflowError),
);

const compensation = members<Compensation>(
  { pointer: text, activation: uint32, certain: fc.boolean(), strand },
  {
    input: json,
    output: json,
    outcome: fc.constantFrom('undone' as const, 'deferred' as const),
    error,
  },
);

const end = members<StrandEnd>(
  {},
  {
    output: json,
    error,
    compensations: fc.array(compensation, { maxLength: 3 }),
    endsWorkflow: fc.boolean(),
    cancelled: fc.boolean(),
  },
);

const ends = fc
  .array(fc.tuple(fc.nat(300), end), { maxLength: 3 })
  .map((list) => Object.fromEntries(list) as { readonly [branch: number]: StrandEnd });

const caller = members<Caller>(
  {},
  {
    replyPartition: uint32,
    keep: fc.boolean(),
    onceKey: text,
    correlationId: text,
    schedule: whole,
    againAfter: whole,
  },
);

const activityNode = members<Extract<NodeState, { kind: 'activity' }>>({
  kind: fc.constant('activity' as const),
  key: hex(16),
  activation: uint32,
  attempt: uint32,
  digest: hex(32),
  pointer: text,
  indices: fc.array(uint32, { maxLength: 3 }),
});

const node: fc.Arbitrary<NodeState> = fc.oneof(
  fc.constant({ kind: 'root' as const }),
  fc.constant({ kind: 'switch' as const }),
  plainRecord({ kind: fc.constant('do' as const), index: uint32, completed: uint32 }),
  plainRecord({ kind: fc.constant('wait' as const), until: whole }),
  plainRecord({
    kind: fc.constant('for' as const),
    index: uint32,
    rest: fc.array(json, { maxLength: 3 }),
  }),
  members<Extract<NodeState, { kind: 'try' }>>(
    { kind: fc.constant('try' as const), inCatch: fc.boolean(), failures: uint32, firstAt: whole },
    { caught: error, retryAt: whole, attemptDeadline: whole, failed: activityNode },
  ),
  members<Extract<NodeState, { kind: 'fork' }>>(
    {
      kind: fc.constant('fork' as const),
      activation: uint32,
      total: uint32,
      started: uint32,
      ends,
    },
    {
      settling: fc.constant(true),
      settles: fc.constant(true),
      items: fc.array(json, { maxLength: 3 }),
    },
  ),
  members<Extract<NodeState, { kind: 'undo' }>>(
    { kind: fc.constant('undo' as const), floor: uint32, current: uint32 },
    { error },
  ),
  members<Extract<NodeState, { kind: 'extended' }>>(
    {
      kind: fc.constant('extended' as const),
      stage: fc.constantFrom('before' as const, 'task' as const, 'after' as const),
      applied: fc.array(uint32, { maxLength: 3 }),
      at: uint32,
    },
    {
      output: json,
      then: fc.oneof(
        fc.constantFrom('continue' as const, 'exit' as const, 'end' as const),
        fc.nat(20),
      ),
    },
  ),
  members<Extract<NodeState, { kind: 'listen' }>>(
    {
      kind: fc.constant('listen' as const),
      met: fc.array(uint32, { maxLength: 3 }),
      metUntil: fc.array(uint32, { maxLength: 3 }),
      keys: fc.array(fc.tuple(key, json), { maxLength: 3 }).map((list) => Object.fromEntries(list)),
      index: uint32,
    },
    {
      outputs: fc.array(json, { maxLength: 3 }),
      seen: fc.array(json, { maxLength: 3 }),
      item: json,
    },
  ),
  activityNode,
);

const frames: fc.Arbitrary<readonly Frame[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '/do', '/0/task', '/try', '/~1a~0b', '/fork/branches/1'),
      members<Omit<Frame, 'pointer'>>(
        { node, startedAt: whole },
        { deadline: whole, rawInput: json, input: json, saga: uint32 },
      ),
    ),
    { maxLength: 5 },
  )
  .map((list) => {
    let pointer = '';
    return list.map(([piece, frame], index) => {
      pointer += index > 0 && piece === '' ? '/x' : piece;
      return { ...frame, pointer };
    });
  });

export const state: fc.Arbitrary<State> = members<State>(
  {
    status: fc.constantFrom(
      'running' as const,
      'waiting' as const,
      'completed' as const,
      'faulted' as const,
      'cancelled' as const,
      'suspended' as const,
    ),
    position: text,
    entering: fc.boolean(),
    frames,
    startedAt: whole,
    activation: uint32,
    pureHops: uint32,
  },
  {
    data: json,
    context: json,
    input: json,
    variables: fc
      .array(fc.tuple(key, json), { maxLength: 3 })
      .map((list) => Object.fromEntries(list)),
    compensations: fc.array(compensation, { maxLength: 3 }),
    caller,
    deadline: whole,
    child: plainRecord({ strand, depth: uint32 }),
    cancelling: fc.constantFrom('run' as const, 'lost' as const),
    suspended: fc.boolean(),
    undoes: fc.boolean(),
  },
);

/** Attribute names are the author's: more than CloudEvents allows may stand there. */
const cloudEvent: fc.Arbitrary<CloudEvent> = fc
  .tuple(
    plainRecord({
      specversion: fc.constant('1.0'),
      id: fc.string({ minLength: 1, maxLength: 9 }),
      source: fc.constantFrom('/a', 'urn:x', 'https://x.org/s?t=1'),
      type: fc.string({ minLength: 1, maxLength: 9 }),
    }),
    fc.option(json, { nil: undefined }),
    fc.array(fc.tuple(fc.constantFrom('ext', 'trace'), fc.oneof(text, fc.boolean(), fc.integer()))),
  )
  .map(([event, data, more]) => ({
    ...event,
    ...Object.fromEntries(more),
    ...(data === undefined ? {} : { data }),
  }));
const emitted = fc.array(cloudEvent, { minLength: 1, maxLength: 3 });

const happened: fc.Arbitrary<Happened> = plainRecord<Happened>({
  at: whole,
  what: fc.array(plainRecord({ kind: text, strand: text, pointer: text, detail: text }), {
    maxLength: 5,
  }),
});

const subscription: fc.Arbitrary<Subscription> = plainRecord<Subscription>({
  first: fc.boolean(),
  filters: fc.array(
    fc.constantFrom(
      { with: { type: { is: 'x' }, data: { has: { a: { is: [1, null] } } } } },
      {
        with: { source: { matches: '^/a.*' } },
        correlate: { order: { from: { text: '.data.id', given: { n: -0 } }, expect: 7 } },
      },
      { with: { data: { holds: { text: '. > $context', given: { context: null } } } } },
    ),
    { maxLength: 2 },
  ),
});

const verb = fc.constantFrom(
  'cancel' as const,
  'suspend' as const,
  'resume' as const,
  'compensate' as const,
  'migrate' as const,
);

const plainCause: fc.Arbitrary<Cause> = fc.oneof(
  members<Extract<Cause, { kind: 'start' }>>(
    { kind: fc.constant('start' as const) },
    { input: json, by: plainRecord({ run: text, strand, activation: uint32 }) },
  ),
  members<Extract<Cause, { kind: 'activity' }>>(
    { kind: fc.constant('activity' as const), key: hex(16), attempt: uint32 },
    { result: json, error },
  ),
  fc.constant({ kind: 'timer' as const }),
  fc.constant({ kind: 'continue' as const }),
  members<Extract<Cause, { kind: 'joined' }>>(
    { kind: fc.constant('joined' as const), ends },
    { order: fc.array(uint32, { minLength: 1, maxLength: 3 }) },
  ),
  plainRecord({ kind: fc.constant('branch' as const), branch: uint32 }),
  plainRecord({ kind: fc.constant('events' as const), events: fc.array(cloudEvent) }),
  members<Extract<Cause, { kind: 'control' }>>(
    { kind: fc.constant('control' as const), verb },
    { arguments: json },
  ),
);

const cause: fc.Arbitrary<Cause> = fc.oneof(
  { weight: 8, arbitrary: plainCause },
  members<Extract<Cause, { kind: 'joined' }>>(
    { kind: fc.constant('joined' as const), ends },
    { last: plainRecord({ strand, cause: plainCause }) },
  ),
);

const late = members<LateArguments>(
  {
    leaves: fc.array(
      members<LateLeaf>({ at: text, text }, { template: fc.constant(true as const) }),
      { maxLength: 3 },
    ),
    secrets: fc.array(text, { maxLength: 3 }),
    variables: fc.dictionary(text, json, { maxKeys: 2, noNullPrototype: true }),
    input: json,
  },
  { from: json, now: fc.integer() },
);

const activity = members<Activity>(
  {
    key: hex(16),
    role: fc.constantFrom('do' as const, 'compensate' as const),
    pointer: text,
    kind: text,
    name: text,
    arguments: json,
    attempt: uint32,
    timeout: fc.integer(),
  },
  { late },
);

const definition = members<DefinitionRef>(
  { namespace: text, name: text },
  { version: fc.constantFrom('1.0.0', '0.1.0-rc.1') },
);

const mark = plainRecord({
  offset: whole,
  tenure: whole,
  nonce: uint32,
  n: whole,
  computedAt: whole,
});

type BodyOf<Kind extends RecordKind> = Extract<RecordBody, { kind: Kind }>;
type Bodies = { [Kind in RecordBody['kind']]: fc.Arbitrary<BodyOf<Kind>> };
type Members<T> = { [Key in keyof T]?: fc.Arbitrary<NonNullable<T[Key]> | null> };

function body<Kind extends RecordBody['kind']>(
  kind: Kind,
  always: Members<Omit<BodyOf<Kind>, 'kind'>>,
  perhaps: Members<Omit<BodyOf<Kind>, 'kind'>> = {},
): fc.Arbitrary<BodyOf<Kind>> {
  return members<Omit<BodyOf<Kind>, 'kind'>>(always, perhaps).map(
    (rest) => ({ kind, ...rest }) as unknown as BodyOf<Kind>,
  );
}

const bodies: Omit<Bodies, 'CARRY'> = {
  START: body('START', { definition }, { input: json, caller }),
  STEP: body('STEP', { state, cause }, { activity, notBefore: whole, emitted, happened }),
  PARK: body(
    'PARK',
    { state, cause, why: fc.constantFrom('wait', 'retry', 'listen', 'suspend', 'dead') },
    {
      activity,
      due: whole,
      was: fc.constantFrom('wait' as const, 'retry' as const, 'listen' as const),
      notBefore: whole,
      pending: fc.boolean(),
      reason: text,
      subscription,
      emitted,
      happened,
    },
  ),
  CANCELLING: body('CANCELLING', { state, cause, key: hex(16), until: whole }),
  END: body('END', { end, cause, definition }, { caller, emitted, happened }),
  CONTROL: body('CONTROL', { id: text, verb }, { arguments: json, hop: uint32 }),
  CLAIM: body('CLAIM', {
    mark,
    genesis: plainRecord({ prefix: text, partitions: uint32, format: uint32 }),
    takeovers: fc.array(fc.tuple(whole, uint32), { maxLength: 4 }).map((list) => new Map(list)),
  }),
  MARK: body('MARK', { mark, running: fc.array(whole, { maxLength: 4 }) }),
  RESUME: body(
    'RESUME',
    { rows: fc.array(whole, { maxLength: 4 }), why: text },
    {
      events: fc.array(plainRecord({ partition: uint32, offset: whole }), {
        minLength: 1,
        maxLength: 3,
      }),
    },
  ),
  OUTPUT: body('OUTPUT', {
    unsent: fc.array(plainRecord({ run: text, origin: whole, events: emitted }), { maxLength: 3 }),
  }),
  ANSWER: body(
    'ANSWER',
    { controlId: text, outcome: fc.constantFrom('done', 'refused') },
    { reason: text },
  ),
  SCHEDULE: body(
    'SCHEDULE',
    {
      definition,
      rule: members<ScheduleRule>(
        {},
        { every: whole, anchor: whole, cron: text, zone: text, after: whole },
      ),
    },
    { due: whole },
  ),
  FIRE: body('FIRE', { row: whole, tick: whole }, { due: whole }),
  CLOSE: body('CLOSE', {}),
};

function header(name: RecordKind): fc.Arbitrary<RecordHeader> {
  return members<RecordHeader>({
    kind: fc.constant(name),
    tenure: whole,
    nonce: uint32,
    n: whole,
    unit: whole,
    unitSize: uint32,
    targets: fc.array(whole, { maxLength: 4 }),
    run: fc.oneof(fc.uuid({ version: 7 }), text),
    // a root's END is never open, so nothing carries it
    strand: name === 'END' ? fc.constantFrom('3.0', '3.0/12.255') : strand,
    hop: uint32,
    definition: fc.oneof(fc.constant(''), hex(32)),
    time,
    minReader: uint32,
    joins: uint32,
    carries: fc.oneof(fc.constant(-1), fc.nat()),
  });
}

const plain: readonly fc.Arbitrary<LogRecord>[] = Object.entries(bodies).map(([name, body]) =>
  plainRecord<LogRecord>({ header: header(name as RecordKind), body }),
);

const CARRIED = ['START', 'CONTROL', 'STEP', 'CANCELLING', 'END'] as const;

const carry: fc.Arbitrary<LogRecord> = fc
  .tuple(
    header('CARRY'),
    fc.oneof(
      ...CARRIED.map((name) =>
        plainRecord<LogRecord>({ header: header(name), body: bodies[name] }),
      ),
    ),
    uint32,
  )
  .map(([outer, inner, takeovers]) => ({
    header: outer,
    body: { kind: 'CARRY', ...inner, takeovers },
  }));

/** Any record that the engine could write. */
export const record: fc.Arbitrary<LogRecord> = fc.oneof(...plain, carry);
