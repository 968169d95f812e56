/*
 * Examining a trace: its units are replayed one after the other, and what is found is summed up by run.
 * With other definitions (`against`) it also says whether what is in flight could go on with them.
 *
 * X1. Memory is bounded by the runs that are alive and by those in which something was found.
 */
import type { Node, Plan } from '../dsl/index.ts';
import { hash32, type State, type TraceUnit } from '../wire/index.ts';
import { NO_MAP, type PointerMap } from './migrate.ts';
import type { LiveRun, Placed } from './places.ts';
import type { TracePlans } from './plans.ts';
import { type Judged, Replay, type Verdict } from './replay.ts';
import { responsible } from './responsible.ts';
import { EMPTY_TALLY, type Finding, type FindingKind, grouped, type Tally } from './tally.ts';

export interface ExamineOptions {
  readonly plans: TracePlans;
  /** other definitions stand in for some of the recorded ones */
  readonly against?: boolean;
  readonly map?: PointerMap;
  readonly redacted?: readonly string[];
  /** only this run */
  readonly instance?: string;
  /** only every `of`-th run, beginning with number `index`: for processes that share the work */
  readonly share?: { readonly index: number; readonly of: number };
  /** of each run, only its hops from the first to the last of these numbers, counted from 1 */
  readonly from?: number;
  readonly until?: number;
}

export class Examination {
  private readonly options: ExamineOptions;
  private readonly replay: Replay;
  private readonly counts: Record<Verdict['kind'], number> = {
    equal: 0,
    begins: 0,
    imposed: 0,
    differs: 0,
    breaks: 0,
    depends: 0,
    unknown: 0,
  };
  private readonly findings = new Map<string, Finding>();
  private readonly hops = new Map<string, number>();
  private runs = 0;
  private inFlight = 0;
  private world = 0;

  constructor(options: ExamineOptions) {
    this.options = options;
    const { against = false, instance, map = NO_MAP, plans, redacted = [], share } = options;
    const one = instance === undefined ? undefined : (run: string) => run === instance;
    const some =
      share === undefined || share.of < 2
        ? undefined
        : (run: string) => hash32(run, 7) % share.of === share.index;
    const wanted = one ?? some;
    this.replay = new Replay({
      plans,
      changed: against,
      map,
      redacted,
      ...(wanted === undefined ? {} : { wanted }),
    });
  }

  get live(): ReadonlyMap<string, LiveRun> {
    return this.replay.places.live;
  }

  /** Replays a unit; what it was judged to be. */
  unit(unit: TraceUnit): readonly Judged[] {
    const fresh = unit.world !== this.world;
    if (fresh) this.leave(unit.world);
    const before = fresh ? 0 : this.replay.places.ended;
    const judged = this.replay.unit(unit).filter((one) => this.concerns(one));
    this.runs += this.replay.places.ended - before;
    for (const one of judged) {
      this.counts[one.verdict.kind] += 1;
      this.note(one);
    }
    for (const { record } of judged) {
      const { kind, run, strand } = record.header;
      if (kind === 'END' && strand === '') this.hops.delete(run);
    }
    return judged;
  }

  /** What has not ended in a world never will: it is counted before the next one begins. */
  private leave(world: number): void {
    if (this.options.against === true) this.stand();
    this.runs += this.live.size;
    this.inFlight += this.live.size;
    this.settle();
    this.world = world;
  }

  /** Says of what was found in this world whether it is in flight. */
  private settle(): void {
    const prefix = `${this.world} `;
    for (const [key, one] of this.findings) {
      if (!key.startsWith(prefix)) continue;
      this.findings.set(key, { ...one, inFlight: this.live.has(one.run) });
    }
  }

  /** What was found; those that have not ended by now are in flight. */
  tally(): Tally {
    if (this.options.against === true) this.stand();
    this.settle();
    const { counts, findings, live } = this;
    return {
      ...EMPTY_TALLY,
      ...counts,
      hops: Object.values(counts).reduce((sum, count) => sum + count, 0),
      runs: this.runs + live.size,
      inFlight: this.inFlight + live.size,
      groups: grouped(findings.values()),
    };
  }

