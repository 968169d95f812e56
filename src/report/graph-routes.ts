/*
 * The lines of a graph: smooth ways down through the layers, and lanes at the right for what turns back.
 */
import {
  LABEL_HEIGHT,
  type PictureEdge,
  type PlacedEdge,
  type Route,
  round,
  type Slot,
  textWidth,
} from './graph-model.ts';

const ARROW = 7;
const CORNER = 9;

/** Edges that lead down. Each passes through the places that the layers keep for it. */
export function routeForward(routes: readonly Route[], rows: readonly Slot[][]): PlacedEdge[] {
  const bottoms = rows.map((row) => Math.max(0, ...row.map((slot) => slot.y + slot.height)));
  const tops = rows.map((row) => Math.min(Infinity, ...row.map((slot) => slot.y)));
  const leaves = ports(
    routes,
    (route) => route.slots[0],
    (route) => route.slots[1],
  );
  const arrives = ports(
    routes,
    (route) => route.slots.at(-1),
    (route) => route.slots.at(-2),
  );
  return routes.map((route) => {
    const { edge, slots } = route;
    const first = slots[0] as Slot;
    const last = slots.at(-1) as Slot;
    let x = leaves.get(route) ?? first.x;
    let y = first.y + first.height;
    let path = `M${round(x)},${round(y)}`;
    // Items hang in their layer: go straight down to its end before turning anywhere.
    const curve = (toX: number, toY: number): void => {
      const middle = (y + toY) / 2;
      path +=
        Math.abs(toX - x) < 0.5
          ? `L${round(toX)},${round(toY)}`
          : `C${round(x)},${round(middle)} ${round(toX)},${round(middle)} ${round(toX)},${round(toY)}`;
      [x, y] = [toX, toY];
    };
    const line = (toY: number): void => {
      if (toY > y) path += `L${round(x)},${round(toY)}`;
      y = Math.max(y, toY);
    };
    line(bottoms[first.layer] ?? y);
    let labelAt: { x: number; y: number } | undefined;
    for (const slot of slots.slice(1, -1)) {
      curve(slot.x, tops[slot.layer] ?? slot.y);
      line(bottoms[slot.layer] ?? slot.y);
      if (slot.labelled === true) labelAt = { x: slot.x, y: slot.y + slot.height / 2 };
    }
    curve(arrives.get(route) ?? last.x, last.y - ARROW);
    return labelAt === undefined ? { edge, path } : { edge, path, labelAt };
  });
}

/** Where edges leave or reach an item: spread a little when there are several, in their order. */
function ports(
  routes: readonly Route[],
  end: (route: Route) => Slot | undefined,
  next: (route: Route) => Slot | undefined,
): Map<Route, number> {
  const places = new Map<Route, number>();
  const groups = new Map<Slot, Route[]>();
  for (const route of routes) {
    const slot = end(route);
    if (slot !== undefined) groups.set(slot, [...(groups.get(slot) ?? []), route]);
  }
  for (const [slot, group] of groups) {
    const ordered = group.toSorted((a, b) => (next(a)?.x ?? 0) - (next(b)?.x ?? 0));
    if (slot.item?.role === 'bar') {
      for (const route of ordered) places.set(route, next(route)?.x ?? slot.x);
      continue;
    }
    const room = Math.max(0, slot.width - 28);
    const step = Math.min(26, room / Math.max(1, ordered.length - 1));
    ordered.forEach((route, index) => {
      const x = slot.x + (index - (ordered.length - 1) / 2) * step;
      // A lone edge to something straight below stays straight; bars are met straight anyway.
      const other = next(route);
      const across = other?.item?.role === 'bar' ? slot.x : (other?.x ?? slot.x);
      const reach = slot.item?.type === 'group' ? room / 2 : Math.min(10, room / 2);
      places.set(route, ordered.length === 1 && Math.abs(across - slot.x) < reach ? across : x);
    });
  }
  return places;
}

