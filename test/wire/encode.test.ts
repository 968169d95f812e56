/* What the encoder writes besides the record itself, and what it refuses to write. */
import { describe, expect, test } from 'vitest';
import { waybill } from '../../src/wire/generated/messages.js';
import {
  BRANCHES_AT_ONCE,
  COMPRESS_FROM_BYTES,
  decodeRecord,
  encodeRecord,
  encodeState,
  type Frame,
  type Json,
  type LogRecord,
  type RecordHeader,
  type State,
  STATE_BYTES_MAX,
  WireError,
} from '../../src/wire/index.ts';
import { decodeMessage } from '../../src/wire/protobuf.ts';

const v1 = waybill.v1;

const HEADER: RecordHeader = {
  kind: 'STEP',
  tenure: 120,
  nonce: 5,
  n: 7,
  unit: 7,
  unitSize: 1,
  targets: [124],
  run: 'run-1',
  strand: '3.0',
  hop: 4,
  definition: '',
  time: 1_763_615_992_345,
  minReader: 1,
  joins: 0,
  carries: -1,
};

const STATE: State = {
  status: 'running',
  position: '/do/0/a',
  entering: false,
  frames: [],
  startedAt: 0,
  activation: 1,
  pureHops: 0,
};

function step(state: Partial<State> = {}, notBefore?: number): LogRecord {
  return {
    header: HEADER,
    body: {
      kind: 'STEP',
      state: { ...STATE, ...state },
      cause: { kind: 'timer' },
      ...(notBefore === undefined ? {} : { notBefore }),
    },
  };
}

function envelope(record: LogRecord): waybill.v1.MessageEnvelope {
  return decodeMessage(v1.MessageEnvelope, encodeRecord(record));
}

function command(record: LogRecord): waybill.v1.WorkflowCommand {
  return decodeMessage(v1.WorkflowCommand, envelope(record).payload);
}

describe('the envelope', () => {
  test('names the strand and its hop, or the kind and its number', () => {
    expect(envelope(step()).messageId).toBe('run-1/3.0#4');
    const close: LogRecord = {
      header: { ...HEADER, kind: 'CLOSE', run: '', strand: '' },
      body: { kind: 'CLOSE' },
    };
    expect(envelope(close).messageId).toBe('CLOSE@120.7');
  });

  test('is a COMMAND, but for PARK', () => {
    expect(envelope(step()).messageType).toBe('COMMAND');
    expect(envelope(park('suspend')).messageType).toBe('EVENT');
  });

  test('says when, and for whom', () => {
    expect(envelope(step()).createdAt).toBe('2025-11-20T05:19:52.345Z');
    expect(envelope(step({ caller: { correlationId: 'c-1' } })).correlationId).toBe('c-1');
    expect(envelope(step()).correlationId).toBeNull();
  });
});

function park(
  why: 'wait' | 'retry' | 'listen' | 'suspend' | 'dead',
  state: Partial<State> = {},
): LogRecord {
  return {
    header: { ...HEADER, kind: 'PARK' },
    body: {
      kind: 'PARK',
      state: { ...STATE, ...state },
      cause: { kind: 'timer' },
      why,
      due: 1_763_700_000_000,
    },
  };
}

describe('the event that goes with a record', () => {
  const event = (record: LogRecord): waybill.v1.WorkflowEvent =>
    command(record).event as waybill.v1.WorkflowEvent;

  const trying: Frame = {
    pointer: '/do/0/try',
    node: { kind: 'try', inCatch: false, failures: 3, retryAt: 5, firstAt: 1 },
    startedAt: 1,
  };
  const fork = (started: number): Frame => ({
    pointer: '/do/1/fork',
    node: { kind: 'fork', activation: 9, total: 1_000, started, ends: { 0: { output: 1 } } },
    startedAt: 1,
  });

  test('none for a plain step, a suspended or a dead strand', () => {
    for (const record of [step(), park('suspend'), park('dead')]) {
      expect(command(record).event).toBeNull();
    }
  });

  test('WAIT_SCHEDULED for a wait, held or parked', () => {
    const held = event(step({}, 77));
    expect(held).toMatchObject({
      eventType: 'WAIT_SCHEDULED',
      workflowId: 'run-1',
      sequence: 4,
      createdAt: '2025-11-20T05:19:52.345Z',
    });
    expect(decodeMessage(v1.WaitPayload, held.payload)).toMatchObject({
      position: '/do/0/a',
      until: 77,
    });
    expect(event(park('wait')).eventType).toBe('WAIT_SCHEDULED');
  });

  test('RETRY_SCHEDULED for a retry, held or parked', () => {
    for (const record of [step({ frames: [trying] }, 77), park('retry', { frames: [trying] })]) {
      const { eventType, payload } = event(record);
      expect(eventType).toBe('RETRY_SCHEDULED');
      expect(decodeMessage(v1.RetryPayload, payload)).toMatchObject({ attempt: 3 });
    }
  });

  test('LISTEN_CREATED for a listener', () => {
    expect(event(park('listen')).eventType).toBe('LISTEN_CREATED');
  });

  test('FORK_CREATED for a joining step, with branches up to a bound', () => {
    const joining = (started: number): LogRecord => ({
      ...step({ frames: [fork(started)] }),
      header: { ...HEADER, joins: 9 },
    });
    expect(event(joining(2)).eventType).toBe('FORK_CREATED');
    const payload = decodeMessage(v1.ForkPayload, event(joining(2)).payload);
    expect(payload).toMatchObject({ position: '/do/1/fork', branchIds: ['9.0', '9.1'] });
    const wide = decodeMessage(v1.ForkPayload, event(joining(1_000)).payload);
    expect(wide.branchIds.length).toBe(BRANCHES_AT_ONCE);
  });
});

