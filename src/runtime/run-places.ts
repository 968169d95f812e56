/*
 * One run as its valid records tell it: what is left open says where each strand is. Pure.
 *
 * Q1. Records are taken in Log order, each once. Whether they are valid is for the caller to judge; a
 *     START whose time is out of range says so itself (PROTOCOL.md R17).
 * Q2. No State is kept, only what there is to say about it: a wide fork costs a few words for each branch.
 * Q3. A body is read when somebody asks for what it says: of a strand that has moved on nobody does.
 * Q4. What `saved` gives and `restored` takes is the same run: a reader may stop and go on elsewhere.
 */
import { nextDeadline } from '../core/index.ts';
import type { ParkedRow, ResultRow } from '../ports/index.ts';
import type {
  DefinitionRef,
  EndBody,
  Json,
  ParkBody,
  ParkReason,
  RecordBody,
  RecordHeader,
  RecordKind,
  StepBody,
  WorkflowError,
} from '../wire/index.ts';
import { listened } from './listened.ts';
import { lineageOf } from './open-records.ts';
import { inTime } from './started-runs.ts';

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
      /** the events it listens for, in words */
      readonly events?: readonly string[];
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
  /** what became of the steps that a saga undid, oldest first */
  readonly compensations?: readonly Undone[];
}

/** A step that was undone, or could not be. */
export interface Undone {
  /** JSON pointer of the task */
  readonly pointer: string;
  readonly strand: string;
  readonly outcome: 'undone' | 'deferred';
  /** false: whether it had been done at all was not known */
  readonly certain: boolean;
  /** why it is deferred, and what a person needs to undo it */
  readonly error?: WorkflowError;
  readonly input?: Json;
  readonly output?: Json;
}

/** Records that say where a run stands. */
const MOVES: ReadonlySet<RecordKind> = new Set([
  ...(['START', 'STEP', 'PARK', 'RESUME', 'CANCELLING', 'END', 'CARRY'] as const),
]);

/** What is open, as far as it is told. */
interface Open {
  readonly kind: RecordKind;
  readonly strand: string;
  readonly joins: number;
  readonly place: StrandPlace | undefined;
  /** ends that a carried joining STEP has taken in */
  readonly ends: number;
}

/** Q3. Undefined: nobody can read it. */
type Later<T> = T | (() => T | undefined);
type Read = () => RecordBody | undefined;

/** All of them, read by now. */
function entries<T extends object>(map: Map<number, Later<T>>): [identity: number, value: T][] {
  const found: [number, T][] = [];
  for (const [identity, later] of map) {
    const value = typeof later === 'function' ? later() : later;
    if (value === undefined) map.delete(identity);
    else {
      if (value !== later) map.set(identity, value);
      found.push([identity, value]);
    }
  }
  return found;
}

/** What the records of a run have left, by identity. It is JSON. */
export interface SavedRun {
  readonly open: readonly (readonly [identity: number, open: Open])[];
  readonly parked: readonly (readonly [identity: number, place: StrandPlace])[];
}

export class RunPlaces {
  readonly run: string;
  /** append time of its START, ms, and whether that counts */
  start: { readonly at: number; readonly counts: boolean } | undefined;
  hash: string | undefined;
  end: RunEnd | undefined;
  /** offset and append time of the newest record that has been taken in; -1 = none */
  last = -1;
  changedAt = 0;
  /** append time of the first one, ms */
  firstAt: number | undefined;
  private named: Later<DefinitionRef> | undefined;
  private readonly open = new Map<number, Later<Open>>();
  private readonly parked = new Map<number, Later<StrandPlace>>();
  private readonly resumed = new Set<number>();

  constructor(run: string) {
    this.run = run;
  }

  /** As its START or its END says. */
  get name(): DefinitionRef | undefined {
    if (typeof this.named === 'function') this.named = this.named();
    return this.named;
  }

  set name(name: DefinitionRef | undefined) {
    this.named = name;
  }

  /** The START is open: no owner has let the run begin. */
  get waiting(): boolean {
    for (const [, { kind }] of entries(this.open)) if (kind === 'START') return true;
    return false;
  }

