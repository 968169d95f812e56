/*
 * From Logs to a trace: which units are written, with what taken out. The caller reads the Logs, in any
 * interleaving of their partitions, and brings the definitions.
 *
 * L1. A run is written whole, from where the recording meets it, or not at all.
 * L2. What is taken out is taken out here, before anything is encoded.
 */
import {
  type DefinitionRef,
  hash32,
  type RecordHeader,
  decodeRecord,
  type TraceDefinition,
  type TraceUnit,
  unpackedRecord,
} from '../wire/index.ts';
import { LogJudge, type JudgedUnit, type LoggedRecord } from './log-judge.ts';
import type { Redactor } from './redact.ts';
import type { TraceWriter } from './write-trace.ts';

/** Which runs are wanted; all of what is named must be so. */
export interface Selection {
  /** [NAMESPACE/]NAME of the workflow that the run began with */
  readonly workflow?: string;
  readonly instance?: string;
  /** share of all runs, 0 to 1: always the same ones */
  readonly sample?: number;
}

const SAMPLES = 1_000_000;
/** Kinds that have a State. */
const COMMANDS = new Set(['STEP', 'PARK', 'CANCELLING']);

export class LogRecorder {
  private readonly writer: TraceWriter;
  private readonly selection: Selection;
  private readonly redactor: Redactor | undefined;
  private readonly judges = new Map<number, LogJudge>();
  private readonly definitions = new Map<string, TraceDefinition>();
  /** of those that have not ended: whether they are wanted, as far as that had to be found out */
  private readonly decided = new Map<string, boolean>();
  private readonly everything: boolean;
  private readonly world: number;

  constructor(writer: TraceWriter, selection: Selection = {}, redactor?: Redactor, world = 0) {
    this.writer = writer;
    this.selection = selection;
    this.redactor = redactor;
    this.world = world;
    this.everything = Object.values(selection).every((one) => one === undefined);
  }

  /** Makes a definition known; it is written when a unit names it, or one that is written names it. */
  define(definition: TraceDefinition): void {
    this.definitions.set(definition.hash, definition);
  }

  knows(hash: string): boolean {
    return this.definitions.has(hash);
  }

  /** Takes in the next record of a partition; whether something was written. `wanted`: it may be. */
  record(partition: number, record: LoggedRecord, wanted = true): boolean {
    let judge = this.judges.get(partition);
    if (judge === undefined)
      this.judges.set(partition, (judge = new LogJudge(partition, this.world)));
    const before = judge.voidRecords;
    const judged = judge.read(record);
    this.writer.voidRecords += judge.voidRecords - before;
    return judged !== undefined && wanted && this.unit(judged);
  }

  /** Records of which nobody can say whether they count, or what they say. */
  get passedOver(): { readonly undecided: number; readonly unreadable: number } {
    const judges = [...this.judges.values()];
    return {
      undecided: judges.reduce((sum, { undecided }) => sum + undecided, 0),
      unreadable: judges.reduce((sum, { unreadable }) => sum + unreadable, 0),
    };
  }

  private unit({ headers, unit }: JudgedUnit): boolean {
    const [first] = headers;
    if (first === undefined || first.kind === 'MARK') return false;
    const runs = headers.map(({ run }) => run);
    if (!this.everything) {
      if (first.kind === 'OUTPUT' || first.run === '') return false;
      if (!headers.some((header, index) => this.wants(header, unit.records[index]!))) return false;
    }
    for (const { definition } of headers) this.write(definition);
    this.writer.unit(this.cleaned(unit, headers), runs);
    for (const { kind, run, strand } of headers) {
      if (kind !== 'END' || strand !== '') continue;
      this.decided.delete(run);
      this.redactor?.forget(run);
    }
    return true;
  }

  /** A definition, and before it those that its tasks may run. */
  private write(hash: string): void {
    const known = this.definitions.get(hash);
    if (known === undefined || this.writer.has(hash)) return;
    this.writer.define(known);
    for (const named of workflowsIn(known)) {
      for (const other of this.definitions.values()) {
        const same = other.namespace === named.namespace && other.name === named.name;
        if (same && (named.version ?? other.version) === other.version) this.write(other.hash);
      }
    }
  }

  private cleaned(unit: TraceUnit, headers: readonly RecordHeader[]): TraceUnit {
    const { redactor } = this;
    const records = redactor === undefined ? unit.records : redactor.records(unit.records, headers);
    return {
      ...unit,
      records: records.map((bytes, index) =>
        COMMANDS.has(headers[index]!.kind) ? unpackedRecord(bytes) : bytes,
      ),
    };
  }

  private wants(header: RecordHeader, bytes: Uint8Array): boolean {
    const { instance, sample, workflow } = this.selection;
    const { run } = header;
    if (instance !== undefined && run !== instance) return false;
    if (sample !== undefined && hash32(run, 1) % SAMPLES >= sample * SAMPLES) return false;
    if (workflow === undefined) return true;
    const known = this.decided.get(run);
    if (known !== undefined) return known;
    const name = this.workflowOf(header, bytes);
    if (name === undefined) return false;
    const wanted = workflow.includes('/') ? name === workflow : name.endsWith(`/${workflow}`);
    this.decided.set(run, wanted);
    return wanted;
  }

  private workflowOf({ definition, kind }: RecordHeader, bytes: Uint8Array): string | undefined {
    const known = this.definitions.get(definition);
    if (known !== undefined) return `${known.namespace}/${known.name}`;
    if (kind !== 'START' && kind !== 'END') return undefined;
    const { body } = decodeRecord(bytes);
    if (body.kind !== 'START' && body.kind !== 'END') return undefined;
    const { name, namespace } = body.definition;
    return `${namespace}/${name}`;
  }
}

/** What the tasks of a definition run: `run: { workflow: { namespace, name, version } }`. */
export function workflowsIn({ document }: Pick<TraceDefinition, 'document'>): DefinitionRef[] {
  const found: DefinitionRef[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { workflow } = value as { readonly workflow?: Partial<DefinitionRef> };
    if (typeof workflow?.namespace === 'string' && typeof workflow.name === 'string') {
      const { name, namespace, version } = workflow;
      const exact = version === undefined || version === 'latest' ? {} : { version };
      found.push({ namespace, name, ...exact });
    }
    for (const part of Object.values(value)) walk(part);
  };
  walk(JSON.parse(document));
  return found;
}
