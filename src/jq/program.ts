/*
 * Source -> Program, and what happens around each evaluation.
 *
 * I1. Evaluation enters and leaves here and nowhere else: fuel, stack, variables and host are set, and on
 *     the way out, by whichever way, set back.
 * I2. Nothing but JqError comes out of an evaluation, save what the host's own callbacks throw.
 */
import { BUILTINS, compileBuiltin, refuse } from './builtins/index.ts';
import type { Allow } from './builtins/host.ts';
import type { Code, Frame, Value } from './compile/code.ts';
import { compileTree } from './compile/index.ts';
import { frameOf, type Layout } from './compile/scope.ts';
import { Break, JqError, JqSyntaxError, Raise } from './errors.ts';
import { DEFAULT_FUEL, DEFAULT_OUTPUT_NODES } from './limits.ts';
import { type HostValues, spend, state, stop } from './state.ts';
import { parse } from './syntax/parser.ts';
import { resolve } from './syntax/resolve.ts';
import type { Json } from './values/json.ts';

export { BUILTINS };

export interface CompileOptions {
  /** names, without `$`, of the variables that the host binds, in slot order */
  readonly variables?: readonly string[];
  /** what the program may use of the host; nothing by default */
  readonly allow?: Allow;
}

export interface Host {
  /** seconds since the epoch, what `now` yields; default 0 */
  readonly now?: number;
  readonly env?: { readonly [name: string]: string };
  readonly debug?: (value: Json) => void;
  /** units that this call may use; default DEFAULT_FUEL */
  readonly fuel?: number;
  /** values in one output, counted as a tree; default DEFAULT_OUTPUT_NODES */
  readonly outputNodes?: number;
}

export interface Program {
  readonly source: string;
  readonly variables: readonly string[];
  /** host variables that the program mentions */
  readonly reads: ReadonlySet<string>;
  /** false only if no output depends on `.` */
  readonly readsInput: boolean;
  /** the first output, or undefined when there is none */
  first(input: Json, values?: readonly Json[], host?: Host): Json | undefined;
  all(input: Json, values?: readonly Json[], host?: Host): Json[];
  /** calls the sink per output, until it returns true */
  each(
    input: Json,
    sink: (value: Json) => boolean | void,
    values?: readonly Json[],
    host?: Host,
  ): void;
  /** units of fuel that the last call used */
  readonly lastFuel: number;
}

const NO_VALUES: readonly Json[] = [];
const NO_HOST: Host = {};
const BARE_HOST: HostValues = { now: 0, env: {}, debug: undefined };

/** Below this many units a program cannot have built an output much larger than its input. */
const MEASURE_FROM = 32;

/** Thrown by a host's sink; must come out as it is. */
class Foreign {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

class CompiledProgram implements Program {
  readonly source: string;
  readonly variables: readonly string[];
  readonly reads: ReadonlySet<string>;
  readonly #code: Code;
  readonly #layout: Layout;
  readonly #size: number;
  readonly #value: Value | undefined;
  readonly #height: number;
  readonly #framed: boolean;
  #lastFuel = 0;

  constructor(
    source: string,
    variables: readonly string[],
    reads: ReadonlySet<string>,
    size: number,
    code: Code,
    layout: Layout,
  ) {
    this.source = source;
    this.variables = variables;
    this.reads = reads;
    this.#size = size;
    this.#code = code;
    this.#layout = layout;
    this.#value = code.arity === 'many' ? undefined : code.value;
    this.#height = code.height;
    this.#framed = layout.size > 1;
  }

  get readsInput(): boolean {
    return this.#code.input;
  }

  get lastFuel(): number {
    return this.#lastFuel;
  }

