/*
 * What tasks have in common that wait for strands - a fork, a parallel loop, an awaited child. Strands
 * know nothing of each other, so they are run one after the other, each with its own clock; the task is
 * settled afterwards by the order in which they ended.
 */
import { anyJson } from '../../../wire/canonical-json.ts';
import type { Json } from '../../../wire/json.ts';
import type { StrandEnd } from '../../../wire/state.ts';
import { Fault } from '../fault.ts';
import { type Doings, earliest, Ended, goOn, type Here, type Strand, untilEnd } from '../here.ts';
import type { Interpreted, Interpreter } from '../interpret.ts';
import { Cancelled, type Line, nowhere, Unfinished } from '../line.ts';
import { stop, told, type Undoable } from '../saga.ts';

/** How a strand ended, and what it did. */
export interface StrandDone
  extends Pick<Doings, 'calls' | 'emitted' | 'begun'>, Pick<Strand, 'cancelled' | 'heard'> {
  readonly end: StrandEnd | undefined;
  readonly at: number;
  readonly order: number;
  readonly log: readonly Undoable[];
}

/** Whether something in these tasks is undone, or, in a race, waits for a workflow in which something may be. */
export function mayUndo(
  { document }: Pick<Interpreted, 'document'>,
  tasks: Json,
  races = false,
): boolean {
  const functions = (document.use?.functions ?? {}) as unknown as { readonly [name: string]: Json };
  const called = new Set<string>();
  const may = (value: Json | undefined): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) return value.some(may);
    const { call, compensate, run } = value as { readonly [key: string]: Json };
    if (typeof compensate === 'object') return true;
    if (races && typeof run === 'object' && run !== null && 'workflow' in run) {
      if (!('await' in run) || run['await'] !== false) return true;
    }
    if (typeof call === 'string' && Object.hasOwn(functions, call) && !called.has(call)) {
      called.add(call);
      if (may(functions[call])) return true;
    }
    return Object.values(value).some(may);
  };
  return may(tasks);
}

/** Strands that a task waits for. */
export interface Strands {
  readonly total: number;
  /** how many may run at the same time */
  readonly atOnce: number;
  /** one may have something to undo: all are waited for (R18) */
  readonly waits: boolean;
  /** the first that succeeds wins; what the others did is undone */
  readonly races?: boolean;
  /** Whether an end decides the task, whatever the other strands do. */
  decides(end: StrandEnd): boolean;
  /** What strand `index` does, from `strand.now` on. */
  act(index: number, strand: Strand): StrandEnd;
}

/** Runs strands until all have ended or one decides; gives that one's end, or all in order of the strands. */
export function runStrands(it: Interpreter, here: Here, strands: Strands): StrandEnd[] {
  const { act, atOnce, races = false, total, waits } = strands;
  const { strand } = here;
  const decides = ({ end }: StrandDone): boolean =>
    end !== undefined && !end.cancelled && strands.decides(end);
  const horizon = earliest(here);
  const all: StrandDone[] = [];
  const active: StrandDone[] = [];
  let next = 0;
  /** has decided; others may only be waited for */
  let settled: StrandDone | undefined;
  // What they did is undone by the scope around them, but for a race, where it concerns nobody else.
  const itself = races || !here.saga;
  const run = (index: number, now: number, line: Line): StrandDone =>
    runStrand(it, here, now, line, itself, (its) => act(index, its));
  // What ends without waiting for anything ends before any other strand has really begun.
  const begin = (now: number, after?: StrandDone): StrandDone | undefined => {
    const waiting: number[] = [];
    while (next < total && active.length + waiting.length < atOnce) {
      const index = next++;
      let one = run(index, now, nowhere(strand.line));
      if (one.end !== undefined && one.emitted.length > 0) {
        one = run(index, now, nowhere(strand.line, true));
      }
      all[index] = after === undefined ? one : { ...one, order: after.order };
      if (one.end === undefined) waiting.push(index);
      else {
        if (after !== undefined) strand.line.passed(index, one.end);
        if (!decides(one)) continue;
        settled = one;
        if (!waits || after === undefined) return one;
      }
    }
    for (const index of waiting) {
      all[index] = run(index, now, strand.line.branch(index, horizon));
      active.push(all[index]);
    }
    return undefined;
  };
  if (begin(strand.now) !== undefined || active.length === 0) {
    const ended = all.filter(({ end }) => end !== undefined);
    keep(it, strand, ended, () => true);
    for (const { log } of ended) strand.log.push(...log);
    return (settled === undefined ? ended : [settled]).map(({ end }) => end!);
  }
  const { stopped } = strand.line;
  let decider: StrandDone | undefined;
  while (decider === undefined) {
    const ended = active.filter(({ end }) => end !== undefined).sort((a, b) => a.order - b.order);
    const [first] = ended;
    if (first === undefined) break;
    active.splice(active.indexOf(first), 1);
    if (settled === undefined && decides(first)) settled = first;
    // Who has been told to stop begins nothing more, and waits for all that it has begun.
    const isStopped = first.order > stopped;
    const over =
      !isStopped &&
      ((settled === first && !waits) ||
        (settled === undefined && begin(first.at, first) !== undefined));
    const none = active.length === 0;
    if (over || (none && (isStopped || settled !== undefined || next === total))) decider = first;
  }
  // Nobody is cancelled before that is decided; who ends after a race was won undoes what it did.
  const since = waits ? (settled?.order ?? Infinity) : Infinity;
  const isLost = (order: number): boolean => races && order > since && order < stopped;
  for (const { cancelled, end, log, order } of all) {
    if (cancelled !== undefined) {
      const told = cancelled.order;
      const may = cancelled.ended ? isLost(told) : told > Math.min(since, stopped);
      strand.line.must(may, `needs whom the record at ${told} cancels`);
    } else if (end !== undefined && log.some(({ outcome }) => outcome === undefined)) {
      strand.line.must(!isLost(order), `undoes what the branch did that ended at ${order}`);
    }
  }
  // Of what happens at the instant of the decision either may be the first; it matters if it differs.
  const early = (one: StrandDone): boolean =>
    (one.at === decider?.at && decides(one) && !sameDone(one, decider)) ||
    [...one.calls, ...one.emitted, ...one.begun].some((done) => done.at === decider?.at);
  if (active.some(early)) it.does.ties++;
  const known = (one: StrandDone): boolean =>
    decider !== undefined && one.end !== undefined && one.order <= decider.order;
  let at = Infinity;
  let cancelled: Cancelled | undefined;
  let struck: boolean | undefined;
  try {
    ({ at, cancelled, struck } = strand.line.join(decider, strand.now, horizon, waits));
  } finally {
    // What a strand would still have done when the task is over is not done any more.
    keep(it, strand, all, (one) => known(one) && at >= one.at, at);
  }
  // A clock that was set back makes a Log say that what came last came first.
  const isOver = (one: StrandDone): boolean => at >= one.at || strand.line.cameTo(one.at, at);
  const ended = all.filter((one) => known(one) && isOver(one));
  for (const one of ended.sort((a, b) => a.order - b.order)) strand.log.push(...one.log);
  // What they leave to be undone is there even if they were too late.
  if (cancelled !== undefined) throw cancelled;
  goOn(here, at, undefined, struck === true ? horizon : at);
  if (decider === undefined) throw new TypeError('a task went on before its strands were decided');
  return (settled === undefined ? all.filter(known) : [settled]).map(({ end }) => end!);
}

