/*
 * Tapes: what the Log says of each strand of a run - what it stood at, and what made it go on, when.
 *
 * A hop writes one record of its strand, with its cause. Where the end of a branch is merged into the
 * join (R6), the branch has no record of its own: the unit's first target (or the row that it resumes)
 * says who moved, and the strands between that one and the record moved by joining. What the one that
 * moved had heard stands in the cause of the join; in older records it does not, and all that it may have
 * heard is listed.
 */
import type { LedgerEntry } from '../history.ts';
import type { Effects } from '../oracles/effects.ts';
import type { Entry, Partition, Reading, Unit } from '../oracles/log-reading.ts';
import { isCancelling } from '../oracles/step-skim.ts';
import type { CloudEvent, EventPlace } from '../../wire/cloud-event.ts';
import type { Json } from '../../wire/json.ts';
import type { EndBody, ParkBody, StepBody } from '../../wire/record.ts';
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
  /** how the strand ended; of a merged end only where a record says it */
  readonly end?: StrandEnd | undefined;
}

/** What made a strand go on. */
export interface Turn {
  readonly kind: 'activity' | 'timer' | 'events' | 'joined' | 'continue';
  readonly at: number;
  readonly order: number;
  /** what it may have heard: one answer, unless no record says it */
  readonly answers: readonly Answer[];
  /** what it has taken of what it listened for */
  readonly events: readonly CloudEvent[];
  /** what was heard is in no record */
  readonly unsure?: boolean;
  /** nor is whether the strand was cancelled: its end was merged into that of another one */
  readonly unseen?: boolean;
}

/** Turn i leads from block i to block i + 1. */
export interface Tape {
  readonly blocks: Block[];
  readonly turns: Turn[];
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
  /** the run or a branch of it was cancelled */
  cancelled: boolean;
  /** the engine could not write down what happened, and ended the strand */
  refused: boolean;
}

/** `eventAt`: the event at a place of the events log. */
export type EventAt = (place: EventPlace) => CloudEvent;

export function readTapes(
  reading: Reading,
  effects: Effects,
  eventAt: EventAt,
): ReadonlyMap<string, RunTapes> {
  const runs = new Map<string, RunTapes>();
  for (const partition of reading.partitions) {
    for (const unit of partition.units)
      new UnitReader(reading, effects, eventAt, partition, unit).read(runs);
  }
  return runs;
}

/** Reasons to be parked for strands that go on by themselves, in time or by events. */
const MOVES: ReadonlySet<string> = new Set(['wait', 'retry', 'listen']);

class UnitReader {
  private readonly reading: Reading;
  private readonly effects: Effects;
  private readonly eventAt: EventAt;
  private readonly partition: Partition;
  private readonly unit: Unit;
  private resumed: { row: number; itself: boolean; events: readonly CloudEvent[] } | undefined;
  /** rows of strands that the unit lets go on after somebody has put them aside, or they were given up */
  private revived: readonly number[] = [];

  constructor(
    reading: Reading,
    effects: Effects,
    eventAt: EventAt,
    partition: Partition,
    unit: Unit,
  ) {
    this.reading = reading;
    this.effects = effects;
    this.eventAt = eventAt;
    this.partition = partition;
    this.unit = unit;
  }