  first(input: Json, values: readonly Json[] = NO_VALUES, host: Host = NO_HOST): Json | undefined {
    const value = this.#value;
    if (value !== undefined && state.idle) return this.#only(value, input, values, host);
    let found: Json | undefined;
    this.#run(values, host, (frame) => {
      this.#code.each(input, frame, (output) => {
        this.#measure(output, host);
        found = output;
        return true;
      });
    });
    return found;
  }

  /** `first` of a program with at most one output, with nothing to put back: the hot path. */
  #only(value: Value, input: Json, values: readonly Json[], host: Host): Json | undefined {
    const granted = host.fuel ?? DEFAULT_FUEL;
    state.idle = false;
    state.fuel = granted - this.#size;
    state.stack = this.#height;
    state.variables = values;
    state.host = host === NO_HOST ? BARE_HOST : hostValues(host);
    try {
      if (state.fuel < 0) spend(0);
      const frame = this.#framed ? frameOf(this.#layout) : NO_FRAME;
      const output = value(input, frame);
      if (output !== null && typeof output === 'object') this.#measure(output, host);
      return output;
    } catch (error) {
      throw this.#outward(error);
    } finally {
      this.#lastFuel = granted - state.fuel;
      state.idle = true;
    }
  }

  all(input: Json, values: readonly Json[] = NO_VALUES, host: Host = NO_HOST): Json[] {
    const outputs: Json[] = [];
    this.each(input, (output) => void outputs.push(output), values, host);
    return outputs;
  }

  each(
    input: Json,
    sink: (value: Json) => boolean | void,
    values: readonly Json[] = NO_VALUES,
    host: Host = NO_HOST,
  ): void {
    this.#run(values, host, (frame) => {
      this.#code.each(input, frame, (output) => {
        state.fuel--;
        this.#measure(output, host);
        try {
          return sink(output) === true;
        } catch (error) {
          throw new Foreign(error);
        }
      });
    });
  }

  #run(values: readonly Json[], host: Host, body: (frame: Frame) => void): void {
    const { idle, fuel, stack, at, leaving, variables, host: outer } = state;
    const granted = host.fuel ?? DEFAULT_FUEL;
    state.idle = false;
    state.fuel = granted - this.#size;
    state.stack = this.#height;
    state.leaving = undefined;
    state.variables = values;
    state.host = host === NO_HOST ? BARE_HOST : hostValues(host);
    try {
      if (state.fuel < 0) spend(0);
      body(this.#framed ? frameOf(this.#layout) : NO_FRAME);
    } catch (error) {
      throw this.#outward(error);
    } finally {
      this.#lastFuel = granted - state.fuel;
      state.idle = idle;
      state.fuel = fuel;
      state.stack = stack;
      state.at = at;
      state.leaving = leaving;
      state.variables = variables;
      state.host = outer;
    }
  }

  #outward(error: unknown): unknown {
    if (error instanceof Raise) {
      return new JqError(error.value, this.source, error.at + 1, error.fuel);
    }
    if (error instanceof Foreign) return error.error;
    if (error instanceof Break) return new JqError('break', this.source, undefined, false);
    if (error instanceof RangeError) {
      const message = 'the expression was stopped: it recurses too deeply';
      return new JqError(message, this.source, undefined, true);
    }
    return error;
  }

  /** Structure that is shared is small in memory and may be endless when it is written out. */
  #measure(output: Json, host: Host): void {
    if (output === null || typeof output !== 'object') return;
    if ((host.fuel ?? DEFAULT_FUEL) - state.fuel < MEASURE_FROM) return;
    let left = host.outputNodes ?? DEFAULT_OUTPUT_NODES;
    const pending: Json[] = [output];
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      if (value === null || typeof value !== 'object') continue;
      const children = Array.isArray(value) ? value : Object.values(value);
      if ((left -= children.length) < 0) {
        stop('the expression was stopped: an output is too large');
      }
      for (const child of children) {
        if (child !== null && typeof child === 'object') pending.push(child);
      }
    }
  }
}

const NO_FRAME: Frame = [];

function hostValues(host: Host): HostValues {
  return { now: host.now ?? 0, env: host.env ?? {}, debug: host.debug };
}

export function compile(source: string, options: CompileOptions = {}): Program {
  const variables = options.variables ?? [];
  const allow = options.allow ?? {};
  const tree = parse(source);
  const { reads, size } = resolve(tree, source, {
    variables,
    refuse: (name, arity) => refuse(name, arity, allow),
    refuseVariable: (name) => {
      if (name !== 'ENV')
        return { message: `$${name} is not defined`, ...hintFor(name, variables) };
      if (allow.env === true) return undefined;
      return { message: '$ENV is not available here', hint: 'the host does not allow it' };
    },
  });
  try {
    const { code, layout } = compileTree(tree, source, compileBuiltin);
    return new CompiledProgram(source, variables, reads, size, code, layout);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new JqSyntaxError('the expression nests too deeply', source, 1);
    }
    throw error;
  }
}

function hintFor(name: string, variables: readonly string[]): { hint?: string } {
  const alike = variables.find((known) => known.toLowerCase() === name.toLowerCase());
  if (alike !== undefined) return { hint: `did you mean $${alike}?` };
  if (variables.length === 0) return {};
  return { hint: `there is ${variables.map((known) => `$${known}`).join(', ')}` };
}
