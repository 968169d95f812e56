/*
 * Order and equality on a running program's behalf: with its fuel and jq's messages.
 */
import { fail, spend } from '../state.ts';
import type { Json } from './json.ts';
import { compareWith, equalWith, type Guard } from './order.ts';

const ordering: Guard = { charge: () => spend(1), tooDeep: () => fail('Comparison too deep') };
const equality: Guard = { charge: () => spend(1), tooDeep: () => fail('Equality check too deep') };

export function compare(a: Json, b: Json): number {
  return compareWith(ordering, a, b);
}

export function equalJson(a: Json, b: Json): boolean {
  return a === b
    ? typeof a !== 'object' || a === null || equalWith(equality, a, b)
    : equalWith(equality, a, b);
}

/** The positions of `keys` in order: a stable sort, smallest first. */
export function sortedOrder(keys: readonly Json[]): number[] {
  const { length } = keys;
  spend(length);
  const order = Array.from({ length }, (_, i) => i);
  return order.sort((i, j) => compare(keys[i]!, keys[j]!));
}