  /** The next record of the run; `bodyOf` may be called later, or never. */
  admit(header: RecordHeader, bodyOf: Read, offset: number, time: number): void {
    if (this.end !== undefined || !MOVES.has(header.kind)) return;
    if (header.kind === 'START') {
      if (this.start !== undefined) return;
      this.start = { at: time, counts: inTime(this.run, time) };
      if (!this.start.counts) return;
    }
    // what is carried and was not open may be a CONTROL, which moves nothing
    if (header.kind === 'CARRY' && !this.open.has(header.carries)) {
      const open = carried(bodyOf());
      if (open === undefined || !MOVES.has(open.kind)) return;
    }
    this.last = offset;
    this.changedAt = time;
    this.firstAt ??= time;
    for (const target of header.targets) this.open.delete(target);
    if (header.definition !== '') this.hash = header.definition;
    switch (header.kind) {
      case 'START':
        this.named = nameOf(bodyOf);
        this.open.set(offset, opened(header, undefined));
        break;
      case 'CARRY':
        this.open.set(header.carries, () => carried(bodyOf()));
        break;
      case 'STEP':
      case 'CANCELLING':
        this.open.set(offset, () => opened(header, bodyOf()));
        break;
      case 'PARK':
        this.parked.set(offset, () => parkedIn(header, bodyOf()));
        break;
      case 'RESUME':
        this.resume(bodyOf());
        break;
      case 'END':
        if (header.strand !== '') this.open.set(offset, opened(header, undefined));
        else this.ended(bodyOf(), time);
        break;
      default:
        break;
    }
  }

  private resume(body: RecordBody | undefined): void {
    if (body?.kind !== 'RESUME') return;
    for (const row of body.rows) {
      this.parked.delete(row);
      this.resumed.add(row);
    }
  }

  private ended(body: RecordBody | undefined, time: number): void {
    if (body?.kind !== 'END') return;
    this.named = body.definition;
    this.end = runEnd(body, time);
    this.open.clear();
    this.parked.clear();
    this.resumed.clear();
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

  /** Reads what was left for later: the bytes it stands in are not needed any more. */
  settle(): void {
    entries(this.open);
    entries(this.parked);
  }

  /** Every strand that is not over, parents before their branches. */
  strands(): StrandPlace[] {
    const all = entries(this.open).map(([, open]) => open);
    const ended = new Map<string, number>();
    for (const { kind, strand } of all) {
      if (kind !== 'END') continue;
      const { parent, activation } = lineageOf(strand);
      const fork = `${parent} ${activation}`;
      ended.set(fork, (ended.get(fork) ?? 0) + 1);
    }
    const places = entries(this.parked).map(([, place]) => place);
    for (const { strand, joins, place, ends } of all) {
      if (place === undefined) continue;
      if (place.waitsFor.kind !== 'join') places.push(place);
      else {
        const count = ends + (ended.get(`${strand} ${joins}`) ?? 0);
        places.push({ ...place, waitsFor: { ...place.waitsFor, ended: count } });
      }
    }
    return places.sort((a, b) => (a.strand < b.strand ? -1 : a.strand > b.strand ? 1 : 0));
  }

  /** Q4 */
  saved(): SavedRun {
    return { open: entries(this.open), parked: entries(this.parked) };
  }

  restore({ open, parked }: SavedRun): void {
    for (const [identity, one] of open) this.open.set(identity, one);
    for (const [identity, one] of parked) this.parked.set(identity, one);
  }
}

function opened(header: RecordHeader, body: RecordBody | undefined): Open {
  const { kind, strand, joins } = header;
  const place =
    body?.kind === 'STEP' || body?.kind === 'CANCELLING' ? placeOf(header, body) : undefined;
  return { kind, strand, joins, place, ends: endsWithin(body) };
}

/** What is carried stands where its newest copy says. */
function carried(body: RecordBody | undefined): Open | undefined {
  return body?.kind === 'CARRY' ? opened(body.header, body.body) : undefined;
}

function parkedIn(header: RecordHeader, body: RecordBody | undefined): StrandPlace | undefined {
  return body?.kind === 'PARK' ? parkedPlace(header, body) : undefined;
}

/** A function that was assigned to a property where it is written would be made among the old, and hold its record. */
function nameOf(bodyOf: Read): () => DefinitionRef | undefined {
  return () => {
    const body = bodyOf();
    return body?.kind === 'START' ? body.definition : undefined;
  };
}

export function runEnd({ end }: EndBody, at: number): RunEnd {
  const compensations = (end.compensations ?? []).flatMap(({ outcome, ...entry }) =>
    outcome === undefined ? [] : [{ ...entry, outcome }],
  );
  const told = compensations.length === 0 ? { at } : { at, compensations };
  if (end.cancelled) return { ended: 'cancelled', value: null, ...told };
  return end.error === undefined
    ? { ended: 'completed', value: end.output ?? null, ...told }
    : { ended: 'faulted', value: { ...end.error }, ...told };
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
  const { why, due, reason, activity, subscription } = body;
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
      ...(subscription === undefined ? {} : { events: listened(subscription) }),
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
function endsWithin(body: RecordBody | undefined): number {
  if (body?.kind !== 'STEP') return 0;
  const node = body.state.frames.at(-1)?.node;
  return node?.kind === 'fork' ? Object.keys(node.ends).length : 0;
}
