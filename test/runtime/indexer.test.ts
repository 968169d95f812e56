/*
 * The index role: what it writes and how little, that it goes on where the last one stopped, and that
 * whatever becomes of runners and of the index itself, it says what the Log says.
 */
import { describe, expect, it } from 'vitest';
import {
  EPOCH_MS,
  type Life,
  type ServiceModel,
  type SimProcess,
  SimRunIndex,
  Simulation,
} from '../../src/adapters/sim/index.ts';
import { type CampaignResult, runCampaign } from '../../src/chaos/campaign.ts';
import { currentEngine, type Engine, SIMULATED_LIMITS } from '../../src/chaos/engine.ts';
import { DEFAULT_BOUNDS } from '../../src/chaos/generate.ts';
import type { History } from '../../src/chaos/history.ts';
import { checkAll, ORACLES } from '../../src/chaos/oracles/index.ts';
import { indexIsProjection } from '../../src/chaos/oracles/r12-index.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import type { Subject } from '../../src/chaos/subject.ts';
import { generatedSubject } from '../../src/chaos/workload/index.ts';
import { decodeToken } from '../../src/chaos/token.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { load } from '../../src/dsl/index.ts';
import type { RunIndex, RunRow } from '../../src/ports/index.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../src/runtime/index.ts';
import { RunPlaces } from '../../src/runtime/run-places.ts';
import { placesOf, rowOf } from '../../src/runtime/run-row.ts';
import {
  decodeHeader,
  encodeRecord,
  type RecordHeader,
  type RecordKind,
  uuidv7,
} from '../../src/wire/index.ts';
import { smallSubject } from '../chaos/small-subject.ts';
import { parkedRow } from '../contracts/parked-rows.ts';
import { proves } from '../proofs/proves.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const services: ReadonlyMap<string, ServiceModel> = new Map([
  ['quick', { call: () => ({ latency: 10, outcome: { result: 1 }, applied: true }) }],
  [
    'large',
    { call: () => ({ latency: 10, outcome: { result: 'x'.repeat(9_000) }, applied: true }) },
  ],
  [
    'refuses',
    {
      call: () => ({
        latency: 5,
        outcome: { error: { type: 'https://a.b/no', status: 503, title: 'no' } },
        applied: false,
      }),
    },
  ],
]);

/** One partition in a calm world; the index is looked at from outside. */
class Calm {
  readonly simulation = new Simulation({ seed: 1, partitions: 1, services, index: true });
  readonly complaints: string[] = [];
  private readonly processes = new Map<string, SimProcess>();
  private runs = 0;

  constructor(body: string) {
    const { definition, problems } = load(
      `document: {dsl: '1.0.3', namespace: test, name: flow, version: '1.0.0'}\n${body}`,
      'flow.yaml',
    );
    if (definition === undefined) throw new Error(JSON.stringify(problems));
    this.simulation.definitions.deploy(storedDefinition(definition));
    this.serve('one');
  }

  serve(
    name: string,
    more: { historyMs?: number; index?: (life: Life) => RunIndex | undefined } = {},
  ): void {
    const { historyMs, index = (life) => this.simulation.index!.portFor(life) } = more;
    let process = this.processes.get(name);
    if (process === undefined) this.processes.set(name, (process = this.simulation.process(name)));
    process.start((life) => {
      const { index: _, ...ports } = this.simulation.portsFor(life);
      const kept = index(life);
      new Runner(
        { ...ports, ...(kept === undefined ? {} : { index: kept }) },
        {
          name,
          prefix: 'test',
          compile: planCompiler(() => () => undefined),
          onComplaint: (said) => this.complaints.push(said),
          ...(historyMs === undefined ? {} : { historyMs }),
        },
      ).start();
    });
  }

  start(): string {
    const { now } = this.simulation.scheduler;
    const run = uuidv7(now, () => 0.001 * ++this.runs);
    const record = startRecord({ run, definition: { namespace: 'test', name: 'flow' }, time: now });
    this.simulation.process(`client ${this.runs}`).start((life) => {
      const { broker } = this.simulation.portsFor(life);
      broker.append(0, [encodeRecord(record)]).then(
        () => undefined,
        () => undefined,
      );
    });
    return run;
  }

