/*
 * Places for a graph: groups from the inside out, each as layers from top to bottom.
 *
 * Per group: edges that lead back become lanes at the right side; the others give every item a layer;
 * long edges and labels get a place of their own in the layers between (so nothing overlaps); the
 * order within a layer follows the neighbours above and below; positions are the least-squares
 * compromise that keeps the order and the distances. Deterministic: the same graph, the same picture.
 */
import { orderLayers } from './graph-order.ts';
import { laneEdges, routeForward } from './graph-routes.ts';
import {
  type Box,
  codeWidth,
  DETAIL_LINE,
  LABEL_HEIGHT,
  LABEL_LINE,
  LABEL_PX,
  type PictureEdge,
  type PictureGroup,
  type PictureItem,
  type PictureNode,
  type PlacedGroup,
  type PlacedItem,
  type Route,
  round,
  type Slot,
  textWidth,
} from './graph-model.ts';

export const ICON = 30;
const NODE_PADDING = 12;
const GROUP_PADDING = 20;
const ITEM_DISTANCE = 28;
const LAYER_DISTANCE = 38;
/** Between a layer and a layer that has nothing but labels and passing edges. */
const THIN_DISTANCE = 16;

export function layoutGroup(group: PictureGroup, root = false): PlacedGroup {
  const insides = new Map<string, PlacedGroup>();
  for (const item of group.items) {
    if (item.type === 'group') insides.set(item.id, layoutGroup(item));
  }
  const sizes = new Map(group.items.map((item) => [item.id, sizeOf(item, insides.get(item.id))]));
  const { forward, lanes } = splitEdges(group);
  const layers = layerOf(group, forward);
  const slots = new Map<string, Slot>();
  for (const item of group.items) {
    const size = sizes.get(item.id) ?? { width: 0, height: 0 };
    slots.set(item.id, { ...size, layer: layers.get(item.id) ?? 0, item, x: 0, y: 0 });
  }
  const routes = forward.map((edge) => routeOf(edge, slots));
  const rows = orderLayers([...slots.values()], routes, ITEM_DISTANCE);
  stackLayers(rows);
  const all = rows.flat();
  const left = Math.min(0, ...all.map((slot) => slot.x - slot.width / 2));
  const header = root ? { width: 0, height: 0 } : headerSize(group);
  const shiftX = GROUP_PADDING - left;
  const shiftY = root ? 0 : header.height + 14;
  for (const slot of all) {
    slot.x += shiftX;
    slot.y += shiftY;
  }
  // Bars reach over everything between them.
  const right = Math.max(0, ...all.map((slot) => slot.x + slot.width / 2));
  const items = [...slots.values()].map((slot): PlacedItem => {
    const item = slot.item as PictureItem;
    const bar = item.role === 'bar';
    const box: Box = bar
      ? { x: GROUP_PADDING, y: slot.y, width: right - GROUP_PADDING, height: slot.height }
      : { x: slot.x - slot.width / 2, y: slot.y, width: slot.width, height: slot.height };
    const inside = insides.get(item.id);
    return inside === undefined ? { item, box } : { item, box, inside };
  });
  const side = laneEdges(lanes, slots, all, right);
  const bottom = Math.max(shiftY, ...all.map((slot) => slot.y + slot.height));
  const width = Math.max(right, side.right, header.width + GROUP_PADDING) + GROUP_PADDING;
  // A group that is wider than what is in it (for its header's sake) keeps that in the middle.
  const extra = (width - GROUP_PADDING - Math.max(right, side.right)) / 2;
  const edges = [...routeForward(routes, rows), ...side.edges];
  return {
    width,
    height: bottom + (root ? 0 : GROUP_PADDING),
    items: items.map((placed) => ({ ...placed, box: { ...placed.box, x: placed.box.x + extra } })),
    edges: edges.map((placed) => ({
      ...placed,
      path: shiftPath(placed.path, extra),
      ...(placed.labelAt === undefined
        ? {}
        : { labelAt: { x: placed.labelAt.x + extra, y: placed.labelAt.y } }),
    })),
  };
}

/** Lines that stand under the name of a group. */
export function groupLines(group: PictureGroup): readonly string[] {
  return [...group.details, ...group.badges];
}

