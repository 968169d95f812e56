/*
 * Tapes: what the Log says of each strand of a run - what it stood at, and what made it go on, when.
 *
 * A hop writes one record of its strand, with its cause. Where the end of a branch is merged into the
 * join (R6), the branch has no record of its own: the cause of the join says who moved, what it was told,
 * and how it ended.
 */
import type { Entry, Partition, Reading, Unit } from '../oracles/log-reading.ts';
import { isCancelling } from '../oracles/step-skim.ts';
import type { CloudEvent } from '../../wire/cloud-event.ts';
import type { Json } from '../../wire/json.ts';
import type { ParkBody } from '../../wire/record.ts';
import type { Activity, Cause, Starter, StrandEnd, WorkflowError } from '../../wire/state.ts';
import type { Answer } from './line.ts';

/** What a strand stands at. */
export interface Block {
  readonly kind: 'activity' | 'hold' | 'listen' | 'fork' | 'continue' | 'end' | 'merged';
  /** the record, in words */
  readonly named: string;
  readonly order: number;
  readonly at: number;
  readonly activity?: Activity;
  /** held or parked until then, ms */
  readonly due?: number;
  readonly parked: boolean;
  readonly activation: number;
  /** how the strand ended */
  readonly end?: StrandEnd | undefined;
}

/** What made a strand go on. */
export interface Turn {
  readonly kind: 'activity' | 'timer' | 'events' | 'joined' | 'continue';
  readonly at: number;
  readonly order: number;
  readonly answer?: Answer;
  /** what it has taken of what it listened for */
  readonly events: readonly CloudEvent[];
  /** it was told to go no further */
  readonly stop?: Stop;
}

export interface Stop {
  /** place of the record that told it first */
  readonly order: number;
  /** what it was to call may have been called */
  readonly begun: boolean;
  /** it may have gone on to its end before that, or not */
  readonly perhaps: boolean;
}

/** Turn i leads from block i to block i + 1. */
export interface Tape {
  readonly blocks: Block[];
  readonly turns: Turn[];
  /** place of the record that told the strand to stop */
  stopped?: number;
  /** it waits for the answer of what it has called */
  cancelling?: boolean;
}

export interface RunTapes {
  readonly run: string;
  readonly definition: string;
  readonly at: number;
  readonly input: Json;
  /** the run that has begun it, if no client has */
  readonly by: Starter | undefined;
  readonly strands: Map<string, Tape>;
  /** what its records have emitted, in Log order */
  readonly emitted: { readonly event: CloudEvent; readonly at: number }[];
  /** the engine could not write down what happened, and ended the strand */
  refused: boolean;
  /** a join that would have been too large does not say what led to it */
  untold: boolean;
}

export function readTapes(reading: Reading): ReadonlyMap<string, RunTapes> {
  const runs = new Map<string, RunTapes>();
  for (const partition of reading.partitions) {
    for (const unit of partition.units) new UnitReader(reading, partition, unit).read(runs);
  }
  return runs;
}

/** Reasons to be parked for strands that go on by themselves, in time or by events. */
const MOVES: ReadonlySet<string> = new Set(['wait', 'retry', 'listen']);

class UnitReader {
  private readonly reading: Reading;
  private readonly partition: Partition;
  private readonly unit: Unit;
  /** rows of strands that the unit lets go on after somebody has put them aside, or they were given up */
  private revived: readonly number[] = [];

  constructor(reading: Reading, partition: Partition, unit: Unit) {
    this.reading = reading;
    this.partition = partition;
    this.unit = unit;
  }

