/*
 * Binary operators on operands with one output each: the inner loop of most expressions.
 *
 * An operand is a field of the input, a constant or anything else; the closures for the frequent pairs
 * read fields themselves, and for `+ - *` and comparisons they decide the case of two numbers in place,
 * because a call through a variable costs more than the operation.
 */
import { state } from '../state.ts';
import type { BinaryOperator } from '../syntax/ast.ts';
import { add, multiply, subtract } from '../values/arithmetic.ts';
import type { Json } from '../values/json.ts';
import { field } from './access.ts';
import { type Code, one, type Shape } from './code.ts';

export type Operation = (a: Json, b: Json) => Json;

/** The operators whose case of two numbers is worth a closure of its own. */
function ofFields(
  operator: BinaryOperator,
  l: string,
  r: string,
  at: number,
  shape: Shape,
): Code | undefined {
  switch (operator) {
    case '+':
      return one((input) => {
        const b = field(input, r, at);
        const a = field(input, l, at);
        if (typeof a === 'number' && typeof b === 'number') return a + b;
        state.at = at;
        return add(a, b);
      }, shape);
    case '-':
      return one((input) => {
        const b = field(input, r, at);
        const a = field(input, l, at);
        if (typeof a === 'number' && typeof b === 'number') return a - b;
        state.at = at;
        return subtract(a, b);
      }, shape);
    case '*':
      return one((input) => {
        const b = field(input, r, at);
        const a = field(input, l, at);
        if (typeof a === 'number' && typeof b === 'number') return a * b;
        state.at = at;
        return multiply(a, b);
      }, shape);
    default:
      return undefined;
  }
}

/** Equality with a scalar needs no look at what the other side is. */
function toScalar(
  operator: BinaryOperator,
  left: Code,
  fixed: Json,
  shape: Shape,
): Code | undefined {
  if (typeof fixed === 'object' && fixed !== null) return undefined;
  const { value } = left;
  if (operator === '==') return one((input, frame) => value(input, frame) === fixed, shape);
  if (operator === '!=') return one((input, frame) => value(input, frame) !== fixed, shape);
  return undefined;
}

export function arithmetic(
  operator: BinaryOperator,
  operation: Operation,
  left: Code,
  right: Code,
  at: number,
  shape: Shape,
): Code {
  const { field: l } = left;
  const { field: r, constant: fixed } = right;
  if (l !== undefined && r !== undefined) {
    const special = ofFields(operator, l, r, at, shape);
    if (special !== undefined) return special;
  }
  if (fixed !== undefined) {
    const special = toScalar(operator, left, fixed, shape);
    if (special !== undefined) return special;
    if (l !== undefined) {
      return one((input) => {
        const a = field(input, l, at);
        state.at = at;
        return operation(a, fixed);
      }, shape);
    }
    const x = left.value;
    return one((input, frame) => {
      const a = x(input, frame)!;
      state.at = at;
      return operation(a, fixed);
    }, shape);
  }
  const x = left.value;
  const y = right.value;
  return one((input, frame) => {
    const b = y(input, frame)!;
    const a = x(input, frame)!;
    state.at = at;
    return operation(a, b);
  }, shape);
}