function headerSize(group: PictureGroup): { width: number; height: number } {
  const lines = groupLines(group);
  const widths = [textWidth(group.label, LABEL_PX), ...lines.map((line) => codeWidth(line))];
  const small = group.role === 'body' || group.role === 'catch';
  return {
    width: Math.max(...widths) + ICON + GROUP_PADDING,
    height: (small ? 26 : 34) + Math.max(0, lines.length * DETAIL_LINE - 2),
  };
}

function sizeOf(
  item: PictureItem,
  inside: PlacedGroup | undefined,
): { width: number; height: number } {
  if (item.type === 'group') return { width: inside?.width ?? 0, height: inside?.height ?? 0 };
  switch (item.role) {
    case 'start':
      return { width: 16, height: 16 };
    case 'finish':
    case 'exit':
      return { width: 18, height: 18 };
    case 'bar':
      return { width: 60, height: 5 };
    default:
      return nodeSize(item);
  }
}

function nodeSize({ label, details, badges, role }: PictureNode): {
  width: number;
  height: number;
} {
  const lines = [...details, ...badges];
  const widths = [textWidth(label, LABEL_PX), ...lines.map((line) => codeWidth(line))];
  if (role === 'end') return { width: textWidth(label, 11) + 38, height: 24 };
  return {
    width: Math.max(112, Math.max(...widths) + ICON + 2 * NODE_PADDING + 4),
    height: LABEL_LINE + lines.length * DETAIL_LINE + 2 * NODE_PADDING - 2,
  };
}

/** Edges that lead to an earlier item, to their own item, or that stand for turning back. */
function splitEdges(group: PictureGroup): { forward: PictureEdge[]; lanes: PictureEdge[] } {
  const order = new Map(group.items.map((item, index) => [item.id, index]));
  // A marker for the end of the workflow is placed after the tasks, wherever its task stands.
  const rank = (id: string): number => order.get(id) ?? -1;
  const forward: PictureEdge[] = [];
  const lanes: PictureEdge[] = [];
  for (const edge of group.edges) {
    const back = edge.role === 'loop' || edge.role === 'retry' || rank(edge.to) <= rank(edge.from);
    (back ? lanes : forward).push(edge);
  }
  return { forward, lanes };
}

/** The longest way from the top; edges with labels need a layer in between. */
function layerOf(group: PictureGroup, forward: readonly PictureEdge[]): Map<string, number> {
  const layers = new Map<string, number>();
  for (const item of group.items) {
    let layer = 0;
    for (const edge of forward) {
      if (edge.to !== item.id) continue;
      const length = edge.label === undefined ? 1 : 2;
      layer = Math.max(layer, (layers.get(edge.from) ?? 0) + length);
    }
    layers.set(item.id, layer);
  }
  return layers;
}

function routeOf(edge: PictureEdge, slots: ReadonlyMap<string, Slot>): Route {
  const from = slots.get(edge.from) as Slot;
  const to = slots.get(edge.to) as Slot;
  const through: Slot[] = [];
  for (let layer = from.layer + 1; layer < to.layer; layer++) {
    const labelled = edge.label !== undefined && layer === from.layer + 1;
    const width = labelled ? textWidth(edge.label ?? '', 11) + 20 : 14;
    through.push({
      layer,
      width,
      height: labelled ? LABEL_HEIGHT : 0,
      edge,
      labelled,
      x: 0,
      y: 0,
    });
  }
  return { edge, slots: [from, ...through, to] };
}

function stackLayers(rows: readonly (readonly Slot[])[]): void {
  let y = 0;
  let thinAbove = true;
  for (const [index, row] of rows.entries()) {
    if (row.length === 0) continue;
    const thin = row.every((slot) => slot.item === undefined);
    if (index > 0) y += thin || thinAbove ? THIN_DISTANCE : LAYER_DISTANCE;
    const height = Math.max(...row.map((slot) => slot.height));
    for (const slot of row) {
      // Items hang from the top of their layer; what passes by is centred in it.
      slot.y = slot.item === undefined ? y + (height - slot.height) / 2 : y;
      if (slot.item?.role === 'end' || slot.item?.role === 'exit') slot.y = y;
    }
    y += height;
    thinAbove = thin;
  }
}

function shiftPath(path: string, dx: number): string {
  if (dx === 0) return path;
  return path.replaceAll(
    /(-?[\d.]+),(-?[\d.]+)/g,
    (_, x: string, y: string) => `${round(Number(x) + dx)},${y}`,
  );
}
