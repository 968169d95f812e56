/*
 * Where declarations live at run time.
 *
 * A function that is not recursive has no frame of its own: each call is compiled in place, with its
 * arguments substituted, and its variables take slots in the frame of the caller. A recursive one has
 * a frame per activation, linked to the frame of the function it was defined in.
 *
 * I1. A place names the level of its frame; code at a deeper level follows that many links.
 * I2. An inlined call gives every variable a new slot, so instances of one function never share.
 */
import type { Definition, Label, Node, Parameter, Variable } from '../syntax/ast.ts';
import type { Arity, Code, Frame } from './code.ts';

/** The slots of one function's frames. */
export class Layout {
  readonly level: number;
  size = 1;

  constructor(level: number) {
    this.level = level;
  }

  slot(): number {
    return this.size++;
  }
}

/** A recursive function: compiled once per place it is visible from, called by frame. */
export interface Compiled {
  arity: Arity;
  readonly layout: Layout;
  code: Code | undefined;
}

export type Place =
  | { readonly kind: 'slot'; readonly level: number; readonly slot: number }
  | { readonly kind: 'argument'; readonly node: Node; readonly scope: Scope }
  | { readonly kind: 'closure'; readonly level: number; readonly slot: number }
  | { readonly kind: 'function'; readonly level: number; compiled: Compiled | undefined };

export interface Binding {
  readonly declared: Variable | Label | Parameter | Definition;
  readonly place: Place;
  readonly outer: Binding | undefined;
}

export interface Scope {
  readonly bindings: Binding | undefined;
  readonly layout: Layout;
}

export function bind(scope: Scope, declared: Binding['declared'], place: Place): Scope {
  return { bindings: { declared, place, outer: scope.bindings }, layout: scope.layout };
}

/** The binding, whose `outer` is the scope that a function's body sees besides itself. */
export function find(scope: Scope, declared: Binding['declared']): Binding {
  for (let b = scope.bindings; b !== undefined; b = b.outer) if (b.declared === declared) return b;
  throw new Error(`unresolved name ${declared.name}`);
}

/** A frame with room for all slots, so that it never grows while it is filled. */
export function frameOf(layout: Layout): Frame {
  const frame: Frame = [];
  for (let i = 0; i < layout.size; i++) frame.push(undefined);
  return frame;
}

export function up(frame: Frame, levels: number): Frame {
  let found = frame;
  for (let i = 0; i < levels; i++) found = found[0] as Frame;
  return found;
}
