/*
 * The places of a record at which user data stands: what may be taken out of a trace. Everything else in
 * it is the engine's: names, pointers, times, counts, keys.
 */
import type {
  Activity,
  Caller,
  Cause,
  CloudEvent,
  Compensation,
  Frame,
  Json,
  NodeState,
  RecordBody,
  State,
  StrandEnd,
  WorkflowError,
} from '../wire/index.ts';

/** What becomes of a value of user data. */
export type OnData = <T>(value: T) => T;

/** The body with all user data in it as `on` makes it. */
export function withUserData<Body extends RecordBody>(body: Body, on: OnData): Body {
  return mapped(body, on) as Body;
}

function mapped(body: RecordBody, on: OnData): RecordBody {
  switch (body.kind) {
    case 'START':
      return {
        ...body,
        ...some(body, 'input', on),
        ...part(body, 'caller', (one) => caller(one, on)),
      };
    case 'STEP':
    case 'PARK':
      return {
        ...body,
        state: stateOf(body.state, on),
        cause: causeOf(body.cause, on),
        ...part(body, 'activity', (one) => activityOf(one, on)),
        ...part(body, 'emitted', (events) => events.map((event) => eventOf(event, on))),
        ...('subscription' in body ? some(body, 'subscription', on) : {}),
        ...('reason' in body ? some(body, 'reason', on) : {}),
      } as RecordBody;
    case 'CANCELLING':
      return { ...body, state: stateOf(body.state, on), cause: causeOf(body.cause, on) };
    case 'END':
      return {
        ...body,
        end: endOf(body.end, on),
        cause: causeOf(body.cause, on),
        ...part(body, 'caller', (one) => caller(one, on)),
        ...part(body, 'emitted', (events) => events.map((event) => eventOf(event, on))),
      };
    case 'CARRY':
      return { ...body, body: mapped(body.body, on) };
    case 'CONTROL':
      return { ...body, ...some(body, 'arguments', on) };
    case 'ANSWER':
      return { ...body, ...some(body, 'reason', on) };
    case 'OUTPUT':
      return {
        ...body,
        unsent: body.unsent.map((one) => ({
          ...one,
          events: one.events.map((event) => eventOf(event, on)),
        })),
      };
    default:
      return body;
  }
}

function some<T extends object>(from: T, key: keyof T, on: OnData): Partial<T> {
  const value = from[key];
  return value === undefined ? {} : ({ [key]: on(value) } as unknown as Partial<T>);
}

function part<T extends object, Key extends keyof T>(
  from: T,
  key: Key,
  make: (value: NonNullable<T[Key]>) => T[Key],
): Partial<T> {
  const value = from[key];
  if (value === undefined || value === null) return {};
  return { [key]: make(value) } as unknown as Partial<T>;
}

/** What is a list or a map to the engine stays one: what is in it may go. */
function eachOf<T>(
  all: { readonly [name: string]: T },
  on: OnData,
): { readonly [name: string]: T } {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, on(value)]));
}

function caller(one: Caller, on: OnData): Caller {
  return { ...one, ...some(one, 'correlationId', on), ...some(one, 'onceKey', on) };
}

export function stateOf(state: State, on: OnData): State {
  return {
    ...state,
    frames: state.frames.map((frame) => frameOf(frame, on)),
    ...some(state, 'data', on),
    ...some(state, 'context', on),
    ...some(state, 'input', on),
    ...part(state, 'variables', (all) => eachOf(all, on)),
    ...part(state, 'caller', (one) => caller(one, on)),
    ...part(state, 'compensations', (all) => all.map((one) => compensationOf(one, on))),
  };
}

function frameOf(frame: Frame, on: OnData): Frame {
  return {
    ...frame,
    node: nodeOf(frame.node, on),
    ...some(frame, 'rawInput', on),
    ...some(frame, 'input', on),
  };
}

function nodeOf(node: NodeState, on: OnData): NodeState {
  switch (node.kind) {
    case 'for':
      return { ...node, rest: node.rest.map(on) };
    case 'try':
      return { ...node, ...part(node, 'caught', (error) => errorOf(error, on)) };
    case 'undo':
      return { ...node, ...part(node, 'error', (error) => errorOf(error, on)) };
    case 'fork':
      return {
        ...node,
        ends: endsOf(node.ends, on),
        ...part(node, 'items', (items) => items.map(on)),
      };
    case 'extended':
      return { ...node, ...some(node, 'output', on) };
    case 'listen':
      return {
        ...node,
        keys: eachOf(node.keys, on),
        ...part(node, 'outputs', (all) => all.map(on)),
        ...part(node, 'seen', (all) => all.map(on)),
        ...some(node, 'item', on),
      };
    default:
      return node;
  }
}

function compensationOf(one: Compensation, on: OnData): Compensation {
  return {
    ...one,
    ...some(one, 'input', on),
    ...some(one, 'output', on),
    ...part(one, 'error', (error) => errorOf(error, on)),
  };
}

export function causeOf(cause: Cause, on: OnData): Cause {
  switch (cause.kind) {
    case 'start':
      return { ...cause, ...some(cause, 'input', on) };
    case 'activity':
      return {
        ...cause,
        ...some(cause, 'result', on),
        ...part(cause, 'error', (error) => errorOf(error, on)),
      };
    case 'joined':
      return {
        ...cause,
        ends: endsOf(cause.ends, on),
        ...part(cause, 'last', (last) => ({ ...last, cause: causeOf(last.cause, on) })),
      };
    case 'events':
      return { ...cause, events: cause.events.map((event) => eventOf(event, on)) };
    case 'control':
      return { ...cause, ...some(cause, 'arguments', on) };
    default:
      return cause;
  }
}

function endsOf(
  ends: { readonly [branch: number]: StrandEnd },
  on: OnData,
): { readonly [branch: number]: StrandEnd } {
  return Object.fromEntries(Object.entries(ends).map(([branch, end]) => [branch, endOf(end, on)]));
}

export function endOf(end: StrandEnd, on: OnData): StrandEnd {
  return {
    ...end,
    ...some(end, 'output', on),
    ...part(end, 'error', (error) => errorOf(error, on)),
    ...part(end, 'compensations', (all) => all.map((one) => compensationOf(one, on))),
  };
}

/** Titles and details are people's words, and may quote data; the rest of an error is the engine's. */
function errorOf(error: WorkflowError, on: OnData): WorkflowError {
  const { instance, origin, status, type, ...words } = error;
  return {
    ...on(words),
    type,
    status,
    ...(instance === undefined ? {} : { instance }),
    ...(origin === undefined ? {} : { origin }),
  };
}

function activityOf(activity: Activity, on: OnData): Activity {
  const { late } = activity;
  return {
    ...activity,
    arguments: on(activity.arguments),
    ...(late === undefined
      ? {}
      : { late: { ...late, input: on(late.input), variables: eachOf(late.variables, on) } }),
  };
}

function eventOf(event: CloudEvent, on: OnData): CloudEvent {
  const { id, source, specversion, type, ...rest } = event;
  return { ...on(rest as { readonly [key: string]: Json }), id, source, specversion, type };
}
