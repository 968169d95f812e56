/*
 * listen: waits for events, parked with a subscription that says which. Whoever resumes the strand gives
 * it events that fit the subscription, in the order of their arrival; the strand judges each by the State
 * it has now, and says which it took (Outcome.taken).
 *
 * V1. An event of the strategy in `until` is for that alone; else it goes to the first filter that it
 *     fits, of `all` to the first that has none yet.
 * V2. The first event that gives a value to a correlation that expects none fixes it, for all filters of
 *     the task that have a correlation of that name.
 * V3. With `foreach` an event is taken once the one before is done with; those that come meanwhile stay
 *     where they are.
 * V4. Filters are those of the moment at which an event is taken, whether events come together or not.
 */
import {
  type EventKeys,
  expectation,
  fits,
  type ForeachPlan,
  isWhole,
  type ListenNode,
  outward,
  type StrategyPlan,
} from '../../dsl/plan/index.ts';
import {
  type CloudEvent,
  dataOf,
  type EventFilter,
  type Frame,
  type Json,
  type ListenState,
  type Subscription,
} from '../../wire/index.ts';
import { check } from '../check.ts';
import { hear, heard, take } from '../given-events.ts';
import type { Machine, Move } from '../machine.ts';
import { BrokenInvariant } from '../outcome.ts';
import type { TaskKind } from './task-kind.ts';

export const listenTask: TaskKind<ListenNode> = {
  fresh: { kind: 'listen', met: [], metUntil: [], keys: {}, index: 0 },

  enter(machine, node) {
    const state: ListenState = {
      kind: 'listen',
      ...(node.keepsOutputs ? { outputs: [] } : {}),
      ...(keepsSeen(node) ? { seen: [] } : {}),
      met: [],
      metUntil: [],
      keys: {},
      index: 0,
    };
    machine.remember(state);
    if (isMet(node.to, state.met)) return { do: 'leave', output: [] };
    machine.tell('workflow-correlating', node.instance);
    return listening(machine, node);
  },

  resume(machine, node, _frame, cause) {
    if (cause.kind !== 'events') {
      throw new BrokenInvariant(`a strand that listens was resumed by ${cause.kind}`);
    }
    hear(machine, cause.events);
    return takeNext(machine, node);
  },

  /** The iteration of the event under way is over. */
  done(machine, node, frame, output) {
    return iterated(machine, node, frame, output);
  },
};

/** Takes what it was given, up to the first event that needs an iteration or ends the task. */
function takeNext(machine: Machine, node: ListenNode): Move {
  let { context } = machine;
  let filters = filtersNow(machine, node.to);
  let untilFilters = node.untilHeard && filtersNow(machine, node.untilHeard);
  for (;;) {
    const event = heard(machine);
    if (event === undefined) return listening(machine, node);
    // V4. An export of the event before is all that may have changed what they say.
    if (machine.context !== context) {
      ({ context } = machine);
      filters = filtersNow(machine, node.to);
      untilFilters = node.untilHeard && filtersNow(machine, node.untilHeard);
    }
    const state = stateOf(machine.top());
    const { keys, met, metUntil } = state;
    const ends =
      untilFilters && taken(node.untilHeard!, untilFilters, metUntil, event, machine, keys);
    if (ends !== undefined) {
      take(machine);
      machine.remember({ ...state, metUntil: ends.met, keys: ends.keys });
      if (isMet(node.untilHeard!, ends.met)) return leave(machine);
      continue;
    }
    const found = taken(node.to, filters, met, event, machine, keys);
    if (found === undefined) continue;
    take(machine);
    const item = readAs(node.read, event);
    const { seen } = state;
    machine.remember({
      ...state,
      ...(seen === undefined ? {} : { seen: [...seen, item] }),
      met: found.met,
      keys: found.keys,
      item,
    });
    if (node.foreach?.body !== undefined) return machine.into(node.foreach.body, item);
    const move = afterEvent(machine, node, item);
    if (move !== undefined) return move;
  }
}

/** The body is done with the event under way, whose iteration has put out `output`. */
function iterated(machine: Machine, node: ListenNode, frame: Frame, output: Json): Move {
  stateOf(frame);
  return afterEvent(machine, node, output) ?? takeNext(machine, node);
}

/** The event under way becomes `output`; undefined = the task listens on. */
function afterEvent(machine: Machine, node: ListenNode, output: Json): Move | undefined {
  const shaped = node.foreach === undefined ? output : shape(machine, node, node.foreach, output);
  const { item: _, outputs, ...state } = stateOf(machine.top());
  const index = node.foreach === undefined ? state.index : state.index + 1;
  const now = outputs === undefined ? {} : { outputs: [...outputs, shaped] };
  machine.remember({ ...state, ...now, index });
  return isOver(machine, node) ? leave(machine) : undefined;
}

