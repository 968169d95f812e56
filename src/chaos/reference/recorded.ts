/*
 * The recorded world: strands hear what the Log says that they heard, when it says so; the reference
 * decides everything else. Wherever it stands at something else than the record does, they disagree.
 */
import type { CloudEvent } from '../../wire/cloud-event.ts';
import type { StrandEnd } from '../../wire/state.ts';
import { sameJson } from '../same-json.ts';
import type { Effect } from './fault.ts';
import {
  type Answer,
  type Asked,
  Cancelled,
  type Line,
  type Made,
  type Place,
  Unfinished,
  type Wants,
} from './line.ts';
import type { Block, RunTapes, Tape, Turn } from './tape.ts';

/** The engine did something else than the reference. */
export class Disagreement extends Error {}

/** By how much a retry was put off at random, ms: what was drawn, and out of how much. */
export interface Draw {
  readonly drawn: number;
  readonly width: number;
}

/** One replay of one run. */
export class Replay {
  readonly tapes: RunTapes;
  /** the engine ran out of fuel somewhere: times in between are not known exactly */
  fuel = false;
  /** how many ways there were to go on, by choice */
  readonly options: number[] = [];
  /** jitter of activities that are tried again, where nothing but chance has decided it */
  readonly draws: Draw[] = [];
  readonly keys = new Map<Effect, string>();
  readonly #effects = new Map<string, Effect>();
  readonly #choices: readonly number[];
  readonly #played = new Set<Tape>();
  /** recorded events that the reference has not emitted (yet) */
  readonly #unmatched: { readonly event: CloudEvent; readonly at: number }[];

  constructor(tapes: RunTapes, choices: readonly number[]) {
    this.tapes = tapes;
    this.#choices = choices;
    this.#unmatched = [...tapes.emitted];
  }

  line(strand = ''): Line {
    return new RecordedLine(this, strand, this.tapes.strands.get(strand));
  }

  /** Both may be: the caller tries the other one if this one does not fit. */
  either(): boolean {
    const choice = this.#choices[this.options.length] ?? 0;
    this.options.push(2);
    return choice === 0;
  }

  /** One effect, one key: never another one for a repetition, never the same for something new. */
  effect(effect: Effect, key: string, what: string): void {
    const known = this.keys.get(effect);
    if (known !== undefined && known !== key) {
      throw new Disagreement(`${what} repeats an effect under a new key`);
    }
    const other = this.#effects.get(key);
    if (other !== undefined && other !== effect) {
      throw new Disagreement(`${what} is a new effect under the key of another`);
    }
    this.keys.set(effect, key);
    this.#effects.set(key, effect);
  }

  /** The first recorded event that is this one, but for an id that its author left out. */
  emit(made: Made, now: number, strand: string): CloudEvent {
    const found = this.#unmatched.findIndex(
      ({ at, event }) => at === now && sameJson({ id: event.id, ...made }, event),
    );
    const [one] = found < 0 ? [] : this.#unmatched.splice(found, 1);
    if (one !== undefined) return one.event;
    throw new Disagreement(`the reference (strand "${strand}") emits ${JSON.stringify(made)}`);
  }

  /** An event that the reference never emits. */
  get unmatched(): CloudEvent | undefined {
    return this.#unmatched[0]?.event;
  }

  played(tape: Tape): void {
    this.#played.add(tape);
  }

  /** Strands that the engine has and the reference has not. */
  unplayed(): string[] {
    const { strands } = this.tapes;
    return [...strands].filter(([, tape]) => !this.#played.has(tape)).map(([strand]) => strand);
  }
}

class RecordedLine implements Line {
  readonly strand: string;
  readonly #replay: Replay;
  readonly #tape: Tape | undefined;
  #at = 0;
  /** events of the turn before that nobody has asked for yet */
  readonly #heard: CloudEvent[] = [];
  /** the delay of a retry is in the block at which the strand stands */
  #retried = false;
  /** of the retry that is asked about: a late one would not have been made */
  #hurried = false;
  /** it has gone on to its end, which came too late */
  #lost: Cancelled | undefined;

  constructor(replay: Replay, strand: string, tape: Tape | undefined) {
    this.#replay = replay;
    this.strand = strand;
    this.#tape = tape;
    if (tape !== undefined) replay.played(tape);
  }

  readonly emit = (made: Made, now: number): CloudEvent =>
    this.#replay.emit(made, now, this.strand);

