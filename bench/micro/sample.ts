/* A STEP as most are: a merchant in the middle of onboarding, with a State of about the size asked for. */
import { encodeState, type LogRecord, type State } from '../../src/wire/index.ts';

/** A merchant in the middle of onboarding, with `items` of data. */
function stepOf(items: number): LogRecord {
  const state: State = {
    status: 'running',
    position: '/do/4/settlementAccount/try/0/openAccount',
    entering: false,
    frames: [
      {
        pointer: '/do',
        node: { kind: 'do', index: 4, completed: 4 },
        startedAt: 1_763_615_990_000,
      },
      {
        pointer: '/do/4/settlementAccount',
        node: { kind: 'try', inCatch: false, failures: 1, firstAt: 1_763_615_991_000 },
        startedAt: 1_763_615_991_000,
        deadline: 1_763_616_051_000,
      },
      {
        pointer: '/do/4/settlementAccount/try/0/openAccount',
        node: {
          kind: 'activity',
          key: '0123456789abcdef0123456789abcdef',
          activation: 9,
          attempt: 2,
          digest: 'fedcba98'.repeat(8),
          pointer: '/do/4/settlementAccount/try/0/openAccount',
          indices: [],
        },
        startedAt: 1_763_615_992_000,
      },
    ],
    data: {
      merchant: { id: 'm-7731', name: 'Bäckerei Müller', country: 'DE', risk: 0.25, pep: false },
      documents: Array.from({ length: items }, (_, index) => ({
        id: `doc-${index}`,
        pages: index + 1,
        kind: 'passport',
      })),
    },
    context: { night: '2026-11-20', operator: null },
    startedAt: 1_763_615_990_000,
    activation: 9,
    pureHops: 0,
  };
  return {
    header: {
      kind: 'STEP',
      tenure: 120_331,
      nonce: 3_405_691_582,
      n: 4_711,
      unit: 4_711,
      unitSize: 1,
      targets: [124_900],
      run: '019aa8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
      strand: '',
      hop: 7,
      definition: 'ab12cd34'.repeat(8),
      time: 1_763_615_992_345,
      minReader: 1,
      joins: 0,
      carries: -1,
    },
    body: {
      kind: 'STEP',
      state,
      cause: {
        kind: 'activity',
        key: 'ffffffffffffffff0000000000000000',
        attempt: 1,
        result: { account: 'DE02120300000000202051', opened: true },
      },
      activity: {
        key: '0123456789abcdef0123456789abcdef',
        role: 'do',
        pointer: '/do/4/settlementAccount/try/0/openAccount',
        kind: 'function',
        name: 'openSettlementAccount',
        arguments: { merchant: 'm-7731', currency: 'EUR' },
        attempt: 2,
        timeout: 300_000,
      },
    },
  };
}

/** One whose State takes about so many bytes before it is compressed. */
export function sampleStep(bytes: number): LogRecord {
  for (let items = 1; ; items += 1 + (items >> 4)) {
    const record = stepOf(items);
    if (record.body.kind === 'STEP' && encodeState(record.body.state).length >= bytes)
      return record;
  }
}