/** output and export of one iteration. */
function shape(machine: Machine, node: ListenNode, foreach: ForeachPlan, raw: Json): Json {
  const { input, rawInput } = machine.top();
  const at = `${node.pointer}/foreach`;
  const scope = machine.scope(node, rawInput, input);
  scope.rawOutput = raw;
  scope.output = raw;
  const output = foreach.outputAs === undefined ? raw : foreach.outputAs(raw, scope);
  check(foreach.outputSchema, output, `${at}/output/schema`);
  if (foreach.exportAs === undefined) return output;
  scope.output = output;
  const context = foreach.exportAs(output, scope);
  check(foreach.exportSchema, context, `${at}/export/schema`);
  machine.context = context;
  return output;
}

function isOver(machine: Machine, node: ListenNode): boolean {
  const { met, outputs = [], seen = outputs } = stateOf(machine.top());
  if (node.untilHeard !== undefined || !node.keepsOutputs) return false;
  if (node.untilHolds === undefined) return isMet(node.to, met);
  const { input, rawInput } = machine.top();
  return node.untilHolds(seen, machine.scope(node, rawInput, input));
}

/** `met` has an entry for each event of `one` and `any`, and the filters of `all` that have theirs. */
function isMet({ mode, filters }: StrategyPlan, met: readonly number[]): boolean {
  return mode === 'all' ? met.length >= filters.length : met.length > 0;
}

interface Taken {
  readonly met: readonly number[];
  readonly keys: EventKeys;
}

/** What is so once the event is taken; undefined = it is not wanted. */
function taken(
  { mode }: StrategyPlan,
  filters: readonly EventFilter[],
  met: readonly number[],
  event: CloudEvent,
  { now }: Machine,
  keys: EventKeys,
): Taken | undefined {
  if (mode === 'any' && filters.length === 0) return { met: [0], keys };
  for (const [index, filter] of filters.entries()) {
    if (mode === 'all' && met.includes(index)) continue;
    const values = fits(filter, event, now, keys);
    if (values === undefined) continue;
    return { met: mode === 'all' ? [...met, index] : [index], keys: { ...values, ...keys } };
  }
  return undefined;
}

function filtersNow(machine: Machine, { filters }: StrategyPlan): readonly EventFilter[] {
  const { input, rawInput } = machine.top();
  const scope = machine.scope(machine.nodeAt(machine.top().pointer), rawInput, input);
  return filters.map((filter) => filter(input ?? null, scope));
}

function leave(machine: Machine): Move {
  const { keys } = stateOf(machine.top());
  machine.tell('workflow-correlated', machine.top().pointer, { keys });
  return { do: 'leave', output: stateOf(machine.top()).outputs ?? [] };
}

function listening(machine: Machine, node: ListenNode): Move {
  return { do: 'stop', next: { kind: 'listen', subscription: subscription(machine, node) } };
}

/** What is still waited for, as far as that can be said without the State. */
function subscription(machine: Machine, node: ListenNode): Subscription {
  const { keys, met, metUntil } = stateOf(machine.top());
  const open = (strategy: StrategyPlan, done: readonly number[]): readonly EventFilter[] =>
    filtersNow(machine, strategy)
      .filter((_, index) => strategy.mode !== 'all' || !done.includes(index))
      .map((filter) => keyed(filter, keys));
  const main = open(node.to, met);
  const until = node.untilHeard;
  const every = [node.to, ...(until === undefined ? [] : [until])].some(
    ({ filters, mode }) => mode === 'any' && filters.length === 0,
  );
  return {
    filters: every
      ? []
      : [...main, ...(until === undefined ? [] : open(until, metUntil))].map(outward),
    first:
      main.every(isWhole) &&
      until === undefined &&
      node.untilHolds === undefined &&
      (node.to.mode !== 'all' || main.length === 1),
  };
}

/** V2, for who sees the filter only. */
function keyed(filter: EventFilter, keys: EventKeys): EventFilter {
  const { correlate } = filter;
  if (correlate === undefined) return filter;
  const expected = Object.entries(correlate).map(([name, correlation]) => {
    const { from } = correlation;
    const value = expectation(name, correlation, keys);
    return [name, value === undefined ? { from } : { from, expect: value }] as const;
  });
  return { ...filter, correlate: Object.fromEntries(expected) };
}

function readAs(mode: ListenNode['read'], event: CloudEvent): Json {
  if (mode === 'envelope') return event;
  if (mode === 'raw') return event['data'] ?? event['data_base64'] ?? null;
  return dataOf(event);
}

/** `until` reads the events, and `outputs` has something else. */
function keepsSeen({ foreach, keepsOutputs, untilHolds }: ListenNode): boolean {
  return (
    keepsOutputs &&
    untilHolds !== undefined &&
    (foreach?.body !== undefined || foreach?.outputAs !== undefined)
  );
}

function stateOf(frame: Frame): ListenState {
  if (frame.node.kind !== 'listen') throw new BrokenInvariant('not the frame of a listen task');
  return frame.node;
}
