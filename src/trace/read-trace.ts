/*
 * Reading a trace file: what is sound in it, block by block, and what is not, by the number and place
 * of the block. Pure: where the bytes are is the caller's business.
 *
 * R1. Nothing is thrown for what stands in a file but TraceError, for one of which nothing can be used.
 *     A damaged block is told in `problems`; what comes before and after it is given.
 * R2. In memory is one block at a time, and where the blocks of the run are that is looked for.
 * R3. A file without a footer is one that is being written, or was cut off: its last block says which.
 */
import {
  type BlockHead,
  type BlockKind,
  decodeTraceDefinition,
  decodeTraceFooter,
  decodeTraceHeader,
  decodeTraceIndex,
  decodeTraceUnit,
  footerAt,
  HEAD_BYTES,
  hash32,
  messagesIn,
  nextBlock,
  readBlockHead,
  START_BYTES,
  TAIL_BYTES,
  TRACE_FORMAT,
  type TraceDefinition,
  traceFormat,
  type TraceFooter,
  type TraceHeader,
  type TraceUnit,
  unpackBlock,
  WireError,
} from '../wire/index.ts';
import { SEARCH_BYTES } from './limits.ts';

/** Bytes by their place; shorter answers mean that there are no more. */
export interface TraceBytes {
  readonly size: number;
  read(at: number, length: number): Uint8Array;
}

/** These bytes are no trace that this build can use. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/** A part of the file that cannot be used. */
export interface TraceProblem {
  /** counted from 0, which is the header */
  readonly block: number;
  /** where it begins in the file */
  readonly at: number;
  readonly said: string;
}

const MORE = 'one file holds one trace, and what follows is not read';
const LOST = ': without it nothing of the file can be used, record it again';

interface Block {
  readonly number: number;
  readonly at: number;
  readonly head: BlockHead;
}

export class Trace {
  private readonly bytes: TraceBytes;
  readonly header: TraceHeader;
  /** met so far, by hash */
  readonly definitions = new Map<string, TraceDefinition>();
  private readonly found = new Map<number, TraceProblem>();
  private readonly firstAt: number;
  /** how far the reading is, bytes of the file */
  position = 0;

  constructor(bytes: TraceBytes) {
    this.bytes = bytes;
    if (bytes.size === 0) throw new TraceError('the file is empty: nothing was recorded');
    const format = traceFormat(bytes.read(0, START_BYTES));
    if (format === undefined) {
      throw new TraceError(
        'this is no trace: it begins with other bytes (waybill record makes one)',
      );
    }
    if (format > TRACE_FORMAT) {
      throw new TraceError(
        `the trace has format ${format}, and this build reads up to ${TRACE_FORMAT}: use a newer waybill`,
      );
    }
    const head = readBlockHead(bytes.read(START_BYTES, HEAD_BYTES));
    if (head?.kind !== 'header') {
      throw new TraceError(
        `block 0 at byte ${START_BYTES}, the header, is missing or damaged${LOST}`,
      );
    }
    const block = { number: 0, at: START_BYTES, head };
    try {
      this.header = decodeTraceHeader(this.messages(block)[0] ?? new Uint8Array());
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw new TraceError(`block 0 at byte ${START_BYTES}, the header: ${error.message}${LOST}`);
    }
    this.firstAt = START_BYTES + HEAD_BYTES + head.packed;
  }

  /** What could not be used so far, in order. */
  get problems(): readonly TraceProblem[] {
    return [...this.found.values()].sort((a, b) => a.at - b.at);
  }

