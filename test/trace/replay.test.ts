/* Replay of simulated runs: equal, record for record, whatever faults struck; and never blind. */
import { expect, test } from 'vitest';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import { chaosFiles } from '../../src/cli/chaos-scenarios.ts';
import { isBrief } from '../../src/core/index.ts';
import { decodeRecord, encodeRecord, type RecordBody } from '../../src/wire/index.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { TraceWriter } from '../../src/trace/write-trace.ts';
import { smallSubject } from '../chaos/small-subject.ts';
import { bytesOf, examined, HEADER, plansOf, recorded, stageOf } from './traces.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
/** Simulated runs of all scenarios together. */
const RUNS = NIGHTLY ? 1_000 : 26;

test(`${RUNS} simulated runs replay equal, record for record`, async () => {
  const files = chaosFiles(['scenarios']).scenarios;
  const each = Math.max(1, Math.ceil(RUNS / files.length));
  let hops = 0;
  for (const file of files) {
    const stage = await stageOf(file);
    const { tally, trace } = examined(recorded(stage, plansOf(stage, each)));
    expect(trace.problems).toEqual([]);
    expect(tally.groups, file).toEqual([]);
    // Nothing is passed over: the trace has every run from its START on.
    expect([tally.equal + tally.imposed, tally.begins]).toEqual([tally.hops, 0]);
    expect(tally.imposed).toBeLessThan(tally.hops / 10);
    hops += tally.hops;
  }
  expect(hops).toBeGreaterThan(RUNS * 20);
});

test('an end that tells what could not be undone without its data replays equal', async () => {
  const subject =
    smallSubject(`document: {dsl: '1.0.3', namespace: test, name: small, version: '1.0.0', metadata: {saga: true}}
do:
  - x: { call: large, metadata: { compensate: { call: away } } }
  - y: { call: away, metadata: { compensate: { call: away } } }`);
  const serves = (outcome: ReturnType<ServiceModel['call']>['outcome']): ServiceModel => ({
    call: () => ({ latency: 5, outcome, applied: 'result' in outcome }),
  });
  const services = new Map([
    ['large', serves({ result: 'z'.repeat(500_000) })],
    ['away', serves({ error: { type: 'https://a.b/away', status: 503, title: 'Away' } })],
  ]);
  const instances = [{ id: 0, at: 0, draw: 1 }];
  const plan = { version: 1, seed: 1, runners: 1, partitions: 1, instances, faults: [] } as const;
  const stage = await stageOf('scenarios/trip-saga.yaml');
  const bytes = recorded({ ...stage, subject: { ...subject, services } }, [plan]);
  const { judged, tally, trace } = examined(bytes);
  expect(judged.map(({ verdict }) => verdict.kind)).toEqual(Array(tally.hops).fill('equal'));
  const last = [...trace.units()].at(-1)!.records.at(-1)!;
  const { body } = decodeRecord(last);
  expect(body.kind === 'END' && isBrief(body.end.compensations)).toBe(true);
});

test('what is recorded wrong is found, where it is wrong', async () => {
  const stage = await stageOf('scenarios/order-fulfilment.yaml');
  const bytes = recorded(stage, plansOf(stage, 1));
  const trace = new Trace(bytesOf(bytes));
  const steps = [...trace.units()].flatMap(({ offset, partition, records }, unit) =>
    records.flatMap((record, index) => {
      const { body } = decodeRecord(record);
      return body.kind === 'STEP' && body.activity !== undefined
        ? [{ unit, index, offset: offset + index, partition }]
        : [];
    }),
  );
  expect(steps.length).toBeGreaterThan(5);
  for (const at of steps.slice(0, 5)) {
    for (const spoil of [spoilArguments, spoilData, spoilAttempt]) {
      const spoiled = rewritten(bytes, at.unit, at.index, spoil);
      const { judged } = examined(spoiled);
      const wrong = judged.filter(({ verdict }) => verdict.kind !== 'equal');
      const here = wrong[0]?.record;
      expect([here?.partition, here?.offset, wrong[0]?.verdict.kind]).toEqual([
        ...[at.partition, at.offset, 'differs'],
      ]);
    }
  }
});

