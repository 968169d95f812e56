/*
 * Writing a trace file (docs/traces.md): units and definitions in, blocks of bytes out, in order.
 *
 * W1. What is in memory is one block and the index since the last one, however long the file gets.
 * W2. Every block is whole when it is given out: a file can be read while it is being written.
 * W3. A definition stands before the first unit that names it, in a block of its own.
 */
import {
  delimited,
  encodeTraceDefinition,
  encodeTraceFooter,
  encodeTraceHeader,
  encodeTraceIndex,
  encodeTraceUnit,
  hash32,
  packBlock,
  type BlockKind,
  type TraceDefinition,
  type TraceHeader,
  type TracePlace,
  traceStart,
  traceTail,
  type TraceUnit,
} from '../wire/index.ts';
import { BLOCK_BYTES, INDEX_EVERY } from './limits.ts';

export class TraceWriter {
  private readonly out: (bytes: Uint8Array) => void;
  private at = 0;
  private pending: Buffer[] = [];
  private bytes = 0;
  private runs = new Set<number>();
  private places: TracePlace[] = [];
  private readonly indexes: number[] = [];
  private readonly defined = new Set<string>();
  private units = 0;
  private records = 0;
  /** records that were left out because they count for nobody: for the footer */
  voidRecords = 0;

  /** `out` is given the bytes of the file, in order. */
  constructor(header: TraceHeader, out: (bytes: Uint8Array) => void) {
    this.out = out;
    this.write(traceStart());
    this.block('header', [delimited(encodeTraceHeader(header))]);
  }

  /** Whether the definition of that hash is in the file. */
  has(hash: string): boolean {
    return this.defined.has(hash);
  }

  get written(): { readonly units: number; readonly records: number; readonly bytes: number } {
    return { units: this.units, records: this.records, bytes: this.at };
  }

  define(definition: TraceDefinition): void {
    if (this.defined.has(definition.hash)) return;
    this.defined.add(definition.hash);
    this.flush();
    this.block('definitions', [delimited(encodeTraceDefinition(definition))]);
  }

  /** `runs`: whose unit it is. */
  unit(unit: TraceUnit, runs: readonly string[]): void {
    const message = delimited(encodeTraceUnit(unit));
    this.pending.push(message);
    this.bytes += message.length;
    for (const run of runs) if (run !== '') this.runs.add(hash32(run));
    this.units += 1;
    this.records += unit.records.length;
    if (this.bytes >= BLOCK_BYTES) this.flush();
  }

  /** Gives out what is in memory: whoever reads along sees it then. */
  flush(): void {
    if (this.pending.length === 0) return;
    const runs = [...this.runs].sort((a, b) => a - b);
    this.places.push({ at: this.at, runs });
    this.block('units', this.pending);
    this.pending = [];
    this.bytes = 0;
    this.runs = new Set();
    if (this.places.length >= INDEX_EVERY) this.index();
  }

  /** The file is whole. */
  finish(): void {
    this.flush();
    if (this.places.length > 0) this.index();
    const { indexes, units, records, voidRecords } = this;
    const footerAt = this.at;
    this.block('footer', [delimited(encodeTraceFooter({ indexes, units, records, voidRecords }))]);
    this.write(traceTail(footerAt));
  }

  private index(): void {
    this.indexes.push(this.at);
    this.block('index', [delimited(encodeTraceIndex(this.places))]);
    this.places = [];
  }

  private block(kind: BlockKind, messages: readonly Buffer[]): void {
    this.write(packBlock(kind, Buffer.concat(messages), messages.length));
  }

  private write(bytes: Uint8Array): void {
    this.at += bytes.length;
    this.out(bytes);
  }
}