  to(ms: number): this {
    this.simulation.scheduler.run({ until: EPOCH_MS + ms });
    return this;
  }

  crash(name: string): void {
    this.processes.get(name)!.crash('in a test', 0);
  }

  /** A runner with an index of its own, which is empty. */
  another(name: string): SimRunIndex {
    const index = new SimRunIndex(this.simulation.gate, name);
    for (const process of this.processes.values()) process.crash('for another one', 0);
    this.serve(name, { index: (life) => index.portFor(life) });
    return index;
  }

  trim(before: number): void {
    this.simulation.process('trims').start((life) => {
      this.simulation
        .portsFor(life)
        .broker.trim(0, before)
        .then(
          () => undefined,
          () => undefined,
        );
    });
    this.to(this.simulation.scheduler.now - EPOCH_MS + 100);
  }

  private get records(): { offset: number; header: RecordHeader }[] {
    const log = this.simulation.broker.everything[0]!;
    return log.map(({ offset, bytes }) => ({ offset, header: decodeHeader(bytes) }));
  }

  offsetsOf(kind: RecordKind): number[] {
    return this.records.filter(({ header }) => header.kind === kind).map(({ offset }) => offset);
  }

  kindsOf(run: string): RecordKind[] {
    return this.records.filter(({ header }) => header.run === run).map(({ header }) => header.kind);
  }

  get rows(): readonly RunRow[] {
    return this.simulation.index!.all();
  }

  get writes(): { rows: number; batches: number; purged: number } {
    return this.simulation.index!.writes;
  }

  get end(): number {
    return this.simulation.broker.everything[0]!.length;
  }
}

