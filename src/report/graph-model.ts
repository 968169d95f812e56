/*
 * The graph that is drawn, as plain data (dsl/graph.ts makes it; nothing is imported from there), and
 * what laying it out adds: places and sizes in pixels.
 */

export interface PictureNode {
  readonly type: 'node';
  readonly id: string;
  readonly role: string;
  readonly label: string;
  readonly details: readonly string[];
  readonly badges: readonly string[];
}
export interface PictureGroup {
  readonly type: 'group';
  readonly id: string;
  readonly role: string;
  readonly label: string;
  readonly details: readonly string[];
  readonly badges: readonly string[];
  readonly items: readonly PictureItem[];
  readonly edges: readonly PictureEdge[];
}
export type PictureItem = PictureNode | PictureGroup;
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly role: string;
  readonly label?: string;
}
export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly root: PictureGroup;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** An item with its place inside its group. */
export interface PlacedItem {
  readonly item: PictureItem;
  readonly box: Box;
  /** Of groups: what is in them. */
  readonly inside?: PlacedGroup;
}
export interface PlacedEdge {
  readonly edge: PictureEdge;
  /** SVG path data. */
  readonly path: string;
  /** The middle of the label. */
  readonly labelAt?: { readonly x: number; readonly y: number };
}
export interface PlacedGroup {
  readonly width: number;
  readonly height: number;
  readonly items: readonly PlacedItem[];
  readonly edges: readonly PlacedEdge[];
}

// -- places while they are looked for --------------------------------------------------------------

/** A place in a layer: an item, or an edge on its way through (with its label or without). */
export interface Slot {
  readonly layer: number;
  readonly width: number;
  readonly height: number;
  readonly item?: PictureItem;
  readonly edge?: PictureEdge;
  readonly labelled?: boolean;
  x: number;
  y: number;
}
export interface Route {
  readonly edge: PictureEdge;
  /** The slots from the first item to the last. */
  readonly slots: readonly Slot[];
}

export const LABEL_HEIGHT = 20;

/** To a tenth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

// -- text ------------------------------------------------------------------------------------------

export const LABEL_PX = 13.5;
export const DETAIL_PX = 11.5;
export const LABEL_LINE = 19;
export const DETAIL_LINE = 16;

/** The width of a text in a sans-serif font, on the generous side: fonts differ, boxes must hold. */
export function textWidth(text: string, px: number): number {
  let units = 0;
  for (const char of text) {
    if (/[ilj.,:;'|!()[\]\s]/.test(char)) units += 0.34;
    else if (/[mwMW@%]/.test(char)) units += 0.92;
    else if (/[A-Z0-9_$&+=<>]/.test(char)) units += 0.68;
    else if (/[\u1100-\uFFEF\u{1F000}-\u{1FFFF}]/u.test(char)) units += 1.1;
    else units += 0.57;
  }
  // Headings are set in a heavier weight, which is wider.
  return units * px * (px >= LABEL_PX ? 1.13 : 1);
}

/** The width of a text in the monospaced font of details. */
export function codeWidth(text: string, px = DETAIL_PX): number {
  let units = 0;
  for (const char of text) units += char > '\u10FF' ? 1.1 : 0.612;
  return units * px;
}