  call(asked: Asked, _now: number, deadline: number): { at: number; answer?: Answer } {
    const { attempt, name, pointer, request } = asked;
    const what = `attempt ${attempt} of ${name} at ${pointer}`;
    const makes = (): string => `makes ${what} with ${JSON.stringify(request)}`;
    const block = this.#stand('activity', makes);
    const { activity } = block;
    if (
      activity === undefined ||
      activity.name !== name ||
      activity.pointer !== pointer ||
      activity.attempt !== attempt ||
      !sameJson(activity.arguments, request)
    ) {
      throw this.#disagree(block, makes());
    }
    if (block.due !== undefined && !this.#retried) {
      throw this.#disagree(block, `makes ${what} at once`);
    }
    this.#retried = false;
    this.#replay.effect(asked.effect, activity.key, `${block.named} (${what})`);
    const turn = this.#go();
    if (turn.kind === 'activity') {
      if (turn.at >= deadline) return { at: turn.at };
      return { at: turn.at, answer: turn.answer! };
    }
    if (turn.at < deadline) throw this.#disagree(block, `waits for ${what}, no deadline is over`);
    return { at: turn.at };
  }

  hold(until: number, _now: number, deadline: number): number {
    const block = this.#stand('hold', () => `waits until ${until}`);
    if (!this.#due(block, until, until, deadline)) {
      throw this.#disagree(block, `waits until ${until}`);
    }
    return this.#timer(block, Math.min(until, deadline));
  }

  listen(wanted: Wants, now: number, deadline: number): { at: number; event?: CloudEvent } {
    if (this.#heard.length === 0) {
      const block = this.#stand('listen', () => 'listens');
      if ((block.due ?? Infinity) !== deadline) {
        throw this.#disagree(block, `listens until ${deadline}`);
      }
      const turn = this.#go();
      if (turn.at >= deadline) return { at: turn.at };
      if (turn.kind !== 'events') throw this.#disagree(block, 'listens, no deadline is over');
      this.#heard.push(...turn.events);
      now = turn.at;
    }
    const event = this.#heard.shift();
    if (event !== undefined && wanted(event)) return { at: now, event };
    throw new Disagreement(`the reference (strand "${this.strand}") does not take ${event?.id}`);
  }

  /** The record ends where the branch does. */
  readonly cameTo = (): boolean => true;

  readonly inTime = (from: number, to: number, last: number): boolean => {
    this.#hurried = to > last;
    return to <= last || (from <= last && this.#replay.either());
  };

  retry(from: number, to: number, _now: number, deadline: number): number {
    const what = `waits until ${from === to ? from : `${from} to ${to}`} to try again`;
    const block = this.#stand('any', () => what);
    const { due, kind } = block;
    if ((kind !== 'activity' && kind !== 'hold') || !this.#due(block, from, to, deadline)) {
      throw this.#disagree(block, what);
    }
    if (kind === 'activity') {
      this.#retried = true;
      if (to > from && due !== undefined && !this.#hurried) {
        this.#replay.draws.push({ drawn: due - from, width: to - from });
      }
      return due ?? from;
    }
    return this.#timer(block, Math.min(due ?? from, deadline));
  }

  branch(index: number): Line {
    const path = this.#below(index);
    if (path === undefined) return new RecordedLine(this.#replay, '', undefined);
    return this.#replay.line(path);
  }

  passed(index: number, end: StrandEnd): void {
    const path = this.#below(index);
    if (path !== undefined && this.#replay.tapes.strands.has(path)) {
      this.#replay.line(path).ended(end, 0);
    }
  }

  /** Path of a branch of the fork at which the strand stands. */
  #below(index: number): string | undefined {
    const block = this.#now();
    if (block?.kind !== 'fork') return undefined;
    const above = this.strand === '' ? '' : `${this.strand}/`;
    return `${above}${block.activation}.${index}`;
  }

  ended(end: StrandEnd): number {
    if (this.#lost !== undefined) {
      const lost = this.#lost;
      this.#lost = undefined;
      throw lost;
    }
    const block = this.#stand('any', () => `ends with ${told(end)}`);
    const fits = block.kind === 'merged' && block.end === undefined;
    if (!fits && (block.end === undefined || !sameEnd(block.end, end))) {
      throw this.#disagree(block, `ends with ${told(end)}`);
    }
    return block.order;
  }

  join(
    decided: Place | undefined,
    _now: number,
    deadline: number,
    waits: boolean,
  ): { at: number; cancelled?: Cancelled | undefined; struck: boolean } {
    const block = this.#stand('fork', () => 'waits for its branches');
    const stops = this.#stops();
    this.#at += stops.length;
    // A deadline stops the branches only if they may have to undo something.
    const wrong = stops.find(({ at, stop }) => !stop && (!waits || at < deadline));
    if (wrong !== undefined) throw this.#disagree(block, `does not stop them at ${wrong.order}`);
    const next = this.#tape?.turns[this.#at];
    if (decided !== undefined && decided.order !== next?.order) {
      throw this.#disagree(block, `is decided by the record at ${decided.order} already`);
    }
    const { at, order } = this.#go();
    if (decided === undefined && (waits || stops.length > 0 || at < deadline)) {
      throw this.#disagree(block, `still waits when it goes on at ${order}`);
    }
    const told = stops.find(({ stop }) => stop !== undefined)?.order;
    const cancelled = told === undefined ? undefined : new Cancelled(at, told);
    return { at, cancelled, struck: stops.some(({ stop }) => !stop) };
  }

  get stopped(): number {
    return this.#stops()[0]?.order ?? Infinity;
  }

  /** By a cancel or a deadline a fork may be told to stop its branches, and wait for their ends. */
  #stops(): readonly Turn[] {
    const { blocks = [], turns = [] } = this.#tape ?? {};
    const block = this.#now();
    let to = this.#at;
    const isSame = (next: Block | undefined): boolean =>
      next?.kind === 'fork' && next.activation === block?.activation;
    while (isSame(block) && isSame(blocks[to + 1])) to += 1;
    return turns.slice(this.#at, to);
  }

  must(isSo: boolean, what: string): void {
    const block = this.#now();
    if (!isSo && block !== undefined) throw this.#disagree(block, what);
  }

  /** Where the strand stands, which must be at such a thing. */
  #stand(kind: Block['kind'] | 'any', what: () => string): Block {
    let block = this.#now();
    while (block?.kind === 'continue') {
      this.#replay.fuel = true;
      if (this.#go().kind !== 'continue') {
        throw this.#disagree(block, what());
      }
      block = this.#now();
    }
    if (block === undefined) throw new Unfinished(`nothing tells of strand "${this.strand}"`);
    const [more] = this.#heard;
    if (more !== undefined)
      throw this.#disagree(block, `has not taken ${more.id} before it ${what()}`);
    if (kind !== 'any' && block.kind !== kind) throw this.#disagree(block, what());
    return block;
  }

