/*
 * Replay: folds core's step over the units of a trace and holds each result against the record that
 * followed (DESIGN section 8). One verdict for each record that says where a strand stands.
 *
 * Y1. A verdict concerns one hop: the step is made from the State that was recorded before it, so one
 *     that differs does not make all that follow differ as well.
 * Y2. A record that no step of its unit accounts for differs, too: nothing recorded is passed over.
 * Y3. With other definitions than the recorded ones, what only they keep or do not keep in memory is no
 *     difference; what they ask for, put out or wait for is.
 */
import type { Outcome, StepOptions } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { CloudEvent, DefinitionRef, TraceUnit } from '../wire/index.ts';
import { Begun } from './begun.ts';
import { dependence, type Vary } from './depend.ts';
import { type Difference, differences, isSame } from './diff.ts';
import { alsoBegun, type Again, expected, isBegun, type Made } from './expect.ts';
import { compare } from './compare.ts';
import { hasMarker, pointersIn } from './marker.ts';
import { NO_MAP, type PointerMap } from './migrate.ts';
import { Places, type Placed, placed } from './places.ts';
import { type HopBody, isHop, type Shape, shapeOf, shapeOfOutcome } from './shape.ts';
import type { Surroundings } from './surroundings.ts';

export type Verdict =
  | { readonly kind: 'equal' }
  /** its strand begins in this trace, or a record before it is lost */
  | { readonly kind: 'begins' }
  /** the engine, not the workflow, decided it */
  | { readonly kind: 'imposed' }
  | { readonly kind: 'differs'; readonly differences: readonly Difference[]; readonly task: string }
  /** the step cannot be made: a task is not there, or not of the kind that it was */
  | { readonly kind: 'breaks'; readonly said: string; readonly task: string }
  /** what was taken out of the trace decides it */
  | { readonly kind: 'depends'; readonly pointer: string; readonly task: string }
  /** there is nothing to make the step with */
  | { readonly kind: 'unknown'; readonly said: string };

/** One recorded hop, judged. */
export interface Judged {
  readonly record: Placed;
  readonly body: HopBody;
  readonly verdict: Verdict;
  /** makes the step again, for whoever wants to see more */
  readonly again: Again | undefined;
}

/** Where plans come from. */
export interface ReplayPlans {
  /** of a recorded definition; a text says why there is none */
  readonly of: (hash: string) => Plan | string;
  /** the definition that a task names, of those whose hash the unit has, or the newest */
  readonly named: (ref: DefinitionRef, hashes: ReadonlySet<string>) => Plan | undefined;
}

export interface ReplayOptions {
  readonly plans: ReplayPlans;
  /** the definitions are not the recorded ones */
  readonly changed?: boolean;
  readonly map?: PointerMap;
  /** JSON pointers of what was taken out of the trace */
  readonly redacted?: readonly string[];
  /** runs that are wanted; none = all */
  readonly wanted?: (run: string) => boolean;
}

class NoPlan extends Error {}

export class Replay {
  places: Places;
  private readonly options: ReplayOptions;
  private world = 0;

  constructor(options: ReplayOptions) {
    this.options = options;
    this.places = new Places(options.wanted);
  }

  /** Judges the hops of a unit, and takes it in. */
  unit(unit: TraceUnit): Judged[] {
    if (unit.world !== this.world) {
      // Another world: nobody there knows of the runs of this one.
      this.world = unit.world;
      this.places = new Places(this.options.wanted);
    }
    const records = placed(unit);
    const { wanted } = this.options;
    const concerns = wanted === undefined || records.some(({ header }) => wanted(header.run));
    const judged = concerns ? this.judge(records) : [];
    this.places.apply(records);
    return judged;
  }

  private judge(records: readonly Placed[]): Judged[] {
    const hops: { readonly record: Placed; readonly body: HopBody }[] = [];
    for (const record of records) {
      const { kind } = record.header;
      if (kind !== 'STEP' && kind !== 'END' && kind !== 'PARK' && kind !== 'CANCELLING') continue;
      const { body } = record;
      if (isHop(body)) hops.push({ record, body });
    }
    if (hops.length === 0) return [];
    const judged: Judged[] = [];
    const begun = new Begun(hops.filter(({ body, record }) => isBegun(record, body)));
    const movers = hops.filter(({ body, record }) => !isBegun(record, body));
    let known = movers.length > 0;
    for (const { record, body } of movers) {
      const { verdict } = this.mover(record, body, records, begun, judged);
      if (verdict.kind !== 'equal' && verdict.kind !== 'differs') known = false;
    }
    for (const { record, body } of begun.left()) {
      // What ended in a join may have begun others: no record of an older build says which.
      known &&= !begun.perhapsMore;
      const differences = [{ at: '', recorded: `a new strand ${record.header.strand}` }];
      const verdict: Verdict = known
        ? { kind: 'differs', differences, task: taskOf(shapeOf(record.header, body)) }
        : { kind: 'begins' };
      judged.push({ record, body, verdict, again: undefined });
    }
    return judged;
  }

