/*
 * SimRunIndex: the table of runs of a simulated world. Rows are kept as text, as a real one would.
 *
 * Owns: rows and positions. Invariants: port rules X1-X3; `rows` come shuffled, which is not promised.
 */
import type { LogPosition, RunIndex, RunQuery, RunRow } from '../../ports/index.ts';
import type { PointName } from './faults.ts';
import type { Gate } from './gate.ts';
import type { Life } from './process.ts';
import { type Random, shuffled, stream } from './random.ts';

export class SimRunIndex {
  private readonly gate: Gate;
  private readonly random: Random;
  private readonly runs = new Map<string, string>();
  private readonly positions = new Map<number, LogPosition>();
  /** since the beginning, for write budgets: rows, and batches they came in */
  readonly writes = { rows: 0, batches: 0, purged: 0 };

  constructor(gate: Gate, seed: number | string) {
    this.gate = gate;
    this.random = stream(seed, 'index');
  }

  portFor(life: Life): RunIndex {
    const { incarnation, process } = life;
    const ask = <T>(point: PointName, answer: () => T, partition?: number): PromiseLike<T> => {
      const about = { point, process: process.name, incarnation };
      return this.gate.request<T>(life, {
        point: partition === undefined ? about : { ...about, partition },
        perform: (reply) => reply.ok(answer()),
      });
    };
    return {
      position: (partition) => ask('index-read', () => this.position(partition), partition),
      write: (partition, from, to, rows) => {
        const texts = rows.map((row) => [row.run, JSON.stringify(row)] as const);
        return ask('index-write', () => this.write(partition, from, to, texts), partition);
      },
      rows: (runs) => {
        const wanted = [...runs];
        return ask('index-read', () =>
          shuffled(
            wanted.flatMap((run) => this.row(run) ?? []),
            this.random,
          ),
        );
      },
      get: (run) => ask('index-read', () => this.get(run)),
      list: (query) => ask('index-read', () => this.list(query)),
      purge: (partition, before, limit) =>
        ask('index-write', () => this.purge(partition, before, limit), partition),
    };
  }

  position(partition: number): LogPosition | undefined {
    return this.positions.get(partition);
  }

  all(): readonly RunRow[] {
    return [...this.runs.values()].map(read);
  }

  private write(
    partition: number,
    from: LogPosition | undefined,
    to: LogPosition,
    rows: readonly (readonly [run: string, text: string])[],
  ): 'written' | 'stale' {
    if (this.position(partition)?.offset !== from?.offset) return 'stale';
    for (const [run, text] of rows) this.runs.set(run, text);
    this.positions.set(partition, { ...to });
    this.writes.rows += rows.length;
    this.writes.batches += 1;
    return 'written';
  }

  private row(run: string): RunRow | undefined {
    const text = this.runs.get(run);
    return text === undefined ? undefined : read(text);
  }

  private get(run: string): { row: RunRow; position: LogPosition } | undefined {
    const row = this.row(run);
    const position = row === undefined ? undefined : this.position(row.partition);
    return row === undefined || position === undefined ? undefined : { row, position };
  }

  private list({ status, workflow, after, limit }: RunQuery): readonly RunRow[] {
    const fits = (row: RunRow): boolean =>
      (status === undefined || row.status === status) &&
      (workflow === undefined ||
        (row.namespace === workflow.namespace &&
          row.name === workflow.name &&
          (workflow.version === undefined || row.version === workflow.version))) &&
      (after === undefined || compare(row, after) > 0);
    return this.all().filter(fits).toSorted(compare).slice(0, limit);
  }

  private purge(partition: number, before: number, limit: number): number {
    let gone = 0;
    for (const { run, partition: home, endedAt } of this.all()) {
      if (home !== partition || endedAt === undefined || endedAt >= before || gone >= limit)
        continue;
      this.runs.delete(run);
      gone += 1;
    }
    this.writes.purged += gone;
    return gone;
  }
}

type Started = Pick<RunRow, 'startedAt' | 'run'>;

/** What was started last comes first. */
function compare(a: Started, b: Started): number {
  return b.startedAt - a.startedAt || (a.run < b.run ? 1 : a.run > b.run ? -1 : 0);
}

function read(text: string): RunRow {
  return JSON.parse(text) as RunRow;
}
