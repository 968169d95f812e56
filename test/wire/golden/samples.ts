/*
 * One record of each kind. `node test/wire/golden/samples.ts` adds those that v1.json does not have
 * yet; it never changes one that is there. Then put the new count and hash into golden.test.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  encodeRecord,
  FORMAT,
  type LogRecord,
  recordToJson,
  type RecordBody,
  type RecordHeader,
  type State,
} from '../../../src/wire/index.ts';

export interface Golden {
  readonly name: string;
  /** bytes as they were written when the sample was added */
  readonly hex: string;
  /** the same record in its readable form */
  readonly json: string;
}

export const FILE = new URL('v1.json', import.meta.url);

export function goldens(): readonly Golden[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as readonly Golden[];
}

const inbox = { tenure: 0, nonce: 0, n: 0, unit: 0, unitSize: 1, targets: [] };

function header(kind: RecordHeader['kind'], other: Partial<RecordHeader> = {}): RecordHeader {
  return {
    kind,
    tenure: 120,
    nonce: 4_000_000_000,
    n: 7,
    unit: 7,
    unitSize: 1,
    targets: [124, 2 ** 40],
    run: '019aa8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
    strand: '',
    hop: 3,
    definition: 'ab12cd34'.repeat(8),
    time: 1_763_615_992_345,
    minReader: FORMAT,
    joins: 0,
    carries: -1,
    ...other,
  };
}

const error = {
  type: 'https://serverlessworkflow.io/spec/1.0.0/errors/timeout',
  status: 408,
  title: 'Late',
};

const state: State = {
  status: 'running',
  position: '/do/1/try/try/0/call',
  entering: false,
  frames: [
    { pointer: '/do', node: { kind: 'do', index: 1, completed: 1 }, startedAt: 1_763_615_990_000 },
    {
      pointer: '/do/1/try',
      node: {
        kind: 'try',
        inCatch: false,
        caught: { ...error, detail: 'after 5 s', instance: '/do/1/try/try/0/call' },
        failures: 1,
        retryAt: 1_763_615_994_000,
        attemptDeadline: 1_763_616_000_000,
        firstAt: 1_763_615_990_001,
      },
      startedAt: 1_763_615_990_001,
      deadline: 1_763_616_990_001,
      rawInput: { merchant: 'm-7731' },
      input: 'm-7731',
    },
    {
      pointer: '/do/1/try/try/0/call',
      node: {
        kind: 'activity',
        key: '0123456789abcdef0123456789abcdef',
        activation: 2,
        attempt: 2,
        digest: 'fedcba98'.repeat(8),
        pointer: '/do/1/try/try/0/call',
        indices: [0, 5],
      },
      startedAt: 1_763_615_990_002,
    },
  ],
  data: { big: 2 ** 60, small: -0, text: 'Grüße \u0000 🚚', none: null },
  context: null,
  input: [1, 1e308],
  startedAt: 1_763_615_990_000,
  activation: 2,
  pureHops: 0,
  variables: { item: { n: 1 } },
  compensations: [
    { pointer: '/do/0/a', activation: 1, input: 1, output: { id: 9 }, certain: true, strand: '' },
  ],
  caller: { replyPartition: 3, keep: true, onceKey: 'order-1', correlationId: 'c-1' },
  deadline: 1_763_702_390_000,
};

const joining: State = {
  status: 'waiting',
  position: '/do/2/fork',
  entering: false,
  frames: [
    {
      pointer: '/do/2/fork',
      node: {
        kind: 'fork',
        activation: 4,
        total: 3,
        started: 3,
        ends: {
          1: { output: [1], compensations: [], cancelled: false },
        },
      },
      startedAt: 5,
    },
  ],
  startedAt: 5,
  activation: 4,
  pureHops: 0,
};

/** Branch 2 has ended before branch 1. */
const carried: State = {
  ...joining,
  frames: [
    {
      pointer: '/do/2/fork',
      node: {
        kind: 'fork',
        activation: 4,
        total: 3,
        started: 3,
        ends: { 1: { output: 1 }, 2: { output: 2 } },
        order: [2, 1],
        settles: true,
      },
      startedAt: 5,
    },
  ],
};

const extended: State = {
  ...joining,
  status: 'running',
  position: '/do/1/extensions/audit/after/0/log',
  frames: [
    {
      pointer: '/do/1',
      node: { kind: 'extended', stage: 'after', applied: [0, 2], at: 1, output: null, then: 3 },
      startedAt: 5,
      input: { n: 1 },
    },
    { pointer: '/do/1/extensions/audit/after/0/log', node: { kind: 'root' }, startedAt: 6 },
  ],
};

