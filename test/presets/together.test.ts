/* What comes together is written together: how many batches and commits the hops of one moment take. */
import { expect, test } from 'vitest';
import { openEmbedded } from '../../src/adapters/sqlite/index.ts';
import { load } from '../../src/dsl/index.ts';
import { engineOn } from '../../src/presets/embedded.ts';
import { decodeHeader, type RecordKind } from '../../src/wire/index.ts';

const RUNS = 40;

/** Kinds of the records of each batch that a runner appends while the runs are made. */
async function batchesOf(runs: number): Promise<readonly (readonly RecordKind[])[]> {
  const { definition } = load(
    `document: {dsl: '1.0.3', namespace: n, name: two, version: '1.0.0'}
do: [{a: {call: nothing}}, {b: {call: nothing}}]
`,
    'two.yaml',
  );
  const embedded = await openEmbedded(':memory:');
  const batches: RecordKind[][] = [];
  const append = embedded.broker.append.bind(embedded.broker);
  embedded.broker.append = (partition, batch) => {
    batches.push(batch.map((record) => decodeHeader(record).kind));
    return append(partition, batch);
  };
  const engine = engineOn(embedded, { functions: { nothing: async () => null } });
  try {
    await engine.owned();
    await engine.deploy(definition!);
    const started = await Promise.all(
      Array.from({ length: runs }, () => engine.start({ definition: definition! })),
    );
    await Promise.all(started.map((run) => engine.result(run)));
  } finally {
    await engine.close();
  }
  return batches;
}

test('activities that answer together go on in one batch', async () => {
  const batches = await batchesOf(RUNS);
  const withSteps = batches.filter((kinds) => kinds.includes('STEP'));
  const withEnds = batches.filter((kinds) => kinds.includes('END'));
  expect(withSteps.map((kinds) => kinds.filter((kind) => kind === 'STEP').length)).toEqual([
    RUNS,
    RUNS,
  ]);
  expect(withEnds.map((kinds) => kinds.filter((kind) => kind === 'END').length)).toEqual([RUNS]);
});

test('results of runs that have ended together are there for whoever asks one after the other', async () => {
  const { definition } = load(
    `document: {dsl: '1.0.3', namespace: n, name: odd, version: '1.0.0'}
do:
  - a: {call: nothing}
  - b: {if: .fails, raise: {error: {type: 'https://x.example/no', status: 400, title: 'No'}}}
`,
    'odd.yaml',
  );
  const embedded = await openEmbedded(':memory:');
  const engine = engineOn(embedded, { functions: { nothing: async () => ({ fails: true }) } });
  try {
    await engine.owned();
    await engine.deploy(definition!);
    const start = (once?: string): Promise<string> =>
      engine.start({ definition: definition!, ...(once === undefined ? {} : { once }) });
    const runs = await Promise.all([start(), start(), start('key')]);
    const faulted = { ended: 'faulted', error: { status: 400, title: 'No' } };
    // all of them have ended when the first one has
    for (const run of runs) expect(await engine.result(run)).toMatchObject(faulted);
    for (const run of runs) expect(await engine.result(run)).toMatchObject(faulted);
  } finally {
    await engine.close();
  }
});

test('runs begin while STARTs pour in, and not only when they are over', async () => {
  const { definition } = load(
    `document: {dsl: '1.0.3', namespace: n, name: one, version: '1.0.0'}
do: [{a: {call: step}}]
`,
    'one.yaml',
  );
  let calls = 0;
  const embedded = await openEmbedded(':memory:');
  const engine = engineOn(embedded, { functions: { step: async () => ++calls } });
  try {
    await engine.owned();
    await engine.deploy(definition!);
    let left = 8_000;
    const caller = async (): Promise<void> => {
      while (left-- > 0) await engine.start({ definition: definition! });
    };
    // more of them come with each commit than a reader was once given in a turn
    await Promise.all(Array.from({ length: 2_000 }, caller));
    expect(calls).toBeGreaterThan(200);
  } finally {
    await engine.close();
  }
});
