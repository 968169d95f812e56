/*
 * Where every run stands as the units of a trace go by: the newest record of each strand, the ends of
 * branches that no join has gathered, and the schedules.
 *
 * P1. Only runs that have not ended are kept, and of each strand one record: bounded by what is alive.
 * P2. A record whose predecessor is not here is where its strand begins in this trace.
 */
import {
  decodeRecordBody,
  decodeHeader,
  type LogRecord,
  type RecordBody,
  type RecordHeader,
  type ScheduleBody,
  type TraceUnit,
} from '../wire/index.ts';

/** A record of a trace; its body is decoded when somebody asks for it. */
export class Placed {
  readonly partition: number;
  readonly offset: number;
  /** append time, ms since the epoch */
  readonly time: number;
  readonly header: RecordHeader;
  private readonly bytes: Uint8Array | undefined;
  private decoded: RecordBody | undefined;

  constructor(
    unit: Pick<TraceUnit, 'partition' | 'time'>,
    offset: number,
    header: RecordHeader,
    said: Uint8Array | RecordBody,
  ) {
    this.partition = unit.partition;
    this.time = unit.time;
    this.offset = offset;
    this.header = header;
    if (said instanceof Uint8Array) this.bytes = said;
    else this.decoded = said;
  }

  get body(): RecordBody {
    return (this.decoded ??= decodeRecordBody(this.header, this.bytes!));
  }

  get record(): LogRecord {
    return { header: this.header, body: this.body };
  }

  /** `STEP at 17 of partition 0` */
  get named(): string {
    return `${this.header.kind} at ${this.offset} of partition ${this.partition}`;
  }
}

/** The records of a unit, their headers read. */
export function placed(unit: TraceUnit): Placed[] {
  return unit.records.map(
    (bytes, index) => new Placed(unit, unit.offset + index, decodeHeader(bytes), bytes),
  );
}

/** One run that has not ended. */
export class LiveRun {
  readonly run: string;
  readonly partition: number;
  /** waits to begin */
  start: Placed | undefined;
  /** newest record of each strand that goes on: STEP, PARK or CANCELLING */
  readonly strands = new Map<string, Placed>();
  /** ends of branches that their joins have not gathered, in Log order */
  readonly ends = new Map<string, Placed>();
  /** its first record in this trace is also the first that it has */
  readonly whole: boolean;

  constructor(run: string, partition: number, whole: boolean) {
    this.run = run;
    this.partition = partition;
    this.whole = whole;
  }

  /** As it stands now, whatever becomes of it. */
  copy(): LiveRun {
    const copy = new LiveRun(this.run, this.partition, this.whole);
    copy.start = this.start;
    for (const [path, record] of this.strands) copy.strands.set(path, record);
    for (const [path, record] of this.ends) copy.ends.set(path, record);
    return copy;
  }

  /** Ends of the branches of the fork that `activation` names in `strand`, by strand. */
  endsOf(strand: string, activation: number): Map<string, Placed> {
    const found = new Map<string, Placed>();
    const prefix = below(strand, activation);
    for (const [path, end] of this.ends) {
      if (path.startsWith(prefix) && !path.includes('/', prefix.length)) found.set(path, end);
    }
    return found;
  }

  /** The joining STEP that a branch belongs to. */
  joinOf(strand: string): Placed | undefined {
    const { parent, activation } = lineageOf(strand);
    const join = this.strands.get(parent);
    return join !== undefined && join.header.joins === activation ? join : undefined;
  }

  /** Whether a branch of that fork besides `strand` has not ended. */
  othersLive(strand: string): boolean {
    const { parent, activation } = lineageOf(strand);
    const prefix = below(parent, activation);
    for (const path of this.strands.keys()) {
      if (path !== strand && path.startsWith(prefix) && !path.includes('/', prefix.length)) {
        return true;
      }
    }
    return false;
  }
}

export class Places {
  readonly live = new Map<string, LiveRun>();
  /** by identity */
  readonly schedules = new Map<string, ScheduleBody>();
  /** of branches; none = all of them are kept */
  private readonly wanted: ((run: string) => boolean) | undefined;
  ended = 0;

