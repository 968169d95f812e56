/*
 * Who stands beside whom in the layers of a graph, and where exactly.
 */
import type { Route, Slot } from './graph-model.ts';

const SWEEPS = 12;
const PLACING_SWEEPS = 40;

/** The layers from top to bottom, each in order from left to right, with x set (centres). */
export function orderLayers(
  items: readonly Slot[],
  routes: readonly Route[],
  distance: number,
): Slot[][] {
  const rows: Slot[][] = [];
  const add = (slot: Slot): void => {
    while (rows.length <= slot.layer) rows.push([]);
    rows[slot.layer]?.push(slot);
  };
  items.forEach(add);
  const up = new Map<Slot, Slot[]>();
  const down = new Map<Slot, Slot[]>();
  const link = (map: Map<Slot, Slot[]>, from: Slot, to: Slot): void => {
    map.set(from, [...(map.get(from) ?? []), to]);
  };
  for (const { slots } of routes) {
    slots.forEach((slot, index) => {
      if (slot.item === undefined) add(slot);
      const next = slots[index + 1];
      if (next === undefined) return;
      link(down, slot, next);
      link(up, next, slot);
    });
  }
  reorder(rows, up, down);
  place(rows, up, down, distance);
  for (let pass = 0; pass < 2; pass++) {
    for (const { slots } of routes) straighten(slots.slice(1, -1), rows, distance);
  }
  return rows;
}

/** Barycentre sweeps; the order with the fewest crossings wins. */
function reorder(rows: Slot[][], up: Map<Slot, Slot[]>, down: Map<Slot, Slot[]>): void {
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows, down);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const downward = sweep % 2 === 0;
    const neighbours = downward ? up : down;
    const indices = rows.map((_, index) => (downward ? index : rows.length - 1 - index));
    for (const index of indices) {
      const row = rows[index] ?? [];
      const position = new Map<Slot, number>();
      for (const [i, slot] of row.entries()) {
        const beside = rows[index + (downward ? -1 : 1)] ?? [];
        const places = (neighbours.get(slot) ?? []).map((each) => beside.indexOf(each));
        const known = places.filter((each) => each >= 0);
        const mean = known.reduce((sum, each) => sum + each, 0) / known.length;
        position.set(slot, known.length === 0 ? i : mean);
      }
      row.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
    }
    const count = crossings(rows, down);
    if (count < fewest) {
      fewest = count;
      best = rows.map((row) => [...row]);
    }
  }
  for (const [index, row] of best.entries()) rows[index] = row;
}

function crossings(rows: readonly Slot[][], down: ReadonlyMap<Slot, Slot[]>): number {
  let count = 0;
  for (const [index, row] of rows.entries()) {
    const below = rows[index + 1] ?? [];
    const ends = row.flatMap((slot) => (down.get(slot) ?? []).map((each) => below.indexOf(each)));
    for (let i = 0; i < ends.length; i++) {
      for (let j = i + 1; j < ends.length; j++) if ((ends[i] ?? 0) > (ends[j] ?? 0)) count++;
    }
  }
  return count;
}

/** Sweeps that pull every slot to the mean of its neighbours, as far as order and distances allow. */
function place(
  rows: readonly Slot[][],
  up: ReadonlyMap<Slot, Slot[]>,
  down: ReadonlyMap<Slot, Slot[]>,
  distance: number,
): void {
  for (const row of rows) settle(row, () => 0, distance);
  for (let sweep = 0; sweep < PLACING_SWEEPS; sweep++) {
    const downward = sweep % 2 === 0;
    const pull = (slot: Slot): number => {
      const above = up.get(slot) ?? [];
      const below = down.get(slot) ?? [];
      const wanted = downward ? above : below;
      const used = sweep > 5 ? [...above, ...below] : wanted.length > 0 ? wanted : [slot];
      if (used.length === 0) return slot.x;
      // Tasks that follow each other line up; lines that come from far away adapt.
      const weight = (each: Slot): number => (each.item === undefined && slot.item ? 1 : 6);
      const weights = used.reduce((sum, each) => sum + weight(each), 0);
      return used.reduce((sum, each) => sum + each.x * weight(each), 0) / weights;
    };
    const order = downward ? rows : rows.toReversed();
    for (const row of order) settle(row, pull, distance);
  }
}

/** Gives the places of a long edge one x for as long a stretch as their neighbours leave room. */
function straighten(chain: readonly Slot[], rows: readonly Slot[][], distance: number): void {
  for (let start = 0; start < chain.length;) {
    let [low, high] = [-Infinity, Infinity];
    let end = start;
    let sum = 0;
    for (; end < chain.length; end++) {
      const slot = chain[end] as Slot;
      const row = rows[slot.layer] ?? [];
      const index = row.indexOf(slot);
      const [left, right] = [row[index - 1], row[index + 1]];
      const gap = distance * 0.6;
      const from = left === undefined ? -Infinity : left.x + (left.width + slot.width) / 2 + gap;
      const to = right === undefined ? Infinity : right.x - (right.width + slot.width) / 2 - gap;
      // Half a pixel forgives what the sums above rounded.
      if (Math.max(low, from) > Math.min(high, to) + 0.5) break;
      [low, high] = [Math.max(low, from), Math.min(high, to)];
      sum += slot.x;
    }
    if (end === start) end++;
    else {
      const x = Math.max(low, Math.min(high, sum / (end - start)));
      for (const slot of chain.slice(start, end)) slot.x = x;
    }
    start = end;
  }
}

/**
 * The positions nearest to the wanted ones (least squares) that keep order and distances: pooling of
 * adjacent violators, after the distances have been taken out.
 */
function settle(row: readonly Slot[], wanted: (slot: Slot) => number, distance: number): void {
  const offsets: number[] = [];
  let offset = 0;
  row.forEach((slot, index) => {
    const previous = row[index - 1];
    if (previous !== undefined) {
      const passing = previous.item === undefined || slot.item === undefined;
      offset += (previous.width + slot.width) / 2 + (passing ? distance * 0.6 : distance);
    }
    offsets.push(offset);
  });
  const blocks: { sum: number; weight: number; count: number }[] = [];
  row.forEach((slot, index) => {
    const weight = slot.item === undefined ? 1 : 4;
    blocks.push({ sum: (wanted(slot) - (offsets[index] ?? 0)) * weight, weight, count: 1 });
    for (;;) {
      const last = blocks.at(-1);
      const before = blocks.at(-2);
      if (last === undefined || before === undefined) break;
      if (before.sum / before.weight <= last.sum / last.weight) break;
      before.sum += last.sum;
      before.weight += last.weight;
      before.count += last.count;
      blocks.pop();
    }
  });
  let index = 0;
  for (const { sum, weight, count } of blocks) {
    for (let i = 0; i < count; i++, index++) {
      const slot = row[index];
      if (slot !== undefined) slot.x = sum / weight + (offsets[index] ?? 0);
    }
  }
}