  read(runs: Map<string, RunTapes>): void {
    for (const entry of this.unit.records) {
      const { body, header } = entry;
      if (body.kind === 'RESUME' && body.why === 'resumed') this.revived = body.rows;
      if (body.kind === 'CANCELLING') {
        const tape = runs.get(header.run)?.strands.get(header.strand);
        Object.assign(tape ?? {}, { stopped: entry.offset, cancelling: true });
      }
      if (body.kind !== 'STEP' && body.kind !== 'PARK' && body.kind !== 'END') continue;
      let tapes = runs.get(header.run);
      if (tapes === undefined) {
        tapes = this.begin(entry, body.cause);
        runs.set(header.run, tapes);
      }
      for (const event of body.emitted ?? []) tapes.emitted.push({ event, at: header.time });
      // Who is put aside, or given up, stands where it stood.
      if (body.kind === 'PARK' && !MOVES.has(body.why)) continue;
      this.move(entry, body.cause, tapes);
    }
  }

  private begin({ header }: Entry, cause: Cause): RunTapes {
    const start = this.reading.runs.get(header.run)?.start?.body;
    const begun = cause.kind === 'start' ? cause : undefined;
    return {
      run: header.run,
      definition: header.definition,
      at: header.time,
      input: (start?.kind === 'START' ? start.input : begun?.input) ?? {},
      by: begun?.by,
      strands: new Map(),
      emitted: [],
      refused: false,
      untold: false,
    };
  }

  private move(entry: Entry, cause: Cause, tapes: RunTapes): void {
    const { header } = entry;
    const block = blockOf(entry);
    if (isRefused(entry)) tapes.refused = true;
    const { strands } = tapes;
    const tape = strands.get(header.strand);
    if (tape === undefined || cause.kind === 'branch') {
      strands.set(header.strand, { blocks: [block], turns: [] });
      return;
    }
    const before = tape.blocks.at(-1);
    const { activity } = block;
    const aside = this.asideOf(entry);
    if (before !== undefined && aside !== undefined && aside.pending !== true) {
      // It stands where it stood, has heard nothing since, and is due when it was. Who was given up is not held.
      const parked = before.parked || block.parked;
      if (aside.why === 'suspend') tape.blocks.splice(-1, 1, { ...block, parked });
      return;
    }
    if (
      activity !== undefined &&
      activity.key === before?.activity?.key &&
      activity.attempt === before.activity.attempt
    ) {
      // It only comes back from the Store.
      return;
    }
    if (cause.kind === 'joined') merged(cause, block, tapes);
    goOn(tape, cause, block, this.isStopped(entry));
  }

  /** The strand goes no further. The root does so by a request alone: no other State of it is looked at. */
  private isStopped({ body, header }: Entry): boolean {
    if (body.kind === 'END') return body.end.cancelled === true;
    if (body.kind !== 'STEP' && body.kind !== 'PARK') return false;
    const { openables } = this.partition;
    const isAsked = (target: number): boolean =>
      openables.get(target)?.first.header.kind === 'CONTROL';
    return (header.strand !== '' || this.unit.targets.some(isAsked)) && isCancelling(body);
  }

  /** What put the strand aside, if the unit lets it go on. */
  private asideOf({ header: { run, strand } }: Entry): ParkBody | undefined {
    for (const row of this.revived) {
      const park = this.partition.parkings.get(row)?.park;
      if (park?.body.kind !== 'PARK') continue;
      if (park.header.run === run && park.header.strand === strand) return park.body;
    }
    return undefined;
  }
}

/** The strand is told something, and stands at `block` then. */
function goOn(tape: Tape, cause: Cause, block: Block, isStopped: boolean): void {
  const { at, order } = block;
  const stop = stopOf(tape, cause, order, isStopped);
  const answer = cause.kind === 'activity' ? { answer: answerOf(cause) } : {};
  const events = cause.kind === 'events' ? cause.events : [];
  tape.turns.push({ kind: kindOf(cause), at, order, ...answer, events, ...stop });
  tape.blocks.push(block);
}