  constructor(wanted?: (run: string) => boolean) {
    this.wanted = wanted;
  }

  /** Takes in a unit, after whoever wanted to see what was before has. */
  apply(records: readonly Placed[]): void {
    for (const record of records) this.take(record, records[0]!.header.targets);
  }

  private take(record: Placed, targets: readonly number[]): void {
    const { header } = record;
    const { kind, run, strand } = header;
    if (kind === 'SCHEDULE') {
      const { body } = record;
      const key = scheduleKey(record.partition, record.offset);
      if (body.kind === 'SCHEDULE') this.schedules.set(key, body);
      return;
    }
    if (run === '' || this.wanted?.(run) === false) return;
    switch (kind) {
      case 'START':
        if (!this.live.has(run)) this.liveRun(record, true).start = record;
        return;
      case 'STEP':
      case 'PARK':
      case 'CANCELLING': {
        const live = this.liveRun(record, header.hop === 1 && strand === '');
        const before = live.strands.get(strand);
        if (strand === '') live.start = undefined;
        live.strands.set(strand, record);
        const joins = before?.header.joins ?? 0;
        if (joins > 0 && header.joins !== joins) close(live, below(strand, joins));
        return;
      }
      case 'END': {
        if (strand === '') {
          this.live.delete(run);
          this.ended += 1;
          return;
        }
        const live = this.liveRun(record, false);
        const joins = live.strands.get(strand)?.header.joins ?? 0;
        live.strands.delete(strand);
        if (joins > 0) close(live, below(strand, joins));
        live.ends.set(strand, record);
        return;
      }
      case 'CARRY':
        this.carry(record, targets);
        return;
      default:
    }
  }

  private liveRun({ header, partition }: Placed, whole: boolean): LiveRun {
    let live = this.live.get(header.run);
    if (live === undefined) {
      live = new LiveRun(header.run, partition, whole);
      this.live.set(header.run, live);
    }
    return live;
  }

  /** R11: the newest copy of an open record; a joining STEP may have taken ends of branches in. */
  private carry(carry: Placed, targets: readonly number[]): void {
    const { body } = carry;
    if (body.kind !== 'CARRY') return;
    const { header } = body;
    const known = this.live.get(header.run);
    const copy = new Placed(
      carry,
      header.kind === 'START' ? carry.offset : carry.header.carries,
      header,
      body.body,
    );
    if (header.kind === 'START') {
      if (known === undefined) this.liveRun(copy, true).start = copy;
      return;
    }
    const live = known ?? this.liveRun(copy, false);
    if (header.kind === 'END') {
      if (!live.ends.has(header.strand)) live.ends.set(header.strand, copy);
      return;
    }
    if (header.kind === 'CONTROL') return;
    live.strands.set(header.strand, copy);
    if (targets.length === 0) return;
    const gathered = new Set(targets);
    for (const [path, end] of live.ends) if (gathered.has(end.offset)) live.ends.delete(path);
  }
}

function close(live: LiveRun, prefix: string): void {
  for (const path of live.strands.keys()) if (path.startsWith(prefix)) live.strands.delete(path);
  for (const path of live.ends.keys()) if (path.startsWith(prefix)) live.ends.delete(path);
}

function below(strand: string, activation: number): string {
  return `${strand === '' ? '' : `${strand}/`}${activation}.`;
}

export function scheduleKey(partition: number, identity: number): string {
  return `${partition}:${identity}`;
}

/** The path of a branch of the fork that `activation` names in `parent`. */
export function strandOf(parent: string, activation: number, branch: number): string {
  return `${below(parent, activation)}${branch}`;
}

/** A strand's parent, the fork it belongs to, and which branch of it it is. */
export function lineageOf(strand: string): {
  readonly parent: string;
  readonly activation: number;
  readonly branch: number;
} {
  const slash = strand.lastIndexOf('/');
  const dot = strand.indexOf('.', slash + 1);
  return {
    parent: slash < 0 ? '' : strand.slice(0, slash),
    activation: Number(strand.slice(slash + 1, dot)),
    branch: Number(strand.slice(dot + 1)),
  };
}