  read(runs: Map<string, RunTapes>): void {
    for (const entry of this.unit.records) {
      const { body, header } = entry;
      if (body.kind === 'RESUME') {
        const events = (body.events ?? []).map(this.eventAt);
        this.resumed = { row: body.rows[0] ?? -1, itself: MOVES.has(body.why), events };
        if (body.why === 'resumed') this.revived = body.rows;
      }
      if (body.kind === 'CANCELLING' || (body.kind === 'RESUME' && body.why === 'cancelled')) {
        const cancelled = runs.get(header.run);
        if (cancelled !== undefined) cancelled.cancelled = true;
      }
      if (body.kind !== 'STEP' && body.kind !== 'PARK' && body.kind !== 'END') continue;
      let tapes = runs.get(header.run);
      if (tapes === undefined) {
        tapes = this.begin(entry, body.cause);
        runs.set(header.run, tapes);
      }
      if (!tapes.cancelled && isCancelled(header.strand, body)) tapes.cancelled = true;
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
      cancelled: false,
      refused: false,
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
    if (cause.kind === 'joined') this.merged(header.strand, cause, block, tapes);
    tape.turns.push({
      kind: kindOf(cause),
      at: header.time,
      order: entry.offset,
      answers: cause.kind === 'activity' ? [answerOf(cause)] : [],
      events: cause.kind === 'events' ? cause.events : [],
    });
    tape.blocks.push(block);
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

  /** Strands below `strand` that ended in this unit without a record of their own. */
  private merged(
    strand: string,
    joined: Joined,
    { at, named, order }: Block,
    tapes: RunTapes,
  ): void {
    const { ends } = joined;
    const { strands } = tapes;
    const mover = this.mover();
    const causes = toldIn(joined);
    for (let path = mover ?? strand; path !== strand && path !== ''; path = parentOf(path)) {
      const tape = strands.get(path);
      const before = tape?.blocks.at(-1);
      if (tape === undefined || before === undefined) return;
      const cause = causes.get(path);
      if (cause?.kind === 'control') tapes.cancelled = true;
      const { activity } = before;
      const first = path === mover;
      const isRow = this.resumed?.itself === true;
      const events = first ? (this.resumed?.events ?? []) : [];
      const kind =
        cause !== undefined
          ? kindOf(cause)
          : !first
            ? 'joined'
            : activity !== undefined && !isRow
              ? 'activity'
              : byRow(events);
      const may = first && activity !== undefined && cause === undefined;
      const told = cause?.kind === 'activity' ? [answerOf(cause)] : [];
      const answers = may ? this.heard(activity, before.at, at) : told;
      // Where no record says what it heard the ledger may, unless a fault stood in between.
      const unsure = may && answers.length > 0;
      const unseen = cause === undefined && parentOf(path) !== strand;
      const about = { ...(unsure ? { unsure } : {}), ...(unseen ? { unseen } : {}) };
      tape.turns.push({ kind, at, order, answers, events, ...about });
      const end = parentOf(path) === strand ? ends[branchOf(path)] : undefined;
      const block = {
        kind: 'merged',
        named,
        order,
        at,
        parked: false,
        activation: 0,
        end,
      } as const;
      tape.blocks.push(block);
    }
  }

  private mover(): string | undefined {
    const { openables, parkings } = this.partition;
    if (this.resumed?.itself === true) return parkings.get(this.resumed.row)?.park.header.strand;
    return openables.get(this.unit.targets[0] ?? -1)?.first.header.strand;
  }

  /** All that a caller may have heard to one attempt. */
  private heard(
    { attempt, key, name, pointer, timeout }: Activity,
    from: number,
    to: number,
  ): Answer[] {
    const calls = (this.effects.get(key)?.calls ?? []).filter((call) => call.attempt === attempt);
    const answers: Answer[] = [];
    for (const call of calls.filter(({ heard }) => heard !== 'nothing')) add(answers, call);
    for (const call of calls) add(answers, call);
    if (answers.some(isHeavy)) answers.push({ error: { ...UNKEPT, instance: pointer } });
    if (to - from >= timeout) {
      const detail = `${name} gave no answer in time`;
      const type = 'https://open-workflow-specification.org/spec/1.0.0/errors/timeout';
      answers.push({ error: { type, status: 408, title: 'Timeout', detail, instance: pointer } });
    }
    return answers;
  }
}

/** What a task hears in place of an answer that no record can hold; the engine says which sizes those are. */
const UNKEPT = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/runtime',
  status: 500,
  title: 'Runtime error',
  detail: 'no record can hold its result',
};
/** What is shorter fits, as often as a State may have it. */
const HEAVY_CHARS = 50_000;

function isHeavy(answer: Answer): boolean {
  return 'result' in answer && JSON.stringify(answer.result).length > HEAVY_CHARS;
}

export function isUnkept({ detail = '', type }: WorkflowError): boolean {
  return type === UNKEPT.type && detail.startsWith(UNKEPT.detail);
}

function add(answers: Answer[], { answer }: LedgerEntry): void {
  if (answer === undefined) return;
  const text = JSON.stringify(answer);
  const one: Answer = isError(answer) ? { error: answer } : { result: answer };
  if (answers.some((known) => JSON.stringify(Object.values(known)[0]) === text)) return;
  answers.push(one);
  // A result that looks like an error may be one.
  if ('error' in one) answers.push({ result: answer });
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

/** The strand, or one that ended in its unit, was cancelled. */
function isCancelled(strand: string, body: StepBody | ParkBody | EndBody): boolean {
  const { cause } = body;
  if (cause.kind === 'control' || (body.kind === 'END' && body.end.cancelled === true)) return true;
  // A branch that has lost its race after it had ended undoes what it did, and may be given up while it does.
  // A root is cancelled by a request alone: its cause says so, or the CANCELLING or RESUME before it.
  if (strand !== '' && body.kind !== 'END' && isCancelling(body)) return true;
  return cause.kind === 'joined' && Object.values(cause.ends).some((end) => end.cancelled === true);
}

function isError(answer: unknown): answer is WorkflowError {
  const { type, status, title } = (answer ?? {}) as Partial<WorkflowError>;
  return typeof type === 'string' && typeof status === 'number' && typeof title === 'string';
}

function answerOf({ error, result }: Extract<Cause, { kind: 'activity' }>): Answer {
  return error === undefined ? { result: result ?? null } : { error };
}

function kindOf({ kind }: Cause): Turn['kind'] {
  const kinds = ['activity', 'events', 'joined', 'continue'] as const;
  return kinds.find((one) => one === kind) ?? 'timer';
}

function byRow(events: readonly CloudEvent[]): Turn['kind'] {
  return events.length > 0 ? 'events' : 'timer';
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

/** What strands without a record of their own were told, as the join says it. */
function toldIn(joined: Joined): ReadonlyMap<string, Cause> {
  const causes = new Map<string, Cause>();
  for (let { last } = joined; last !== undefined;) {
    const { cause, strand } = last;
    causes.set(strand, cause);
    last = cause.kind === 'joined' ? cause.last : undefined;
  }
  return causes;
}

function parentOf(strand: string): string {
  return strand.slice(0, Math.max(0, strand.lastIndexOf('/')));
}

function branchOf(strand: string): number {
  return Number(strand.slice(strand.lastIndexOf('.') + 1));
}
