/*
 * What a client hears of its request, by the unit that names it.
 */
import { expect, test } from 'vitest';
import { begin } from '../../src/core/index.ts';
import type { Broker, StoredRecord } from '../../src/ports/index.ts';
import { ask, type ControlOutcome } from '../../src/runtime/index.ts';
import {
  decodeHeader,
  encodeRecord,
  type LogRecord,
  type RecordBody,
  type RecordHeader,
  type StrandEnd,
} from '../../src/wire/index.ts';

const RUN = '01a1f860-9b89-7b4c-9dad-1d0e9047c929';
const NAME = { namespace: 'test', name: 'walk' };
const STATE = begin(0, {});

/** A record of the tenure that begins at 0. */
function record(body: RecordBody, n: number, more: Partial<RecordHeader> = {}): LogRecord {
  const header: RecordHeader = {
    ...{ kind: body.kind, tenure: 0, nonce: 7, n, unit: n, unitSize: 1, targets: [], run: RUN },
    ...{ strand: '', hop: n, definition: '', time: 0, minReader: 1, joins: 0, carries: -1 },
    ...more,
  };
  return { header, body };
}

const mark = { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 };
const genesis = { prefix: 'test', partitions: 1, format: 1 };
const CLAIM = record({ kind: 'CLAIM', mark, genesis, takeovers: new Map() }, 0, { run: '' });
const ended = (end: StrandEnd): RecordBody => {
  return { kind: 'END', end, cause: { kind: 'timer' }, definition: NAME };
};

/** Asks for a cancel; the request lands at 1 and these records follow. */
async function heard(...after: readonly LogRecord[]): Promise<ControlOutcome> {
  const log = [encodeRecord(CLAIM)];
  let told: () => void = () => {};
  const reader = {
    position: 0,
    next: async (): Promise<StoredRecord[]> => {
      while (reader.position >= log.length) await new Promise<void>((come) => (told = come));
      // one at a time: a unit may come in pieces
      const offset = reader.position++;
      return [{ offset, time: 0, bytes: log[offset]! }];
    },
    skipTo: () => {},
    close: () => {},
  };
  const broker = {
    partitions: 1,
    hint: async () => undefined,
    range: async () => ({ begin: 0, end: log.length }),
    reader: () => reader,
    append: async (_: number, batch: readonly Uint8Array[]) => {
      log.push(...batch, ...after.map(encodeRecord));
      told();
      return { base: 1, time: 0 };
    },
  } as unknown as Broker;
  const clock = { now: () => 0, at: () => () => {} } as never;
  return new Promise((done, failed) => {
    ask({ broker, clock }, { run: RUN, id: 'c', verb: 'cancel', time: 0 }, { told: done, failed });
  });
}

const names = { targets: [1] };

test('done: the run is being cancelled, or has ended so', async () => {
  const cause = { kind: 'control', verb: 'cancel' } as const;
  const cancelling = { kind: 'CANCELLING', state: STATE, cause, key: 'k', until: 1 } as const;
  expect(await heard(record(cancelling, 1, names))).toEqual({ outcome: 'done' });
  expect(await heard(record(ended({ cancelled: true }), 1, names))).toEqual({ outcome: 'done' });
});

test('refused, with the reason of an ANSWER', async () => {
  const answer = { kind: 'ANSWER', controlId: 'c', outcome: 'refused', reason: 'no' } as const;
  expect(await heard(record(answer, 1, names))).toEqual({ outcome: 'refused', reason: 'no' });
});

test('refused when the run has ended by itself in the unit that names the request', async () => {
  const refused = { outcome: 'refused', reason: 'the run has ended by itself meanwhile' };
  expect(await heard(record(ended({ output: 1 }), 1, names))).toEqual(refused);
  const resume = { kind: 'RESUME', rows: [0], why: 'wait' } as const;
  const unit = { unit: 1, unitSize: 2 };
  expect(
    await heard(record(resume, 1, { ...unit, ...names }), record(ended({ output: 1 }), 2, unit)),
  ).toEqual(refused);
  // the unit of a row that was cancelled looks the same, but for its end
  expect(
    await heard(
      record(resume, 1, { ...unit, ...names }),
      record(ended({ cancelled: true }), 2, unit),
    ),
  ).toEqual({ outcome: 'done' });
});

test('void records say nothing', async () => {
  const late = record(ended({ cancelled: true }), 5, names);
  const end = record(ended({ output: 1 }), 1, names);
  expect(decodeHeader(encodeRecord(late)).n).toBe(5);
  expect((await heard(late, end)).outcome).toBe('refused');
});