describe('compression', () => {
  const sized = (items: number): LogRecord =>
    step({ data: Array.from({ length: items }, (_, n) => `item number ${n}`) });

  test('from the threshold on, if it helps', () => {
    expect(command(sized(3)).stateEncoding).toBe(0);
    expect(command(sized(200)).stateEncoding).toBe(1);
    expect(encodeRecord(sized(200)).length).toBeLessThan(
      encodeState(stateOf(sized(200))).length / 2,
    );
    expect(decodeRecord(encodeRecord(sized(200)))).toEqual(sized(200));
    // as random as JSON gets
    let seed = 1;
    const noise = Array.from({ length: COMPRESS_FROM_BYTES }, () => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return String.fromCharCode(0x4e00 + (seed % 0x4000));
    }).join('');
    const { stateEncoding, workflowState } = command(step({ data: noise }));
    expect(workflowState.length).toBeLessThanOrEqual(encodeState({ ...STATE, data: noise }).length);
    expect([0, 1]).toContain(stateEncoding);
  });

  test('a State over the bound is refused, as a reader would', () => {
    const data = 'x'.repeat(STATE_BYTES_MAX);
    expect(() => encodeRecord(step({ data }))).toThrow(WireError);
  });

  const stateOf = ({ body }: LogRecord): State => (body.kind === 'STEP' ? body.state : STATE);
});

describe('refused, with the place and the reason', () => {
  const deep = (levels: number): Json => (levels === 0 ? 1 : [deep(levels - 1)]);
  const circle: { self?: unknown } = {};
  circle.self = circle;
  test.each<[string, () => LogRecord, string]>([
    ['NaN', () => step({ data: { a: [Number.NaN] } }), 'data is not JSON: NaN has no JSON form'],
    ['Infinity', () => step({ context: Number.POSITIVE_INFINITY }), 'context is not JSON'],
    ['a bigint', () => step({ data: 1n as unknown as Json }), 'data is not JSON'],
    [
      'a function',
      () => step({ data: (() => 1) as unknown as Json }),
      'data is not JSON: it is function',
    ],
    ['a circle', () => step({ data: circle as Json }), 'data is not JSON'],
    ['depth', () => step({ data: deep(1_001) }), 'nested deeper than 1000'],
    ['a lone surrogate in a pointer', () => step({ position: '/\ud800' }), 'lone surrogate'],
    ['a count that is none', () => step({ activation: -1 }), 'activation is -1'],
    ['a fraction of a millisecond', () => step({ startedAt: 0.5 }), 'startedAt is 0.5'],
    ['a frame twice', () => step({ frames: [frame('/a'), frame('/a')] }), '"/a" does not nest'],
    [
      'frames out of order',
      () => step({ frames: [frame('/a/b'), frame('/a')] }),
      '"/a" does not nest',
    ],
    [
      'frames side by side',
      () => step({ frames: [frame('/a'), frame('/b/c')] }),
      '"/b/c" does not nest',
    ],
    ['two kinds', () => ({ ...step(), header: { ...HEADER, kind: 'END' } }), 'the header says END'],
    ['a hash that is none', () => headed({ definition: 'AB' }), 'not lower-case hex'],
    ['a time that is none', () => headed({ time: Number.NaN }), 'NaN is not a time'],
    ['an offset beyond 2^53', () => headed({ targets: [2 ** 53] }), 'targets is 9007199254740992'],
    ['a carried CARRY', () => carried(carried(step())), 'of kind CARRY cannot be carried'],
    ['a carried root END', () => carried(ended('')), 'of kind END cannot be carried'],
  ])('%s', (_, make, message) => {
    const record = make();
    expect(() => encodeRecord(record)).toThrow(WireError);
    expect(() => encodeRecord(record)).toThrow(message);
  });

  const frame = (pointer: string): Frame => ({ pointer, node: { kind: 'root' }, startedAt: 0 });
  const headed = (header: Partial<RecordHeader>): LogRecord => ({
    ...step(),
    header: { ...HEADER, ...header },
  });
  const carried = (record: LogRecord): LogRecord => ({
    header: { ...HEADER, kind: 'CARRY' },
    body: { kind: 'CARRY', ...record, takeovers: 0 },
  });
  const ended = (strand: string): LogRecord => ({
    header: { ...HEADER, kind: 'END', strand },
    body: {
      kind: 'END',
      end: {},
      cause: { kind: 'timer' },
      definition: { namespace: '', name: '' },
    },
  });
});