/** Strands that ended with the join at which `block` is, and have no record of their own. */
function merged({ ends, last }: Joined, { at, named, order }: Block, tapes: RunTapes): void {
  if (last === undefined) {
    tapes.untold = true;
    return;
  }
  const { cause, strand } = last;
  const tape = tapes.strands.get(strand);
  const end = ends[Number(strand.slice(strand.lastIndexOf('.') + 1))];
  const block = { kind: 'merged', named, order, at, parked: false, activation: 0, end } as const;
  if (cause.kind === 'joined') merged(cause, block, tapes);
  if (tape !== undefined) goOn(tape, cause, block, end?.cancelled === true);
}

/** What a task hears in place of an answer that no record can hold; the engine says which sizes those are. */
const UNKEPT = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/runtime',
  status: 500,
  title: 'Runtime error',
  detail: 'no record can hold its result',
};
export function isUnkept({ detail = '', type }: WorkflowError): boolean {
  return type === UNKEPT.type && detail.startsWith(UNKEPT.detail);
}

/** The engine has ended a strand, or put off what would undo it, because no record could hold what follows. */
function isRefused({ body }: Entry): boolean {
  if (body.kind === 'END' && isRefusal(body.end.error)) return true;
  // The State of a record is read only where something is undone.
  const undoes = body.kind === 'STEP' && body.activity?.role === 'compensate';
  const undo = body.kind === 'END' ? body.end : undoes ? body.state : undefined;
  const frames = undoes ? body.state.frames : [];
  if (frames.some(({ node }) => node.kind === 'undo' && isRefusal(node.error))) return true;
  return (
    undo?.compensations?.some(
      ({ error }) => error?.detail === 'no record could hold what it asks for',
    ) === true
  );
}

function isRefusal(error: WorkflowError | undefined): boolean {
  return error?.detail?.startsWith('its State ') === true;
}

/**
 * Whether the strand is told to stop by what it is told, the record at `order` says. Cancelled with an answer
 * that has just come, it is told that answer; and who has ended and lost its race is told nothing else at all.
 */
function stopOf(tape: Tape, cause: Cause, order: number, isStopped: boolean): Pick<Turn, 'stop'> {
  const { cancelling: begun = false, stopped } = tape;
  if (stopped !== undefined && !begun) return {};
  const isTold = begun || cause.kind === 'control';
  if (!isTold && !isStopped) return {};
  Object.assign(tape, { stopped: stopped ?? order, cancelling: false });
  return { stop: { order: stopped ?? order, begun: begun || !isTold, perhaps: !isTold } };
}

function answerOf({ error, result }: Extract<Cause, { kind: 'activity' }>): Answer {
  return error === undefined ? { result: result ?? null } : { error };
}

function kindOf({ kind }: Cause): Turn['kind'] {
  const kinds = ['activity', 'events', 'joined', 'continue'] as const;
  return kinds.find((one) => one === kind) ?? 'timer';
}

function blockOf(entry: Entry): Block {
  const { body, header, named } = entry;
  const common = {
    named,
    order: entry.offset,
    at: header.time,
    parked: body.kind === 'PARK',
    activation: header.joins,
  };
  if (body.kind === 'END') return { ...common, kind: 'end', end: body.end };
  if (body.kind !== 'STEP' && body.kind !== 'PARK') throw new TypeError(`${named} is no hop`);
  const { activity } = body;
  const due = body.kind === 'PARK' ? body.due : body.notBefore;
  const held = due === undefined ? {} : { due };
  if (activity !== undefined) return { ...common, ...held, kind: 'activity', activity };
  if (header.joins > 0) return { ...common, kind: 'fork' };
  if (body.kind === 'PARK' && body.why === 'listen') return { ...common, ...held, kind: 'listen' };
  // Who is parked waits, and never comes back if nobody says until when.
  if (due === undefined && body.kind === 'STEP') return { ...common, kind: 'continue' };
  return { ...common, ...held, kind: 'hold' };
}

type Joined = Extract<Cause, { kind: 'joined' }>;
