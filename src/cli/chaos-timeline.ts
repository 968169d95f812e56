/*
 * A History as a timeline: lanes, marks, and arrows from a record to the activity it started and to
 * the records it led to. Everything is read from the Log and the ledgers, as the oracles read them.
 *
 * Invariant: a run that is too large is shown in part - whole instances are left out, those of a
 * violation last - and says so; nothing is left out of the instances that are shown.
 */
import { EPOCH_MS } from '../adapters/sim/index.ts';
import type { History, Violation } from '../chaos/history.ts';
import { readEffects } from '../chaos/oracles/effects.ts';
import { type Entry, type Reading, readLogs } from '../chaos/oracles/index.ts';
import { type FaultPlan, processName } from '../chaos/plan.ts';
import type { Arrow, Lane, Mark, Span, Timeline } from '../report/chaos-model.ts';
import { RunNames } from './chaos-run-names.ts';
import { callDetails, Describer, type Draft } from './chaos-timeline-marks.ts';
import { faultWords } from './chaos-words.ts';

const MARKS_MAX = 1_200;

export function timelineOf(
  plan: FaultPlan,
  history: History,
  violations: readonly Violation[],
): Timeline {
  return new Builder(plan, history, violations).build();
}

class Builder {
  private readonly history: History;
  private readonly reading: Reading;
  private readonly names: RunNames;
  private readonly accusedRuns: ReadonlySet<number>;
  private readonly accused: ReadonlySet<string>;
  private readonly lanes: Lane[];
  private readonly laneOf: { partition: number; store: number; services: number; runner: number };
  private readonly drafts: Draft[] = [];
  private readonly spans: Span[] = [];
  /** ends of arrows are named by keys: `r0:17` a record, `c3` a call, `s2` a start */
  private readonly links: { from: string; to: string; kind: Arrow['kind'] }[] = [];
  private readonly violations: readonly Violation[];

  constructor(plan: FaultPlan, history: History, violations: readonly Violation[]) {
    const { partitions, runners } = plan;
    this.violations = violations;
    this.history = history;
    this.reading = readLogs(history.logs);
    this.names = new RunNames(plan, this.reading);
    this.accusedRuns = new Set(
      violations.flatMap(({ run }) => this.names.numberOf(run ?? '') ?? []),
    );
    this.accused = new Set(
      violations.flatMap(({ offset, partition }) =>
        offset === undefined || partition === undefined ? [] : [`r${partition}:${offset}`],
      ),
    );
    this.lanes = [
      { label: 'client', kind: 'client' },
      ...Array.from({ length: runners }, (_, index): Lane => {
        return { label: processName(index), kind: 'runner' };
      }),
      ...Array.from({ length: partitions }, (_, index): Lane => {
        return { label: `partition ${index}`, kind: 'partition' };
      }),
      { label: 'Store', kind: 'store' },
      { label: 'services', kind: 'services' },
    ];
    const partition = 1 + runners;
    this.laneOf = {
      runner: 1,
      partition,
      store: partition + partitions,
      services: partition + partitions + 1,
    };
  }

  build(): Timeline {
    this.starts();
    this.controls();
    this.processes();
    this.faults();
    const describer = new Describer(this.names);
    for (const { entries, parkings } of this.reading.partitions) {
      for (const entry of entries) this.drafts.push(this.record(entry, describer));
      for (const { park, resumedBy } of parkings.values()) this.parked(park, resumedBy?.records[0]);
    }
    this.causes();
    this.calls();
    return this.whole();
  }

  private starts(): void {
    for (const { at, input, outcome, run } of this.history.client) {
      const instance = this.names.numberOf(run);
      this.drafts.push({
        key: `s${run}`,
        at,
        lane: 0,
        kind: 'start',
        label: 'start',
        void: outcome === 'refused',
        minor: false,
        instance,
        title: `client starts ${this.names.nameOf(run)}: ${outcome}`,
        details: [
          { name: 'outcome', value: outcome },
          { name: 'run', value: run },
          { name: 'input', value: JSON.stringify(input) },
        ],
      });
      const start = this.reading.runs.get(run)?.start;
      if (start !== undefined)
        this.links.push({ from: `s${run}`, to: keyOf(start), kind: 'leads' });
    }
  }

