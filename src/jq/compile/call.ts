/*
 * Calls: of the program's functions, of their parameters, of builtins.
 *
 * I1. A call that can be inlined is compiled as if its body stood there (scope.ts).
 * I2. The others have a frame per activation and pay for it: one unit of fuel, and stack units for
 *     the height of their code, so that endless recursion ends in an error and not in the host's stack.
 */
import { push, spend, state } from '../state.ts';
import type { CallNode, Definition, Node } from '../syntax/ast.ts';
import { type Arity, type Closure, Code, type Frame, type Slot } from './code.ts';
import type { Compiler } from './compiler.ts';
import {
  bind,
  type Binding,
  type Compiled,
  find,
  frameOf,
  Layout,
  type Scope,
  up,
} from './scope.ts';

export function call(c: Compiler, node: CallNode, scope: Scope): Code {
  if (node.to === undefined) return c.builtin(node.name, node.args, node.at, scope);
  const binding = find(scope, node.to);
  const { place } = binding;
  if (place.kind === 'argument') {
    return c.compile(place.node, { bindings: place.scope.bindings, layout: scope.layout });
  }
  if (place.kind === 'closure') {
    return callParameter(scope.layout.level - place.level, place.slot);
  }
  return callFunction(c, node.to as Definition, binding, node.args, scope);
}

function callParameter(levels: number, slot: number): Code {
  return new Code(
    'many',
    undefined,
    () => (input, frame, sink) => {
      const { code, frame: home } = up(frame, levels)[slot] as Closure;
      push(code.height);
      const stop = code.each(input, home, sink);
      state.stack -= code.height;
      return stop;
    },
    {
      height: 2,
      paths: () => (path, input, frame, sink) => {
        const { code, frame: home } = up(frame, levels)[slot] as Closure;
        push(code.height);
        const stop = code.paths(path, input, home, sink);
        state.stack -= code.height;
        return stop;
      },
    },
  );
}

export function callFunction(
  c: Compiler,
  definition: Definition,
  binding: Binding | undefined,
  args: readonly Node[],
  scope: Scope,
): Code {
  const size = definition.size ?? 1;
  if (definition.recursive !== true && c.budget >= size) {
    c.budget -= size;
    let inner: Scope = { bindings: binding, layout: scope.layout };
    definition.parameters.forEach((parameter, i) => {
      inner = bind(inner, parameter, { kind: 'argument', node: args[i]!, scope });
    });
    return c.compile(definition.body, inner);
  }
  return callByFrame(c, definition, binding!, args, scope);
}

const GUESSES: readonly Arity[] = ['one', 'optional', 'many'];

/** The arity of a recursive function is a guess until its body, compiled under it, agrees. */
function compileBody(c: Compiler, definition: Definition, binding: Binding): Compiled {
  const place = binding.place as { level: number; compiled: Compiled | undefined };
  for (const arity of GUESSES) {
    const layout = new Layout(place.level + 1);
    const compiled: Compiled = { arity, layout, code: undefined };
    place.compiled = compiled;
    let inner: Scope = { bindings: binding, layout };
    for (const parameter of definition.parameters) {
      inner = bind(inner, parameter, { kind: 'closure', level: layout.level, slot: layout.slot() });
    }
    compiled.code = c.compile(definition.body, inner);
    if (GUESSES.indexOf(compiled.code.arity) <= GUESSES.indexOf(arity)) return compiled;
  }
  throw new Error('no arity fits');
}

/** How a caller's frame gives one argument to the callee. */
function argument(c: Compiler, node: Node, scope: Scope): (frame: Frame) => Slot {
  if (node.kind === 'call' && node.to?.declares === 'parameter') {
    const { place } = find(scope, node.to);
    if (place.kind === 'closure') {
      // A parameter that is handed on is handed on as it is, or recursion would wrap it ever deeper.
      const levels = scope.layout.level - place.level;
      const { slot } = place;
      return (frame) => up(frame, levels)[slot];
    }
  }
  const code = c.compile(node, scope);
  return (frame) => ({ code, frame });
}

function callByFrame(
  c: Compiler,
  definition: Definition,
  binding: Binding,
  args: readonly Node[],
  scope: Scope,
): Code {
  if (binding.place.kind !== 'function') throw new Error('a function lives in a function place');
  const compiled = binding.place.compiled ?? compileBody(c, definition, binding);
  const levels = scope.layout.level - binding.place.level;
  const given = args.map((arg) => argument(c, arg, scope));
  const enter = (frame: Frame): Frame => {
    if (--state.fuel < 0) spend(1);
    const inner = frameOf(compiled.layout);
    inner[0] = up(frame, levels);
    for (let i = 0; i < given.length; i++) inner[i + 1] = given[i]!(frame);
    return inner;
  };
  return new Code(
    compiled.arity,
    (input, frame) => {
      const code = compiled.code!;
      const inner = enter(frame);
      push(code.height);
      const output = code.value(input, inner);
      state.stack -= code.height;
      return output;
    },
    () => (input, frame, sink) => {
      const code = compiled.code!;
      const inner = enter(frame);
      push(code.height);
      const stop = code.each(input, inner, sink);
      state.stack -= code.height;
      return stop;
    },
    {
      height: 3,
      paths: () => (path, input, frame, sink) => {
        // Path mode carries more on the stack: a path and a sink more per step.
        const code = compiled.code!;
        const units = code.height * 2;
        const inner = enter(frame);
        push(units);
        const stop = code.paths(path, input, inner, sink);
        state.stack -= units;
        return stop;
      },
    },
  );
}