/** Whoever came first, the task would end like that, and have as much to undo. */
function sameDone(a: StrandDone, b: StrandDone): boolean {
  return anyJson(a.end as Json) === anyJson(b.end as Json) && a.log.length + b.log.length === 0;
}

/** Takes over what strands have done: those that count as a whole, the others until then. */
function keep(
  { does }: Interpreter,
  { heard, line }: Strand,
  strands: readonly StrandDone[],
  whole: (one: StrandDone) => boolean,
  until = Infinity,
): void {
  for (const one of strands) {
    const kept = whole(one);
    does.calls.push(...one.calls.filter(({ at }) => kept || at < until));
    does.emitted.push(...one.emitted.filter(({ at }) => kept || at < until));
    does.begun.push(...one.begun.filter(({ at }) => kept || line.cameTo(at, until)));
    for (const [event, at] of one.heard) if (kept || at < until) heard.set(event, at);
  }
}

function runStrand(
  it: Interpreter,
  { strand: { context, heard } }: Here,
  now: number,
  line: Line,
  itself: boolean,
  act: (strand: Strand) => StrandEnd,
): StrandDone {
  const { does } = it;
  const strand: Strand = { line, now, context, waited: false, log: [], heard: new Map(heard) };
  const outer = { calls: does.calls, emitted: does.emitted, begun: does.begun };
  Object.assign(does, { calls: [], emitted: [], begun: [] });
  let end: StrandEnd | undefined;
  let order = Infinity;
  let log: readonly Undoable[] = [];
  const over = (its: StrandEnd): void => {
    log = strand.log;
    order = strand.waited ? line.ended({ ...its, ...told(log) }, strand.now) : -1;
    end = its;
  };
  try {
    try {
      over(act(strand));
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      over(stop(it, strand, error, itself));
    }
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
  }
  const { begun, calls, emitted } = does;
  Object.assign(does, outer);
  const at = end === undefined ? Infinity : strand.now;
  const { cancelled } = strand;
  return { end, at, order, begun, calls, emitted, log, heard: strand.heard, cancelled };
}

/** A strand of the same workflow: it sees what is around it, and is not hurried by it. */
export function branch(
  { base, extending, saga }: Here,
  variables: Here['variables'],
  strand: Strand,
  act: (inside: Here) => Json,
): StrandEnd {
  const nothing = { deadlines: [], retrying: [], indices: [] };
  try {
    return untilEnd(() => act({ ...nothing, strand, variables, base, extending, saga }));
  } catch (error) {
    if (error instanceof Fault) return { error: error.error };
    throw error;
  }
}

/** What the ends come to: the one that decides, or all of them, in order of the strands. */
export function settle(ends: readonly StrandEnd[], compete: boolean): Json {
  const over = ends.find(({ endsWorkflow }) => endsWorkflow === true);
  if (over !== undefined) throw new Ended(over.output ?? null);
  const failed = ends.find(({ error }) => error !== undefined)?.error;
  const won = ends.find(({ error }) => error === undefined);
  if (compete && won !== undefined) return won.output ?? null;
  if (failed !== undefined) throw new Fault(failed);
  return ends.map(({ output }) => output ?? null);
}
