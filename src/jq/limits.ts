/*
 * A limit on everything. All are deterministic: the same program on the same input with the same
 * host stops at the same place on every machine.
 */

/** Units of fuel for one call: iterations, calls and elements touched by builtins. */
export const DEFAULT_FUEL = 10_000_000;

/** Elements (scalars, keys, containers) in one output, counted as a tree. */
export const DEFAULT_OUTPUT_NODES = 5_000_000;

/** UTF-16 units in one string that a program builds. */
export const STRING_LENGTH_MAX = 1 << 26;

/** UTF-16 units of source text. */
export const SOURCE_LENGTH_MAX = 1 << 20;

/** How deep the parser nests; each level costs about ten JavaScript frames. */
export const SYNTAX_DEPTH_MAX = 400;

/** Depth of the syntax tree, which long chains of operators reach without nesting. */
export const TREE_DEPTH_MAX = 1_000;

/** Stack units of one call; a unit is about one JavaScript frame of a compiled closure. */
export const STACK_UNITS_MAX = 5_000;

/** AST nodes that calls of non-recursive functions may be expanded to in one program. */
export const INLINE_NODES_MAX = 4_000;

/** jq's own ceilings on nesting, with jq's messages. */
export const VALUE_DEPTH_MAX = 10_000;

/** The largest index that an assignment may create, jq's `INT_MAX >> 2`. */
export const ARRAY_INDEX_MAX = 536_870_911;