/** A strand that is a child of its run, and a parallel loop in it with items that wait. */
const looping: State = {
  ...joining,
  child: { strand: '2.0', depth: 1 },
  position: '/do/0/rows',
  frames: [
    {
      pointer: '/do/0/rows',
      node: {
        kind: 'fork',
        activation: 4,
        total: 5,
        started: 2,
        ends: {},
        items: [{ row: 3 }, null, 5],
        settles: true,
      },
      startedAt: 5,
    },
  ],
};

const activity = {
  key: '0123456789abcdef0123456789abcdef',
  role: 'do',
  pointer: '/do/1/try/try/0/call',
  kind: 'function',
  name: 'openAccount',
  arguments: { merchant: 'm-7731' },
  attempt: 2,
  timeout: 300_000,
} as const;

const event = {
  specversion: '1.0',
  id: '0123456789abcdef0123456789abcdef',
  source: '/shop/onboarding/1.2.0',
  type: 'shop.paid',
  time: '2026-01-02T03:04:05.678Z',
  orderid: 'o-17',
  data: { amount: 2 ** 60, small: -0 },
};

const listening: State = {
  ...joining,
  position: '/do/3/hear',
  frames: [
    {
      pointer: '/do/3/hear',
      node: {
        kind: 'listen',
        outputs: [{ amount: 1 }],
        seen: [1],
        met: [0, 2],
        metUntil: [1],
        keys: { order: 'o-17' },
        index: 1,
        item: null,
      },
      startedAt: 5,
    },
  ],
};

const mark = { offset: 119, tenure: 60, nonce: 1, n: 58, computedAt: 121 };
const definition = { namespace: 'shop', name: 'onboarding', version: '1.2.0' };
const result = { kind: 'activity', key: activity.key, attempt: 1, error } as const;
const start: LogRecord = {
  header: header('START', { ...inbox, definition: '' }),
  body: { kind: 'START', definition, input: { id: 1 }, caller: { keep: false } },
};