describe('what the index has', () => {
  it('one row for each run and batch: runs that come and go meanwhile are written once', () => {
    const steps = Array.from({ length: 20 }, (_, n) => `{s${n}: {call: quick}}`).join(', ');
    const calm = new Calm(`do: [${steps}]`).to(100);
    for (let n = 0; n < 25; n++) calm.start();
    calm.to(10_000);
    expect(calm.rows.map(({ status }) => status)).toEqual(Array(25).fill('completed'));
    const { rows, batches } = calm.writes;
    // 25 runs of 20 calls have left more than 500 records, in less than three seconds
    expect(calm.end).toBeGreaterThan(25 * 21);
    expect(batches).toBeLessThanOrEqual(4);
    expect(rows).toBeLessThanOrEqual(25 * batches);
    const quiet = calm.writes.batches;
    calm.to(3_600_000);
    expect(calm.writes.batches).toBe(quiet);
  });

  it('columns: where it stands, why it waits and until when', proves('status.phases'), () => {
    const calm = new Calm(`do:
      - first: {call: quick}
      - pause: {wait: {hours: 2}}
      - again: {try: [{a: {call: refuses}}], catch: {retry: {delay: {seconds: 20}, limit: {attempt: {count: 1}}}}}
      - last: {call: refuses}`);
    const run = calm.to(100).start();
    const [waiting] = calm.to(60_000).rows;
    expect(waiting).toMatchObject({
      run,
      partition: 0,
      status: 'waiting',
      namespace: 'test',
      name: 'flow',
      position: '/do/1/pause',
      waitsFor: 'wait',
      startedAt: EPOCH_MS + 100,
    });
    const due = waiting!.until!;
    expect(due - waiting!.changedAt).toBeGreaterThan(7_199_000);
    expect(due - waiting!.changedAt).toBeLessThanOrEqual(7_200_000);
    const [retries] = calm.to(7_200_000 + 5_000).rows;
    expect(retries).toMatchObject({
      status: 'running',
      waitsFor: 'retry',
      until: expect.any(Number) as number,
    });
    const [over] = calm.to(8_000_000).rows;
    expect(over).toMatchObject({
      status: 'faulted',
      errorType: 'https://a.b/no',
      value: { type: 'https://a.b/no', status: 503 },
      version: '1.0.0',
    });
    expect(over).not.toHaveProperty('position');
    expect(over).not.toHaveProperty('detail');
    expect(over!.endedAt).toBeGreaterThan(EPOCH_MS + 7_200_000);
  });

  it('a large result by its size only', () => {
    const calm = new Calm('do: [{a: {call: large}}]').to(100);
    calm.start();
    expect(calm.to(5_000).rows).toMatchObject([{ status: 'completed', valueBytes: 9_002 }]);
    expect(calm.rows[0]).not.toHaveProperty('value');
  });

  it('what needs somebody, as suspended', proves('status.phases'), () => {
    const { header, body } = parkedRow(7, { why: 'dead', reason: 'it cannot be read' }).record;
    const places = new RunPlaces(header.run);
    places.admit(header, () => body, 7, 1_000);
    const row = rowOf(places, 3)!;
    expect(row).toMatchObject({ status: 'suspended', waitsFor: 'dead', position: '/do/1/pause' });
    const again = rowOf(placesOf(row), 3);
    expect(again).toEqual(row);
    expect(placesOf(row).strands()).toMatchObject([{ waitsFor: { reason: 'it cannot be read' } }]);
  });

  it('drops rows of runs that ended longer ago than the history period', () => {
    const calm = new Calm('do: [{a: {call: quick}}, {w: {wait: {seconds: 1}}}]');
    calm.crash('one');
    calm.serve('two', { historyMs: 3_600_000 });
    for (let n = 0; n < 5; n++) calm.to(20_000 + n * 1_000).start();
    expect(calm.to(40_000).rows).toHaveLength(5);
    const young = calm.to(3_000_000).start();
    expect(calm.to(3_610_000).rows).toHaveLength(6);
    // nobody writes anything any more: the clock alone brings it about
    expect(calm.to(4_300_000).rows.map(({ run }) => run)).toEqual([young]);
    expect(calm.to(8_000_000).rows).toEqual([]);
    expect(calm.complaints).toEqual([]);
  });

  it('is the same, whether one or several have made it, and when it is made again', () => {
    const calm = new Calm(`do:
      - a: {call: quick}
      - f: {fork: {branches: [{b: {call: quick}}, {c: {wait: {hours: 1}}}, {d: {wait: {seconds: 9}}}]}}
      - g: {call: quick}`);
    for (let n = 0; n < 30; n++) {
      calm.to(1_000 + n * 4_000).start();
      if (n % 7 !== 6) continue;
      calm.crash(n % 2 === 0 ? 'one' : 'two');
      calm.serve(n % 2 === 0 ? 'two' : 'one');
    }
    expect(calm.offsetsOf('CLAIM').length).toBeGreaterThan(3);
    const { rows } = calm.to(200_000);
    expect(rows.map(({ status }) => status)).toEqual(Array(30).fill('waiting'));
    const again = calm.another('three');
    calm.to(260_000);
    expect(again.all()).toEqual(rows);
    expect(again.writes.rows).toBe(30);
    calm.crash('three');
    calm.serve('four');
    calm.to(4_000_000);
    expect(calm.rows.map(({ status }) => status)).toEqual(Array(30).fill('completed'));
    expect(calm.complaints).toEqual([]);
  });

  it('begins at the CLAIM where the Log begins, and goes on there when it was trimmed meanwhile', () => {
    const calm = new Calm('do: [{a: {call: quick}}, {w: {wait: {hours: 1}}}]').to(1_000);
    calm.start();
    calm.to(10_000);
    calm.crash('one');
    calm.serve('without', { index: () => undefined });
    calm.to(11_000).start();
    calm.to(60_000);
    calm.crash('without');
    calm.serve('third', { index: () => undefined });
    calm.to(120_000);
    const claims = calm.offsetsOf('CLAIM');
    expect(claims).toHaveLength(3);
    calm.trim(claims[2]!);
    calm.crash('third');
    calm.serve('four');
    const late = calm.to(180_000).start();
    calm.to(190_000);
    const [said, ...more] = calm.complaints;
    expect(said).toMatch(
      /^the index of partition 0 goes on at \d+: the Log does not have \d+ any more$/,
    );
    expect(more).toEqual([]);
    expect(calm.rows.map(({ run }) => run)).toContain(late);
    const again = calm.another('five');
    calm.to(250_000);
    expect(again.all()).toMatchObject([{ run: late, status: 'waiting' }]);
  });

  it('stops, and nothing else does, when it was made of another Log', () => {
    const calm = new Calm('do: [{a: {call: quick}}]');
    const index = calm.simulation.index!;
    const elsewhere = { offset: 9_999, tenure: 0, nonce: 1, n: 5 };
    calm.simulation.process('stranger').start((life) => {
      index
        .portFor(life)
        .write(0, undefined, elsewhere, [])
        .then(
          () => undefined,
          () => undefined,
        );
    });
    const run = calm.to(100).start();
    calm.to(100_000);
    expect(calm.complaints).toEqual([
      expect.stringMatching(/^partition 0 is not indexed any more: it was made of another Log/),
    ]);
    expect(calm.kindsOf(run)).toEqual(['START', 'STEP', 'END']);
    expect(index.position(0)).toEqual(elsewhere);
  });
});

