/*
 * `source as pattern | body`, with destructuring and `?//`; `reduce`; `foreach`.
 *
 * I1. A variable's slot is written again after every call of a sink (code.ts I3), because the sink may
 *     have run this very binding in this frame. A body in value mode calls no sink, so it needs none.
 */
import { fail, spend, state } from '../state.ts';
import type { Pattern, Variable } from '../syntax/ast.ts';
import { get } from '../values/access.ts';
import { type Json, kindOf } from '../values/json.ts';
import { clippedText } from '../values/text.ts';
import {
  type Code,
  type Each,
  type Frame,
  heightOf,
  many,
  type Path,
  type Paths,
  settled,
  single,
  together,
  usesInput,
} from './code.ts';
import type { Step } from './accumulate.ts';
import type { Compiler } from './compiler.ts';
import { caught } from './control.ts';
import { bind, type Scope } from './scope.ts';

/** Writes the variables of a pattern, once per way it matches; `next` runs with them in place. */
type Match = (value: Json, frame: Frame, next: () => boolean) => boolean;

/** What a binding site knows about its patterns. */
interface Matcher {
  /** the slot when the pattern is one variable, the usual case */
  readonly slot: number | undefined;
  readonly matches: readonly Match[];
  readonly slots: readonly number[];
  readonly scope: Scope;
}

export function compilePatterns(c: Compiler, patterns: readonly Pattern[], scope: Scope): Matcher {
  const slots: number[] = [];
  let inner = scope;
  const declare = (variable: Variable): number => {
    const slot = scope.layout.slot();
    slots.push(slot);
    inner = bind(inner, variable, { kind: 'slot', level: scope.layout.level, slot });
    return slot;
  };
  // A name bound twice, in one pattern or in several, is one variable: the last declaration is the one
  // that the body sees, so all of them share its slot.
  const byName = new Map<string, number>();
  const share = (variable: Variable): number => {
    const known = byName.get(variable.name);
    if (known === undefined) {
      const slot = declare(variable);
      byName.set(variable.name, slot);
      return slot;
    }
    inner = bind(inner, variable, { kind: 'slot', level: scope.layout.level, slot: known });
    return known;
  };
  const compile = (pattern: Pattern): Match => {
    if (pattern.kind === 'variable') {
      const slot = share(pattern.variable);
      return (value, frame, next) => {
        frame[slot] = value;
        return next();
      };
    }
    if (pattern.kind === 'array') {
      const elements = pattern.elements.map(compile);
      const { at } = pattern;
      return sequence(
        elements.map((match, i): Match => (value, frame, next) => {
          state.at = at;
          return match(get(value, i), frame, next);
        }),
      );
    }
    return sequence(
      pattern.entries.map((entry): Match => {
        const key = c.compile(entry.key, inner);
        if (key.constant !== undefined && typeof key.constant !== 'string') {
          c.fail(badKey(key.constant), entry.at);
        }
        const slot = entry.variable && share(entry.variable);
        const match = entry.pattern && compile(entry.pattern);
        const { at } = entry;
        return (value, frame, next) =>
          key.each(value, frame, (k) => {
            state.at = at;
            if (typeof k !== 'string') return fail(badKey(k));
            const item = get(value, k);
            if (slot !== undefined) frame[slot] = item;
            return match === undefined ? next() : match(item, frame, next);
          });
      }),
    );
  };
  const matches = patterns.map(compile);
  const only = patterns.length === 1 && patterns[0]!.kind === 'variable' ? slots[0] : undefined;
  return { slot: only, matches, slots, scope: inner };
}

export function badKey(key: Json): string {
  return `Cannot use ${kindOf(key)} (${clippedText(key)}) as object key`;
}

function sequence(matches: readonly Match[]): Match {
  const [first, ...rest] = matches;
  if (first === undefined) return (_value, _frame, next) => next();
  if (rest.length === 0) return first;
  const then = sequence(rest);
  return (value, frame, next) => first(value, frame, () => then(value, frame, next));
}

/** Keeps what a sink may overwrite. */
function guarded(slots: readonly number[], frame: Frame, run: () => boolean): boolean {
  const kept = slots.map((slot) => frame[slot]);
  const stop = run();
  slots.forEach((slot, i) => {
    frame[slot] = kept[i];
  });
  return stop;
}

/** Runs `body` under each match of the value; with `?//`, under the first pattern that does not fail. */
function matchEach(
  { matches, slots }: Matcher,
  value: Json,
  frame: Frame,
  body: (outside: (run: () => boolean) => boolean) => boolean,
): boolean {
  if (matches.length === 1) {
    return matches[0]!(value, frame, () => body((run) => guarded(slots, frame, run)));
  }
  for (const [i, match] of matches.entries()) {
    for (const slot of slots) frame[slot] = null;
    const { stack } = state;
    let outside = false;
    try {
      return match(value, frame, () =>
        body((run) =>
          guarded(slots, frame, () => {
            outside = true;
            const stop = run();
            outside = false;
            return stop;
          }),
        ),
      );
    } catch (error) {
      if (outside || i === matches.length - 1) throw error;
      caught(error);
      state.stack = stack;
    }
  }
  return false;
}

