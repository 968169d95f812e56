/*
 * fork: branches know nothing of each other, so they are run one after the other, each with its own
 * clock; the fork is settled afterwards by the order in which they ended.
 */
import { type ForkTask, taskEntry, type TaskList } from '../../../dsl/document.ts';
import { type Json, pointerStep } from '../../../wire/json.ts';
import type { StrandEnd } from '../../../wire/state.ts';
import { Fault } from '../fault.ts';
import {
  type Called,
  earliest,
  type Emitted,
  Ended,
  goOn,
  type Here,
  type Strand,
  untilEnd,
} from '../here.ts';
import type { Interpreter } from '../interpret.ts';
import { type Line, nowhere, Unfinished } from '../line.ts';
import { told, type Undoable } from '../saga.ts';

interface BranchEnd {
  readonly end: StrandEnd | undefined;
  readonly at: number;
  readonly order: number;
  readonly calls: Called[];
  readonly log: readonly Undoable[];
  readonly emitted: Emitted[];
}

export function fork(
  it: Interpreter,
  here: Here,
  { fork }: ForkTask,
  pointer: string,
  input: Json,
): Json {
  const { strand } = here;
  const { branches, compete = false } = fork;
  const decides = ({ end }: BranchEnd): boolean =>
    end !== undefined && (end.endsWorkflow === true || (end.error === undefined) === compete);
  // Whoever may have something to undo is waited for (R18).
  const waits = JSON.stringify(branches).includes('"compensate":');
  const begin = (index: number, line: Line): BranchEnd =>
    branch(it, here, branches[index]!, `${pointer}/fork/branches/${index}`, line, input);
  // What ends without waiting for anything ends before any other branch has really begun.
  const ends: BranchEnd[] = [];
  for (const index of branches.keys()) {
    let one = begin(index, nowhere(strand.line));
    if (one.end !== undefined && one.emitted.length > 0) {
      one = begin(index, nowhere(strand.line, true));
    }
    ends.push(one);
    if (one.end !== undefined) it.emitted.push(...one.emitted.splice(0));
    if (decides(one)) return settle(ends, ({ end }) => end !== undefined, compete);
  }
  const horizon = earliest(here);
  for (const [index, { end }] of ends.entries()) {
    if (end === undefined) ends[index] = begin(index, strand.line.branch(index, horizon));
  }
  const inOrder = ends.filter(({ end }) => end !== undefined).sort((a, b) => a.order - b.order);
  const decider =
    inOrder.find((one) => decides(one) && (!waits || one.end?.endsWorkflow === true)) ??
    (inOrder.length === ends.length ? inOrder.at(-1) : undefined);
  if (inOrder.some((one) => one !== decider && one.at === decider?.at && decides(one))) it.ties++;
  const known = (one: BranchEnd): boolean =>
    decider !== undefined && one.end !== undefined && one.order <= decider.order;
  if (ends.some(({ order }) => order !== -1)) {
    let at = Infinity;
    try {
      at = strand.line.join(decider, strand.now, earliest(here));
    } finally {
      // What a branch would still have done when the fork is over is not done any more.
      for (const one of ends) {
        const kept = known(one) && at >= one.at;
        it.calls.push(...one.calls.filter((called) => kept || called.at < at));
        it.emitted.push(...one.emitted.filter((event) => kept || event.at < at));
      }
    }
    goOn(here, at);
  }
  if (decider === undefined) throw new TypeError('a fork went on before it was decided');
  for (const one of inOrder) if (known(one)) strand.log.push(...one.log);
  return settle(ends, known, compete);
}

function branch(
  it: Interpreter,
  { base, extending, saga, strand: { context, now }, variables }: Here,
  item: TaskList[number],
  at: string,
  line: Line,
  input: Json,
): BranchEnd {
  const strand: Strand = { line, now, context, waited: false, log: [] };
  const nothing = { deadlines: [], retrying: [], indices: [] };
  const here: Here = { ...nothing, strand, variables, base, extending, saga };
  const outer = { calls: it.calls, emitted: it.emitted };
  it.calls = [];
  it.emitted = [];
  let end: StrandEnd | undefined;
  let order = -1;
  try {
    const [name, task] = taskEntry(item);
    const pointer = `${at}/${pointerStep(name)}`;
    end = untilEnd(() => {
      const { output, then } = it.task(here, name, task, pointer, input);
      if (then === 'end') throw new Ended(output);
      return output;
    });
  } catch (error) {
    if (error instanceof Fault) end = { error: error.error };
    else if (!(error instanceof Unfinished)) throw error;
  }
  if (end === undefined) order = Infinity;
  else if (strand.waited) order = line.ended({ ...end, ...told(strand.log) }, strand.now);
  const { calls, emitted } = it;
  Object.assign(it, outer);
  const ended = end === undefined ? Infinity : strand.now;
  return { end, at: ended, order, calls, emitted, log: strand.log };
}

/** Of the branches whose ends are known, the first in order of declaration that decides. */
function settle(
  ends: readonly BranchEnd[],
  known: (one: BranchEnd) => boolean,
  compete: boolean,
): Json {
  const all = ends.filter(known).map(({ end }) => end!);
  const over = all.find(({ endsWorkflow }) => endsWorkflow === true);
  if (over !== undefined) throw new Ended(over.output ?? null);
  const failed = all.find(({ error }) => error !== undefined)?.error;
  const won = all.find(({ error }) => error === undefined);
  if (compete && won !== undefined) return won.output ?? null;
  if (failed !== undefined) throw new Fault(failed);
  return all.map(({ output }) => output ?? null);
}
