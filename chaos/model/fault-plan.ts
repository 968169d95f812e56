/*
 * From a counterexample to fault plans of the simulator: where the model's runner dies, is overtaken, or
 * sends what arrives twice or late, the real one meets an addressed fault at the same call.
 *
 * A story says less than a plan must - how long a frozen runner sleeps, whether it froze before or after
 * its call went out - so it gives a short list of plans, likeliest first. Owns no verdict: whoever
 * replays them finds out which of them breaks an engine that makes the mutant's mistake.
 */
import {
  type Action,
  type Address,
  type FaultPlan,
  PLAN_VERSION,
  type PlannedFault,
  type PlannedInstance,
} from '../../src/chaos/plan.ts';
import type { Batch, Kind } from './log.ts';
import type { Step } from './move.ts';
import type { Violation } from './search.ts';
import type { Configuration, Program } from './world.ts';

type Fault = Omit<PlannedFault, 'id'>;
/** Faults that belong together; `since` counts from the first of them. */
type Group = readonly Fault[];

const SEEDS = [1, 2, 3, 4];
const DOWN_MS = 1_000;
/** Longer than a session: whoever sleeps so long is overtaken. */
const PAUSES_MS = [12_000, 30_000];
/** As long as nobody thaws it. */
const THAWED_MS = 90_000;
const LATE_MS = [30, 300, 12_000];
const CANCELS_MS = [1_000, 60_000, 130_000];
const AGAIN_MS = [500, 5_000, 20_000];
/** Longer than the time between two marks. */
const SLOW_MS = 5_000;
const ACTIVITY = { point: 'activity', nth: 1 } as const;
/** So many runs bring the head of the Log far enough from what is open. */
const CROWD = 8;

/** The scenario whose workflow is the program of a world. */
const SCENARIOS: { readonly [program in Program]?: string } = {
  step: 'one-activity',
  wait: 'one-wait',
  fork: 'one-fork',
};

export function scenarioOf({ runs: [program] }: Configuration): string | undefined {
  const name = program === undefined ? undefined : SCENARIOS[program];
  return name === undefined ? undefined : `chaos/sabotage/scenarios/${name}.yaml`;
}

/** The plans that a counterexample may be, likeliest first. */
export function plansOf({ moves, story }: Violation, configuration: Configuration): FaultPlan[] {
  const made = story.slice(0, moves);
  const choices = faultChoices(made, story);
  const plans: FaultPlan[] = [];
  for (const instances of instancesOf(configuration, made)) {
    for (const groups of product(choices)) {
      for (const seed of SEEDS) {
        plans.push({
          version: PLAN_VERSION,
          seed,
          runners: 2,
          partitions: 1,
          instances,
          faults: numbered(groups),
        });
      }
    }
  }
  return plans;
}

function numbered(groups: readonly Group[]): PlannedFault[] {
  const faults: PlannedFault[] = [];
  for (const group of groups) {
    const first = faults.length;
    for (const { at, does } of group) {
      const since = at.since === undefined ? {} : { since: first + at.since };
      faults.push({ id: faults.length, at: { ...at, ...since }, does });
    }
  }
  return faults;
}

function instancesOf(
  { cancel, startAgain }: Configuration,
  made: readonly Step[],
): PlannedInstance[][] {
  const one = { id: 0, at: 0, draw: 1 };
  if (cancel) return CANCELS_MS.map((ms) => [{ ...one, cancel: ms }]);
  if (startAgain) return AGAIN_MS.map((ms) => [{ ...one, again: ms }]);
  if (!made.some(({ batch }) => holds(batch, 'CARRY'))) return [[one]];
  return [Array.from({ length: CROWD }, (_, id) => ({ id, at: id * 200, draw: id }))];
}