  private concerns({ record }: Judged): boolean {
    const { from = 1, instance, share, until = Infinity } = this.options;
    const { run } = record.header;
    if (instance !== undefined && run !== instance) return false;
    if (share !== undefined && share.of > 1 && hash32(run, 7) % share.of !== share.index)
      return false;
    if (from === 1 && until === Infinity) return true;
    const number = (this.hops.get(run) ?? 0) + 1;
    this.hops.set(run, number);
    return number >= from && number <= until;
  }

  private note(judged: Judged): void {
    const { record, verdict } = judged;
    const { run } = record.header;
    const key = `${this.world} ${run}`;
    if (!isFinding(verdict) || this.findings.has(key)) return;
    const { plans } = this.options;
    const { definition } = record.header;
    this.findings.set(key, {
      ...this.finding(record, verdict.kind),
      responsible: responsible(
        judged,
        planOf(plans.recorded(definition)),
        planOf(plans.of(definition)),
      ),
      differences: verdict.kind === 'differs' ? verdict.differences : [],
      said: saidOf(verdict),
    });
  }

  private finding(record: Placed, kind: FindingKind): Finding {
    const { definition, hop, run, strand } = record.header;
    const { plans } = this.options;
    const plan = plans.recorded(definition);
    const name =
      typeof plan === 'string'
        ? definition.slice(0, 12)
        : [plan.definition.namespace, plan.definition.name, plan.definition.version].join('/');
    const responsible = { task: '' };
    const common = { kind, run, strand, hop, record: record.named, workflow: name };
    return { ...common, inFlight: false, responsible, differences: [], said: '' };
  }

  /** Where the strands that are in flight stand must be a place in the other definition: who stands
   *  nowhere in it breaks, whatever differed before. */
  private stand(): void {
    const { map = NO_MAP, plans } = this.options;
    for (const [run, { strands }] of this.live) {
      const key = `${this.world} ${run}`;
      if (this.findings.get(key)?.kind === 'breaks') continue;
      for (const record of strands.values()) {
        const { body } = record;
        const { definition } = record.header;
        if (!('state' in body) || !plans.isTried(definition)) continue;
        const tried = plans.of(definition);
        const before = planOf(plans.recorded(definition));
        if (typeof tried === 'string') continue;
        const lost = notThere(map.state(body.state), body.state, tried, before);
        if (lost === undefined) continue;
        const found = this.finding(record, 'breaks');
        this.findings.set(key, { ...found, responsible: { task: lost.task }, said: lost.said });
        break;
      }
    }
  }
}

/** The first task in which a State stands that the plan does not have, or has as another kind. */
function notThere(
  state: State,
  recorded: State,
  plan: Plan,
  before: Plan | undefined,
): { readonly task: string; readonly said: string } | undefined {
  for (const [index, { pointer }] of state.frames.entries()) {
    const node = plan.byPointer.get(pointer);
    const was: Node | undefined = before?.byPointer.get(recorded.frames[index]?.pointer ?? '');
    if (node === undefined && was !== undefined) {
      return { task: pointer, said: `there is no task ${pointer} any more` };
    }
    if (node !== undefined && was !== undefined && node.kind !== was.kind) {
      return { task: pointer, said: `the task ${pointer} was a ${was.kind} and is a ${node.kind}` };
    }
  }
  const { entering, position } = state;
  if (entering && plan.byPointer.get(position) === undefined) {
    if (before?.byPointer.get(recorded.position) === undefined) return undefined;
    return { task: position, said: `there is no task ${position} any more` };
  }
  return undefined;
}

function isFinding(verdict: Verdict): verdict is Extract<Verdict, { readonly kind: FindingKind }> {
  const { kind } = verdict;
  return kind === 'differs' || kind === 'breaks' || kind === 'depends' || kind === 'unknown';
}

function saidOf(verdict: Extract<Verdict, { readonly kind: FindingKind }>): string {
  if (verdict.kind === 'depends') return verdict.pointer;
  return verdict.kind === 'differs' ? '' : verdict.said;
}

function planOf(plan: Plan | string): Plan | undefined {
  return typeof plan === 'string' ? undefined : plan;
}