test('an event that was emitted otherwise is found', async () => {
  const stage = await stageOf('scenarios/order-mesh.yaml');
  const bytes = recorded(stage, plansOf(stage, 2));
  const units = [...new Trace(bytesOf(bytes)).units()];
  const emits = (record: Uint8Array): boolean => 'emitted' in decodeRecord(record).body;
  const unit = units.findIndex(({ records }) => records.some(emits));
  const index = units[unit]!.records.findIndex(emits);
  const spoiled = rewritten(bytes, unit, index, (body) =>
    body.kind === 'STEP' || body.kind === 'PARK' || body.kind === 'END'
      ? { ...body, emitted: body.emitted!.map((event) => ({ ...event, type: 'other' })) }
      : body,
  );
  const [group] = examined(spoiled).tally.groups;
  expect(group?.first.differences[0]?.at).toBe('/emitted/0/type');
});

test('a record too many, or one too few, is found', async () => {
  const stage = await stageOf('scenarios/budget/fork-of-activities.yaml');
  const bytes = recorded(stage, plansOf(stage, 1, 1, 'calm'));
  const forks = [...new Trace(bytesOf(bytes)).units()].findIndex(
    ({ records }) => records.length > 2,
  );
  expect(forks).toBeGreaterThan(0);
  const fewer = withUnits(bytes, (records, unit) =>
    unit === forks ? records.slice(0, -1) : records,
  );
  const [group] = examined(fewer).tally.groups;
  expect(group?.first.differences[0]?.computed).toMatch(/^a new strand/);
  const more = withUnits(bytes, (records, unit) =>
    unit === forks ? [...records, renamed(records.at(-1)!)] : records,
  );
  const [other] = examined(more).tally.groups;
  expect(other?.first.differences[0]?.recorded).toMatch(/^a new strand/);
});

type Spoil = (body: RecordBody) => RecordBody;

const spoilArguments: Spoil = (body) =>
  body.kind === 'STEP' && body.activity !== undefined
    ? { ...body, activity: { ...body.activity, arguments: { other: true } } }
    : body;
const spoilData: Spoil = (body) =>
  body.kind === 'STEP' ? { ...body, state: { ...body.state, data: { other: true } } } : body;
const spoilAttempt: Spoil = (body) =>
  body.kind === 'STEP' && body.activity !== undefined
    ? { ...body, activity: { ...body.activity, attempt: body.activity.attempt + 1 } }
    : body;

function rewritten(bytes: Uint8Array, unit: number, index: number, spoil: Spoil): Uint8Array {
  return withUnits(bytes, (records, number) =>
    records.map((record, place) => {
      if (number !== unit || place !== index) return record;
      const { body, header } = decodeRecord(record);
      return encodeRecord({ header, body: spoil(body) });
    }),
  );
}

/** The same trace with other records in its units. */
function withUnits(
  bytes: Uint8Array,
  change: (records: readonly Uint8Array[], unit: number) => readonly Uint8Array[],
): Uint8Array {
  const trace = new Trace(bytesOf(bytes));
  const parts: Uint8Array[] = [];
  const writer = new TraceWriter(HEADER, (part) => parts.push(part));
  let number = 0;
  for (const unit of trace.units()) {
    for (const definition of trace.definitions.values()) writer.define(definition);
    writer.unit({ ...unit, records: change(unit.records, number) }, []);
    number += 1;
  }
  writer.finish();
  return Buffer.concat(parts);
}

function renamed(record: Uint8Array): Uint8Array {
  const { body, header } = decodeRecord(record);
  return encodeRecord({ header: { ...header, strand: `${header.strand}9` }, body });
}