/** For each fault of a story, what it may be in the simulator. */
function faultChoices(made: readonly Step[], story: readonly Step[]): Group[][] {
  const choices: Group[][] = [];
  made.forEach((step, index) => {
    const before = made.slice(0, index);
    switch (step.did) {
      case 'lands-and-stays': {
        const at = step.batch === undefined ? undefined : appendOf(before, step.batch);
        if (at !== undefined) choices.push(twice(at));
        break;
      }
      case 'usurps':
        choices.push(overtaken(before, story.slice(index), step));
        break;
      case 'crashes':
        choices.push(dies(before, step));
        break;
      case 'crashes-in-fold':
        choices.push([[crash(foldAfter(before), 'after')], [crash(foldAfter(before), 'before')]]);
        break;
      case 'folds-late':
        choices.push(LATE_MS.map((ms) => [late(foldAfter(before), ms)]));
        break;
      case 'marks':
        // A mark is written while something takes its time.
        choices.push([[slow(ACTIVITY)], ...nths(foldAfter(before)).map((at) => [slow(at)])]);
        break;
      case 'sends':
        // While an append has no answer, its sender goes on.
        if (unanswered(before, step)) choices.push(unknown(before, step));
        break;
      default:
        break;
    }
  });
  const last = made.at(-1);
  if (made.some(({ batch }) => holds(batch, 'CARRY'))) choices.push([[slow(ACTIVITY)], []]);
  // It breaks as soon as it is sent: before it lands, that is.
  const sent =
    last?.did === 'sends' && last.batch !== undefined ? appendOf(made, last.batch) : undefined;
  if (sent !== undefined && choices.length === 0) choices.push([[slow(sent)]]);
  return choices.filter((choice) => choice.length > 0);
}

/** A call that a busy engine makes for reasons of its own as well: the first ones that it may be. */
function nths(at: Address): Address[] {
  return [0, 1, 2].map((more) => ({ ...at, nth: at.nth + more }));
}

/** Where a batch was sent: the how-manieth append that holds a record of its kind. */
function appendOf(before: readonly Step[], batch: Batch): Address | undefined {
  const kind = batch[0]?.kind;
  if (kind === undefined || kind === 'TIME') return undefined;
  const sent = before.filter(({ batch, did }) => sends(did) && holds(batch, kind));
  const found = sent.findIndex((step) => step.batch === batch || same(step.batch, batch));
  return addressOf(kind, found < 0 ? sent.length : found + 1);
}

function addressOf(kind: Exclude<Kind, 'TIME'>, nth: number): Address {
  // The simulated world begins before the first CLAIM, the model after it.
  return { point: 'append', kind, nth: kind === 'CLAIM' ? nth + 1 : Math.max(1, nth) };
}

/** Its owner is overtaken: what it still sends arrives too late. */
function overtaken(before: readonly Step[], after: readonly Step[], { who }: Step): Group[] {
  const old = before.findLast(({ did, who: runner }) => did === 'sends' && runner !== who);
  const late = after.find(
    ({ did, who: runner }) => did === 'sends' && runner !== who && runner !== undefined,
  );
  const groups: Group[] = [];
  for (const [batch, known] of [
    [old?.batch, before],
    [
      late?.batch,
      late === undefined ? [] : [...before, ...after.slice(0, after.indexOf(late) + 1)],
    ],
  ] as const) {
    const at = batch === undefined ? undefined : appendOf(known, batch);
    if (at === undefined) continue;
    // It goes on as soon as its heir has claimed, while the heir takes over, or much later.
    const asleep = pause(at, 'before', THAWED_MS);
    const claim = { point: 'append', kind: 'CLAIM', nth: 1, since: 0 } as const;
    const load = { point: 'load', nth: 1, since: 0 } as const;
    const thaw = { kind: 'thaw' } as const;
    groups.push(
      [asleep, { at: load, does: thaw }],
      [asleep, { at: load, does: thaw }, { at: load, does: { kind: 'slow', ms: 300 } }],
      [asleep, { at: claim, does: thaw }, { at: claim, does: { kind: 'slow', ms: 300 } }],
      ...PAUSES_MS.map((ms) => [pause(at, 'before', ms)]),
      ...PAUSES_MS.map((ms) => [pause(at, 'after', ms)]),
    );
  }
  // What it has not brought to the Store when its heir loads the rows, it never will.
  const loads = after.findIndex(({ did, who: runner }) => did === 'loads' && runner === who);
  const fold = foldAfter([...before, ...after.slice(0, Math.max(0, loads))]);
  groups.push(...PAUSES_MS.map((ms) => [pause(fold, 'before', ms)]));
  return groups;
}