/** Loses answers, loses requests, refuses: what the index asks of its Store goes wrong so often. */
function flaky(index: RunIndex, random: () => number, share: number): RunIndex {
  const call = <T>(ask: () => PromiseLike<T>): PromiseLike<T> => {
    const draw = random();
    if (draw >= share) return ask();
    const answer = draw < share / 2 ? undefined : ask();
    return {
      then(_done, failed) {
        const fail = (): unknown => failed?.(new Error('the index is away'));
        if (answer !== undefined) answer.then(fail, fail);
        // the position is asked for only to have an event to fail at
        else index.position(0).then(fail, fail);
        return this as never;
      },
    };
  };
  return {
    position: (partition) => call(() => index.position(partition)),
    write: (partition, from, to, rows) => call(() => index.write(partition, from, to, rows)),
    rows: (runs) => call(() => index.rows(runs)),
    get: (run) => index.get(run),
    list: (query) => index.list(query),
    purge: (partition, before, limit) => call(() => index.purge(partition, before, limit)),
  };
}

/** What chaos has found. */
const TOO_NEW =
  'wb1.rdLNbuMgFAXgV4nOmgUmTpzyKqMuwFxiFOZiAW4Wlt-9oqn6N9U0i64Q0pG_c_FdUUZik0OCRvlrYoTAZMoE' +
  'DTcqT-St6h-GfjCO3ImU9YP3sjvY3u2HkyLr1d49eDtIf5DOHn3vyFppenmCwBwNQ694olxCYuhOoBA56JNAXpgp' +
  'F-i9wGxyDTUkvl0Dl2p4pAL9Z0Vw0ErAVGgp4LK5Qh-H_aD67VHAmyXW96C8BVfMKXCFhplnYgcBrtNLgTmnkUqB' +
  'lpuASw1ZcQnsoGGXEFv2dupuEzhTqUsmaOQUY-DzbpnP2TjCJm5k939SfSDb_IFH-j1c3Y-rN7z7Jbz_8bFfQfUj' +
  'KO8CD19Bn-K3__abCcfc9lrgOhG3qr5SRktd22LKzwXad3cLXzhdWezqRLyr5kLpifJbmeO90x_-LZPJmthWHPez' +
  'j9v2DA';
const DOWN =
  'wb1.hZKxbtswFEX_5c4MQFKWZHH3WKBo0qnIQJNPFRGXFEg6GgT9e0ErqVvLSedDvHvvkWYkQ15HF6DwkzxFnck-' +
  'tGAYdBqgIBvqedXWdGw4t6bXVJm-qcReiqZrmt3RiravJZmuq-Wei7rWphKi7XXHO7O3YBhP2kPNeKWYXPBQgiER' +
  'WSghGOLZe4oJSjKMOmaXXfAJqmJwPmXtDSWoHzOcheIMOl-YjXqC4gtbgXgDlZAbJlfGN6D6COxWIJvrtV3bdfV-' +
  'eWbo9fmUN5VmjMH5DAU9juTLbp-HdVUMhlK6PH1x3kLh2-Hx-5cDLuuhxMJgQ5k5vz84-xcfJo8SlwkKeXKGwPCr' +
  'qOGcMwykizZQjCFiuTFx7WPP9EGZP7qh5LZCyiHSg11blFjBOefLjdVrzjFqbwZK72HinwB-J-AUprfT9V-Hq8-F' +
  'irtCH58OXz_RaWL5mxmmgXypSn2IxcplXRm23Hz6u_r-v2ijTK7OnpflNw';

