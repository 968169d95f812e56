/*
 * Names -> declarations. Functions, parameters, variables and labels are lexically scoped, as in jq:
 * an inner name hides an outer one, a function sees itself and what was defined before it.
 *
 * I1. Fills `to` on every variable, call and break, and `recursive` and `size` on every definition;
 *     afterwards no stage looks at names again, but for builtins.
 * I2. Checks functions that are never called, too: a mistake in one is an error in jq.
 * I3. Bounds the depth of the tree, on which this and all later stages recurse.
 */
import { JqSyntaxError } from '../errors.ts';
import { TREE_DEPTH_MAX } from '../limits.ts';
import type {
  CallNode,
  Definition,
  HostVariable,
  Label,
  Node,
  Parameter,
  Pattern,
  Variable,
} from './ast.ts';

interface Scope {
  readonly declared: Variable | HostVariable | Label | Parameter | Definition;
  readonly outer: Scope | undefined;
}

/** What the language has besides the program's own definitions. */
export interface Outside {
  readonly variables: readonly string[];
  /** undefined when it exists, else why a call of it is an error, with a hint */
  refuse(name: string, arity: number): { message: string; hint?: string } | undefined;
  /** the same for variables that neither the program nor the host binds */
  refuseVariable(name: string): { message: string; hint?: string } | undefined;
}

export interface Resolved {
  /** host variables that the program mentions */
  readonly reads: ReadonlySet<string>;
  /** nodes in the program */
  readonly size: number;
}

class Resolver {
  readonly #source: string;
  readonly #outside: Outside;
  readonly #open: Definition[] = [];
  readonly reads = new Set<string>();
  size = 0;
  #depth = 0;

  constructor(source: string, outside: Outside) {
    this.#source = source;
    this.#outside = outside;
  }

  #fail(problem: { message: string; hint?: string }, at: number): never {
    throw new JqSyntaxError(problem.message, this.#source, at + 1, problem.hint);
  }

  visit(node: Node, scope: Scope | undefined): void {
    this.size++;
    if (++this.#depth > TREE_DEPTH_MAX) {
      this.#fail({ message: 'the expression nests too deeply' }, node.at);
    }
    this.#children(node, scope);
    this.#depth--;
  }

  #children(node: Node, scope: Scope | undefined): void {
    switch (node.kind) {
      case 'identity':
      case 'literal':
      case 'format':
        return;
      case 'text':
        for (const part of node.parts) if (typeof part !== 'string') this.visit(part, scope);
        return;
      case 'index':
        this.visit(node.of, scope);
        this.visit(node.key, scope);
        return;
      case 'slice':
        this.visit(node.of, scope);
        if (node.from) this.visit(node.from, scope);
        if (node.to) this.visit(node.to, scope);
        return;
      case 'iterate':
      case 'negate':
        this.visit(node.of, scope);
        return;
      case 'array':
        if (node.of) this.visit(node.of, scope);
        return;
      case 'comma':
        for (const part of node.parts) this.visit(part, scope);
        return;
      case 'pipe':
      case 'binary':
      case 'and':
      case 'or':
      case 'alternative':
      case 'update':
        this.visit(node.left, scope);
        this.visit(node.right, scope);
        return;
      case 'object':
        for (const { key, value } of node.entries) {
          this.visit(key, scope);
          this.visit(value, scope);
        }
        return;
      case 'if':
        this.visit(node.test, scope);
        this.visit(node.then, scope);
        if (node.otherwise) this.visit(node.otherwise, scope);
        return;
      case 'try':
        this.visit(node.body, scope);
        if (node.handler) this.visit(node.handler, scope);
        return;
      case 'reduce':
      case 'foreach': {
        this.visit(node.source, scope);
        this.visit(node.init, scope);
        const inner = this.#patterns(node.patterns, scope);
        this.visit(node.update, inner);
        if (node.kind === 'foreach' && node.extract) this.visit(node.extract, inner);
        return;
      }
      case 'bind':
        this.visit(node.source, scope);
        this.visit(node.body, this.#patterns(node.patterns, scope));
        return;
      case 'label':
        this.visit(node.body, { declared: node.label, outer: scope });
        return;
      case 'define':
        this.#definition(node.definition, scope);
        this.visit(node.body, { declared: node.definition, outer: scope });
        return;
      case 'break':
        node.to = this.#label(node.name, node.at, scope);
        return;
      case 'variable':
        if (node.name === '__loc__') return;
        node.to = this.#variable(node.name, node.at, scope);
        return;
      case 'call':
        for (const arg of node.args) this.visit(arg, scope);
        this.#call(node, scope);
        return;
    }
  }

  #definition(definition: Definition, scope: Scope | undefined): void {
    const before = this.size;
    this.#open.push(definition);
    let inner: Scope = { declared: definition, outer: scope };
    for (const parameter of definition.parameters) inner = { declared: parameter, outer: inner };
    this.visit(definition.body, inner);
    this.#open.pop();
    definition.size = this.size - before;
  }

  /** With `?//` every variable of every pattern is visible; keys see the variables before them. */
  #patterns(patterns: readonly Pattern[], scope: Scope | undefined): Scope | undefined {
    let inner = scope;
    const declare = (variable: Variable): void => {
      inner = { declared: variable, outer: inner };
    };
    const walk = (pattern: Pattern): void => {
      if (pattern.kind === 'variable') declare(pattern.variable);
      else if (pattern.kind === 'array') pattern.elements.forEach(walk);
      else {
        for (const entry of pattern.entries) {
          this.visit(entry.key, inner);
          if (entry.variable) declare(entry.variable);
          if (entry.pattern) walk(entry.pattern);
        }
      }
    };
    patterns.forEach(walk);
    return inner;
  }

  #variable(
    name: string,
    at: number,
    scope: Scope | undefined,
  ): Variable | HostVariable | undefined {
    for (let s = scope; s !== undefined; s = s.outer) {
      if (s.declared.declares === 'variable' && s.declared.name === name) return s.declared;
    }
    const slot = this.#outside.variables.indexOf(name);
    if (slot >= 0) {
      this.reads.add(name);
      return { declares: 'host', name, slot };
    }
    const problem = this.#outside.refuseVariable(name);
    if (problem) this.#fail(problem, at);
    return undefined;
  }

  #label(name: string, at: number, scope: Scope | undefined): Label {
    for (let s = scope; s !== undefined; s = s.outer) {
      if (s.declared.declares === 'label' && s.declared.name === name) return s.declared;
    }
    return this.#fail({ message: `$*label-${name} is not defined` }, at);
  }

  #call(node: CallNode, scope: Scope | undefined): void {
    const arity = node.args.length;
    for (let s = scope; s !== undefined; s = s.outer) {
      const { declared } = s;
      const matches =
        declared.declares === 'function'
          ? declared.parameters.length === arity
          : declared.declares === 'parameter' && arity === 0;
      if (matches && declared.name === node.name) {
        node.to = declared as Definition | Parameter;
        if (declared.declares === 'function' && this.#open.includes(declared))
          declared.recursive = true;
        return;
      }
    }
    const problem = this.#outside.refuse(node.name, arity);
    if (problem) this.#fail(problem, node.at);
  }
}

export function resolve(program: Node, source: string, outside: Outside): Resolved {
  const resolver = new Resolver(source, outside);
  resolver.visit(program, undefined);
  return resolver;
}
