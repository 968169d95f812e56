/*
 * Search: every state that can be reached, breadth first, so that the first violation found has the
 * shortest story; then progress - from every state, what happens by itself when nothing goes wrong any
 * more comes to an end, and at the end nothing is left over.
 *
 * Invariants:
 *  - states are compared whole, number by number: no hash stands for a state;
 *  - progress needs no search of its own: the ranked move that comes first gives each state one
 *    successor, which is a reachable state itself; what is left to find is where those chains end.
 */
import { Invariants } from './invariants.ts';
import type { Deed, Step } from './move.ts';
import { moves } from './moves.ts';
import type { Broken } from './rules.ts';
import { type Configuration, Parts, type World } from './world.ts';

export interface Found {
  readonly configuration: Configuration;
  readonly states: number;
  readonly transitions: number;
  /** moves on the longest of the shortest ways to a state */
  readonly depth: number;
  readonly seconds: number;
  /** every reachable state was seen */
  readonly exhausted: boolean;
  readonly violation?: Violation;
}

export interface Violation {
  readonly says: string;
  readonly story: readonly Step[];
  /** so many moves were made; what follows would happen by itself */
  readonly moves: number;
}

export interface SearchOptions {
  readonly broken?: Broken;
  readonly statesMax?: number;
  /** told what every move does; slow */
  readonly onMove?: (did: Deed) => void;
}

const NONE = 0xff_ff_ff_ff;

export function search(configuration: Configuration, options: SearchOptions = {}): Found {
  return new Search(configuration, options).run();
}

class Search {
  readonly #parts: Parts;
  readonly #invariants: Invariants;
  readonly #configuration: Configuration;
  readonly #statesMax: number;
  readonly #onMove: SearchOptions['onMove'];
  readonly #states: States;
  #transitions = 0;
  #depth = 0;

  constructor(
    configuration: Configuration,
    { broken = {}, onMove, statesMax = 20_000_000 }: SearchOptions,
  ) {
    this.#configuration = configuration;
    this.#parts = new Parts(configuration, broken);
    this.#invariants = new Invariants(this.#parts);
    this.#statesMax = statesMax;
    this.#onMove = onMove;
    this.#states = new States(this.#parts.width);
  }

  run(): Found {
    const begun = performance.now();
    const violation = this.#spread() ?? this.#progress();
    const { count } = this.#states;
    return {
      configuration: this.#configuration,
      states: count,
      transitions: this.#transitions,
      depth: this.#depth,
      seconds: (performance.now() - begun) / 1_000,
      exhausted: violation === undefined && count < this.#statesMax,
      ...(violation === undefined ? {} : { violation }),
    };
  }

  /** All states, layer by layer. */
  #spread(): Violation | undefined {
    const states = this.#states;
    const parts = this.#parts;
    states.add(parts.key(parts.begin()), NONE);
    let layer = 1;
    for (let at = 0; at < states.count; at += 1) {
      if (at === layer) {
        layer = states.count;
        this.#depth += 1;
      }
      if (states.count >= this.#statesMax) return undefined;
      const world = parts.world(states.key(at));
      let best = Infinity;
      let wrong: { says: string; at: number } | undefined;
      moves(parts, world, (to, rank, tell) => {
        this.#transitions += 1;
        this.#onMove?.(tell().did);
        const before = states.count;
        const id = states.add(parts.key(to), at);
        if (rank > 0 && rank < best && id !== at) {
          best = rank;
          states.setNext(at, id);
        }
        if (id < before || wrong !== undefined) return;
        const says = this.#invariants.broken(to);
        if (says !== undefined) wrong = { says, at: id };
      });
      if (wrong !== undefined) return this.#tell(wrong.says, wrong.at);
    }
    return undefined;
  }