describe('whatever happens', () => {
  const engine = currentEngine(compileSchema, SIMULATED_LIMITS, true);
  const shaky: Engine = {
    name: 'shaky',
    index: true,
    boot(ports, name, complain) {
      const random = (): number => ports.entropy.uint32() / 2 ** 32;
      // That the index is away is no fault of the plan, and may be told.
      const told = (said: string): void => {
        if (!said.includes('the index is away')) complain(said);
      };
      engine.boot({ ...ports, index: flaky(ports.index!, random, 0.2) }, name, told);
    },
  };
  const oracles = [...ORACLES, indexIsProjection];
  const campaign = (engine: Engine, subject: Subject, runs: number): Promise<CampaignResult> =>
    runCampaign({
      engine,
      subject,
      profile: profileOf('everything'),
      bounds: { ...DEFAULT_BOUNDS, tasks: subject.tasks },
      seed: Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31)),
      runs: NIGHTLY ? 40 * runs : runs,
      oracles: (history) => checkAll(history, undefined, oracles),
      // An index that is away is asked again after half a minute, and may be away again then.
      budget: { drainMs: 10 * 60_000 },
    });

  it.each([
    ['as it is', engine, smallSubject(), 60],
    ['with a Store that fails', shaky, smallSubject(), 40],
    ['generated workflows', engine, generatedSubject(7), 40],
    ['generated workflows, with a Store that fails', shaky, generatedSubject(12), 40],
  ] as const)(
    'the index says what the Log says: %s',
    async (_, engine, subject, runs) => {
      const { failures, checked } = await campaign(engine, subject, runs);
      expect(
        failures.map(({ violations, story, token }) => ({ violations, story, token })),
      ).toEqual([]);
      expect(checked['r12-index']).toBeGreaterThan(runs);
    },
    NIGHTLY ? 3_600_000 : 60_000,
  );

  it.each([
    ['a record for newer builds that the owner has not come to', smallSubject(), TOO_NEW],
    ['a database that is down for minutes', generatedSubject(7), DOWN],
  ])('%s is no fault of the index', (_, subject, token) => {
    const { history } = runPlan(engine, subject, decodeToken(token).plan);
    expect(checkAll(history, undefined, oracles).violations).toEqual([]);
  });

  it('the oracle that says so catches an index that does not', () => {
    const instances = [0, 1, 2, 3].map((id) => ({ id, at: id * 60_000, draw: id }));
    const plan = { version: 1, seed: 1, runners: 2, partitions: 2, faults: [], instances } as const;
    // cut off in the middle: some have ended, some go on
    const at = (events: number): History =>
      runPlan(engine, smallSubject(), plan, { events }).history;
    const kinds = (history: History): number =>
      new Set(history.index?.rows.map(({ endedAt }) => endedAt === undefined)).size;
    let history = at(200);
    for (let events = 400; kinds(history) < 2; events += 200) history = at(events);
    const index = history.index!;
    const check = (history: History): string[] =>
      checkAll(history, undefined, [indexIsProjection]).violations.map(({ said }) => said);
    expect(check(history)).toEqual([]);
    const with_ = (rows: readonly RunRow[], positions = index.positions): History => ({
      ...history,
      index: { rows, positions },
    });
    const alive = index.rows.findIndex(({ endedAt }) => endedAt === undefined);
    const over = index.rows.findIndex(({ endedAt }) => endedAt !== undefined);
    const changed = (at: number, more: Partial<RunRow>): History =>
      with_(index.rows.with(at, { ...index.rows[at]!, ...more }));
    expect(check(with_(index.rows.slice(1)))).not.toEqual([]);
    expect(check(with_([...index.rows, { ...index.rows[0]!, run: 'ghost' }]))).not.toEqual([]);
    expect(check(changed(over, { status: 'faulted' }))).not.toEqual([]);
    expect(check(changed(over, { value: 'another' }))).not.toEqual([]);
    expect(check(changed(alive, { last: 1 }))).not.toEqual([]);
    expect(check(changed(alive, { detail: { open: [], parked: [] } }))).not.toEqual([]);
    const positions = index.positions.map((one) =>
      one === undefined ? one : { ...one, n: one.n + 1 },
    );
    expect(check(with_(index.rows, positions))).not.toEqual([]);
  });
});
