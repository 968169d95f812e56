/*
 * The tree of a program. Every node knows its offset in the source (`at`, 0-based).
 *
 * I1. The parser leaves `to` undefined; resolve.ts fills it once; nothing else writes to a node.
 */
import type { Json } from '../values/json.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=';
export type UpdateOperator = '=' | '|=' | '//=' | '+=' | '-=' | '*=' | '/=' | '%=';

export type Node =
  | { readonly kind: 'identity'; readonly at: number }
  | { readonly kind: 'literal'; readonly at: number; readonly value: Json }
  | {
      readonly kind: 'text';
      readonly at: number;
      readonly format: string;
      readonly parts: readonly (string | Node)[];
    }
  | { readonly kind: 'format'; readonly at: number; readonly name: string }
  | { readonly kind: 'index'; readonly at: number; readonly of: Node; readonly key: Node }
  | {
      readonly kind: 'slice';
      readonly at: number;
      readonly of: Node;
      readonly from: Node | undefined;
      readonly to: Node | undefined;
    }
  | { readonly kind: 'iterate'; readonly at: number; readonly of: Node }
  | { readonly kind: 'pipe'; readonly at: number; readonly left: Node; readonly right: Node }
  | { readonly kind: 'comma'; readonly at: number; readonly parts: readonly Node[] }
  | { readonly kind: 'negate'; readonly at: number; readonly of: Node }
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly operator: BinaryOperator;
      readonly left: Node;
      readonly right: Node;
    }
  | {
      readonly kind: 'and' | 'or' | 'alternative';
      readonly at: number;
      readonly left: Node;
      readonly right: Node;
    }
  | {
      readonly kind: 'update';
      readonly at: number;
      readonly operator: UpdateOperator;
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly kind: 'array'; readonly at: number; readonly of: Node | undefined }
  | { readonly kind: 'object'; readonly at: number; readonly entries: readonly Entry[] }
  | {
      readonly kind: 'if';
      readonly at: number;
      readonly test: Node;
      readonly then: Node;
      readonly otherwise: Node | undefined;
    }
  | {
      readonly kind: 'try';
      readonly at: number;
      readonly body: Node;
      readonly handler: Node | undefined;
    }
  | {
      readonly kind: 'reduce';
      readonly at: number;
      readonly source: Node;
      readonly patterns: readonly Pattern[];
      readonly init: Node;
      readonly update: Node;
    }
  | {
      readonly kind: 'foreach';
      readonly at: number;
      readonly source: Node;
      readonly patterns: readonly Pattern[];
      readonly init: Node;
      readonly update: Node;
      readonly extract: Node | undefined;
    }
  | {
      readonly kind: 'bind';
      readonly at: number;
      readonly source: Node;
      readonly patterns: readonly Pattern[];
      readonly body: Node;
    }
  | { readonly kind: 'label'; readonly at: number; readonly label: Label; readonly body: Node }
  | BreakNode
  | {
      readonly kind: 'define';
      readonly at: number;
      readonly definition: Definition;
      readonly body: Node;
    }
  | VariableNode
  | CallNode;

/** `$name`, `$__loc__`, or, in a host's program, a name that the host binds. */
export interface VariableNode {
  readonly kind: 'variable';
  readonly at: number;
  readonly name: string;
  to?: Variable | HostVariable | undefined;
}

export interface BreakNode {
  readonly kind: 'break';
  readonly at: number;
  readonly name: string;
  to?: Label;
}

export interface CallNode {
  readonly kind: 'call';
  readonly at: number;
  readonly name: string;
  readonly args: readonly Node[];
  /** undefined after resolving: a builtin */
  to?: Definition | Parameter;
}

export interface Entry {
  readonly at: number;
  readonly key: Node;
  readonly value: Node;
}

export type Pattern =
  | { readonly kind: 'variable'; readonly at: number; readonly variable: Variable }
  | { readonly kind: 'array'; readonly at: number; readonly elements: readonly Pattern[] }
  | { readonly kind: 'object'; readonly at: number; readonly entries: readonly PatternEntry[] };

export interface PatternEntry {
  readonly at: number;
  readonly key: Node;
  /** `$name: pattern` binds the value under the key as well */
  readonly variable: Variable | undefined;
  readonly pattern: Pattern | undefined;
}

/** Declarations are compared by identity, never by name. */
export interface Variable {
  readonly declares: 'variable';
  readonly name: string;
}

export interface HostVariable {
  readonly declares: 'host';
  readonly name: string;
  readonly slot: number;
}

export interface Label {
  readonly declares: 'label';
  readonly name: string;
}

export interface Parameter {
  readonly declares: 'parameter';
  readonly name: string;
}

export interface Definition {
  readonly declares: 'function';
  readonly at: number;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Node;
  /** whether the body, or a function inside it, calls it; set by resolve.ts */
  recursive?: boolean;
  /** nodes in the body; set by resolve.ts */
  size?: number;
}