  private mover(
    record: Placed,
    body: HopBody,
    unit: readonly Placed[],
    begun: Begun,
    judged: Judged[],
  ): Judged {
    const around = this.around(record, unit);
    const task = taskOf(shapeOf(record.header, body)) || this.stoodAt(record);
    let again: Again | undefined;
    const done = (verdict: Verdict): Judged => {
      const one = { record, body, verdict, again };
      judged.push(one);
      return one;
    };
    try {
      const found = expected(record, body, around);
      if (found.kind === 'begins' || found.kind === 'imposed') return done(found);
      const recorded = shapeOf(record.header, around.mappedBody(body));
      if (found.kind === 'shape') return done(this.compared(recorded, found.shape, task));
      ({ again } = found);
      const now = record.header.time;
      const held = (made: Made): Verdict => {
        const ends = made.merged?.recorded;
        return this.compared({ ...recorded, ends }, madeShape(made, now), task, made.merged?.task);
      };
      let outcome = found.again(false);
      let verdict = held(outcome);
      if (verdict.kind !== 'equal' && found.or !== undefined) {
        const other = found.or(false);
        const second = held(other);
        if (second.kind === 'equal') [outcome, verdict, again] = [other, second, found.or];
      }
      const { merged } = outcome;
      if (body.cause.kind === 'joined' && merged === undefined) begun.perhapsMore = true;
      const depends = this.depends(record, body, unit, task);
      const { header } = record;
      const also =
        body.kind === 'END' && header.strand !== '' && outcome.next.kind === 'end'
          ? alsoBegun(record, outcome.next.end, around)
          : [];
      const emitted = [outcome, ...also.map((strand) => strand.outcome)].flatMap(eventsOf);
      if (verdict.kind === 'equal') {
        verdict = emission(body, emitted, task, body.cause.kind === 'joined' && !merged);
      }
      const from = [...found.from, ...(merged?.from ?? [])];
      const one = done(depends ?? this.unless(verdict, from, task));
      this.strands(record, outcome, begun, judged, unit);
      for (const strand of also) {
        this.first(header.run, strand.strand, strand.outcome, now, begun, judged, unit);
      }
      return one;
    } catch (error) {
      return done(this.broken(error, record, body, unit, task));
    }
  }

  /** The task at which the strand of an END stood before. */
  private stoodAt({ header: { run, strand } }: Placed): string {
    const before = this.places.live.get(run)?.strands.get(strand);
    const body = before?.body;
    return before !== undefined && body !== undefined && isHop(body)
      ? taskOf(shapeOf(before.header, body))
      : '';
  }

  /** What a step has begun has its first records in the same unit. */
  private strands(
    { header: { run, time } }: Placed,
    outcome: Outcome,
    begun: Begun,
    judged: Judged[],
    unit: readonly Placed[],
  ): void {
    if (outcome.next.kind === 'fork') {
      for (const one of outcome.next.strands) {
        this.first(run, one.strand, one.outcome, time, begun, judged, unit);
      }
    }
    for (const one of outcome.runs) {
      this.first(one.run, '', one.outcome, time, begun, judged, unit, eventsOf(one.outcome));
    }
  }

  private first(
    run: string,
    strand: string,
    outcome: Outcome,
    now: number,
    begun: Begun,
    judged: Judged[],
    unit: readonly Placed[],
    emitted?: readonly CloudEvent[],
  ): void {
    const found = begun.take(run, strand);
    if (found === undefined) {
      // It is missing: said where it should be, at the record of the strand that begins it.
      const last = judged.at(-1);
      if (last?.verdict.kind === 'equal' && !this.shortened(last, outcome)) {
        const differences = [{ at: '', computed: `a new strand ${strand} of ${run}` }];
        const verdict: Verdict = {
          kind: 'differs',
          differences,
          task: taskOf(shapeOfOutcome(outcome, now)),
        };
        judged[judged.length - 1] = { ...last, verdict };
      }
      return;
    }
    const { record, body } = found;
    const around = this.around(record, unit);
    const recorded = shapeOf(record.header, around.mappedBody(body));
    const computed = shapeOfOutcome(outcome, now);
    let verdict = this.compared(recorded, computed, taskOf(recorded));
    // What a strand has emitted is carried by the record of the one that began it.
    if (verdict.kind === 'equal' && emitted !== undefined) {
      verdict = emission(body, emitted, taskOf(recorded));
    }
    judged.push({ record, body, verdict, again: () => outcome });
    this.strands(record, outcome, begun, judged, unit);
  }

  /** A branch that ends as it begins, and decides its fork, rides in the join. */
  private shortened({ body }: Judged, outcome: Outcome): boolean {
    return body.cause.kind === 'joined' && outcome.next.kind === 'end';
  }

