/* Trace files: what is sound in one can be used, and what is not is named by its block. */
import { beforeAll, describe, expect, test } from 'vitest';
import { BLOCK_BYTES } from '../../src/trace/limits.ts';
import { Trace, TraceError } from '../../src/trace/read-trace.ts';
import { TraceWriter } from '../../src/trace/write-trace.ts';
import {
  decodeHeader,
  decodeRecord,
  encodeRecord,
  HEAD_BYTES,
  readBlockHead,
  recordToJson,
  START_BYTES,
  type TraceUnit,
} from '../../src/wire/index.ts';
import { readLogs } from '../../src/chaos/oracles/index.ts';
import { currentEngine } from '../../src/chaos/engine.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { schemas } from '../../src/presets/schemas.ts';
import { bytesOf, examined, HEADER, plansOf, recorded, stageOf } from './traces.ts';

let bytes: Buffer;
let units: readonly TraceUnit[];
/** where its blocks begin, and what they are */
let blocks: readonly { readonly at: number; readonly kind: string; readonly end: number }[];

beforeAll(async () => {
  const stage = await stageOf('scenarios/order-fulfilment.yaml');
  bytes = Buffer.from(recorded(stage, plansOf(stage, 25, 3)));
  units = [...new Trace(bytesOf(bytes)).units()];
  blocks = blocksOf(bytes);
});

function blocksOf(file: Buffer): { at: number; kind: string; end: number }[] {
  const found: { at: number; kind: string; end: number }[] = [];
  for (let at = START_BYTES; ;) {
    const head = readBlockHead(file.subarray(at, at + HEAD_BYTES));
    if (head === undefined) return found;
    const end = at + HEAD_BYTES + head.packed;
    found.push({ at, kind: head.kind, end });
    at = end;
  }
}

function placeOf({ offset, partition, world }: TraceUnit): string {
  return `${world}:${partition}:${offset}`;
}

function read(file: Uint8Array): { units: TraceUnit[]; trace: Trace } {
  const trace = new Trace(bytesOf(file));
  return { units: [...trace.units()], trace };
}

test('every valid record is there, as it was in the Log', async () => {
  const stage = await stageOf('scenarios/budget/long-wait.yaml');
  let voids = 0;
  for (const plan of plansOf(stage, 10)) {
    const { history } = runPlan(currentEngine(schemas), stage.subject, plan);
    const kept = new Map<string, Uint8Array>();
    for (const { offset, partition, records } of read(recorded(stage, [plan])).units) {
      for (const [index, record] of records.entries()) {
        kept.set(`${partition}:${offset + index}`, record);
      }
    }
    // What counts is known from the oracles' own reading of the Logs.
    const { partitions } = readLogs(history.logs);
    const all = partitions.flatMap(({ entries }) => entries);
    const valid = all.filter((entry) => entry.valid && entry.header.kind !== 'MARK');
    voids += all.filter((entry) => !entry.valid).length;
    expect([...kept.keys()].sort()).toEqual(
      valid.map(({ offset, partition }) => `${partition}:${offset}`).sort(),
    );
    for (const { bytes: stored, offset, partition } of valid) {
      const record = kept.get(`${partition}:${offset}`)!;
      expect(recordToJson(decodeRecord(record))).toBe(recordToJson(decodeRecord(stored)));
    }
  }
  expect(voids).toBeGreaterThan(0);
});

test('a closed file says so, and how much is in it', () => {
  const { trace } = read(bytes);
  expect(trace.problems).toEqual([]);
  expect(trace.footer()).toMatchObject({ units: units.length });
  expect(blocks.length).toBeGreaterThan(5);
});

test('a State is not compressed within a block', () => {
  const records = units.flatMap(({ records: all }) => all);
  const large = records.filter((record) => {
    const { body, header } = decodeRecord(record);
    return body.kind === 'STEP' && encodeRecord({ header, body }).length < record.length;
  });
  expect(large.length).toBeGreaterThan(0);
});

test('it can be read while it is being written', () => {
  const parts: Uint8Array[] = [];
  const writer = new TraceWriter(HEADER, (part) => parts.push(part));
  expect(read(Buffer.concat(parts)).units).toEqual([]);
  for (const unit of units.slice(0, 10)) writer.unit(unit, []);
  writer.flush();
  const { trace, units: found } = read(Buffer.concat(parts));
  expect(found).toHaveLength(10);
  expect([trace.problems, trace.footer()]).toEqual([[], undefined]);
});