  /** What clients ask of runs that are under way. */
  private controls(): void {
    const records = new Map<string, Entry>();
    for (const { entries } of this.reading.partitions) {
      for (const entry of entries) {
        if (entry.body.kind === 'CONTROL' && !records.has(entry.body.id)) {
          records.set(entry.body.id, entry);
        }
      }
    }
    for (const { at, id, outcome, run, verb } of this.history.controls ?? []) {
      this.drafts.push({
        key: `k${id}`,
        at,
        lane: 0,
        kind: 'start',
        label: verb,
        void: outcome === 'refused',
        minor: false,
        instance: this.names.numberOf(run),
        title: `client asks to ${verb} ${this.names.nameOf(run)}: ${outcome}`,
        details: [
          { name: 'outcome', value: outcome },
          { name: 'run', value: run },
        ],
      });
      const record = records.get(id);
      if (record !== undefined)
        this.links.push({ from: `k${id}`, to: keyOf(record), kind: 'leads' });
    }
  }

  private processes(): void {
    const open = new Map<string, { up?: number; frozen?: number }>();
    const { endedAt, processes } = this.history;
    const close = (process: string, what: 'up' | 'frozen', to: number): void => {
      const state = open.get(process);
      const from = state?.[what];
      if (state === undefined || from === undefined) return;
      delete state[what];
      const lane = this.laneNamed(process);
      const title = `${process} ${what === 'up' ? 'is up' : 'is frozen'}`;
      this.spans.push({ lane, from: this.time(from), to: this.time(to), kind: what, title });
    };
    for (const { at, event, process, said } of processes) {
      if (this.laneNamed(process) < 0) continue;
      const state = open.get(process) ?? {};
      open.set(process, state);
      if (event === 'started') state.up = at;
      else if (event === 'paused') state.frozen ??= at;
      else close(process, 'frozen', at);
      if (event === 'crashed' || event === 'failed' || event === 'stopped')
        close(process, 'up', at);
      if (process === 'client') continue;
      this.drafts.push({
        key: '',
        at,
        lane: this.laneNamed(process),
        kind: 'life',
        label: event,
        void: false,
        minor: true,
        instance: undefined,
        title: `${process} ${event}${said === undefined ? '' : `: ${said}`}`,
        details: [],
      });
    }
    for (const process of open.keys()) {
      close(process, 'frozen', endedAt);
      if (process !== 'client') close(process, 'up', endedAt);
    }
  }

  private faults(): void {
    for (const { at, kind, point, process, said, state } of this.history.fired) {
      this.drafts.push({
        key: '',
        at,
        lane: Math.max(0, this.laneNamed(process)),
        kind: 'fault',
        label: faultWords(kind),
        void: false,
        minor: false,
        instance: undefined,
        title: this.names.inText(said),
        details: [
          { name: 'fault', value: kind },
          { name: 'at call', value: state === '' ? point : `${point} (${state})` },
          { name: 'process', value: process },
        ],
      });
    }
  }

  private record(entry: Entry, describer: Describer): Draft {
    const lane = this.laneOf.partition + entry.partition;
    return describer.record(entry, keyOf(entry), lane);
  }

  private parked(park: Entry, resumed: Entry | undefined): void {
    const { body } = park;
    const why = body.kind === 'PARK' ? body.why : '?';
    const instance = this.names.numberOf(park.header.run);
    const to = resumed?.time ?? this.history.endedAt;
    this.spans.push({
      lane: this.laneOf.store,
      from: this.time(park.time),
      to: this.time(to),
      kind: 'parked',
      title: `${this.names.nameOf(park.header.run)} is parked in the Store: ${why}`,
      ...(instance === undefined ? {} : { instance }),
    });
    if (resumed !== undefined) {
      this.links.push({ from: keyOf(park), to: keyOf(resumed), kind: 'leads' });
    }
  }

  /** From what was open to what resolved it; what a service stands between is drawn through it. */
  private causes(): void {
    for (const { openables, units } of this.reading.partitions) {
      for (const { first, resolvedBy } of openables.values()) {
        const { body } = first;
        if (body.kind === 'STEP' && body.activity !== undefined) continue;
        for (const to of resolvedBy?.records ?? []) {
          if (to.header.run !== first.header.run) continue;
          this.links.push({ from: keyOf(first), to: keyOf(to), kind: 'leads' });
        }
      }
      for (const { records } of units) {
        for (const entry of records) {
          if (entry.header.kind !== 'CARRY') continue;
          const from = `r${entry.partition}:${entry.identity}`;
          this.links.push({ from, to: keyOf(entry), kind: 'leads' });
        }
      }
    }
  }