/** A runner dies after its last deed, heard or unheard. */
function dies(before: readonly Step[], { who }: Step): Group[] {
  const last = before.findLast(
    ({ did, who: runner }) =>
      runner === who && (sends(did) || did === 'folds' || did === 'folds-late' || did === 'marks'),
  );
  const groups: Group[] = [];
  const fold = foldAfter(before);
  if (last === undefined) return [[crash({ point: 'append', nth: 1 }, 'after')]];
  if (last.did === 'marks') {
    const mark = { point: 'append', kind: 'MARK', nth: 1 } as const;
    groups.push(...nths(mark).map((at) => [crash(at, 'after')]));
  } else if (last.batch !== undefined) {
    const at = appendOf(before, last.batch);
    if (at !== undefined) groups.push([crash(at, 'after')], [crash(at, 'before')]);
  } else groups.push([crash({ ...fold, nth: Math.max(1, fold.nth - 1) }, 'after')]);
  groups.push([crash(fold, 'before')], [crash(fold, 'after')]);
  return groups;
}

function unanswered(before: readonly Step[], { who }: Step): boolean {
  const last = before.findLast(({ did, who: runner }) => did === 'sends' && runner === who);
  if (last?.batch === undefined) return false;
  const at = before.lastIndexOf(last);
  return !before
    .slice(at)
    .some(
      ({ did, says, who: runner }) =>
        runner === who && did === 'reads' && says.includes(last.says.slice('sends '.length)),
    );
}

function unknown(before: readonly Step[], { who }: Step): Group[] {
  const last = before.findLast(({ did, who: runner }) => did === 'sends' && runner === who);
  const at = last?.batch === undefined ? undefined : appendOf(before, last.batch);
  if (at === undefined) return [];
  const does: Action = { kind: 'unknown', fate: 'landed', ms: 0, hears: 'error' };
  return [[{ at, does }], ...LATE_MS.map((ms) => [late(at, ms)])];
}

/** The transaction that would come next. */
function foldAfter(before: readonly Step[]): Address {
  const folds = before.filter(({ did }) => did === 'folds' || did === 'folds-late').length;
  return { point: 'fold', nth: folds + 1 };
}

function twice(at: Address): Group[] {
  return LATE_MS.flatMap((ms) =>
    (['answer', 'error'] as const).map((hears): Group => {
      return [{ at, does: { kind: 'unknown', fate: 'twice', ms, hears } }];
    }),
  );
}

function slow(at: Address): Fault {
  return { at, does: { kind: 'slow', ms: SLOW_MS } };
}

function late(at: Address, ms: number): Fault {
  return { at, does: { kind: 'unknown', fate: 'late', ms, hears: 'error' } };
}

function pause(at: Address, when: 'before' | 'after', ms: number): Fault {
  return { at, does: { kind: 'pause', when, ms, expel: true } };
}

function crash(at: Address, when: 'before' | 'after'): Fault {
  return { at, does: { kind: 'crash', when, down: DOWN_MS } };
}

function sends(did: Step['did']): boolean {
  return did === 'sends' || did === 'claims' || did === 'usurps';
}

function holds(batch: Batch | undefined, kind: Kind): boolean {
  return batch?.some((record) => record.kind === kind) ?? false;
}

function same(one: Batch | undefined, other: Batch | undefined): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

function product(choices: readonly (readonly Group[])[]): Group[][] {
  return choices.reduce<Group[][]>(
    (plans, choice) => plans.flatMap((plan) => choice.map((group) => [...plan, group])),
    [[]],
  );
}