export function binding(source: Code, matcher: Matcher, body: Code): Code {
  const { slot } = matcher;
  const shape = {
    input: usesInput(source, body),
    height: heightOf(source, body) + (matcher.slot === undefined ? 8 : 3),
    paths: () => bindingPaths(source, matcher, body),
  };
  if (slot === undefined) {
    return many(
      (input, frame, sink) =>
        source.each(input, frame, (value) =>
          matchEach(matcher, value, frame, (outside) =>
            body.each(input, frame, (output) => outside(() => sink(output))),
          ),
        ),
      shape,
    );
  }
  if (source.arity !== 'many' && body.arity !== 'many') {
    const x = source.value;
    const y = body.value;
    return single(
      together(source, body),
      (input, frame) => {
        const value = x(input, frame);
        if (value === undefined) return undefined;
        frame[slot] = value;
        return y(input, frame);
      },
      shape,
    );
  }
  if (body.arity !== 'many') {
    const y = body.value;
    return many(
      (input, frame, sink) =>
        source.each(input, frame, (value) => {
          frame[slot] = value;
          const output = y(input, frame);
          return output !== undefined && sink(output);
        }),
      shape,
    );
  }
  return many(
    (input, frame, sink) =>
      source.each(input, frame, (value) => {
        frame[slot] = value;
        return body.each(input, frame, (output) => {
          const stop = sink(output);
          frame[slot] = value;
          return stop;
        });
      }),
    shape,
  );
}

function bindingPaths(source: Code, matcher: Matcher, body: Code): Paths {
  return (path, input, frame, sink) =>
    source.each(input, frame, (value) =>
      matchEach(matcher, value, frame, (outside) =>
        body.paths(path, input, frame, (p, output) => outside(() => sink(p, output))),
      ),
    );
}

/** The last output of `update`, null if it has none: the state is taken out while it is computed. */
function stepper(update: Code): Step {
  if (update.arity === 'many') {
    return (accumulated, frame) => {
      let last: Json = null;
      const stopped = update.each(accumulated, frame, (output) => {
        last = output;
        return false;
      });
      return stopped ? undefined : last;
    };
  }
  const { value } = update;
  return (accumulated, frame) => {
    const output = value(accumulated, frame);
    return output === undefined ? null : output;
  };
}

export function reduce(
  source: Code,
  matcher: Matcher,
  init: Code,
  update: Code,
  accumulating: (() => Step) | undefined,
): Code {
  const plain = stepper(update);
  const { slot } = matcher;
  /** undefined: a break is leaving */
  const run = (start: Json, input: Json, frame: Frame): Json | undefined => {
    const step = accumulating === undefined ? plain : accumulating();
    let accumulated: Json | undefined = start;
    const stopped = source.each(input, frame, (value) => {
      if (--state.fuel < 0) spend(1);
      if (slot !== undefined) {
        frame[slot] = value;
        accumulated = step(accumulated as Json, frame);
        return accumulated === undefined;
      }
      return matchEach(matcher, value, frame, () => {
        accumulated = step(accumulated as Json, frame);
        return accumulated === undefined;
      });
    });
    return stopped ? undefined : accumulated;
  };
  const shape = {
    input: usesInput(source, init, update),
    height: heightOf(source, init, update) + 4,
    paths: () => reducePaths(source, matcher, init, update),
  };
  if (init.arity === 'many') {
    return many(
      (input, frame, sink) =>
        init.each(input, frame, (start) => {
          const result = run(start, input, frame);
          return result === undefined || sink(result);
        }),
      shape,
    );
  }
  const each: Each = (input, frame, sink) => {
    const start = init.value(input, frame);
    if (start === undefined) return false;
    const result = run(start, input, frame);
    return result === undefined || sink(result);
  };
  return single(
    init.arity,
    (input, frame) => {
      const start = init.value(input, frame);
      if (start === undefined) return undefined;
      return settled(run(start, input, frame));
    },
    { ...shape, each: () => each },
  );
}

interface Located {
  readonly path: Path | undefined;
  readonly value: Json;
}

function reducePaths(source: Code, matcher: Matcher, init: Code, update: Code): Paths {
  return (path, input, frame, sink) =>
    init.paths(path, input, frame, (startPath, start) => {
      let located: Located = { path: startPath, value: start };
      const stopped = source.each(input, frame, (value) =>
        matchEach(matcher, value, frame, () => {
          const before = located;
          located = { path: undefined, value: null };
          return update.paths(before.path, before.value, frame, (p, output) => {
            located = { path: p, value: output };
            return false;
          });
        }),
      );
      return stopped || sink(located.path, located.value);
    });
}

/** Emits for every output of `update`, which is also the next state; none leaves null. */
export function foreach(
  source: Code,
  matcher: Matcher,
  init: Code,
  update: Code,
  extract: Code | undefined,
): Code {
  const parts = [source, init, update, ...(extract ? [extract] : [])];
  const each: Each = (input, frame, sink) =>
    init.each(input, frame, (start) => {
      let accumulated: Json = start;
      return source.each(input, frame, (value) => {
        if (--state.fuel < 0) spend(1);
        return matchEach(matcher, value, frame, (outside) => {
          const before = accumulated;
          accumulated = null;
          return update.each(before, frame, (output) => {
            accumulated = output;
            if (extract === undefined) return outside(() => sink(output));
            return extract.each(output, frame, (extracted) => outside(() => sink(extracted)));
          });
        });
      });
    });
  return many(each, {
    input: usesInput(...parts),
    height: heightOf(...parts) + 12,
    paths: () => foreachPaths(source, matcher, init, update, extract),
  });
}

function foreachPaths(
  source: Code,
  matcher: Matcher,
  init: Code,
  update: Code,
  extract: Code | undefined,
): Paths {
  return (path, input, frame, sink) =>
    init.paths(path, input, frame, (startPath, start) => {
      let located: Located = { path: startPath, value: start };
      return source.each(input, frame, (value) =>
        matchEach(matcher, value, frame, (outside) => {
          const before = located;
          located = { path: undefined, value: null };
          return update.paths(before.path, before.value, frame, (p, output) => {
            located = { path: p, value: output };
            if (extract === undefined) return outside(() => sink(p, output));
            return extract.paths(p, output, frame, (q, extracted) =>
              outside(() => sink(q, extracted)),
            );
          });
        }),
      );
    });
}
