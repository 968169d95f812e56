/*
 * listen: takes one event after the other, in the order in which they came, until its strategy has what it
 * wants. An event for the strategy in `until` is for that alone; one that a strand has heard it hears no more.
 */
import type { EventConsumptionStrategy, EventFilter, ListenTask } from '../../../dsl/document.ts';
import { expressionOf } from '../../../dsl/expression.ts';
import { anyJson } from '../../../wire/canonical-json.ts';
import { type CloudEvent, dataOf } from '../../../wire/cloud-event.ts';
import type { Json, JsonObject } from '../../../wire/json.ts';
import { field, free, isTrue, type Scope } from '../evaluate.ts';
import { Fault } from '../fault.ts';
import { type Active, earliest, goOn, type Here } from '../here.ts';
import type { Interpreter } from '../interpret.ts';

/** A strategy, and which of its filters have their event. */
class Wanted {
  private readonly all: boolean;
  private readonly filters: readonly EventFilter[];
  private readonly met = new Set<number>();

  constructor({ all, any, one }: EventConsumptionStrategy) {
    this.all = all !== undefined;
    this.filters = one === undefined ? (all ?? any ?? []) : [one];
  }

  get isMet(): boolean {
    return this.all ? this.met.size === this.filters.length : this.met.size > 0;
  }

  /** What correlations expect is asked for before anything is heard: an expression may be at fault. */
  expects(input: Json, scope: Scope): void {
    const all = this.filters.flatMap(({ correlate = {} }) => Object.values(correlate));
    for (const { expect } of all) if (expect !== undefined) free(expect, input, scope);
  }

  /** Which filter takes the event. */
  find(event: CloudEvent, keys: JsonObject, input: Json, scope: Scope): Found | undefined {
    if (!this.all && this.filters.length === 0) return { take: () => void this.met.add(0) };
    for (const [index, filter] of this.filters.entries()) {
      if (this.all && this.met.has(index)) continue;
      const values = fits(filter, event, keys, input, scope);
      if (values === undefined) continue;
      const take = (): void => {
        this.met.add(index);
        Object.assign(keys, { ...values, ...keys });
      };
      return { take };
    }
    return undefined;
  }
}

interface Found {
  take(): void;
}

export function listen(
  it: Interpreter,
  here: Here,
  active: Active,
  { foreach, listen: { read, to } }: ListenTask,
  input: Json,
): Json {
  const { strand } = here;
  const seen = (): Scope => it.scope(here, active, { input });
  const wanted = new Wanted(to);
  const until = typeof to.until === 'object' ? new Wanted(to.until) : undefined;
  for (const one of [wanted, until]) one?.expects(input, seen());
  const keys: Record<string, Json> = {};
  const items: Json[] = [];
  const outputs: Json[] = [];
  for (;;) {
    if (to.until === undefined ? wanted.isMet : until?.isMet) return outputs;
    let ends: Found | undefined;
    let found: Found | undefined;
    const heard = strand.line.listen(
      (event) => {
        if (strand.heard.has(event)) return false;
        ends = until?.find(event, keys, input, seen());
        found = ends ?? wanted.find(event, keys, input, seen());
        return found !== undefined;
      },
      strand.now,
      earliest(here),
    );
    goOn(here, heard.at);
    const { event } = heard;
    strand.heard.set(event!, strand.now);
    found!.take();
    if (ends !== undefined) continue;
    const item = read === 'envelope' ? event! : read === 'raw' ? rawOf(event!) : dataOf(event!);
    items.push(item);
    const index = outputs.length;
    const { at = 'index', do: body = [], item: each = 'item' } = foreach ?? {};
    const variables = foreach && { ...here.variables, [each]: item, [at]: index };
    const indices = [...here.indices, index];
    const inside = variables === undefined ? here : { ...here, variables, indices };
    const output = it.list(inside, body, `${active.pointer}/foreach/do`, item);
    outputs.push(it.shaped(inside, active, input, output, foreach ?? {}));
    if (typeof to.until === 'string' && isTrue(to.until, items, seen())) return outputs;
  }
}

function rawOf({ data, data_base64: encoded }: CloudEvent): Json {
  return data ?? encoded ?? null;
}

/** Undefined if the event does not fit, else what it gives to the correlations of the filter. */
function fits(
  { correlate = {}, with: terms }: EventFilter,
  event: CloudEvent,
  keys: JsonObject,
  input: Json,
  scope: Scope,
): Record<string, Json> | undefined {
  for (const [name, term] of Object.entries(terms)) {
    const attribute = name === 'data' ? dataOf(event) : event[name];
    if (!holds(term as Json, attribute, input, scope)) return undefined;
  }
  const values: Record<string, Json> = {};
  for (const [name, { expect, from }] of Object.entries(correlate)) {
    const value = tried(from, event, scope);
    const expected = expect === undefined ? keys[name] : free(expect, input, scope);
    if (value === null || (expected !== undefined && !same(expected, value))) return undefined;
    values[name] = value;
  }
  return values;
}

function holds(term: Json, value: Json | undefined, input: Json, scope: Scope): boolean {
  if (typeof term === 'string' && expressionOf(term, 'free') !== undefined) {
    const verdict = tried(term, value ?? null, scope);
    if (verdict === null || typeof verdict === 'boolean') return verdict === true;
    return value !== undefined && same(verdict, value);
  }
  if (typeof term === 'string' && /[\\^$*+?()[\]{}|]/.test(term)) {
    return typeof value === 'string' && new RegExp(`^(?:${term})$`, 'su').test(value);
  }
  if (typeof term !== 'object' || term === null || Array.isArray(term)) {
    return value !== undefined && same(free(term, input, scope), value);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = new Map(Object.entries(value));
  return Object.entries(term).every(([name, one]) => holds(one, members.get(name), input, scope));
}

/** Nothing that comes from outside raises an error. */
function tried(expression: string, input: Json, scope: Scope): Json {
  try {
    return field(expression, input, scope);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** As texts: 7 is the text 7. */
function same(a: Json, b: Json): boolean {
  const [x, y] = [a, b].map((one) => (typeof one === 'string' ? one : anyJson(one)));
  return x === y;
}
