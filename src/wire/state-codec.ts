/*
 * State <-> InstanceState (proto/waybill/v1/state.proto).
 *
 * S1 decode(encode(state)) equals the state, absent members included: absent is not null, and an
 *    empty list is not an absent one.
 * S2 the map of frames has no order on the wire; frames nest, so the length of the pointer is it.
 */
import { compensationFromMessage, compensationToMessage } from './error-codec.ts';
import { waybill } from './generated/messages.js';
import type { Json } from './json.ts';
import { jsonText, jsonValue } from './json-text.ts';
import { checkNests, frameFromMessage, frameToMessage } from './node-codec.ts';
import { integer, optional, present, uint32, type Writable } from './fields.ts';
import { decodeMessage, PartEncoder } from './protobuf.ts';
import type { Caller, Frame, State, Status } from './state.ts';
import { asWireError, WireError } from './wire-error.ts';

const { InstanceState } = waybill.v1;

export type StateMessage = waybill.v1.InstanceState.$Properties;
type CallerMessage = waybill.v1.Caller.$Properties;

/** By the numbers of WorkflowStatus. */
const STATUSES: readonly (Status | undefined)[] = [
  undefined,
  'running',
  'waiting',
  'completed',
  'faulted',
  'cancelled',
  'suspended',
];
const NUMBERS = new Map<Status | undefined, waybill.v1.WorkflowStatus>(
  STATUSES.map((status, number) => [status, number]),
);

/** InstanceState bytes, uncompressed. */
export function encodeState(state: State): Uint8Array {
  return Buffer.from(encodeStatePart(state));
}

const part = new PartEncoder();

/** The same for the record that it becomes part of: good until the next State is encoded. */
export function encodeStatePart(state: State): Buffer {
  try {
    return part.encode(InstanceState, stateToMessage(state));
  } catch (error) {
    throw asWireError('the State cannot be encoded', error);
  }
}

export function decodeState(bytes: Uint8Array): State {
  try {
    return stateFromMessage(decodeMessage(InstanceState, bytes));
  } catch (error) {
    throw asWireError('not a State', error);
  }
}

export function statusNumber(status: Status): waybill.v1.WorkflowStatus {
  const number = NUMBERS.get(status);
  if (number === undefined) throw new WireError(`there is no status ${JSON.stringify(status)}`);
  return number;
}

export function stateToMessage(state: State): StateMessage {
  return {
    states: framesToMessage(state.frames),
    currentPosition: { pointer: state.position },
    status: statusNumber(state.status),
    entering: state.entering,
    dataJson: optional(state.data, 'data', jsonText),
    contextJson: optional(state.context, 'context', jsonText),
    inputJson: optional(state.input, 'input', jsonText),
    startedAt: integer(state.startedAt, 'startedAt'),
    activation: uint32(state.activation, 'activation'),
    pureHops: uint32(state.pureHops, 'pureHops'),
    variablesJson: state.variables === undefined ? null : variablesToMessage(state.variables),
    emptyVariables: state.variables !== undefined && Object.keys(state.variables).length === 0,
    compensations: state.compensations?.map(compensationToMessage) ?? null,
    emptyCompensations: state.compensations?.length === 0,
    caller: state.caller === undefined ? null : callerToMessage(state.caller),
    deadline: optional(state.deadline, 'deadline', integer),
    child:
      state.child === undefined
        ? null
        : { strand: state.child.strand, depth: uint32(state.child.depth, 'depth') },
    cancelling: state.cancelling ?? null,
    suspended: state.suspended ?? null,
    undoes: state.undoes ?? null,
  };
}

function framesToMessage(frames: readonly Frame[]): NonNullable<StateMessage['states']> {
  checkNests(frames);
  const states: NonNullable<StateMessage['states']> = {};
  for (const frame of frames) states[frame.pointer] = frameToMessage(frame);
  return states;
}

function variablesToMessage(variables: { readonly [name: string]: Json }): {
  [name: string]: string;
} {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, jsonText(value, `variable ${name}`)]),
  );
}

export function stateFromMessage(message: StateMessage): State {
  const status = STATUSES[message.status ?? 0];
  if (status === undefined) throw new WireError(`there is no status ${message.status}`);
  const { dataJson, contextJson, inputJson, compensations, caller, deadline, child } = message;
  const variables = Object.entries(message.variablesJson ?? {});
  const state: Writable<State> = {
    status,
    position: message.currentPosition?.pointer ?? '',
    entering: message.entering ?? false,
    frames: framesFromMessage(message.states ?? {}),
    startedAt: message.startedAt ?? 0,
    activation: message.activation ?? 0,
    pureHops: message.pureHops ?? 0,
  };
  if (present(dataJson)) state.data = jsonValue(dataJson, 'data');
  if (present(contextJson)) state.context = jsonValue(contextJson, 'context');
  if (present(inputJson)) state.input = jsonValue(inputJson, 'input');
  if (variables.length > 0 || message.emptyVariables === true) {
    state.variables = Object.fromEntries(
      variables.map(([name, text]) => [name, jsonValue(text, `variable ${name}`)]),
    );
  }
  if (compensations?.length || message.emptyCompensations === true) {
    state.compensations = (compensations ?? []).map(compensationFromMessage);
  }
  if (present(caller)) state.caller = callerFromMessage(caller);
  if (present(deadline)) state.deadline = deadline;
  if (present(child)) state.child = { strand: child.strand ?? '', depth: child.depth ?? 0 };
  const { cancelling, suspended, undoes } = message;
  if (present(cancelling)) {
    if (cancelling !== 'run' && cancelling !== 'lost') {
      throw new WireError(`a strand cannot be cancelled as ${JSON.stringify(cancelling)}`);
    }
    state.cancelling = cancelling;
  }
  if (present(suspended)) state.suspended = suspended;
  if (present(undoes)) state.undoes = undoes;
  return state;
}

function framesFromMessage(states: NonNullable<StateMessage['states']>): readonly Frame[] {
  const frames = Object.entries(states).map(([pointer, node]) => frameFromMessage(pointer, node));
  frames.sort((a, b) => a.pointer.length - b.pointer.length);
  return frames;
}

export function callerToMessage(caller: Caller): CallerMessage {
  return {
    replyPartition: optional(caller.replyPartition, 'replyPartition', uint32),
    keep: caller.keep ?? null,
    onceKey: caller.onceKey ?? null,
    correlationId: caller.correlationId ?? null,
    schedule: optional(caller.schedule, 'schedule', integer),
    againAfter: optional(caller.againAfter, 'againAfter', integer),
  };
}

export function callerFromMessage(message: CallerMessage): Caller {
  const { replyPartition, keep, onceKey, correlationId, schedule, againAfter } = message;
  const caller: Writable<Caller> = {};
  if (present(replyPartition)) caller.replyPartition = replyPartition;
  if (present(keep)) caller.keep = keep;
  if (present(onceKey)) caller.onceKey = onceKey;
  if (present(correlationId)) caller.correlationId = correlationId;
  if (present(schedule)) caller.schedule = schedule;
  if (present(againAfter)) caller.againAfter = againAfter;
  return caller;
}
