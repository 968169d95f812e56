/*
 * Tree -> code. One case per kind of node; the work is in the files beside this one.
 */
import { INLINE_NODES_MAX } from '../limits.ts';
import { state } from '../state.ts';
import type { Node, VariableNode } from '../syntax/ast.ts';
import { add, divide, multiply, remainder, subtract } from '../values/arithmetic.ts';
import { isTruthy, type Json } from '../values/json.ts';
import * as access from './access.ts';
import { accumulator } from './accumulate.ts';
import * as bindings from './bind.ts';
import { call } from './call.ts';
import { type Code, constant, one } from './code.ts';
import { type Compiler, lineOf, syntaxError } from './compiler.ts';
import * as construct from './construct.ts';
import * as control from './control.ts';
import * as operators from './operators.ts';
import { bind, find, Layout, type Scope, up } from './scope.ts';
import * as update from './update.ts';

export type BuiltinCompiler = (
  c: Compiler,
  name: string,
  args: readonly Node[],
  at: number,
  scope: Scope,
) => Code;

const UPDATES: Record<string, (old: Json, item: Json) => Json> = {
  '+=': add,
  '-=': subtract,
  '*=': multiply,
  '/=': divide,
  '%=': remainder,
  '//=': (old, item) => (isTruthy(old) ? old : item),
};

class TreeCompiler implements Compiler {
  readonly source: string;
  budget = INLINE_NODES_MAX;
  readonly #builtin: BuiltinCompiler;

  constructor(source: string, builtin: BuiltinCompiler) {
    this.source = source;
    this.#builtin = builtin;
  }

  fail(message: string, at: number): never {
    return syntaxError(this.source, message, at);
  }

  builtin(name: string, args: readonly Node[], at: number, scope: Scope): Code {
    return this.#builtin(this, name, args, at, scope);
  }

  compile(node: Node, scope: Scope): Code {
    switch (node.kind) {
      case 'identity':
        return access.identity;
      case 'literal':
        return constant(node.value);
      case 'text': {
        const parts = node.parts.map((part) =>
          typeof part === 'string' ? part : this.compile(part, scope),
        );
        return construct.text(node.format, parts, node.at);
      }
      case 'format':
        return construct.formatted(node.name, access.identity, node.at);
      case 'index':
        return access.index(this.compile(node.of, scope), this.compile(node.key, scope), node.at);
      case 'slice': {
        const from = node.from ? this.compile(node.from, scope) : constant(null);
        const to = node.to ? this.compile(node.to, scope) : constant(null);
        return access.index(this.compile(node.of, scope), access.sliceKey(from, to), node.at);
      }
      case 'iterate':
        return access.iterate(this.compile(node.of, scope), node.at);
      case 'pipe':
        return operators.pipe(this.compile(node.left, scope), this.compile(node.right, scope));
      case 'comma':
        return operators.comma(node.parts.map((part) => this.compile(part, scope)));
      case 'negate':
        return operators.negated(this.compile(node.of, scope), node.at);
      case 'binary':
        return operators.binary(
          node.operator,
          this.compile(node.left, scope),
          this.compile(node.right, scope),
          node.at,
        );
      case 'and':
      case 'or':
        return operators.logical(
          node.kind === 'or',
          this.compile(node.left, scope),
          this.compile(node.right, scope),
        );
      case 'alternative':
        return operators.alternative(
          this.compile(node.left, scope),
          this.compile(node.right, scope),
        );
      case 'array':
        return construct.array(node.of && this.compile(node.of, scope));
      case 'object':
        return this.#object(node.entries, scope);
      case 'if':
        return control.conditional(
          this.compile(node.test, scope),
          this.compile(node.then, scope),
          node.otherwise ? this.compile(node.otherwise, scope) : access.identity,
        );
      case 'try':
        return control.attempt(
          this.compile(node.body, scope),
          node.handler && this.compile(node.handler, scope),
        );
      case 'label':
      case 'break':
        return this.#jump(node, scope);
      case 'update':
      case 'bind':
      case 'reduce':
      case 'foreach':
        return this.#compound(node, scope);
      case 'define': {
        const place = { kind: 'function', level: scope.layout.level, compiled: undefined } as const;
        return this.compile(node.body, bind(scope, node.definition, { ...place }));
      }
      case 'variable':
        return this.#variable(node, scope);
      case 'call':
        return call(this, node, scope);
    }
  }

  #compound(
    node: Extract<Node, { kind: 'update' | 'bind' | 'reduce' | 'foreach' }>,
    scope: Scope,
  ): Code {
    if (node.kind === 'update') {
      const left = this.compile(node.left, scope);
      const right = this.compile(node.right, scope);
      if (node.operator === '|=') return update.modify(left, right);
      return update.assign(left, right, UPDATES[node.operator]);
    }
    const source = this.compile(node.source, scope);
    const matcher = bindings.compilePatterns(this, node.patterns, scope);
    if (node.kind === 'bind') {
      return bindings.binding(source, matcher, this.compile(node.body, matcher.scope));
    }
    const init = this.compile(node.init, scope);
    const step = this.compile(node.update, matcher.scope);
    if (node.kind === 'reduce') {
      const inside = (part: Node): Code => this.compile(part, matcher.scope);
      const accumulating = accumulator(node.update, inside, UPDATES);
      return bindings.reduce(source, matcher, init, step, accumulating);
    }
    const extract = node.extract && this.compile(node.extract, matcher.scope);
    return bindings.foreach(source, matcher, init, step, extract);
  }

  #object(entries: Extract<Node, { kind: 'object' }>['entries'], scope: Scope): Code {
    return construct.object(
      entries.map(({ key, value, at }) => {
        const code = this.compile(key, scope);
        if (code.constant !== undefined && typeof code.constant !== 'string') {
          this.fail(bindings.badKey(code.constant), at);
        }
        return { key: code, value: this.compile(value, scope), at };
      }),
    );
  }

  #jump(node: Extract<Node, { kind: 'label' | 'break' }>, scope: Scope): Code {
    if (node.kind === 'break') {
      const { place } = find(scope, node.to!);
      if (place.kind !== 'slot') throw new Error('a label lives in a slot');
      return control.breakTo(scope.layout.level - place.level, place.slot);
    }
    const slot = scope.layout.slot();
    const inner = bind(scope, node.label, { kind: 'slot', level: scope.layout.level, slot });
    return control.label(this.compile(node.body, inner), slot);
  }

  #variable(node: VariableNode, scope: Scope): Code {
    const { to } = node;
    if (to === undefined) {
      if (node.name === 'ENV') return one(() => ({ ...state.host.env }), { input: false });
      return constant({ file: '<top-level>', line: lineOf(this.source, node.at) });
    }
    if (to.declares === 'host') {
      const { slot } = to;
      return one(() => state.variables[slot] ?? null, { input: false });
    }
    const { place } = find(scope, to);
    if (place.kind !== 'slot') throw new Error('a variable lives in a slot');
    const { slot } = place;
    const levels = scope.layout.level - place.level;
    if (levels === 0) return one((_input, frame) => frame[slot] as Json, { input: false });
    return one((_input, frame) => up(frame, levels)[slot] as Json, { input: false });
  }
}

export interface CompiledTree {
  readonly code: Code;
  readonly layout: Layout;
}

export function compileTree(tree: Node, source: string, builtin: BuiltinCompiler): CompiledTree {
  const layout = new Layout(0);
  const compiler = new TreeCompiler(source, builtin);
  const code = compiler.compile(tree, { bindings: undefined, layout });
  return { code, layout };
}