interface Lane {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** Edges that turn back: out to the right, up a lane, in again. Lanes never share a place. */
export function laneEdges(
  edges: readonly PictureEdge[],
  slots: ReadonlyMap<string, Slot>,
  all: readonly Slot[],
  right: number,
): { edges: PlacedEdge[]; right: number } {
  const lanes: Lane[] = [];
  let outermost = right;
  const placed = edges
    .map((edge) => ({ edge, from: slots.get(edge.from), to: slots.get(edge.to) }))
    .filter((each): each is { edge: PictureEdge; from: Slot; to: Slot } => {
      return each.from !== undefined && each.to !== undefined;
    })
    .toSorted((a, b) => span(a) - span(b))
    .map(({ edge, from, to }): PlacedEdge => {
      const start = port(from, all, 0.68, 'below');
      const stop = port(to, all, 0.32, 'above');
      const [top, bottom] = [Math.min(start.y, stop.y), Math.max(start.y, stop.y)];
      const half = edge.label === undefined ? 8 : (textWidth(edge.label, 11) + 20) / 2;
      // A label would hide a short lane: it stands beside it then.
      const beside = edge.label !== undefined && bottom - top < 48;
      const before = beside ? 8 : half;
      // Only what stands between top and bottom is in the way of this lane.
      const inTheWay = all
        .filter((slot) => slot.y < bottom + 8 && slot.y + slot.height > top - 8)
        .map((slot) => slot.x + slot.width / 2);
      let x = Math.max(from.x + from.width / 2, to.x + to.width / 2, ...inTheWay) + before + 10;
      for (const lane of lanes) {
        if (lane.top - 6 < bottom && lane.bottom + 6 > top) x = Math.max(x, lane.x + before + 10);
      }
      const reach = beside ? 2 * half + 2 : half;
      lanes.push({ x: x + reach, top: top - (beside ? 8 : 0), bottom: bottom + (beside ? 8 : 0) });
      outermost = Math.max(outermost, x + reach);
      const path = `${start.path}${elbow(start, x, stop)}${stop.path}`;
      if (edge.label === undefined) return { edge, path };
      return { edge, path, labelAt: { x: beside ? x + half : x, y: (start.y + stop.y) / 2 } };
    });
  return { edges: placed, right: outermost };
}

function span({ from, to }: { readonly from: Slot; readonly to: Slot }): number {
  return Math.abs(from.y - to.y) + (from === to ? 0 : 1);
}

interface Port {
  /** Where the horizontal part begins (or ends). */
  readonly x: number;
  readonly y: number;
  readonly path: string;
}

/** The side of an item when it is free, else its lower (or upper) edge. */
function port(slot: Slot, all: readonly Slot[], at: number, side: 'above' | 'below'): Port {
  const edge = slot.x + slot.width / 2;
  const blocked = all.some(
    (other) =>
      other !== slot &&
      other.item !== undefined &&
      other.x > slot.x &&
      other.y < slot.y + slot.height &&
      other.y + other.height > slot.y,
  );
  const outgoing = side === 'below';
  if (!blocked) {
    const y = slot.y + slot.height * (slot.height < 24 ? 0.5 : at);
    const x = outgoing ? edge : edge + ARROW;
    return { x, y, path: outgoing ? `M${round(x)},${round(y)}` : `L${round(x)},${round(y)}` };
  }
  const x = slot.x + Math.min(slot.width / 2 - 14, 34);
  const border = outgoing ? slot.y + slot.height : slot.y;
  const y = outgoing ? border + LABEL_HEIGHT / 2 : border - LABEL_HEIGHT / 2 - 4;
  return {
    x,
    y,
    path: outgoing
      ? `M${round(x)},${round(border)}L${round(x)},${round(y)}`
      : `L${round(x)},${round(y)}L${round(x)},${round(border - ARROW)}`,
  };
}

/** Right, up and left again, with round corners. */
function elbow(start: Port, x: number, stop: Port): string {
  const up = stop.y < start.y ? -1 : 1;
  const corner = Math.min(CORNER, Math.abs(stop.y - start.y) / 2);
  return (
    `L${round(x - corner)},${round(start.y)}` +
    `Q${round(x)},${round(start.y)} ${round(x)},${round(start.y + up * corner)}` +
    `L${round(x)},${round(stop.y - up * corner)}` +
    `Q${round(x)},${round(stop.y)} ${round(x - corner)},${round(stop.y)}`
  );
}
