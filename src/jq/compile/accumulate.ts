/*
 * `reduce` whose state only grows: `. + x` and `.path op= x`, with an `x` that does not look at the state.
 *
 * jq does these in place when nobody else holds the state. Here the step owns what it made in the step
 * before, so n steps cost n and not n times the state.
 *
 * I1. Only the step itself sees the state between two steps: `x` does not read it, and the target is a
 *     single path, found before anything is written.
 * I2. A state that the step did not make is copied first.
 */
import { state } from '../state.ts';
import type { Node } from '../syntax/ast.ts';
import type { Json } from '../values/json.ts';
import { Draft } from '../values/paths.ts';
import { Sum } from '../values/sum.ts';
import { type Code, type Frame, pathKeys, ROOT } from './code.ts';

/** The next state; undefined when a `break` is leaving. */
export type Step = (accumulated: Json, frame: Frame) => Json | undefined;

type Apply = ((old: Json, item: Json) => Json) | undefined;

/** A maker of steps, one per run of the `reduce`, or undefined when the update is of another form. */
export function accumulator(
  update: Node,
  compile: (node: Node) => Code,
  operations: Readonly<Record<string, (old: Json, item: Json) => Json>>,
): (() => Step) | undefined {
  if (update.kind === 'binary') {
    if (update.operator !== '+' || update.left.kind !== 'identity') return undefined;
    const item = compile(update.right);
    return item.input || item.arity === 'many' ? undefined : summing(item, update.at);
  }
  if (update.kind !== 'update' || update.operator === '|=') return undefined;
  const target = compile(update.left);
  const item = compile(update.right);
  if (target.arity !== 'one' || item.input || item.arity === 'many') return undefined;
  return writing(target, item, operations[update.operator]);
}

function summing(item: Code, at: number): () => Step {
  return () => {
    const sum = new Sum();
    return (accumulated, frame) => {
      const addend = item.value(accumulated, frame);
      if (addend === undefined) return null;
      state.at = at;
      return sum.onto(accumulated, addend);
    };
  };
}

function writing(target: Code, item: Code, apply: Apply): () => Step {
  return () => {
    let draft = new Draft(null);
    return (accumulated, frame) => {
      const value = item.value(accumulated, frame);
      if (value === undefined) return null;
      if (draft.value !== accumulated) draft = new Draft(accumulated);
      const stopped = target.paths(ROOT, accumulated, frame, (path, output) => {
        const keys = pathKeys(path, output);
        draft.set(keys, apply === undefined ? value : apply(draft.read(keys), value));
        return false;
      });
      return stopped ? undefined : draft.value;
    };
  };
}
