import { expect, test } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import { readLogs } from '../../src/chaos/oracles/index.ts';
import { narrate } from '../../src/chaos/narrate.ts';
import type { Action, Address, FaultPlan } from '../../src/chaos/plan.ts';
import { traceHash } from '../../src/chaos/trace-hash.ts';
import { type Ran, runPlan } from '../../src/chaos/world.ts';
import { noSchemas, smallSubject } from './small-subject.ts';

const engine = currentEngine(noSchemas);
const subject = smallSubject();

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

function run(plan: FaultPlan): Ran {
  return runPlan(engine, subject, plan);
}

/** Every run ended exactly once, with nothing left behind. */
function expectDone({ history }: Ran): void {
  expect(history.quiescent).toBe(true);
  expect(history.complaints).toEqual([]);
  const { runs } = readLogs(history.logs);
  expect([...runs.values()].map(({ ends }) => ends.length)).toEqual([1, 1, 1]);
  expect(history.store.parked).toEqual([]);
  const applied = history.ledger.filter((entry) => entry.applied);
  expect(new Set(applied.map((entry) => entry.key)).size).toBe(applied.length);
}

test('calm: all runs end, nothing is void, and the same plan is the same run', () => {
  const plan = planned();
  const first = run(plan);
  expectDone(first);
  expect(first.counts).toMatchObject({ zombies: 0, duplicates: 0, takeovers: 0 });
  expect(first.history.client.map((one) => one.outcome)).toEqual(Array(3).fill('acknowledged'));
  run(
    planned([
      { point: 'append', nth: 1 },
      { kind: 'crash', when: 'after', down: 5 },
    ]),
  );
  expect(traceHash(run(plan).history)).toBe(traceHash(first.history));
  expect(traceHash(run({ ...plan, seed: 3 }).history)).not.toBe(traceHash(first.history));
});

test('a crash after an append: another takes over, and the story says so', () => {
  const at: Address = { point: 'append', kind: 'STEP', nth: 4 };
  const plan = planned([at, { kind: 'crash', when: 'after', down: 15_000 }]);
  const ran = run(plan);
  expectDone(ran);
  expect(ran.counts.takeovers).toBeGreaterThan(0);
  const [line] = narrate(plan, ran.history);
  expect(line).toMatch(
    /^1\. at .* runner-\d crashed after appending STEP .* of run \d to partition/,
  );
});

test('a zombie appends after a foreign CLAIM, and its records are void', () => {
  const at: Address = { point: 'append', kind: 'STEP', nth: 4 };
  const ran = run(planned([at, { kind: 'pause', when: 'before', ms: 30_000, expel: false }]));
  expectDone(ran);
  expect(ran.counts.zombies).toBeGreaterThan(0);
});

test('a takeover in mid-activity is seen, and repeats the activity with its key', () => {
  const at: Address = { point: 'activity', nth: 3 };
  const ran = run(planned([at, { kind: 'crash', when: 'after', down: 100 }]));
  expectDone(ran);
  expect(ran.counts.midActivity).toBeGreaterThan(0);
  const keys = ran.history.ledger.map((entry) => entry.key);
  expect(new Set(keys).size).toBeLessThan(keys.length);
});

test('unknown, then late; and a crash in the middle of recovery', () => {
  const late = run(
    planned([
      { point: 'append', kind: 'STEP', nth: 5 },
      { kind: 'unknown', fate: 'late', ms: 900, hears: 'error' },
    ]),
  );
  expectDone(late);
  const plan: FaultPlan = planned(
    [
      { point: 'append', kind: 'STEP', nth: 5 },
      { kind: 'crash', when: 'after', down: 100 },
    ],
    [
      { point: 'append', kind: 'CLAIM', nth: 1, since: 0 },
      { kind: 'crash', when: 'after', down: 100 },
    ],
  );
  const recovering = run(plan);
  expectDone(recovering);
  expect(recovering.history.fired.map((one) => one.state)).toEqual(['STEP', 'recovery: CLAIM']);
});

test('a client that does not know sends again with the same run id', () => {
  const { history } = run(
    planned([
      { point: 'append', kind: 'START', nth: 1, process: 'client' },
      { kind: 'unknown', fate: 'landed', ms: 0, hears: 'error' },
    ]),
  );
  const { runs } = readLogs(history.logs);
  const sent = history.client.map(({ run: id }) => runs.get(id)?.voidStarts.length);
  expect(sent).toEqual([1, 0, 0]);
  expect(history.client[0]?.outcome).toBe('acknowledged');
});

test('a world that cannot come to rest within its budget says so', () => {
  const { history } = runPlan(engine, subject, planned(), { events: 200 });
  expect(history.quiescent).toBe(false);
});

test('an engine whose process throws is restarted, and the failure stands in the history', () => {
  let boots = 0;
  const { history } = runPlan(
    {
      name: 'throws at first',
      boot(ports, name, complain) {
        boots += 1;
        if (boots === 1) throw new Error('a bug at start');
        engine.boot(ports, name, complain);
      },
    },
    subject,
    planned(),
  );
  const failed = history.processes.filter((one) => one.event === 'failed');
  expect(failed).toMatchObject([{ process: 'runner-1' }]);
  expect(failed[0]?.said).toContain('a bug at start');
  expect(history.quiescent).toBe(true);
});