test('the index leads to the blocks of a run, and to no more than is needed', () => {
  const runs = units
    .map(({ records: [first] }) => decodeHeader(first!).run)
    .filter((run) => run !== '');
  for (const run of [runs[0]!, runs[Math.floor(runs.length / 2)]!, runs.at(-1)!]) {
    let unpacked = 0;
    const source = bytesOf(bytes);
    const watched = {
      size: source.size,
      read(at: number, length: number) {
        if (length > HEAD_BYTES) unpacked += length;
        return source.read(at, length);
      },
    };
    const found = [...new Trace(watched).unitsOf(run)].filter(
      ({ records: [first] }) => decodeHeader(first!).run === run,
    );
    const all = units.filter(({ records: [first] }) => decodeHeader(first!).run === run);
    expect(found.map(placeOf)).toEqual(all.map(placeOf));
    expect(unpacked).toBeLessThan(bytes.length);
  }
  expect([...new Trace(bytesOf(bytes)).unitsOf('nobody')].length).toBeLessThan(units.length);
});

describe('a file that is damaged', () => {
  test('cut off anywhere: what is before is given, and the block is named', () => {
    for (
      let at = START_BYTES + HEAD_BYTES + 200;
      at < bytes.length;
      at += Math.ceil(bytes.length / 23)
    ) {
      const { trace, units: found } = read(bytes.subarray(0, at));
      expect(found.map(placeOf)).toEqual(units.slice(0, found.length).map(placeOf));
      const whole = blocks.filter(({ end }) => end <= at);
      const atEnd = whole.at(-1)?.end === at;
      if (atEnd) expect(trace.problems).toEqual([]);
      else {
        expect(trace.problems).toHaveLength(1);
        expect(trace.problems[0]).toMatchObject({ block: whole.length, at: whole.at(-1)!.end });
        expect(trace.problems[0]!.said).toContain('cut off');
      }
    }
  });

  test('a byte is another one: its block is named, the others are given', () => {
    for (const [number, { at, end, kind }] of blocks.entries()) {
      if (kind !== 'units') continue;
      const spoiled = Buffer.from(bytes);
      const place = Math.floor((at + HEAD_BYTES + end) / 2);
      spoiled[place] = spoiled[place]! ^ 0x40;
      const { trace, units: found } = read(spoiled);
      expect(trace.problems.map(({ block }) => block)).toEqual([number]);
      expect(trace.problems[0]!.said).toContain('damaged');
      expect(found.length).toBeLessThan(units.length);
      expect(found.length).toBeGreaterThan(0);
      // What is sound replays as equal: what follows a gap is no difference.
      const { tally } = examined(spoiled);
      expect(tally.groups).toEqual([]);
      expect(tally.equal).toBeGreaterThan(0);
    }
  });

  test('a head is another one: what follows is found again', () => {
    const { at } = blocks.filter(({ kind }) => kind === 'units')[2]!;
    const spoiled = Buffer.from(bytes);
    spoiled[at + 9] = 0xff;
    const { trace, units: found } = read(spoiled);
    expect(trace.problems).toHaveLength(1);
    expect(trace.problems[0]).toMatchObject({ at });
    expect(trace.problems[0]!.said).toContain('sound again');
    expect(placeOf(found.at(-1)!)).toBe(placeOf(units.at(-1)!));
  });

  test.each([
    ['empty', Buffer.alloc(0), 'empty'],
    ['foreign', Buffer.from('document:\n  dsl: 1.0.3\n'.repeat(9)), 'no trace'],
    ['short', Buffer.from('WAYBILL'), 'no trace'],
    [
      'without a header',
      Buffer.from('WAYBILLTRACE\x01\0\0\0 and then nothing', 'latin1'),
      'block 0',
    ],
    ['of the future', Buffer.from('WAYBILLTRACE\x02\0\0\0', 'latin1'), 'format 2'],
  ])('%s: one error that says so', (_, file, said) => {
    expect(() => new Trace(bytesOf(file))).toThrow(TraceError);
    expect(() => new Trace(bytesOf(file))).toThrow(said);
  });

  test('a bomb is not unpacked', () => {
    const head = blocks.find(({ kind }) => kind === 'units')!;
    const spoiled = Buffer.from(bytes);
    spoiled.writeUInt32LE(0xffff_ffff, head.at + 12);
    const { trace } = read(spoiled);
    expect(trace.problems).toHaveLength(1);
  });
});

test('a block is as large as it may be, and no larger for it', () => {
  const largest = Math.max(
    ...blocks.map(({ at }) => readBlockHead(bytes.subarray(at, at + HEAD_BYTES))!.raw),
  );
  expect(largest).toBeLessThan(BLOCK_BYTES + 64 * 1024);
});
