/*
 * O2, the main oracle: every run does what a naive reference interpreter does with the same document,
 * the same input and the same answers.
 *
 * The reference is fed with what the Log says that each strand heard, and when (reference/tape.ts); all
 * decisions are its own. Compared are: what each strand asks for next (function, request, attempt,
 * pointer), what it is held or parked for and until when, when a fork is over, how each strand and the
 * run end (output; type, status, title and instance of an error), that one effect has one key, and that
 * the services applied no more and no less than the reference knows of.
 *
 * It catches a wrong decision: a task too many or too few, wrong data, a lost or invented retry, a
 * wrong delay or timeout, a branch that does not count. Because times and answers are taken from the
 * Log it cannot catch: a result that no service gave (P3 does), a timer that comes too late (P4), an
 * order of ends in which the Log contradicts the clock (it is the Log that decides), the draw of a
 * jitter within its bounds, wording of `detail`, and what an expression yields if jq itself is wrong.
 *
 * Who is cancelled goes no further than the Log says; that it was to be, what it had done by then, and who
 * undoes that, is compared as well. Where a record can mean two things - cancelled with an answer, or lost
 * after its end - one that fits is enough.
 */
import type { WorkflowDocument } from '../../dsl/document.ts';
import type { Definition } from '../../dsl/load.ts';
import type { Begun } from '../reference/here.ts';
import { interpret } from '../reference/interpret.ts';
import { Cancelled } from '../reference/line.ts';
import { Disagreement, type Draw, Replay } from '../reference/recorded.ts';
import { isUnkept, readTapes, type RunTapes } from '../reference/tape.ts';
import { anyJson } from '../../wire/canonical-json.ts';
import type { Json } from '../../wire/json.ts';
import type { WorkflowError } from '../../wire/state.ts';
import type { LedgerEntry } from '../history.ts';
import type { Oracle, View } from './oracle.ts';

export interface Compared {
  readonly run: string;
  /** agreed: up to its end; open: as far as the Log tells; else why not */
  readonly verdict: 'agreed' | 'open' | 'disagreed' | 'inconclusive';
  readonly said: string;
  /** jitter of its retries */
  readonly draws?: readonly Draw[];
}

export const differential: Oracle = {
  name: 'differential',
  promise: 'P2',
  says: 'every run does what the reference interpreter does with the same answers',
  check(view, verdict) {
    for (const { run, said, verdict: found } of compareRuns(view)) {
      if (found === 'inconclusive') continue;
      verdict.expect(
        found !== 'disagreed',
        () => `run ${run} is not what the reference makes of it: ${said}`,
        { run },
      );
    }
  },
};

/** Runs that were compared, and those that could not be, over many histories. */
export class DifferentialTally {
  readonly verdicts = { agreed: 0, open: 0, disagreed: 0, inconclusive: 0 };
  readonly reasons: Record<string, number> = {};

  add(view: View): void {
    for (const { said, verdict } of compareRuns(view)) {
      this.verdicts[verdict] += 1;
      if (verdict === 'inconclusive') this.reasons[said] = (this.reasons[said] ?? 0) + 1;
    }
  }

  /** Share of the runs about which nothing can be said: more than 0.01 is worth a look. */
  get inconclusive(): number {
    const { agreed, disagreed, inconclusive, open } = this.verdicts;
    return inconclusive / Math.max(1, agreed + disagreed + inconclusive + open);
  }
}

const compared = new WeakMap<View, readonly Compared[]>();

/** Compares every run that has begun; the same view is compared once. */
export function compareRuns(view: View): readonly Compared[] {
  let found = compared.get(view);
  if (found === undefined) compared.set(view, (found = compareAll(view)));
  return found;
}

function compareAll({ history, reading, scenario }: View): readonly Compared[] {
  // Histories made by hand stand for a part of a workflow only.
  const {
    definition,
    successor,
    workflows = [],
  } = (scenario ?? {}) as Partial<NonNullable<typeof scenario>>;
  if (definition === undefined) return [];
  const definitions = [definition, ...(successor === undefined ? [] : [successor]), ...workflows];
  const ledger = Map.groupBy(history.ledger, ({ run }) => run);
  const injected = history.fired.some(({ point }) => point === 'activity');
  const all = readTapes(reading);
  const begun = Map.groupBy([...all.values()], ({ by }) => by?.run);
  return [...all.values()].map((tapes): Compared => {
    const { run } = tapes;
    const its = definitions.find(({ hash }) => hash === tapes.definition);
    if (its === undefined) {
      return { run, verdict: 'inconclusive', said: 'it runs another definition' };
    }
    if (tapes.strands.get('')?.blocks[0]?.end?.cancelled === true) {
      return ledger.has(run)
        ? { run, verdict: 'disagreed', said: 'it has called somebody, and was cancelled before' }
        : { run, verdict: 'agreed', said: '' };
    }
    if (tapes.refused) {
      return { run, verdict: 'inconclusive', said: 'no record could hold its State' };
    }
    if (tapes.untold) {
      return { run, verdict: 'inconclusive', said: 'no record says what led to a join' };
    }
    const world = {
      definitions,
      ledger: ledger.get(run) ?? [],
      injected,
      begun: (begun.get(run) ?? []).map(({ definition: hash, input }) => ({
        document: definitions.find((one) => one.hash === hash)?.document,
        input,
      })),
    };
    return { run, ...compareRun(its, tapes, world) };
  });
}

