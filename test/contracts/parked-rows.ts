/* Rows and changes for the Store contract, whole enough to travel through a real codec. */
import type { Folded, ParkedRow, StoreChange } from '../../src/ports/index.ts';
import type { Json, LogRecord, ParkBody } from '../../src/wire/index.ts';
import type { StoreWorld } from './store-contract.ts';

export const RUN = '0190b0a0-7c11-7d3e-8f00-0000000000';
export const HASH = 'c0ffee'.padEnd(64, '0');
export const NOON = 1_790_000_000_000;

export function runId(n: number): string {
  return `${RUN}${String(n).padStart(2, '0')}`;
}

export interface RowParts {
  readonly run?: string;
  readonly strand?: string;
  readonly due?: number;
  readonly why?: ParkBody['why'];
  readonly reason?: string;
  readonly data?: Json;
}

export function parkedRow(identity: number, parts: RowParts = {}): ParkedRow {
  const { run = runId(1), strand = '', due, why = 'wait', reason, data = { order: 7 } } = parts;
  const optional = {
    ...(due === undefined ? {} : { due }),
    ...(reason === undefined ? {} : { reason }),
  };
  const record: LogRecord = {
    header: {
      kind: 'PARK',
      tenure: 3,
      nonce: 0xdead_beef,
      n: 12,
      unit: 12,
      unitSize: 1,
      targets: [identity > 0 ? identity - 1 : 0],
      run,
      strand,
      hop: 4,
      definition: HASH,
      time: NOON,
      minReader: 1,
      joins: 0,
      carries: -1,
    },
    body: {
      kind: 'PARK',
      state: {
        status: 'waiting',
        position: '/do/1/pause',
        entering: false,
        data,
        frames: [
          { pointer: '', node: { kind: 'root' }, startedAt: NOON - 5_000 },
          { pointer: '/do', node: { kind: 'do', index: 1, completed: 1 }, startedAt: NOON - 5_000 },
          {
            pointer: '/do/1/pause',
            node: { kind: 'wait', until: due ?? NOON },
            startedAt: NOON - 1_000,
          },
        ],
        startedAt: NOON - 5_000,
        activation: 2,
        pureHops: 0,
      },
      cause: { kind: 'activity', key: 'ab'.repeat(32), attempt: 1, result: { ok: true } },
      why,
      ...optional,
    },
  };
  return { identity, run, strand, hop: 4, definition: HASH, why, ...optional, record };
}

/** A transition of a run whose workflow wants a journal. */
export function journal(identity: number, parts: RowParts = {}): StoreChange {
  const { hop, run, strand, definition, record } = parkedRow(identity, parts);
  const header = { ...record.header, journal: true as const };
  const about = { identity, run, strand, hop, definition, kind: 'PARK' as const, at: NOON };
  return { kind: 'journal', row: { ...about, record: { ...record, header } } };
}

export function park(identity: number, parts: RowParts = {}): StoreChange {
  return { kind: 'park', row: parkedRow(identity, parts) };
}

export function resume(...identities: number[]): StoreChange {
  return { kind: 'resume', identities };
}

export function fold(
  world: StoreWorld,
  partition: number,
  from: number,
  to: number,
  ...changes: StoreChange[]
): Promise<Folded> {
  return world.settle(world.store.fold(partition, from, to, changes));
}

/** Identities and due times of what is due, for comparisons. */
export async function due(
  world: StoreWorld,
  partition: number,
  until: number,
  limit = 1_000,
  except: readonly number[] = [],
): Promise<{
  due: (readonly [identity: number, due: number | undefined])[];
  next: number | undefined;
}> {
  const answer = await world.settle(world.store.due(partition, until, limit, new Set(except)));
  return { due: answer.rows.map((row) => [row.identity, row.due] as const), next: answer.next };
}
