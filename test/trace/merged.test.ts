/*
 * The end of a last branch, or of an awaited child, has no record of its own: its step is made again and
 * compared all the same.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cause, RecordBody } from '../../src/wire/index.ts';
import { decodeRecord, encodeRecord } from '../../src/wire/index.ts';
import type { Placed } from '../../src/trace/places.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import type { Judged } from '../../src/trace/replay.ts';
import { TraceWriter } from '../../src/trace/write-trace.ts';
import { bytesOf, examined, HEADER, plansOf, recorded, stageOf } from './traces.ts';

type Joined = Extract<Cause, { kind: 'joined' }>;

/** Forks, nested ones, parallel loops, children, competing branches that undo what they did. */
const FILES = ['data-enrichment', 'child-workflows', 'trip-saga', 'budget/competing-fork'];
const traces = new Map<string, Uint8Array>();

beforeAll(async () => {
  for (const file of FILES) {
    const stage = await stageOf(`scenarios/${file}.yaml`);
    traces.set(file, recorded(stage, plansOf(stage, 1, 4)));
  }
});

describe.each(FILES)('%s', (file) => {
  test('every end that led to a join is made again', () => {
    const { judged, tally } = examined(traces.get(file)!);
    expect(tally.groups).toEqual([]);
    const joins = judged.filter(isJoin);
    expect(joins.length).toBeGreaterThan(2);
    for (const { again, body } of joins) {
      const made = again!(false).merged;
      expect(made?.computed).toEqual(made?.recorded);
      expect(Object.keys(made?.computed ?? {}).length).toBeGreaterThanOrEqual(
        Object.keys((body.cause as Joined).ends).length,
      );
    }
  });

  test('one that ended otherwise, or because of something else, is found where it is', () => {
    const bytes = traces.get(file)!;
    const sites = examined(bytes).judged.filter(isJoin);
    for (const spoil of [otherEnd, otherTold]) {
      let found = 0;
      for (const { record } of sites.slice(0, 4)) {
        const changed = rewritten(bytes, record, spoil);
        if (changed === undefined) continue;
        const wrong = examined(changed).judged.filter(({ verdict }) => verdict.kind !== 'equal');
        const here = wrong.find((one) => one.record.offset === record.offset);
        expect(here?.verdict.kind, record.named).toBe('differs');
        const { verdict } = here!;
        const places = verdict.kind === 'differs' ? verdict.differences : [];
        expect(places.some(({ at }) => at.startsWith('/ends/'))).toBe(true);
        found += 1;
      }
      expect(found).toBeGreaterThan(0);
    }
  });
});

test('records of older builds, that do not say it, are taken as they are', () => {
  const older = everywhere(traces.get('data-enrichment')!, ({ ends, kind, order }) =>
    order === undefined ? { kind, ends } : { kind, ends, order },
  );
  const { judged, tally } = examined(older);
  expect(tally.groups).toEqual([]);
  expect(judged.filter(isJoin).every(({ again }) => again!(false).merged === undefined)).toBe(true);
});

function isJoin({ again, body }: Judged): boolean {
  return body.cause.kind === 'joined' && again !== undefined;
}

type Spoil = (cause: Joined) => Joined | undefined;

const otherEnd: Spoil = ({ ends, ...cause }) => {
  const [branch] = Object.keys(ends);
  return { ...cause, ends: { ...ends, [branch!]: { output: 'other' } } };
};

/** Its activity has failed. */
const otherTold: Spoil = (cause) => {
  const { ends, last } = cause;
  if (last?.cause.kind !== 'activity' || last.cause.error !== undefined) return undefined;
  // Who is cancelled ends so, whatever it hears.
  if (Object.values(ends).some(({ cancelled }) => cancelled)) return undefined;
  const { attempt, key, kind } = last.cause;
  const error = { type: 'https://example.com/errors/other', status: 418, title: 'other' };
  return { ...cause, last: { ...last, cause: { attempt, error, key, kind } } };
};

function rewritten(
  bytes: Uint8Array,
  { offset, partition }: Placed,
  spoil: Spoil,
): Uint8Array | undefined {
  let done = false;
  const made = everywhere(bytes, (cause, at) => {
    if (done || at.offset !== offset || at.partition !== partition) return cause;
    const spoiled = spoil(cause);
    done = spoiled !== undefined;
    return spoiled ?? cause;
  });
  return done ? made : undefined;
}

function everywhere(
  bytes: Uint8Array,
  change: (cause: Joined, at: { offset: number; partition: number }) => Joined,
): Uint8Array {
  const trace = new Trace(bytesOf(bytes));
  const parts: Uint8Array[] = [];
  const writer = new TraceWriter(HEADER, (part) => parts.push(part));
  for (const unit of trace.units()) {
    for (const definition of trace.definitions.values()) writer.define(definition);
    const records = unit.records.map((bytes, index) => {
      const { body, header } = decodeRecord(bytes);
      if (!('cause' in body) || body.cause.kind !== 'joined') return bytes;
      const { partition } = unit;
      const cause = change(body.cause, { offset: unit.offset + index, partition });
      return encodeRecord({ header, body: { ...body, cause } as RecordBody });
    });
    writer.unit({ ...unit, records }, []);
  }
  writer.finish();
  return Buffer.concat(parts);
}
