/*
 * One cell: opens the engine, warms it up, measures a window, lets all runs end, counts what they have
 * written, and measures the ground without an engine with records of the same size in the same batches.
 */
import type { Cell, Figures, Writes } from './figures.ts';
import { closedLoad, openLoad } from './load.ts';
import { ends, logWrites, type LogWrites, ownerRecords } from './log-writes.ts';
import { type MachineReading, otherCores, readMachine, rssMb, thisMachine } from './machine.ts';
import { PostgresCounter } from './postgres-writes.ts';
import { countSqlite, type SqliteWrites } from './sqlite-writes.ts';
import { isLive, type Mode, openSubject, type Subject, type WorkloadOf } from './subject.ts';
import { isPostgres } from '../presets/cluster.ts';

export interface Place {
  readonly folder: string;
  readonly live?: { readonly brokers: readonly string[]; readonly store: string };
}

export type Phase = 'opening' | 'warming up' | 'measuring' | 'counting' | 'bare ground';

const BASELINE_MS = 2_000;
/** Longer than the Store waits between two folds. */
const REST_MS = 150;
const REST_MS_MAX = 5_000;
/** Tables of an embedded file that are the Log and not the Store. */
const LOG_TABLES: readonly string[] = ['log', 'event_log'];
/** Moved with each commit or now and then, whatever happens: the write budget counts them apart. */
const APART_TABLES: readonly string[] = [
  ...['hint', 'event_hint', 'fold', 'correlated', 'matching'],
  ...['setting', 'definition', 'migration', 'indexed'],
];

export async function measure(
  cell: Cell,
  place: Place,
  workloadOf: WorkloadOf,
  phase: (phase: Phase) => void,
): Promise<Figures> {
  phase('opening');
  const at = new Date().toISOString();
  const { live } = place;
  const sqlite = await countSqlite();
  const postgres =
    isLive(cell.mode) && live !== undefined && isPostgres(live.store)
      ? await PostgresCounter.open(live.store)
      : undefined;
  // before anything is there: the engine's first run, which tells how runs end, is one of those counted
  const databaseBefore = await postgres?.read();
  const mode = cell.mode as Mode;
  const stepsKnown = workloadOf({ emit: async () => {} }).steps;
  const subject = await openSubject({ mode, ...place, partitions: cell.partitions }, workloadOf);
  try {
    await atRest(sqlite.writes);
    const from = await ends(subject.log);
    const rowsBefore = copied(sqlite.writes);
    const appendsBefore = subject.appends;
    const edges: MachineReading[] = [];
    phase('warming up');
    const options = {
      warmUpMs: cell.warmUpMs,
      windowMs: cell.windowMs,
      run: (nth: number) => subject.run(nth),
      window: (edge: 'begins' | 'over') => {
        edges.push(readMachine());
        phase(edge === 'begins' ? 'measuring' : 'counting');
      },
    };
    const load =
      cell.rate === undefined
        ? await closedLoad(cell.concurrency ?? 1, options)
        : await openLoad(cell.rate, options);
    const memory = rssMb();
    await atRest(sqlite.writes);
    const [begins, over] = edges as [MachineReading, MachineReading];
    const log = await logWrites(subject.log, from);
    const stepsPerRun = stepsKnown ?? stepsIn(log) / load.started;
    const steps = load.runs * stepsPerRun;
    const seconds = (over.at - begins.at) / 1_000;
    const flushes =
      begins.flushes === undefined || over.flushes === undefined
        ? null
        : (over.flushes - begins.flushes) / steps;
    const written = {
      log,
      runs: load.started,
      steps: load.started * stepsPerRun,
      appends: subject.appends - appendsBefore,
      flushes,
    };
    const writes =
      databaseBefore === undefined
        ? databaseWrites(written, rowsBefore, sqlite.writes)
        : databaseWrites(
            { ...written, steps: (load.started + 1) * stepsPerRun },
            databaseBefore,
            await whole(subject, postgres!),
          );
    const recordsPerSecond = (load.runs / seconds) * (log.records / load.started);
    if (cell.baseline) phase('bare ground');
    // as many records at once as the engine had in a transaction of the file, or in an append to the broker
    const batches =
      databaseBefore === undefined ? sqlite.writes.commits - rowsBefore.commits : written.appends;
    const together = log.records / Math.max(1, batches);
    const baseline = cell.baseline
      ? await subject.baseline({ bytes: Math.round(writes.bytesPerRecord), together }, BASELINE_MS)
      : null;
    return {
      cell,
      at,
      machine: thisMachine(),
      stepsPerRun,
      runsPerSecond: load.runs / seconds,
      stepsPerSecond: steps / seconds,
      latencyMs: load.latencies.percentiles,
      curve: load.latencies.curve,
      cpuUsPerStep: (over.cpuUs - begins.cpuUs) / steps,
      rssMb: memory,
      otherCores: otherCores(begins, over) ?? null,
      late: load.late,
      writes,
      recordsPerSecond,
      baseline:
        baseline === null
          ? null
          : { ...baseline, share: recordsPerSecond / baseline.rowsPerSecond },
    };
  } finally {
    await subject.close();
    await postgres?.close();
    sqlite.stop();
  }
}

