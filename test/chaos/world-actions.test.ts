/* What the world does to a run besides striking single calls: each is done, told, and survived. */
import { expect, test } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import { HOSTILE_KINDS } from '../../src/chaos/hostile.ts';
import { narrate } from '../../src/chaos/narrate.ts';
import { checkAll, readLogs } from '../../src/chaos/oracles/index.ts';
import type { Action, Address, FaultPlan } from '../../src/chaos/plan.ts';
import { type Ran, runPlan } from '../../src/chaos/world.ts';
import { load } from '../../src/dsl/index.ts';
import { storedDefinition } from '../../src/runtime/index.ts';
import { decodeHeader } from '../../src/wire/index.ts';
import { noSchemas, smallSubject } from './small-subject.ts';

const engine = currentEngine(noSchemas);
const subject = smallSubject();
const STEP: Address = { point: 'append', kind: 'STEP', nth: 4 };

function planned(...faults: readonly [Address, Action][]): FaultPlan {
  return {
    version: 1,
    seed: 2,
    runners: 2,
    partitions: 2,
    instances: [0, 1, 2].map((id) => ({ id, at: id * 100, draw: id })),
    faults: faults.map(([at, does], id) => ({ id, at, does })),
  };
}

/** Runs the plan; every fault has fired, and every promise held. */
function held(plan: FaultPlan, about = subject): Ran {
  const ran = runPlan(engine, about, plan);
  expect(ran.history.fired).toHaveLength(plan.faults.length);
  expect(checkAll(ran.history).violations).toEqual([]);
  expect(ran.history.quiescent).toBe(true);
  return ran;
}

function ended({ history }: Ran): number {
  return [...readLogs(history.logs).runs.values()].filter(({ ends }) => ends.length === 1).length;
}

test.each([
  ['leader-change', { kind: 'leader-change', ms: 2_000 }, /had no leader for 2 s/],
  ['store-down', { kind: 'store-down', ms: 40_000 }, /database was down for 40 s/],
  ['disk-full', { kind: 'disk-full', ms: 40_000 }, /disk of the database was full/],
  ['broker-jump', { kind: 'broker-jump', ms: 5_000 }, /clock of the broker jumped by 5 s/],
  ['no-space', { kind: 'refused', why: 'no-space' }, /was refused \(no room on the device\)/],
  ['unauthorised', { kind: 'refused', why: 'unauthorised' }, /was refused \(it may not\)/],
] as const)('%s: all runs end all the same, and the story says what happened', (_, does, said) => {
  const plan = planned([STEP, does]);
  const ran = held(plan);
  expect(ended(ran)).toBe(3);
  expect(narrate(plan, ran.history)[0]).toMatch(said);
});

test('a stranger may append what it likes', () => {
  for (let which = 0; which < HOSTILE_KINDS; which += 1) {
    const ran = held(planned([STEP, { kind: 'hostile', which }]));
    expect(ran.history.strangers).toHaveLength(1);
    expect(ended(ran)).toBeGreaterThanOrEqual(3);
  }
});

test('a Store that loses its last commits has them again in the end', () => {
  const fold: Address = { point: 'fold', nth: 5 };
  const ran = held(planned([fold, { kind: 'store-failover', commits: 3 }]));
  expect(ran.history.losses?.map(({ what }) => what)).toContain('commits');
  expect(ran.history.complaints.map(({ said }) => said).join()).toMatch(/lost commits/);
  expect(ended(ran)).toBe(3);
});

test.each([
  ['tail', { kind: 'tail-lost', records: 2 }, /lost its tail|does not have what comes next/],
  ['retention', { kind: 'overtaken' }, /not in the Log any more|does not have/],
] as const)(
  '%s lost: the partition stops with its reason, the other goes on',
  (what, does, said) => {
    const at: Address = { point: 'append', kind: 'STEP', nth: 6, partition: 0 };
    const ran = held(planned([at, does]));
    const [loss] = ran.history.losses ?? [];
    expect(loss).toMatchObject({ what, partition: 0 });
    expect(loss?.records.length).toBeGreaterThan(0);
    if (what === 'tail') expect(ran.history.complaints.map((one) => one.said).join()).toMatch(said);
    const other = readLogs(ran.history.logs).partitions[1]!;
    expect(other.entries.some(({ header }) => header.kind === 'END')).toBe(true);
  },
);

test('builds: what a newer one writes is left to newer ones, and nothing is lost', () => {
  const one: Address = { point: 'append', nth: 2, process: 0 };
  const two: Address = { point: 'append', nth: 3, process: 1, since: 0 };
  const back: Address = { point: 'append', nth: 25, process: 0, since: 1 };
  const plan = planned(
    [one, { kind: 'build', build: 1 }],
    [two, { kind: 'build', build: 1 }],
    [back, { kind: 'build', build: 0 }],
  );
  const late = [40_000, 80_000].map((at, index) => ({ id: 3 + index, at, draw: index }));
  const ran = held({ ...plan, instances: [...plan.instances, ...late] });
  expect(ended(ran)).toBe(5);
  const readers = ran.history.logs.flat().map(({ bytes }) => decodeHeader(bytes).minReader);
  expect(new Set(readers)).toEqual(new Set([1, 2]));
  expect(ran.history.processes.map(({ reader }) => reader)).toContain(2);
  const { checked } = checkAll(ran.history);
  expect(checked['r21-left-to-newer']).toBeGreaterThan(0);
});

test('definitions: runs that began keep theirs, later ones have the new one', () => {
  const [stored] = subject.definitions;
  const { document } = JSON.parse(`{"document":${stored!.document}}`) as {
    document: { document: object; do: object[] };
  };
  const next = {
    ...document,
    document: { ...document.document, version: '1.0.1' },
    do: [{ more: { set: '${ . }' } }, ...document.do],
  };
  const { definition } = load(JSON.stringify(next), 'next.yaml');
  const plan = planned([STEP, { kind: 'redeploy' }]);
  const late = { id: 3, at: 8_000, draw: 3 };
  const ran = held(
    { ...plan, instances: [...plan.instances, late] },
    { ...subject, successor: storedDefinition(definition!) },
  );
  const of = [...readLogs(ran.history.logs).runs.values()].map(
    ({ records }) => new Set(records.map(({ header }) => header.definition).filter(Boolean)),
  );
  expect(of.every((hashes) => hashes.size === 1)).toBe(true);
  expect(new Set(of.flatMap((hashes) => [...hashes])).size).toBe(2);
});

test('a service may answer oddly and hugely, with all promises kept', () => {
  for (const task of subject.tasks) {
    const at: Address = { point: 'activity', nth: 1, task };
    const odd = held(planned([at, { kind: 'answer', how: 'odd', bytes: 0 }]));
    expect(ended(odd)).toBe(3);
    held(planned([at, { kind: 'answer', how: 'huge', bytes: 1_500_000 }]));
  }
});

test('a run that is put aside goes on when it is asked for', () => {
  const plan = planned();
  const [first, ...others] = plan.instances;
  const suspended = { ...first!, suspend: { after: 2_500, for: 60_000 } };
  const ran = held({ ...plan, instances: [suspended, ...others] });
  expect(ended(ran)).toBe(3);
  const kinds = ran.history.logs.flat().map(({ bytes }) => decodeHeader(bytes).kind);
  expect(kinds).toContain('PARK');
  expect(ran.history.controls?.map(({ verb }) => verb)).toEqual(
    expect.arrayContaining(['suspend', 'resume']),
  );
});
