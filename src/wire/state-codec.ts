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
import { frameFromMessage, frameToMessage } from './node-codec.ts';
import { integer, optional, uint32 } from './numbers.ts';
import { decodeMessage, encodeMessage } from './protobuf.ts';
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

/** InstanceState bytes, uncompressed. */
export function encodeState(state: State): Uint8Array {
  try {
    return encodeMessage(InstanceState, stateToMessage(state));
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

export function stateToMessage(state: State): StateMessage {
  const status = STATUSES.indexOf(state.status);
  if (status < 1) throw new WireError(`there is no status ${JSON.stringify(state.status)}`);
  return {
    states: framesToMessage(state.frames),
    currentPosition: { pointer: state.position },
    status,
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
  };
}

function framesToMessage(frames: readonly Frame[]): NonNullable<StateMessage['states']> {
  const states: NonNullable<StateMessage['states']> = {};
  let outer = -1;
  for (const frame of frames) {
    if (frame.pointer.length <= outer || (frame.pointer !== '' && frame.pointer[0] !== '/')) {
      throw new WireError(
        `the frame ${JSON.stringify(frame.pointer)} does not nest in the one before`,
      );
    }
    outer = frame.pointer.length;
    states[frame.pointer] = frameToMessage(frame);
  }
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
  const variables = Object.entries(message.variablesJson ?? {});
  const compensations = message.compensations ?? [];
  return {
    status,
    position: message.currentPosition?.pointer ?? '',
    entering: message.entering ?? false,
    ...(message.dataJson == null ? {} : { data: jsonValue(message.dataJson, 'data') }),
    frames: framesFromMessage(message.states ?? {}),
    ...(message.contextJson == null ? {} : { context: jsonValue(message.contextJson, 'context') }),
    ...(message.inputJson == null ? {} : { input: jsonValue(message.inputJson, 'input') }),
    startedAt: message.startedAt ?? 0,
    activation: message.activation ?? 0,
    pureHops: message.pureHops ?? 0,
    ...(variables.length > 0 || message.emptyVariables === true
      ? {
          variables: Object.fromEntries(
            variables.map(([name, text]) => [name, jsonValue(text, `variable ${name}`)]),
          ),
        }
      : {}),
    ...(compensations.length > 0 || message.emptyCompensations === true
      ? { compensations: compensations.map(compensationFromMessage) }
      : {}),
    ...(message.caller == null ? {} : { caller: callerFromMessage(message.caller) }),
    ...(message.deadline == null ? {} : { deadline: message.deadline }),
  };
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
  };
}

export function callerFromMessage(message: CallerMessage): Caller {
  return {
    ...(message.replyPartition == null ? {} : { replyPartition: message.replyPartition }),
    ...(message.keep == null ? {} : { keep: message.keep }),
    ...(message.onceKey == null ? {} : { onceKey: message.onceKey }),
    ...(message.correlationId == null ? {} : { correlationId: message.correlationId }),
  };
}
