/* A run that does not end: nobody waits for it for ever, and it is told which one it is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planOf } from '../../src/chaos/campaign.ts';
import { planArbitrary } from '../../src/chaos/generate.ts';
import { boundsOf } from '../../src/chaos/stage.ts';
import { decodeToken } from '../../src/chaos/token.ts';
import { profile, readSettings } from '../../src/cli/chaos-options.ts';
import { openPool, type Worker, WorkerSilent } from '../../src/cli/chaos-pool.ts';
import { campaignOf } from '../../src/cli/chaos-run.ts';
import { openStage } from '../../src/cli/chaos-scenarios.ts';
import { emptyResult, type SliceJob, type SliceResult } from '../../src/cli/chaos-slice.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'scenarios/budget/activities.yaml');
/** An engine of which no first call comes back. */
const SPINNING = `
import { currentEngine } from ${JSON.stringify(join(ROOT, 'src/chaos/engine.ts'))};
const real = currentEngine(() => { throw new Error('no schemas'); });
export default {
  name: 'goes round in circles',
  boot(ports, name, complain) {
    const run = () => { for (;;); };
    real.boot({ ...ports, activities: { run } }, name, complain);
  },
};
`;
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-endless-'));
  writeFileSync(join(home, 'spinning.mjs'), SPINNING);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function job(engine: string | undefined): SliceJob {
  const shared = { file: FILE, engine, seed: 1, profile: 'calm', sizes: {}, forMs: undefined };
  return { ...shared, first: 0, runs: 1, corpus: [], keepGoing: false };
}

test('a worker that is not heard of is ended', { timeout: 60_000 }, async () => {
  const [worker] = openPool(1, 2_000) as [Worker];
  try {
    const made = worker.make(job(join(home, 'spinning.mjs')), () => undefined);
    await expect(made).rejects.toThrow(WorkerSilent);
  } finally {
    worker.close();
  }
});

test('of the runs that it was to make the one that does not end is told, with its token', async () => {
  const ENDLESS = 47;
  const asked: number[][] = [];
  const worker: Worker = {
    make: ({ corpus, first, runs }, progress): Promise<SliceResult> => {
      asked.push([first, runs]);
      const told = { hops: 0, events: 0, fired: 0, checks: 0, failures: 0, elapsedMs: 0 };
      const isIn = corpus.length === 0 && first <= ENDLESS && ENDLESS < first + runs;
      if (isIn && runs > 1) progress({ runs: 5, ...told });
      if (isIn) return Promise.reject(new WorkerSilent(2_000));
      return Promise.resolve({ ...emptyResult(), runs });
    },
    interrupt: () => undefined,
    close: () => undefined,
  };
  const stage = await openStage(FILE);
  const settings = readSettings({ seed: '11', corpus: home }, {});
  const conditions = {
    workers: [worker],
    flags: { corpus: home },
    settings,
    call: 'waybill chaos',
  };
  const campaign = campaignOf(stage, { forMs: undefined, runs: 100 }, conditions);
  const error = await campaign.then(
    () => new Error('it was a campaign like others'),
    (thrown: Error) => thrown,
  );
  expect(error.message).toContain('run 47 has not ended after 2 s');
  const token = /--replay (wb1\.\S+)/.exec(error.message)?.[1] ?? '';
  const drawn = planArbitrary(profile(stage.scenario.faults.profile), boundsOf(stage, {}));
  expect(decodeToken(token).plan).toEqual(planOf(drawn, 11, ENDLESS));
  // 40 to 44 had been made when it was last heard of.
  expect(asked.slice(2)).toEqual([
    [40, 20],
    [45, 1],
    [46, 1],
    [47, 1],
  ]);
});
