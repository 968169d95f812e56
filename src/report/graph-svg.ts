/*
 * A graph as a self-contained SVG: light and dark by the viewer's preference, no scripts, no fonts to
 * fetch. Pure: the picture is a function of the graph.
 */
import { DEFS, ICONS, STYLE } from './graph-style.ts';
import { groupLines, layoutGroup } from './graph-layout.ts';
import {
  type Box,
  DETAIL_LINE,
  type Picture,
  type PictureGroup,
  type PictureNode,
  type PlacedEdge,
  type PlacedGroup,
  type PlacedItem,
  textWidth,
} from './graph-model.ts';

const MARGIN = 28;
const TITLE_HEIGHT = 62;

export function graphSvg(picture: Picture): string {
  const placed = layoutGroup(picture.root, true);
  const titleWidth = Math.max(textWidth(picture.title, 20), textWidth(picture.subtitle, 12.5));
  const inner = Math.max(placed.width, titleWidth);
  const width = Math.ceil(inner + 2 * MARGIN);
  const height = Math.ceil(placed.height + TITLE_HEIGHT + 2 * MARGIN);
  const x = MARGIN + (inner - placed.width) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(picture.title)}">`,
    `<style>${STYLE}</style>`,
    DEFS,
    `<rect class="paper" width="${width}" height="${height}" rx="12"/>`,
    `<text class="title" x="${MARGIN}" y="${MARGIN + 18}">${escape(picture.title)}</text>`,
    `<text class="subtitle" x="${MARGIN}" y="${MARGIN + 38}">${escape(picture.subtitle)}</text>`,
    `<g transform="translate(${x} ${MARGIN + TITLE_HEIGHT})">`,
    drawGroup(placed, 0),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Boxes below, lines above them, then nodes, and labels over everything. */
function drawGroup({ items, edges }: PlacedGroup, depth: number): string {
  const groups = items.filter(({ item }) => item.type === 'group');
  const nodes = items.filter(({ item }) => item.type === 'node');
  return [
    ...groups.map((placed) => drawScope(placed, depth)),
    ...edges.map(drawLine),
    ...nodes.map((placed) => drawNode(placed)),
    ...edges.map(drawLabel),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function drawScope({ item, box, inside }: PlacedItem, depth: number): string {
  const group = item as PictureGroup;
  const { width, height } = box;
  const small = group.role === 'body' || group.role === 'catch';
  const lines = groupLines(group);
  const top = small ? 20 : 26;
  return [
    `<g class="scope ${group.role} ${depth % 2 === 0 ? 'even' : 'odd'}" data-pointer="${escape(group.id)}" ${at(box)}>`,
    `<rect class="plate" width="${width}" height="${height}" rx="12"/>`,
    small ? '' : icon(group.role, 13, 11, 20),
    `<text class="${small ? 'corner' : 'label'}" x="${small ? 14 : 42}" y="${top}">${escape(group.label)}</text>`,
    ...lines.map((line, index) => {
      const y = top + (index + 1) * DETAIL_LINE;
      return `<text class="detail" x="${small ? 14 : 42}" y="${y}">${escape(line)}</text>`;
    }),
    inside === undefined ? '' : drawGroup(inside, depth + 1),
    '</g>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function drawNode({ item, box }: PlacedItem): string {
  const node = item as PictureNode;
  const { width, height } = box;
  const pointer = escape(node.id);
  switch (node.role) {
    case 'start':
      return `<circle class="start" cx="${box.x + width / 2}" cy="${box.y + height / 2}" r="${width / 2}"/>`;
    case 'finish':
    case 'exit': {
      const [cx, cy] = [box.x + width / 2, box.y + height / 2];
      return `<g class="${node.role}"><circle cx="${cx}" cy="${cy}" r="${width / 2 - 1}"/><circle class="dot" cx="${cx}" cy="${cy}" r="${width / 2 - 5}"/></g>`;
    }
    case 'bar':
      return `<rect class="bar" x="${box.x}" y="${box.y}" width="${width}" height="${height}" rx="2.5"/>`;
    case 'end':
      return `<g class="end" ${at(box)}><rect width="${width}" height="${height}" rx="12"/><circle cx="13" cy="12" r="4"/><text x="23" y="16">${escape(node.label)}</text></g>`;
    default:
      return [
        `<g class="node ${node.role}" data-pointer="${pointer}" ${at(box)}>`,
        `<rect class="card" width="${width}" height="${height}" rx="10"/>`,
        icon(node.role, 11, 11, 22),
        `<text class="label" x="42" y="25">${escape(node.label)}</text>`,
        ...node.details.map((line, index) => text('detail', line, 25 + (index + 1) * DETAIL_LINE)),
        ...node.badges.map((line, index) =>
          text('badge', line, 25 + (node.details.length + index + 1) * DETAIL_LINE),
        ),
        '</g>',
      ].join('\n');
  }
}

function text(kind: string, line: string, y: number): string {
  return `<text class="${kind}" x="42" y="${y}">${escape(line)}</text>`;
}

function icon(role: string, x: number, y: number, size: number): string {
  const shape = ICONS[role] ?? ICONS.call ?? '';
  return `<g class="icon" transform="translate(${x} ${y}) scale(${size / 22})"><rect width="22" height="22" rx="6"/>${shape}</g>`;
}

function drawLine({ edge, path }: PlacedEdge): string {
  const head = edge.role === 'case' ? 'flow' : edge.role;
  return `<path class="edge ${edge.role}" d="${path}" marker-end="url(#${head})"/>`;
}

function drawLabel({ edge, labelAt }: PlacedEdge): string {
  if (labelAt === undefined || edge.label === undefined) return '';
  const width = textWidth(edge.label, 11) + 14;
  const [x, y] = [labelAt.x - width / 2, labelAt.y - 10];
  return `<g class="tag ${edge.role}"><rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="20" rx="10"/><text x="${labelAt.x.toFixed(1)}" y="${(labelAt.y + 3.8).toFixed(1)}">${escape(edge.label)}</text></g>`;
}

function at({ x, y }: Box): string {
  return `transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"`;
}

function escape(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