/** What there is around a run. */
interface Around {
  /** the newest last */
  readonly definitions: readonly Definition[];
  readonly ledger: readonly LedgerEntry[];
  /** a fault may have decided what an activity heard */
  readonly injected: boolean;
  /** runs that it has begun, as the Log has them */
  readonly begun: readonly {
    readonly document: WorkflowDocument | undefined;
    readonly input: Json;
  }[];
}

/** Ways to go on where no record tells which that are tried for one run. */
const TRIES_MAX = 64;

function compareRun(
  definition: Definition,
  tapes: RunTapes,
  around: Around,
): Omit<Compared, 'run'> {
  let choices: readonly number[] | undefined = [];
  let first: Omit<Compared, 'run'> | undefined;
  for (let tries = 0; choices !== undefined && tries < TRIES_MAX; tries += 1) {
    const replay = new Replay(tapes, choices);
    const found = compareOnce(definition, tapes, replay, around);
    if (found.verdict === 'agreed' || found.verdict === 'open') return found;
    first ??= found;
    choices = nextChoices(choices, replay.options);
  }
  if (choices === undefined || first === undefined) return first!;
  return { verdict: 'inconclusive', said: 'too much could have come first' };
}

function compareOnce(
  definition: Definition,
  tapes: RunTapes,
  replay: Replay,
  { begun, definitions, injected, ledger }: Around,
): Omit<Compared, 'run'> {
  const { at, input, run } = tapes;
  const disagreed = (said: string): Omit<Compared, 'run'> =>
    replay.fuel
      ? { verdict: 'inconclusive', said: 'the engine ran out of fuel, times are not known' }
      : { verdict: 'disagreed', said };
  try {
    const found = interpret(definition, { run, definitions, input, at, line: replay.line() });
    const { status } = found;
    const [unknown] = replay.unplayed();
    // What had no fuel to begin with may still wait for nothing.
    if (tapes.strands.get(unknown ?? '')?.blocks[0]?.kind === 'continue') replay.fuel = true;
    if (unknown !== undefined) return disagreed(`there is no strand "${unknown}" in the reference`);
    const ended = tapes.strands.get('')?.blocks.at(-1)?.kind === 'end';
    if (ended && status === 'unfinished') return disagreed('it ends where the reference waits');
    const { unmatched } = replay;
    if (unmatched !== undefined) return disagreed(`it emits ${JSON.stringify(unmatched)}`);
    const effect = wrongEffect(replay, tapes, ledger, injected);
    if (effect !== undefined) return disagreed(effect);
    const stranger = otherRuns(found.begun, begun);
    if (stranger !== undefined) return disagreed(stranger);
    const { draws } = replay;
    return status === 'unfinished'
      ? { verdict: 'open', said: 'it has not ended', draws }
      : { verdict: 'agreed', said: '', draws };
  } catch (error) {
    if (error instanceof Disagreement) return disagreed(error.message);
    if (error instanceof Cancelled) return disagreed('it is cancelled where the reference ends');
    throw error;
  }
}

/** The runs that the reference begins, against those that the Log has: each of them once. */
function otherRuns(expected: readonly Begun[], logged: Around['begun']): string | undefined {
  const left = [...logged];
  for (const { document, input } of expected) {
    const index = left.findIndex(
      (one) => one.document === document && anyJson(one.input) === anyJson(input),
    );
    if (index < 0) {
      return `no run of ${document.document.name} with ${JSON.stringify(input)} was begun by it`;
    }
    left.splice(index, 1);
  }
  const [more] = left;
  return more === undefined
    ? undefined
    : `it has begun a run of ${more.document?.document.name} with ${JSON.stringify(more.input)}, which the reference does not`;
}

/** What the services applied, against what the reference asked for and what it heard of. */
function wrongEffect(
  replay: Replay,
  { strands }: RunTapes,
  ledger: readonly LedgerEntry[],
  injected: boolean,
): string | undefined {
  const known = new Set(replay.keys.values());
  const stranger = ledger.find(({ key }) => !known.has(key));
  if (stranger !== undefined) {
    return `${stranger.name} was called with ${JSON.stringify(stranger.request)}, which the reference never does`;
  }
  const applied = new Set(ledger.filter((call) => call.applied).map(({ key }) => key));
  for (const { blocks, turns } of strands.values()) {
    for (const [index, { answer }] of turns.entries()) {
      const { activity } = blocks[index]!;
      if (answer === undefined) continue;
      if (activity === undefined) continue;
      const { attempt, key, name } = activity;
      if ('result' in answer) {
        if (applied.has(key)) continue;
        return `${name} has answered attempt ${attempt} and was never applied`;
      }
      const { error } = answer;
      const isTimeout = error.status === 408 && error.type.endsWith('/timeout');
      if (injected || isTimeout || isUnkept(error)) continue;
      if (ledger.some((call) => gave(call, key, attempt, error))) continue;
      return `attempt ${attempt} of ${name} failed with ${JSON.stringify(error)}, which the service never said`;
    }
  }
  return undefined;
}

function gave(call: LedgerEntry, key: string, attempt: number, error: WorkflowError): boolean {
  const answer = (call.answer ?? {}) as Partial<WorkflowError>;
  return (
    call.key === key &&
    call.attempt === attempt &&
    answer.type === error.type &&
    answer.status === error.status &&
    answer.title === error.title
  );
}

/** The next combination, the last choice first; undefined when all have been tried. */
function nextChoices(
  choices: readonly number[],
  options: readonly number[],
): readonly number[] | undefined {
  for (let last = options.length - 1; last >= 0; last -= 1) {
    const choice = (choices[last] ?? 0) + 1;
    if (choice < options[last]!) {
      return [...options.slice(0, last).map((_, index) => choices[index] ?? 0), choice];
    }
  }
  return undefined;
}