  private around({ header, partition }: Placed, unit: readonly Placed[]): Surroundings {
    const { changed = false, map = NO_MAP, plans } = this.options;
    const planOf = (hash: string): Plan => {
      const plan = plans.of(hash);
      if (typeof plan === 'string') throw new NoPlan(plan);
      return plan;
    };
    const definitions: StepOptions['definitions'] = (ref) => {
      const hashes = new Set(unit.map(({ header: { definition } }) => definition));
      const plan = plans.named(ref, hashes);
      if (plan !== undefined) return { plan };
      const version = ref.version === undefined ? '' : `/${ref.version}`;
      return { missing: `no definition ${ref.namespace}/${ref.name}${version} has been deployed` };
    };
    return {
      live: this.places.live.get(header.run),
      unit,
      planOf,
      options: { home: partition, definitions },
      mapped: map.state,
      mappedBody: changed ? map.body : (body) => body,
    };
  }

  /** `last`: task of the strand of which the end is compared as well. */
  private compared(recorded: Shape, computed: Shape, task: string, last = task): Verdict {
    const { changed = false, map = NO_MAP, redacted = [] } = this.options;
    const differences = compare(recorded, computed, {
      changed,
      moved: changed && map !== NO_MAP,
      redacted: redacted.length > 0,
    });
    if (differences.length === 0) return EQUAL;
    const ended = differences[0]?.at.startsWith('/ends') === true;
    return { kind: 'differs', differences, task: ended ? last : task };
  }

  /** What is no longer whole may differ for that reason alone, if nothing else was changed. */
  private unless(verdict: Verdict, from: readonly unknown[], task: string): Verdict {
    if (verdict.kind !== 'differs' || this.options.changed === true) return verdict;
    if ((this.options.redacted ?? []).length === 0) return verdict;
    let [pointer] = pointersIn(from);
    if (pointer === undefined && verdict.differences.every(({ recorded }) => hasMarker(recorded))) {
      // The step was made of what is whole, and cannot be held against what was recorded.
      [pointer] = pointersIn(verdict.differences.map(({ recorded }) => recorded));
    }
    return pointer === undefined ? verdict : { kind: 'depends', pointer, task };
  }

  /** The first pointer of what was taken out that decides what the step comes to. */
  private depends(
    record: Placed,
    body: HopBody,
    unit: readonly Placed[],
    task: string,
  ): Verdict | undefined {
    const { redacted = [] } = this.options;
    if (redacted.length === 0) return undefined;
    let from: readonly unknown[] = [];
    let plan: Plan | undefined;
    const run = (vary: Vary): Made | undefined => {
      const around = this.around(record, unit);
      const mappedBody = <Body extends Placed['body']>(one: Body): Body =>
        vary(around.mappedBody(one));
      const found = expected(record, vary(body), { ...around, mappedBody });
      if (found.kind !== 'step') return undefined;
      ({ from } = found);
      plan = around.planOf(record.header.definition);
      const made = found.again(true);
      from = [...from, ...(made.merged?.from ?? [])];
      return made;
    };
    if (attempted(() => run((value) => value)) === undefined && from.length === 0) return undefined;
    const pointer = dependence(run, from, plan);
    return pointer === undefined ? undefined : { kind: 'depends', pointer, task };
  }

  private broken(
    error: unknown,
    record: Placed,
    body: HopBody,
    unit: readonly Placed[],
    task: string,
  ): Verdict {
    if (error instanceof NoPlan) return { kind: 'unknown', said: error.message };
    const depends = this.depends(record, body, unit, task);
    if (depends !== undefined) return depends;
    return { kind: 'breaks', said: error instanceof Error ? error.message : String(error), task };
  }
}

/** What a step and the strands that it has begun have emitted, in order. */
function eventsOf({ events, next }: Outcome): readonly CloudEvent[] {
  if (next.kind !== 'fork') return events;
  return [...events, ...next.strands.flatMap(({ outcome }) => eventsOf(outcome))];
}

function madeShape(made: Made, now: number): Shape {
  return { ...shapeOfOutcome(made, now), ends: made.merged?.computed };
}

/** `perhapsMore`: a join carries what its last branch emitted as well, whose step no record tells. */
function emission(
  body: HopBody,
  computed: readonly CloudEvent[],
  task: string,
  perhapsMore = false,
): Verdict {
  const all = ('emitted' in body ? body.emitted : undefined) ?? [];
  const more = perhapsMore ? Math.max(0, all.length - computed.length) : 0;
  const recorded = all.slice(more);
  if (isSame(recorded, computed)) return EQUAL;
  const found = differences({ emitted: recorded }, { emitted: computed });
  return { kind: 'differs', differences: found, task };
}

function attempted<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const EQUAL: Verdict = { kind: 'equal' };

/** The task at which a record leaves its strand. */
export function taskOf({ activity, state }: Shape): string {
  return activity?.pointer ?? state?.frames.at(-1)?.pointer ?? state?.position ?? '';
}