  private calls(): void {
    const effects = readEffects(this.reading, this.history.ledger);
    const index = new Map(this.history.ledger.map((entry, at) => [entry, at]));
    this.history.ledger.forEach((call, at) => {
      const instance = this.names.numberOf(call.run);
      const again = call.attempt > 1 ? `, attempt ${call.attempt}` : '';
      this.drafts.push({
        key: `c${at}`,
        at: call.at,
        lane: this.laneOf.services,
        kind: 'call',
        label: call.name,
        void: call.heard === 'nothing',
        minor: false,
        instance,
        title: `${call.runner} calls ${call.name} for ${this.names.nameOf(call.run)}${again}: ${HEARD[call.heard]}`,
        details: callDetails(call),
      });
    });
    for (const { calls, recorded, scheduled } of effects.values()) {
      for (const call of calls) {
        const step = scheduled.findLast(
          ({ activity, entry }) => activity.attempt === call.attempt && entry.time <= call.at,
        );
        const key = `c${index.get(call) ?? -1}`;
        if (step !== undefined)
          this.links.push({ from: keyOf(step.entry), to: key, kind: 'calls' });
      }
      for (const { attempt, entry } of recorded) {
        // Of several calls of one attempt, the last that was answered in time led to the record.
        const call = calls.findLast(
          (one) =>
            one.attempt === attempt && one.heard !== 'nothing' && Math.floor(one.at) <= entry.time,
        );
        const step = scheduled.findLast(({ activity }) => activity.attempt === attempt)?.entry;
        const from = call === undefined ? step && keyOf(step) : `c${index.get(call) ?? -1}`;
        if (from !== undefined) this.links.push({ from, to: keyOf(entry), kind: 'answers' });
      }
    }
  }

  private whole(): Timeline {
    const shown = this.shownInstances();
    const kept = this.drafts.filter(
      ({ instance }) => instance === undefined || shown.has(instance),
    );
    // Of what happens at one time, what was done comes before what it led to.
    kept.sort((a, b) => a.at - b.at || ORDER[a.kind] - ORDER[b.kind]);
    const places = new Map<string, number>();
    const marks = kept.map((draft, place): Mark => {
      const { at, details, instance, key, kind, label, lane, minor, title } = draft;
      if (key !== '') places.set(key, place);
      return {
        at: this.time(at),
        lane,
        kind,
        label,
        void: draft.void,
        minor,
        accused: this.accused.has(key) || (kind === 'call' && this.isNamed(at)),
        ...(instance === undefined ? {} : { instance }),
        title,
        details,
      };
    });
    const arrows = this.links.flatMap(({ from, kind, to }): Arrow[] => {
      const ends = [places.get(from), places.get(to)];
      return ends[0] === undefined || ends[1] === undefined
        ? []
        : [{ from: ends[0], to: ends[1], kind }];
    });
    return {
      lanes: this.lanes,
      marks,
      spans: this.spans.filter(({ instance }) => instance === undefined || shown.has(instance)),
      arrows,
      instances: this.names
        .all()
        .filter((id) => shown.has(id))
        .map((id) => ({ id, label: this.names.labelOf(id) })),
      healedAt: this.time(this.history.healedAt),
      endedAt: this.time(this.history.endedAt),
      leftOut: this.drafts.length - kept.length,
    };
  }

  private shownInstances(): Set<number> {
    const marks = new Map<number | undefined, number>();
    for (const { instance } of this.drafts) marks.set(instance, (marks.get(instance) ?? 0) + 1);
    const ids = this.names.all();
    const order = [
      ...ids.filter((id) => this.accusedRuns.has(id)),
      ...ids.filter((id) => !this.accusedRuns.has(id)),
    ];
    const shown = new Set<number>();
    let total = marks.get(undefined) ?? 0;
    for (const id of order) {
      total += marks.get(id) ?? 0;
      if (shown.size > 0 && total > MARKS_MAX) break;
      shown.add(id);
    }
    return shown;
  }

  /** A violation about a call names its time, and has no other place. */
  private isNamed(at: number): boolean {
    return this.violations.some(({ said }) => said.includes(String(at)));
  }

  private laneNamed(process: string): number {
    if (process === 'client') return 0;
    return this.lanes.findIndex(({ label }) => label === process);
  }

  private time(at: number): number {
    return at - EPOCH_MS;
  }
}

const ORDER: Readonly<Record<Mark['kind'], number>> = {
  life: 0,
  fault: 1,
  start: 2,
  record: 3,
  call: 4,
};
const HEARD = {
  result: 'answered',
  error: 'answered with an error',
  nothing: 'the answer was lost',
} as const;

function keyOf({ offset, partition }: Entry): string {
  return `r${partition}:${offset}`;
}