/** A backend of PostgreSQL tells what it has done when it ends, or after a while. */
async function whole(subject: Subject, postgres: PostgresCounter): Promise<DatabaseWrites> {
  await subject.stop();
  return postgres.read();
}

/** Until the Store has what the last runs have left for it: nothing is written for a while. */
async function atRest(writes: SqliteWrites): Promise<void> {
  const until = performance.now() + REST_MS_MAX;
  for (let before = -1; before !== writes.commits && performance.now() < until;) {
    before = writes.commits;
    await new Promise((done) => setTimeout(done, REST_MS));
  }
}

/** What a database says, or is told. */
type DatabaseWrites = Pick<SqliteWrites, 'commits'> & {
  readonly rows: ReadonlyMap<string, number>;
};

interface Written {
  readonly log: LogWrites;
  readonly runs: number;
  readonly steps: number;
  readonly appends: number;
  readonly flushes: number | null;
}

function databaseWrites(written: Written, before: DatabaseWrites, after: DatabaseWrites): Writes {
  const rowsByTable: Record<string, number> = {};
  for (const [table, rows] of after.rows) {
    const more = rows - (before.rows.get(table) ?? 0);
    if (more > 0) rowsByTable[table] = more / written.steps;
  }
  const sum = (counts: (table: string) => boolean): number =>
    Object.entries(rowsByTable).reduce((all, [table, rows]) => all + (counts(table) ? rows : 0), 0);
  const isStore = (table: string): boolean =>
    !LOG_TABLES.includes(table) && !APART_TABLES.includes(table);
  return {
    ...common(written),
    rowsPerStep: sum(() => true),
    storeRowsPerStep: sum(isStore),
    commitsPerStep: (after.commits - before.commits) / written.steps,
    rowsByTable,
  };
}

function common({
  appends,
  flushes,
  log,
  runs,
  steps,
}: Written): Omit<Writes, 'rowsPerStep' | 'storeRowsPerStep' | 'commitsPerStep' | 'rowsByTable'> {
  return {
    runs,
    records: Object.fromEntries(log.kinds),
    ownerRecordsPerRun: ownerRecords(log) / runs,
    bytesPerRecord: log.bytes / log.records,
    appendsPerStep: appends / steps,
    flushesPerStep: flushes,
  };
}

/** Of a document that is not ours: what its runs have scheduled, waited for or parked. */
function stepsIn({ kinds }: LogWrites): number {
  return Math.max(1, (kinds.get('STEP') ?? 0) + (kinds.get('PARK') ?? 0));
}

function copied({ commits, rows }: SqliteWrites): SqliteWrites {
  return { commits, rows: new Map(rows) };
}