  /** What the footer says; undefined while the file has none (R3). */
  footer(): TraceFooter | undefined {
    const { bytes } = this;
    const at = footerAt(bytes.read(Math.max(0, bytes.size - TAIL_BYTES), TAIL_BYTES));
    if (at === undefined || at < this.firstAt || at >= bytes.size) return undefined;
    const head = readBlockHead(bytes.read(at, HEAD_BYTES));
    if (head?.kind !== 'footer') return undefined;
    try {
      const [message] = this.messages({ number: 0, at, head });
      return message === undefined ? undefined : decodeTraceFooter(message);
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  /** All sound units in the order of the file; definitions are known before the units that name them. */
  *units(): Generator<TraceUnit> {
    for (const block of this.blocks()) yield* this.unitsIn(block);
  }

  /** Whether the file ends as a closed one does. */
  get closed(): boolean {
    return this.footer() !== undefined;
  }

  /** Reads all definitions of the file, without its records. */
  meetDefinitions(): void {
    for (const block of this.blocks()) this.meet(block);
  }

  /** Units of the blocks in which `run` occurs, others among them. */
  *unitsOf(run: string): Generator<TraceUnit> {
    const hash = hash32(run);
    let since: Block[] = [];
    const wanted: Block[] = [];
    for (const block of this.blocks()) {
      if (block.head.kind === 'units') since.push(block);
      else if (block.head.kind === 'index') {
        const runs = this.placesIn(block);
        // What an index does not name, because it is damaged, is looked through.
        wanted.push(...since.filter(({ at }) => runs?.get(at)?.includes(hash) ?? true));
        since = [];
      } else this.meet(block);
    }
    for (const block of [...wanted, ...since]) yield* this.unitsIn(block);
  }

  private placesIn(block: Block): ReadonlyMap<number, readonly number[]> | undefined {
    return this.sound(block, () => {
      const places = this.messages(block).flatMap((message) => decodeTraceIndex(message));
      return new Map(places.map(({ at, runs }) => [at, runs]));
    });
  }

  private *unitsIn(block: Block): Generator<TraceUnit> {
    if (block.head.kind !== 'units') return this.meet(block);
    const units = this.sound(block, () => this.messages(block).map(decodeTraceUnit));
    if (units !== undefined) yield* units;
  }

  private meet(block: Block): void {
    if (block.head.kind !== 'definitions') return;
    const met = this.sound(block, () => this.messages(block).map(decodeTraceDefinition));
    for (const definition of met ?? []) this.definitions.set(definition.hash, definition);
  }

  private sound<T>(block: Block, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.problem(
        block.number,
        block.at,
        `${PARTS[block.head.kind]} cannot be used: ${error.message}`,
      );
      return undefined;
    }
  }

  private messages({ at, head }: Block): Uint8Array[] {
    return messagesIn(unpackBlock(head, this.bytes.read(at + HEAD_BYTES, head.packed)));
  }

  /** Heads of all blocks; after bytes that are none, from the next one that is. */
  private *blocks(): Generator<Block> {
    const { bytes } = this;
    let number = 1;
    for (let at = this.firstAt; at < bytes.size;) {
      this.position = at;
      const head = readBlockHead(bytes.read(at, HEAD_BYTES));
      if (head === undefined) {
        if (this.isTail(at)) {
          const more = bytes.size - at - TAIL_BYTES;
          if (more > 0) {
            this.problem(
              number,
              at + TAIL_BYTES,
              `${more} bytes follow the end of the trace: ${MORE}`,
            );
          }
          break;
        }
        const next = this.resync(at + 1);
        const end =
          next === undefined
            ? 'nothing sound comes after it'
            : `what follows is sound again from byte ${next}`;
        const cut = bytes.size - at < HEAD_BYTES;
        this.problem(
          number,
          at,
          cut ? 'the file is cut off here' : `these bytes are no block; ${end}`,
        );
        if (next === undefined) break;
        at = next;
        number += 1;
        continue;
      }
      const end = at + HEAD_BYTES + head.packed;
      if (end > bytes.size) {
        const missing = end - bytes.size;
        this.problem(number, at, `the file is cut off in it: ${missing} bytes are missing`);
        break;
      }
      yield { number, at, head };
      at = end;
      number += 1;
    }
    this.position = bytes.size;
  }

  private isTail(at: number): boolean {
    return footerAt(this.bytes.read(at, TAIL_BYTES)) !== undefined;
  }

  private resync(from: number): number | undefined {
    const { bytes } = this;
    for (let at = from; at < bytes.size;) {
      const chunk = bytes.read(at, SEARCH_BYTES);
      for (let found = nextBlock(chunk, 0); found >= 0; found = nextBlock(chunk, found + 1)) {
        if (readBlockHead(bytes.read(at + found, HEAD_BYTES)) !== undefined) return at + found;
      }
      if (chunk.length < SEARCH_BYTES) break;
      at += chunk.length - HEAD_BYTES;
    }
    return undefined;
  }

  private problem(block: number, at: number, said: string): void {
    if (!this.found.has(at)) this.found.set(at, { block, at, said });
  }
}

const PARTS: Readonly<Record<BlockKind, string>> = {
  header: 'a header',
  definitions: 'definitions',
  units: 'records',
  index: 'an index (nothing else is lost)',
  footer: 'the footer (nothing else is lost)',
};
