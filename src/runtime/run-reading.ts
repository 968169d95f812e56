/*
 * One run as the Log tells it (PROTOCOL.md R4, R17): records are admitted in Log order from a place
 * where it is known what is in force, and what is left open says where the run is. Pure.
 *
 * Q1. Only valid records count; the rule is validity.ts, as for an owner.
 * Q2. Of other runs headers are read and nothing is kept. Of this one no State is kept either, only
 *     what there is to say about it: a wide fork costs a few words for each branch.
 */
import { nextDeadline } from '../core/index.ts';
import type { ParkedRow, ResultRow, StoredRecord } from '../ports/index.ts';
import {
  decodeHeader,
  decodeRecord,
  type DefinitionRef,
  type EndBody,
  type Json,
  type ParkBody,
  type ParkReason,
  type RecordBody,
  type RecordHeader,
  type StepBody,
  WireError,
} from '../wire/index.ts';
import { lineageOf } from './open-records.ts';
import { inTime } from './started-runs.ts';
import { type Position, Validity } from './validity.ts';

/** What a strand waits for; times in ms since the epoch. */
export type WaitsFor =
  | {
      readonly kind: 'activity';
      readonly name: string;
      readonly attempt: number;
      /** held until then: a retry */
      readonly notBefore?: number;
      /** when this attempt has taken too long */
      readonly until: number;
    }
  | { readonly kind: 'timer'; readonly until: number }
  | {
      readonly kind: 'join';
      readonly branches: number;
      readonly begun: number;
      readonly ended: number;
    }
  /** nothing: it goes on as soon as its owner comes to it */
  | { readonly kind: 'turn' }
  /** the end of an activity that is being cancelled */
  | { readonly kind: 'cancelling' }
  | {
      readonly kind: 'parked';
      readonly why: ParkReason;
      readonly due?: number;
      readonly reason?: string;
      readonly activity?: { readonly name: string; readonly attempt: number };
    };

/** Where one strand stands. */
export interface StrandPlace {
  /** path of the strand; '' = the root */
  readonly strand: string;
  /** JSON pointer of the task in the Definition */
  readonly position: string;
  /** by the writer's clock, ms */
  readonly since: number;
  readonly hop: number;
  readonly waitsFor: WaitsFor;
  /** when a timeout of the workflow or of a task strikes, ms */
  readonly deadline?: number;
}

export interface RunEnd {
  readonly ended: 'completed' | 'faulted' | 'cancelled';
  readonly value: Json;
  /** ms */
  readonly at: number;
}

interface Open {
  readonly header: RecordHeader;
  readonly place: StrandPlace | undefined;
  /** ends that a carried joining STEP has taken in */
  readonly ends: number;
}

export class RunReading {
  readonly run: string;
  /** append time of its START, ms, and whether that counts */
  start: { readonly at: number; readonly counts: boolean } | undefined;
  name: DefinitionRef | undefined;
  hash: string | undefined;
  end: RunEnd | undefined;
  private readonly open = new Map<number, Open>();
  private readonly parked = new Map<number, StrandPlace>();
  private readonly resumed = new Set<number>();
  private readonly validity: Validity;
  private next: number;

  constructor(run: string, from: Position) {
    this.run = run;
    this.validity = new Validity(from);
    this.next = from.offset;
  }

  get position(): Position {
    return this.validity.at(this.next);
  }

  /** The START is open: no owner has let the run begin. */
  get waiting(): boolean {
    for (const { header } of this.open.values()) if (header.kind === 'START') return true;
    return false;
  }

  admit(record: StoredRecord): void {
    this.next = record.offset + 1;
    const header = admitted(this.validity, record);
    if (header?.run !== this.run || this.end !== undefined) return;
    const { offset, time, bytes } = record;
    if (header.kind === 'START') {
      if (this.start !== undefined) return;
      this.start = { at: time, counts: inTime(this.run, time) };
      if (!this.start.counts) return;
    }
    for (const target of header.targets) this.open.delete(target);
    this.tell(header, decodeRecord(bytes).body, offset, time);
  }

  private tell(header: RecordHeader, body: RecordBody, offset: number, time: number): void {
    if (header.definition !== '') this.hash = header.definition;
    switch (body.kind) {
      case 'START':
        this.name = body.definition;
        this.open.set(offset, { header, place: undefined, ends: 0 });
        break;
      case 'CARRY':
        this.carry(header.carries, body.header, body.body, offset, time);
        break;
      case 'STEP':
      case 'CANCELLING':
        this.open.set(offset, { header, place: placeOf(header, body), ends: endsWithin(body) });
        break;
      case 'PARK':
        this.parked.set(offset, parkedPlace(header, body));
        break;
      case 'RESUME':
        for (const row of body.rows) {
          this.parked.delete(row);
          this.resumed.add(row);
        }
        break;
      case 'END':
        if (header.strand !== '') this.open.set(offset, { header, place: undefined, ends: 0 });
        else {
          this.name = body.definition;
          this.end = runEnd(body, time);
        }
        break;
      default:
        break;
    }
  }

