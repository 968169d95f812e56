/*
 * Builtins that take some of a generator's outputs, or ask whether there are any: they stop it early.
 */
import { identity, iterate } from '../compile/access.ts';
import {
  type Code,
  type Each,
  heightOf,
  leave,
  many,
  oneFromEach,
  optional,
  type Path,
  usesInput,
} from '../compile/code.ts';
import { fail, state, typeError2 } from '../state.ts';
import { compare } from '../values/compare.ts';
import { isTruthy, type Json } from '../values/json.ts';
import { type Builtins, special } from './kinds.ts';

// --- first, last, limit, skip, nth ------------------------------------------------------------

function first(f: Code): Code {
  if (f.arity !== 'many') return f;
  return optional(
    (input, frame) => {
      let found: Json | undefined;
      const stopped = f.each(input, frame, (output) => {
        found = output;
        return true;
      });
      return stopped && found === undefined ? leave() : found;
    },
    {
      input: f.input,
      height: heightOf(f) + 2,
      each: () => (input, frame, sink) => {
        let found: Json | undefined;
        const stopped = f.each(input, frame, (output) => {
          found = output;
          return true;
        });
        return found === undefined ? stopped : sink(found);
      },
      paths: () => (path, input, frame, sink) => {
        let found: { path: Path | undefined; output: Json } | undefined;
        const stopped = f.paths(path, input, frame, (p, output) => {
          found = { path: p, output };
          return true;
        });
        return found === undefined ? stopped : sink(found.path, found.output);
      },
    },
  );
}

function last(f: Code): Code {
  if (f.arity !== 'many') return f;
  const each: Each = (input, frame, sink) => {
    let found: Json | undefined;
    const stopped = f.each(input, frame, (output) => {
      found = output;
      return false;
    });
    return stopped || (found !== undefined && sink(found));
  };
  return optional(
    (input, frame) => {
      let found: Json | undefined;
      const stopped = each(input, frame, (output) => {
        found = output;
        return false;
      });
      return stopped ? leave() : found;
    },
    {
      input: f.input,
      height: heightOf(f) + 3,
      each: () => each,
      paths: () => (path, input, frame, sink) => {
        let found: { path: Path | undefined; output: Json } | undefined;
        const stopped = f.paths(path, input, frame, (p, output) => {
          found = { path: p, output };
          return false;
        });
        return stopped || (found !== undefined && sink(found.path, found.output));
      },
    },
  );
}

/** How many outputs a count lets through; jq counts down to zero, so 1.5 is 2. */
function limitOf(count: Json): number {
  if (typeof count === 'number' && count >= 0) return Math.ceil(count);
  if (compare(count, 0) > 0) return typeError2(count, 1, 'cannot be subtracted');
  return fail("limit doesn't support negative count");
}

function skipOf(count: Json): number {
  if (typeof count === 'number' && count >= 0) return Math.floor(count);
  if (compare(count, 0) > 0) return typeError2(count, 1, 'cannot be subtracted');
  return fail("skip doesn't support negative count");
}

/** A generator over part of `f`'s outputs; `take` answers 'skip', 'pass' or 'last' by ordinal. */
function windowed(
  count: Code,
  f: Code,
  at: number,
  plan: (count: Json) => { skip: number; limit: number },
): Code {
  const run = <Output extends unknown[]>(
    counted: Json,
    generate: (sink: (...output: Output) => boolean) => boolean,
    sink: (...output: Output) => boolean,
  ): boolean => {
    state.at = at;
    const { skip, limit } = plan(counted);
    if (limit <= 0) return false;
    let seen = 0;
    let done = false;
    const stopped = generate((...output) => {
      seen++;
      if (seen <= skip) return false;
      if (seen - skip < limit) return sink(...output);
      // The last one is handed over from inside, as jq does, and then the generator is stopped.
      if (sink(...output)) return true;
      done = true;
      return true;
    });
    return stopped && !done;
  };
  return many(
    (input, frame, sink) =>
      count.each(input, frame, (n) => run<[Json]>(n, (s) => f.each(input, frame, s), sink)),
    {
      input: usesInput(count, f),
      height: heightOf(count, f) + 4,
      paths: () => (path, input, frame, sink) =>
        count.each(input, frame, (n) =>
          run<[Path | undefined, Json]>(n, (s) => f.paths(path, input, frame, s), sink),
        ),
    },
  );
}

function nthOf(count: Json): { skip: number; limit: number } {
  if (compare(count, 0) < 0) return fail("nth doesn't support negative indices");
  return { skip: skipOf(count), limit: 1 };
}

// --- quantifiers ------------------------------------------------------------------------------

/** Whether some output makes the condition `wanted`; stops at the first. */
function quantifier(wanted: boolean, generator: Code, condition: Code): Code {
  const each: Each = (input, frame, sink) => {
    let found = false;
    const stopped = generator.each(input, frame, (item) =>
      condition.each(item, frame, (ok) => {
        found = isTruthy(ok) === wanted;
        return found;
      }),
    );
    if (stopped && !found) return true;
    return sink(found === wanted);
  };
  return oneFromEach(each, heightOf(generator, condition) + 3);
}

function isEmpty(g: Code): Code {
  const each: Each = (input, frame, sink) => {
    let found = false;
    const stopped = g.each(input, frame, () => (found = true));
    if (stopped && !found) return true;
    return sink(!found);
  };
  return oneFromEach(each, heightOf(g) + 2);
}

const items = (at: number): Code => iterate(identity, at);

export const counting: Builtins = {
  'first/1': special(1, ([f]) => first(f!)),
  'last/1': special(1, ([f]) => last(f!)),
  'limit/2': special(2, ([n, f], at) =>
    windowed(n!, f!, at, (count) => ({ skip: 0, limit: limitOf(count) })),
  ),
  'skip/2': special(2, ([n, f], at) =>
    windowed(n!, f!, at, (count) => ({ skip: skipOf(count), limit: Infinity })),
  ),
  'nth/2': special(2, ([n, f], at) => windowed(n!, f!, at, nthOf)),
  'isempty/1': special(1, ([g]) => isEmpty(g!)),
  'any/0': special(0, (_, at) => quantifier(true, items(at), identity)),
  'any/1': special(1, ([f], at) => quantifier(true, items(at), f!)),
  'any/2': special(2, ([g, f]) => quantifier(true, g!, f!)),
  'all/0': special(0, (_, at) => quantifier(false, items(at), identity)),
  'all/1': special(1, ([f], at) => quantifier(false, items(at), f!)),
  'all/2': special(2, ([g, f]) => quantifier(false, g!, f!)),
};
