/*
 * Store: what must wait or be found. It is a fold of the Log (PROTOCOL.md R13): a transaction applies
 * the effects of a range of valid records and moves `applied`, only if `applied` still is the start of
 * the range. Payloads are State in readable form; the adapter chooses columns, never meaning.
 *
 * S1. `fold` is atomic and compares before it sets.
 * S2. `fold` may reject although it was committed; folding the same range again answers 'stale'.
 * S3. `due` and `load` read from what `fold` has committed, in one transaction each.
 */
import type { EventPlace, Json, LogRecord, ParkReason, RecordKind } from '../wire/index.ts';
import type { EventStore, ListenRow } from './event-store.ts';
import type { Projections } from './projections.ts';

/** A parked strand: its identity is the offset of its PARK record. */
export interface ParkedRow {
  readonly identity: number;
  readonly run: string;
  readonly strand: string;
  readonly hop: number;
  readonly definition: string;
  readonly why: ParkReason;
  /** ms since the epoch; absent = only on request */
  readonly due?: number;
  readonly reason?: string;
  /** the PARK record: State, activity and cause; adapters keep it as readable protobuf JSON */
  readonly record: LogRecord;
}

/** A parked strand that is no root, and nothing else of it. */
export interface ParkedBranch {
  readonly identity: number;
  readonly run: string;
  readonly strand: string;
}

/** Result of a root run whose START asked to `keep` it. */
export interface ResultRow {
  readonly run: string;
  readonly definition: string;
  readonly ended: 'completed' | 'faulted' | 'cancelled';
  readonly value: Json;
  /** ms since the epoch */
  readonly endedAt: number;
}

/**
 * One transition of a run whose workflow wants a journal (metadata.durability): its identity is the
 * offset of the record.
 */
export interface JournalRow {
  readonly identity: number;
  readonly run: string;
  readonly strand: string;
  readonly hop: number;
  readonly definition: string;
  readonly kind: RecordKind;
  /** writer's clock, ms since the epoch */
  readonly at: number;
  /** State and cause, or how the strand has ended; adapters keep it as readable protobuf JSON */
  readonly record: LogRecord;
}

export type StoreChange =
  | {
      readonly kind: 'park';
      readonly row: ParkedRow;
      /** it listens: one row for each lookup */
      readonly listens?: readonly ListenRow[];
    }
  | {
      readonly kind: 'resume';
      readonly identities: readonly number[];
      /** what the strand of the first one has consumed */
      readonly events?: readonly EventPlace[];
    }
  | { readonly kind: 'result'; readonly row: ResultRow }
  | { readonly kind: 'journal'; readonly row: JournalRow }
  /** the row of a schedule is due at another time, or at none; a row that is gone stays gone */
  | { readonly kind: 'rearm'; readonly identity: number; readonly due?: number }
  /** the row of a schedule has consumed these events: it is there still, and not told of them again */
  | {
      readonly kind: 'fired';
      readonly identity: number;
      readonly events: readonly EventPlace[];
    };

/** Committed, or refused because `applied` is not `from` any more. */
export type Folded = 'applied' | { readonly stale: number };

/** What is due, as of one moment. */
export interface Due {
  readonly rows: readonly ParkedRow[];
  /** when the next one after them is due, ms */
  readonly next: number | undefined;
  /** offset up to which (exclusive) the partition was folded then: less than before = commits are lost (R14) */
  readonly applied: number;
}

export interface Store {
  readonly events: EventStore;
  readonly projections: Projections;
  /** Offset up to which (exclusive) the partition has been folded; 0 at first. */
  load(partition: number): PromiseLike<{ readonly applied: number; readonly parked: number }>;
  fold(
    partition: number,
    from: number,
    to: number,
    changes: readonly StoreChange[],
  ): PromiseLike<Folded>;
  /** Parked rows due at or before `until`, oldest due first, at most `limit`, without `except`. */
  due(
    partition: number,
    until: number,
    limit: number,
    except: ReadonlySet<number>,
  ): PromiseLike<Due>;
  /** Those of these parked rows that are there, in order of identity. */
  rows(partition: number, identities: readonly number[]): PromiseLike<readonly ParkedRow[]>;
  /** Which strands of these runs are parked, roots left out: without their State. */
  branches(partition: number, runs: readonly string[]): PromiseLike<readonly ParkedBranch[]>;
  /** Parked rows of one run, in order of identity. */
  parked(partition: number, run: string): PromiseLike<readonly ParkedRow[]>;
  result(run: string): PromiseLike<ResultRow | undefined>;
  /** The journal of a run, in order of identity; empty when its workflow wants none. */
  journal(partition: number, run: string): PromiseLike<readonly JournalRow[]>;
  /**
   * R17: claims `key` for `run`, if it is free or belongs to `instead` (a run whose START never
   * landed); gives the run that has it then.
   */
  once(key: string, run: string, instead?: string): PromiseLike<string>;
  /** Keys that are claimed and not forgotten: their callers have not had the answer yet. */
  claimed(): PromiseLike<readonly { readonly key: string; readonly run: string }[]>;
  /** Forgets a key (its caller has had the answer) and the result row of its run. */
  forget(key: string): PromiseLike<void>;
}
