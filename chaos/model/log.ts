/*
 * The Log of the model: records, batches (what one append brings, in order and all at once), and the
 * tree of all Logs that were reached - a Log is a node whose parent is the Log without its last batch.
 *
 * A record is as small as the rules allow: what decides validity (tenure, n), what a unit resolves, and
 * one word for what its body would say.
 */
import { Interned } from './intern.ts';

export type Kind =
  | 'START'
  | 'CONTROL'
  | 'CLAIM'
  | 'STEP'
  | 'PARK'
  | 'RESUME'
  | 'CANCELLING'
  | 'END'
  | 'ANSWER'
  | 'CARRY'
  /** not a record: START's window has passed once (R17) */
  | 'TIME';

export interface Rec {
  readonly kind: Kind;
  /** which run; -1 of none */
  readonly run: number;
  /** where the strand stands: `join`, `b0`, `b1`, `a`, `do`, `undo`; or how it ended */
  readonly at: string;
  /** offset of the CLAIM; -1 of what anybody may write */
  readonly tenure: number;
  /** number within the tenure */
  readonly n: number;
  /** identities that the unit resolves; they stand on its first record */
  readonly targets: readonly number[];
  /** RESUME: rows */
  readonly rows: readonly number[];
  /** CARRY: identity of what is carried; else -1 */
  readonly carries: number;
  /** branches whose ends are in this record, as bits */
  readonly ends: number;
  /** CLAIM: nonce */
  readonly nonce: number;
}

const BLANK: Rec = {
  kind: 'TIME',
  run: -1,
  at: '',
  tenure: -1,
  n: 0,
  targets: [],
  rows: [],
  carries: -1,
  ends: 0,
  nonce: 0,
};

export function rec(kind: Kind, said: Partial<Rec>): Rec {
  return { ...BLANK, ...said, kind };
}

export type Batch = readonly Rec[];

/** A Log. */
export interface Node {
  readonly id: number;
  readonly parent: Node | undefined;
  readonly batch: Batch;
  readonly batchId: number;
  /** offset of the first record of the last batch, and the offset after the last */
  readonly base: number;
  readonly end: number;
  readonly children: Map<number, Node>;
}

function keyOf(batch: Batch): string {
  return batch
    .map(
      ({ at, carries, ends, kind, n, nonce, rows, run, targets, tenure }) =>
        `${kind},${run},${at},${tenure},${n},${targets.join('.')},${rows.join('.')},${carries},${ends},${nonce}`,
    )
    .join('|');
}

export class Logs {
  readonly batches = new Interned<Batch>(keyOf);
  readonly #nodes: Node[] = [];

  constructor() {
    const root: Node = {
      id: 0,
      parent: undefined,
      batch: [],
      batchId: -1,
      base: 0,
      end: 0,
      children: new Map(),
    };
    this.#nodes.push(root);
  }

  node(id: number): Node {
    return this.#nodes[id] as Node;
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** The Log with one more batch. */
  append(node: Node, batchId: number): Node {
    let next = node.children.get(batchId);
    if (next === undefined) {
      const batch = this.batches.get(batchId);
      const end = node.end + batch.length;
      const id = this.#nodes.length;
      next = { id, parent: node, batch, batchId, base: node.end, end, children: new Map() };
      this.#nodes.push(next);
      node.children.set(batchId, next);
    }
    return next;
  }

  /** The beginning of `log` that reaches as far as the first batch after `node`. */
  next(node: Node, log: Node): Node {
    let one = log;
    while (one.parent !== node) one = one.parent as Node;
    return one;
  }

  /** The beginning of `log` that ends where, or right after where, `offset` is. */
  upTo(log: Node, offset: number): Node {
    let one = log;
    while (one.parent !== undefined && one.parent.end >= offset) one = one.parent;
    return one;
  }

  at(log: Node, offset: number): Rec {
    let one = log;
    while (one.base > offset) one = one.parent as Node;
    return one.batch[offset - one.base] as Rec;
  }
}
