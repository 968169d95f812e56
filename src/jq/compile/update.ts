/*
 * `=`, `|=`, `+=` and the others. The right side of all but `|=` is evaluated on the whole input first
 * and gives one result per output.
 */
import { spend, state } from '../state.ts';
import type { Json } from '../values/json.ts';
import { deletePaths, Draft } from '../values/paths.ts';
import {
  type Code,
  type Each,
  type Frame,
  heightOf,
  leave,
  many,
  one,
  pathKeys,
  ROOT,
  settled,
  single,
} from './code.ts';

/** Writes `item` at every path of `target`; undefined when a break is leaving. */
function assignAll(target: Code, input: Json, frame: Frame, item: Json): Json | undefined {
  const draft = new Draft(input);
  const stopped = target.paths(ROOT, input, frame, (path, output) => {
    if (--state.fuel < 0) spend(1);
    draft.set(pathKeys(path, output), item);
    return false;
  });
  return stopped ? undefined : draft.value;
}

/** Replaces what is at every path of `target`; where `change` has nothing to say, deletes it. */
export function modifyAll(
  target: Code,
  input: Json,
  frame: Frame,
  change: (value: Json) => Json | undefined,
): Json | undefined {
  const draft = new Draft(input);
  const doomed: Json[] = [];
  const stopped = target.paths(ROOT, input, frame, (path, output) => {
    if (--state.fuel < 0) spend(1);
    const keys = pathKeys(path, output);
    const changed = change(draft.read(keys));
    if (changed === undefined) doomed.push(keys);
    else draft.set(keys, changed);
    return false;
  });
  if (stopped) return undefined;
  return doomed.length === 0 ? draft.value : deletePaths(draft.value, doomed);
}

/** The first output of `change`, as a function. */
export function firstOf(change: Code): (value: Json, frame: Frame) => Json | undefined {
  if (change.arity !== 'many') return change.value;
  return (value, frame) => {
    let first: Json | undefined;
    const stopped = change.each(value, frame, (output) => {
      first = output;
      return true;
    });
    if (stopped && first === undefined) leave();
    return first;
  };
}

export function modify(target: Code, change: Code): Code {
  const next = firstOf(change);
  const run = (input: Json, frame: Frame): Json | undefined =>
    modifyAll(target, input, frame, (value) => next(value, frame));
  return whole(run, heightOf(target, change));
}

/** `each` of an update that yields once, or leaves. */
function whole(run: (input: Json, frame: Frame) => Json | undefined, height: number): Code {
  const each: Each = (input, frame, sink) => {
    const result = run(input, frame);
    return result === undefined || sink(result);
  };
  return one((input, frame) => settled(run(input, frame)), {
    height: height + 4,
    each: () => each,
  });
}

/** One result per output of `source`, which `apply` turns into a change of the target. */
export function assign(
  target: Code,
  source: Code,
  apply: ((old: Json, item: Json) => Json) | undefined,
): Code {
  const run = (input: Json, frame: Frame, item: Json): Json | undefined =>
    apply === undefined
      ? assignAll(target, input, frame, item)
      : modifyAll(target, input, frame, (old) => apply(old, item));
  const height = heightOf(target, source) + 4;
  if (source.arity === 'many') {
    return many(
      (input, frame, sink) =>
        source.each(input, frame, (item) => {
          const result = run(input, frame, item);
          return result === undefined || sink(result);
        }),
      { height },
    );
  }
  const { value } = source;
  const each: Each = (input, frame, sink) => {
    const item = value(input, frame);
    if (item === undefined) return false;
    const result = run(input, frame, item);
    return result === undefined || sink(result);
  };
  return single(
    source.arity,
    (input, frame) => {
      const item = value(input, frame);
      return item === undefined ? undefined : settled(run(input, frame, item));
    },
    { height, input: true, each: () => each },
  );
}