  private carry(
    identity: number,
    header: RecordHeader,
    body: RecordBody,
    offset: number,
    time: number,
  ): void {
    if (body.kind === 'CONTROL') return;
    this.open.delete(identity);
    this.tell(header, body, offset, time);
    const carried = this.open.get(offset);
    if (carried === undefined) return;
    this.open.delete(offset);
    this.open.set(identity, carried);
  }

  /** Rows that the Store has of this run: those whose RESUME was read are none any more (R14). */
  rows(rows: readonly ParkedRow[]): void {
    for (const { identity, record, definition } of rows) {
      const { header, body } = record;
      if (this.resumed.has(identity) || body.kind !== 'PARK') continue;
      this.hash ??= definition;
      this.parked.set(identity, parkedPlace(header, body));
    }
  }

  result(row: ResultRow): void {
    this.hash ??= row.definition;
    this.end = { ended: row.ended, value: row.value, at: row.endedAt };
  }

  /** Every strand that is not over, parents before their branches. */
  strands(): StrandPlace[] {
    const ended = new Map<string, number>();
    for (const { header } of this.open.values()) {
      if (header.kind !== 'END') continue;
      const { parent, activation } = lineageOf(header.strand);
      const fork = `${parent} ${activation}`;
      ended.set(fork, (ended.get(fork) ?? 0) + 1);
    }
    const places = [...this.parked.values()];
    for (const { header, place, ends } of this.open.values()) {
      if (place === undefined) continue;
      if (place.waitsFor.kind !== 'join') places.push(place);
      else {
        const count = ends + (ended.get(`${header.strand} ${header.joins}`) ?? 0);
        places.push({ ...place, waitsFor: { ...place.waitsFor, ended: count } });
      }
    }
    return places.sort((a, b) => (a.strand < b.strand ? -1 : a.strand > b.strand ? 1 : 0));
  }
}

/** The roots that end in a Log, for whoever waits for results. */
export class EndsReading {
  private readonly validity: Validity;

  constructor(from: Position) {
    this.validity = new Validity(from);
  }

  admit(
    record: StoredRecord,
    wanted: (run: string) => boolean,
  ): [run: string, end: RunEnd] | undefined {
    const header = admitted(this.validity, record);
    if (header?.kind !== 'END' || header.strand !== '' || !wanted(header.run)) return undefined;
    const { body } = decodeRecord(record.bytes);
    return body.kind === 'END' ? [header.run, runEnd(body, record.time)] : undefined;
  }
}

/** The header of a record that counts; STARTs are for the caller to judge. */
function admitted(validity: Validity, { offset, bytes }: StoredRecord): RecordHeader | undefined {
  try {
    const header = decodeHeader(bytes);
    return validity.admit(header, offset) ? header : undefined;
  } catch (error) {
    // What nobody can read counts for nobody: owners pass over it as well.
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

export function runEnd({ end }: EndBody, at: number): RunEnd {
  if (end.cancelled) return { ended: 'cancelled', value: null, at };
  return end.error === undefined
    ? { ended: 'completed', value: end.output ?? null, at }
    : { ended: 'faulted', value: { ...end.error }, at };
}

function placeOf(
  header: RecordHeader,
  body: StepBody | Extract<RecordBody, { kind: 'CANCELLING' }>,
): StrandPlace {
  const { state } = body;
  const waitsFor: WaitsFor =
    body.kind === 'CANCELLING' ? { kind: 'cancelling' } : stepWaitsFor(header, body);
  return { ...common(header, state), waitsFor };
}

function stepWaitsFor(header: RecordHeader, body: StepBody): WaitsFor {
  const { activity, notBefore, state } = body;
  if (header.joins > 0) {
    const node = state.frames.at(-1)?.node;
    const { total, started } = node?.kind === 'fork' ? node : { total: 0, started: 0 };
    return { kind: 'join', branches: total, begun: started, ended: 0 };
  }
  if (activity !== undefined) {
    const { name, attempt, timeout } = activity;
    const held = notBefore === undefined ? {} : { notBefore };
    return {
      kind: 'activity',
      name,
      attempt,
      ...held,
      until: (notBefore ?? header.time) + timeout,
    };
  }
  return notBefore === undefined ? { kind: 'turn' } : { kind: 'timer', until: notBefore };
}

function parkedPlace(header: RecordHeader, body: ParkBody): StrandPlace {
  const { why, due, reason, activity } = body;
  return {
    ...common(header, body.state),
    waitsFor: {
      kind: 'parked',
      why,
      ...(due === undefined ? {} : { due }),
      ...(reason === undefined ? {} : { reason }),
      ...(activity === undefined
        ? {}
        : { activity: { name: activity.name, attempt: activity.attempt } }),
    },
  };
}

function common(
  { strand, hop, time }: RecordHeader,
  state: StepBody['state'],
): Omit<StrandPlace, 'waitsFor'> {
  const deadline = nextDeadline(state);
  const at = { strand, position: state.position, since: time, hop };
  return deadline === undefined ? at : { ...at, deadline };
}

/** Branches of a fork whose ends its own State holds. */
function endsWithin(body: RecordBody): number {
  if (body.kind !== 'STEP') return 0;
  const node = body.state.frames.at(-1)?.node;
  return node?.kind === 'fork' ? Object.keys(node.ends).length : 0;
}
