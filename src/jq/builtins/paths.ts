/*
 * Paths as values: `path`, `paths`, `getpath`, `setpath`, `del`, `pick`, and streams of paths and leaves.
 */
import {
  Code,
  type Each,
  heightOf,
  many,
  oneFromEach,
  type Path,
  pathKeys,
  ROOT,
} from '../compile/code.ts';
import { fail, spend, state } from '../state.ts';
import { get, slice } from '../values/access.ts';
import { isObject, isTruthy, type Json } from '../values/json.ts';
import { deletePaths, Draft, getPath, setPath } from '../values/paths.ts';
import { everyPath } from './generators.ts';
import { type Builtins, native1, native2, special } from './kinds.ts';

function path(of: Code): Code {
  return many(
    (input, frame, sink) =>
      of.paths(ROOT, input, frame, (found, output) => sink(pathKeys(found, output))),
    { height: heightOf(of) + 2 },
  );
}

function getpath(keys: Code, at: number): Code {
  const height = heightOf(keys) + 2;
  const paths: Code['paths'] = (start, input, frame, sink) =>
    keys.each(input, frame, (list) => {
      state.at = at;
      const value = getPath(input, list);
      let found: Path | undefined = start;
      for (const key of list as Json[]) {
        found = found && { parent: found, key, length: found.length + 1 };
      }
      return sink(found, value);
    });
  if (keys.arity === 'many') {
    return many(
      (input, frame, sink) =>
        keys.each(input, frame, (list) => {
          state.at = at;
          return sink(getPath(input, list));
        }),
      { height, paths: () => paths },
    );
  }
  const { value } = keys;
  return new Code(
    keys.arity,
    (input, frame) => {
      const list = value(input, frame);
      if (list === undefined) return undefined;
      state.at = at;
      return getPath(input, list);
    },
    undefined,
    { height, paths: () => paths },
  );
}

function del(of: Code, at: number): Code {
  const each: Each = (input, frame, sink) => {
    const doomed: Json[] = [];
    const stopped = of.paths(ROOT, input, frame, (found, output) => {
      if (--state.fuel < 0) spend(1);
      doomed.push(pathKeys(found, output));
      return false;
    });
    if (stopped) return true;
    state.at = at;
    return sink(deletePaths(input, doomed));
  };
  return oneFromEach(each, heightOf(of) + 4);
}

function pick(of: Code, at: number): Code {
  const each: Each = (input, frame, sink) => {
    const draft = new Draft(null);
    const stopped = of.paths(ROOT, input, frame, (found, output) => {
      if (--state.fuel < 0) spend(1);
      const keys = pathKeys(found, output);
      state.at = at;
      draft.set(keys, getPath(input, keys));
      return false;
    });
    return stopped || sink(draft.value);
  };
  return oneFromEach(each, heightOf(of) + 4);
}

const allPaths: Each = (input, _frame, sink) =>
  everyPath(ROOT, input, (found, value) => found !== ROOT && sink(pathKeys(found, value)));

function pathsWhere(condition: Code): Code {
  return many(
    (input, frame, sink) =>
      everyPath(ROOT, input, (found, value) =>
        condition.each(
          value,
          frame,
          (ok) => isTruthy(ok) && found !== ROOT && sink(pathKeys(found, value)),
        ),
      ),
    { height: heightOf(condition) + 3 },
  );
}

// --- streams ----------------------------------------------------------------------------------

/** `[path, leaf]` for every leaf, `[path]` when a container with anything in it ends. */
const tostream: Each = (input, _frame, sink) => {
  const pending: { path: readonly Json[]; value: Json; closes: boolean }[] = [
    { path: [], value: input, closes: false },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path: keys, value, closes } = next;
    spend(keys.length + 1);
    if (closes) {
      if (sink([[...keys]])) return true;
      continue;
    }
    const names: Json[] = Array.isArray(value)
      ? value.map((_, i) => i)
      : isObject(value)
        ? Object.keys(value)
        : [];
    if (names.length === 0) {
      if (sink([[...keys], value])) return true;
      continue;
    }
    pending.push({ path: [...keys, names.at(-1)!], value: null, closes: true });
    for (const name of names.reverse()) {
      pending.push({ path: [...keys, name], value: get(value, name), closes: false });
    }
  }
  return false;
};

/** Puts values together again; emits each when its last event has come. */
function fromstream(events: Code, at: number): Code {
  return many(
    (input, frame, sink) => {
      let draft = new Draft(null);
      return events.each(input, frame, (event) => {
        if (--state.fuel < 0) spend(1);
        state.at = at;
        const keys = get(event, 0);
        const leaf = Array.isArray(event) && event.length === 2;
        const depth =
          keys === null
            ? 0
            : Array.isArray(keys)
              ? keys.length
              : fail('Path must be specified as an array');
        if (leaf) draft.set(Array.isArray(keys) ? keys : [], event[1]!);
        if (depth !== (leaf ? 0 : 1)) return false;
        const { value } = draft;
        draft = new Draft(null);
        return sink(value);
      });
    },
    { height: heightOf(events) + 3 },
  );
}

/** Events below the first `depth` levels, with that much cut off their paths. */
function truncateStream(events: Code): Code {
  return many(
    (input, frame, sink) =>
      events.each(null, frame, (event) => {
        const keys = get(event, 0);
        const depth = typeof input === 'number' ? input : Infinity;
        if (!Array.isArray(keys) || keys.length <= depth) return false;
        return sink(setPath(event, [0], slice(keys, input, null)));
      }),
    { height: heightOf(events) + 3 },
  );
}

export const paths: Builtins = {
  'path/1': special(1, ([f]) => path(f!)),
  'paths/0': special(0, () => many(allPaths, { height: 3 })),
  'paths/1': special(1, ([f]) => pathsWhere(f!)),
  'getpath/1': special(1, ([keys], at) => getpath(keys!, at)),
  'setpath/2': native2(setPath),
  'delpaths/1': native1(deletePaths),
  'del/1': special(1, ([f], at) => del(f!, at)),
  'pick/1': special(1, ([f], at) => pick(f!, at)),
  'tostream/0': special(0, () => many(tostream, { height: 3 })),
  'fromstream/1': special(1, ([f], at) => fromstream(f!, at)),
  'truncate_stream/1': special(1, ([f]) => truncateStream(f!)),
};