  #now(): Block | undefined {
    return this.#tape?.blocks[this.#at];
  }

  #go(): Turn {
    const turn = this.#tape?.turns[this.#at];
    if (turn === undefined) throw new Unfinished(`strand "${this.strand}" waits`);
    this.#at += 1;
    const { answer, at, kind, stop } = turn;
    if (stop === undefined) return turn;
    const { begun, order, perhaps } = stop;
    if (perhaps && (kind !== 'activity' || !this.#replay.either())) {
      this.#lost = new Cancelled(at, order, undefined, true);
      return turn;
    }
    throw new Cancelled(at, order, begun ? { ...(answer && { answer }) } : undefined);
  }

  #timer(block: Block, due: number): number {
    const { at, kind } = this.#go();
    if (kind === 'timer' && at >= due) return at;
    throw this.#disagree(block, `waits until ${due} and does not go on at ${at} by ${kind}`);
  }

  /** A record is due when the reference says; a parked one may be brought back by a deadline. */
  #due({ due, parked }: Block, from: number, to: number, deadline: number): boolean {
    if (due === undefined) return false;
    return (due >= from && due <= to) || (parked && due === deadline && due <= to);
  }

  #disagree(block: Block, what: string): Disagreement {
    const strand = this.strand === '' ? '' : ` (strand "${this.strand}")`;
    return new Disagreement(`${block.named} ${doing(block)}; the reference${strand} ${what}`);
  }
}

function doing({ activity, due, end, kind }: Block): string {
  const held = due === undefined ? '' : ` not before ${due}`;
  switch (kind) {
    case 'activity':
      return `schedules attempt ${activity?.attempt} of ${activity?.name} at ${activity?.pointer}${held} with ${JSON.stringify(activity?.arguments)}`;
    case 'hold':
      return `holds the strand until ${due}`;
    case 'listen':
      return `listens${held}`;
    case 'fork':
      return 'stands in a fork';
    case 'continue':
      return 'only goes on';
    case 'end':
    case 'merged':
      return `ends the strand with ${told(end)}`;
  }
}

function told(end: StrandEnd | undefined): string {
  if (end === undefined) return 'what no record says';
  const { cancelled, endsWorkflow, error, output } = end;
  if (cancelled === true) return 'a cancel';
  const over = endsWorkflow === true ? ' and the workflow with it' : '';
  return error === undefined ? `${JSON.stringify(output ?? null)}${over}` : JSON.stringify(error);
}

/** Details are words for people, and each engine has its own. */
function sameEnd(a: StrandEnd, b: StrandEnd): boolean {
  if ((a.endsWorkflow === true) !== (b.endsWorkflow === true)) return false;
  if ((a.cancelled === true) !== (b.cancelled === true) || undoing(a) !== undoing(b)) return false;
  if (a.error === undefined || b.error === undefined) {
    return a.error === b.error && sameJson(a.output ?? null, b.output ?? null);
  }
  const known = ['type', 'status', 'title', 'instance'] as const;
  return known.every((key) => a.error?.[key] === b.error?.[key]);
}

function undoing({ compensations = [] }: StrandEnd): string {
  return JSON.stringify(
    compensations.map(({ pointer, certain, outcome }) => [pointer, certain, outcome]),
  );
}