  /** From every state the chain of what happens by itself ends, and well. */
  #progress(): Violation | undefined {
    const { count } = this.#states;
    if (count >= this.#statesMax) return undefined;
    const states = this.#states;
    const seen = new Uint32Array(count);
    for (let from = 0; from < count; from += 1) {
      let at = from;
      while (seen[at] === 0) {
        seen[at] = from + 1;
        const next = states.next(at);
        if (next === NONE) {
          const says = this.#invariants.unfinished(this.#parts.world(states.key(at)));
          if (says !== undefined) return this.#tell(says, from, at);
          break;
        }
        if (seen[next] === from + 1) return this.#tell('P9 it goes round in circles', from, at);
        at = next;
      }
    }
    return undefined;
  }

  /** The story of a state, told again move by move, with runners that keep their names. */
  #tell(says: string, id: number, end = id): Violation {
    const states = this.#states;
    const path: number[] = [];
    for (let at = id; at !== NONE; at = states.parent(at)) path.unshift(at);
    const made = path.length - 1;
    for (let at = id; at !== end;) {
      at = states.next(at);
      path.push(at);
    }
    const parts = this.#parts;
    const story: Step[] = [];
    let world = parts.begin();
    for (const target of path.slice(1)) {
      const key = states.key(target).join();
      let found: { to: World; step: Step } | undefined;
      moves(parts, world, (to, _, tell) => {
        if (found === undefined && parts.key(to).join() === key) found = { to, step: tell() };
      });
      if (found === undefined) throw new Error(`no move leads to state ${target}`);
      world = found.to;
      story.push(found.step);
    }
    return { says, story, moves: made };
  }
}

/** Numbers of all states in one array, and a table that finds them. */
class States {
  count = 0;
  readonly #width: number;
  #keys: Uint32Array;
  #parents = new Uint32Array(1 << 16);
  #next = new Uint32Array(1 << 16).fill(NONE);
  #table = new Uint32Array(1 << 17).fill(NONE);

  constructor(width: number) {
    this.#width = width;
    this.#keys = new Uint32Array(width << 16);
  }

  key(id: number): Uint32Array {
    return this.#keys.subarray(id * this.#width, (id + 1) * this.#width);
  }

  parent(id: number): number {
    return this.#parents[id] ?? NONE;
  }

  next(id: number): number {
    return this.#next[id] ?? NONE;
  }

  setNext(id: number, next: number): void {
    this.#next[id] = next;
  }

  /** The number of a state; a new one if nobody has seen it. */
  add(key: readonly number[], parent: number): number {
    const mask = this.#table.length - 1;
    let slot = hash(key) & mask;
    for (;;) {
      const id = this.#table[slot] ?? NONE;
      if (id === NONE) break;
      if (this.#is(id, key)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.count;
    if (id >= this.#parents.length) this.#grow();
    this.#keys.set(key, id * this.#width);
    this.#parents[id] = parent;
    this.#table[slot] = id;
    this.count += 1;
    if (this.count * 2 > this.#table.length) this.#spread();
    return id;
  }

  #is(id: number, key: readonly number[]): boolean {
    const from = id * this.#width;
    for (let at = 0; at < key.length; at += 1) if (this.#keys[from + at] !== key[at]) return false;
    return true;
  }

  #grow(): void {
    const larger = (array: Uint32Array<ArrayBuffer>, width: number): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(this.count * 2 * width).fill(NONE);
      grown.set(array.subarray(0, this.count * width));
      return grown;
    };
    this.#keys = larger(this.#keys as Uint32Array<ArrayBuffer>, this.#width);
    this.#parents = larger(this.#parents, 1);
    this.#next = larger(this.#next, 1);
  }

  #spread(): void {
    const table = new Uint32Array(this.#table.length * 2).fill(NONE);
    const mask = table.length - 1;
    for (let id = 0; id < this.count; id += 1) {
      let slot = hash(this.key(id)) & mask;
      while (table[slot] !== NONE) slot = (slot + 1) & mask;
      table[slot] = id;
    }
    this.#table = table;
  }
}

function hash(key: ArrayLike<number>): number {
  let value = 0x9e_37_79_b9;
  for (let at = 0; at < key.length; at += 1) {
    value = Math.imul(value ^ (key[at] ?? 0), 0x85_eb_ca_6b);
    value ^= value >>> 15;
  }
  return value >>> 0;
}