const SAMPLES: Readonly<Record<string, LogRecord>> = {
  START: start,
  'START of the latest version without input': {
    header: header('START', inbox),
    body: { kind: 'START', definition: { namespace: 'shop', name: 'onboarding' } },
  },
  CONTROL: of('CONTROL', { id: 'x1', verb: 'cancel', arguments: { why: 'fraud' }, hop: 3 }, inbox),
  CLAIM: of(
    'CLAIM',
    {
      mark,
      genesis: { prefix: 'waybill', partitions: 16, format: FORMAT },
      takeovers: new Map([[100, 2]]),
    },
    { ...inbox, nonce: 77, run: '', definition: '' },
  ),
  STEP: of('STEP', { state, cause: result, activity }),
  'STEP held': of('STEP', { state, cause: { kind: 'timer' }, notBefore: 1_763_615_994_000 }),
  'STEP joining': of('STEP', { state: joining, cause: { kind: 'continue' } }, { joins: 4 }),
  'STEP compressed': of('STEP', {
    state: { ...state, data: Array.from({ length: 200 }, (_, n) => ({ n, kind: 'document' })) },
    cause: { kind: 'joined', ends: { 0: { output: 1 }, 2: { error, endsWorkflow: true } } },
  }),
  PARK: of('PARK', {
    state,
    cause: { kind: 'branch', branch: 2 },
    why: 'wait',
    due: 1_763_700_000_000,
  }),
  'PARK dead': of('PARK', { state, cause: result, activity, why: 'dead', reason: '5 takeovers' }),
  RESUME: of('RESUME', { rows: [140, 141], why: 'due' }),
  'RESUME by events': of('RESUME', {
    rows: [140],
    why: 'listen',
    events: [{ partition: 2, offset: 17 }],
  }),
  'STEP with events': of('STEP', {
    state,
    cause: { kind: 'events', events: [event] },
    activity,
    emitted: [event, { ...event, id: 'e-2', data: [1, null] }],
  }),
  'PARK listening': of('PARK', {
    state: listening,
    cause: { kind: 'continue' },
    why: 'listen',
    subscription: {
      first: false,
      filters: [
        {
          with: {
            type: { is: 'shop.paid' },
            source: { matches: 'https://.*' },
            data: {
              has: { amount: { holds: { text: '. > $context.least', given: { context: 1 } } } },
            },
          },
          correlate: { order: { from: { text: '.data.order' }, expect: 'o-17' } },
        },
      ],
    },
    emitted: [event],
  }),
  OUTPUT: of(
    'OUTPUT',
    { unsent: [{ run: 'r-1', origin: 131, events: [event] }] },
    { run: '', definition: '' },
  ),
  CANCELLING: of('CANCELLING', {
    state,
    cause: { kind: 'control', verb: 'cancel', arguments: null },
    key: activity.key,
    until: 0,
  }),
  END: of('END', {
    end: { output: { done: true } },
    cause: { kind: 'start', input: 1 },
    definition,
    caller: { correlationId: 'c-1' },
  }),
  'END of a strand': of(
    'END',
    {
      end: {
        error: { ...error, extra: [1] } as typeof error,
        compensations: [{ pointer: '/a', activation: 3, certain: false, strand: '4.0' }],
        cancelled: true,
      },
      cause: { kind: 'timer' },
      definition: { namespace: '', name: '' },
    },
    { strand: '4.0' },
  ),
  ANSWER: of('ANSWER', { controlId: 'x1', outcome: 'refused', reason: 'it has ended' }),
  CARRY: of('CARRY', { header: start.header, body: start.body, takeovers: 1 }, { carries: 12 }),
  'STEP after an extended task': of('STEP', { state: extended, cause: result, activity }),
  MARK: of('MARK', { mark, running: [130, 131] }, { targets: [], run: '', definition: '' }),
  CLOSE: of('CLOSE', {}, { targets: [], run: '', definition: '' }),
  'STEP that says what happened': of('STEP', {
    state,
    cause: { kind: 'continue' },
    happened: {
      at: 1_763_615_992_300,
      what: [
        { kind: 'task-started', strand: '', pointer: '/do/0/a', detail: '' },
        { kind: 'task-faulted', strand: '2.0', pointer: '/do/0/a', detail: '{"status":503}' },
        { kind: 'workflow-correlated', strand: '', pointer: '/do/1/b', detail: '{}' },
      ],
    },
  }),
  'STEP of a call that waits for secrets': of('STEP', {
    state,
    cause: { kind: 'continue' },
    activity: {
      ...activity,
      kind: 'http',
      name: 'POST https://pay.example/charges/{id}',
      arguments: { method: 'POST', endpoint: null, body: { n: 1, key: null }, output: 'content' },
      late: {
        leaves: [
          { at: '/endpoint', text: 'https://pay.example/charges/{id}', template: true },
          { at: '/body/key', text: '$secrets.provider.key' },
        ],
        secrets: ['provider'],
        variables: { context: { order: 'o-1' } },
        input: { id: 'c-1' },
        from: { id: '${ .id }', key: '${ $secrets.provider.key }' },
        loose: true,
        now: 1_763_615_994_000,
      },
    },
  }),
  'STEP of a child with a parallel loop': of(
    'STEP',
    { state: looping, cause: { kind: 'branch', branch: 0 } },
    { strand: '2.0', joins: 4 },
  ),
  'STEP of a fork that was carried with ends of branches': of(
    'STEP',
    { state: carried, cause: { kind: 'branch', branch: 0 } },
    { joins: 4 },
  ),
  'END of a run that another one began': of('END', {
    end: {
      error: {
        ...error,
        instance: '/do/1/pay',
        origin: { workflow: 'shop/payment', instance: '/do/0/charge' },
      },
    },
    cause: {
      kind: 'start',
      input: 1,
      by: { run: '019aa8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b', strand: '2.0', activation: 3 },
    },
    definition,
  }),
  'STEP that the end of a nested branch led to': of('STEP', {
    state,
    cause: {
      kind: 'joined',
      ends: { 1: { output: [1, 2] } },
      last: {
        strand: '4.1',
        cause: {
          kind: 'joined',
          ends: { 0: { output: 2 } },
          order: [1, 0],
          last: { strand: '4.1/7.0', cause: result },
        },
      },
    },
    activity,
  }),
};

function of<Kind extends RecordBody['kind']>(
  kind: Kind,
  body: Omit<Extract<RecordBody, { kind: Kind }>, 'kind'>,
  other: Partial<RecordHeader> = {},
): LogRecord {
  return { header: header(kind, other), body: { kind, ...body } as unknown as RecordBody };
}

if (import.meta.main) {
  const have = [...goldens()];
  for (const [name, record] of Object.entries(SAMPLES)) {
    if (have.some((golden) => golden.name === name)) continue;
    const hex = Buffer.from(encodeRecord(record)).toString('hex');
    have.push({ name, hex, json: recordToJson(record) });
  }
  writeFileSync(FILE, `${JSON.stringify(have, undefined, 2)}\n`);
}
