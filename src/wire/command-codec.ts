/* Bodies that move a strand: START, STEP, PARK, CANCELLING, END <-> WorkflowCommand. */
import { causeFromMessage, causeToMessage } from './cause-codec.ts';
import { compress, decompress } from './compress.ts';
import { endFromMessage, endToMessage } from './error-codec.ts';
import { waybill } from './generated/messages.js';
import type { Json } from './json.ts';
import { foreignJson, jsonText, jsonValue } from './json-text.ts';
import { integer, optional, required, uint32 } from './numbers.ts';
import type {
  CancellingBody,
  DefinitionRef,
  EndBody,
  ParkBody,
  ParkReason,
  RecordBody,
  RecordHeader,
  StartBody,
  StepBody,
} from './record.ts';
import { callerFromMessage, callerToMessage, decodeState, encodeState } from './state-codec.ts';
import type { Activity, State } from './state.ts';
import { WireError } from './wire-error.ts';
import { eventToMessage } from './workflow-event.ts';

export type CommandMessage = waybill.v1.WorkflowCommand.$Properties;
export type CommandBody = StartBody | StepBody | ParkBody | CancellingBody | EndBody;

const ZSTD = waybill.v1.StateEncoding.STATE_ENCODING_ZSTD;
const PLAIN = waybill.v1.StateEncoding.STATE_ENCODING_UNSPECIFIED;
const PARK_REASONS: readonly string[] = ['wait', 'retry', 'listen', 'suspend', 'dead'];

export function isCommand(body: RecordBody): body is CommandBody {
  return (
    body.kind === 'STEP' ||
    body.kind === 'PARK' ||
    body.kind === 'START' ||
    body.kind === 'END' ||
    body.kind === 'CANCELLING'
  );
}

export function commandToMessage(
  header: RecordHeader,
  body: CommandBody,
  createdAt: string,
): CommandMessage {
  const message: CommandMessage = { workflowId: header.run };
  switch (body.kind) {
    case 'START':
      definitionToMessage(body.definition, message);
      message.inputJson = optional(body.input, 'input', jsonText);
      break;
    case 'STEP':
      movingToMessage(body, message);
      message.notBefore = optional(body.notBefore, 'notBefore', integer);
      break;
    case 'PARK':
      movingToMessage(body, message);
      message.park = {
        why: body.why,
        due: optional(body.due, 'due', integer),
        reason: body.reason ?? null,
      };
      break;
    case 'CANCELLING':
      movingToMessage(body, message);
      message.activity = { key: body.key };
      break;
    case 'END':
      definitionToMessage(body.definition, message);
      message.cause = causeToMessage(body.cause);
      message.end = endToMessage(body.end);
      break;
  }
  if (body.kind === 'STEP' || body.kind === 'PARK') {
    message.event = eventToMessage(header, body, createdAt);
  }
  if ((body.kind === 'START' || body.kind === 'END') && body.caller !== undefined) {
    message.caller = callerToMessage(body.caller);
    message.correlationId = body.caller.correlationId ?? null;
  }
  return message;
}

interface Moving {
  readonly state: State;
  readonly cause: StepBody['cause'];
  readonly activity?: Activity;
}

function movingToMessage(body: Moving, message: CommandMessage): void {
  const state = encodeState(body.state) as Buffer;
  const packed = compress(state);
  message.workflowState = packed ?? state;
  message.stateEncoding = packed === undefined ? PLAIN : ZSTD;
  message.cause = causeToMessage(body.cause);
  if (body.activity !== undefined) message.activity = activityToMessage(body.activity);
}

function definitionToMessage(definition: DefinitionRef, message: CommandMessage): void {
  if (definition.version === '') throw new WireError('the version of the definition is empty');
  message.namespace = definition.namespace;
  message.name = definition.name;
  message.version = definition.version ?? '';
}

function activityToMessage(activity: Activity): waybill.v1.Activity.$Properties {
  return {
    key: activity.key,
    role: activity.role,
    pointer: activity.pointer,
    kind: activity.kind,
    name: activity.name,
    argumentsJson: jsonText(activity.arguments, 'the arguments of the activity'),
    attempt: uint32(activity.attempt, 'attempt'),
    timeout: integer(activity.timeout, 'timeout'),
  };
}

export function commandFromMessage(
  kind: CommandBody['kind'],
  message: CommandMessage,
): CommandBody {
  switch (kind) {
    case 'START':
      return {
        kind,
        definition: definitionFromMessage(message),
        ...jsonMember('input', message.inputJson, foreignJson),
        ...callerMember(message),
      };
    case 'STEP':
      return {
        kind,
        ...movingFromMessage(message),
        ...(message.notBefore == null ? {} : { notBefore: message.notBefore }),
      };
    case 'PARK':
      return { kind, ...movingFromMessage(message), ...parkFromMessage(message) };
    case 'CANCELLING': {
      const key = required(message.activity, 'the activity').key ?? '';
      const { state, cause } = movingFromMessage(message);
      return { kind, state, cause, key };
    }
    case 'END':
      return {
        kind,
        end: endFromMessage(required(message.end, 'the end')),
        cause: causeFromMessage(required(message.cause, 'the cause')),
        definition: definitionFromMessage(message),
        ...callerMember(message),
      };
  }
}

function movingFromMessage(message: CommandMessage): Moving {
  const bytes = required(message.workflowState, 'the State');
  const encoding = message.stateEncoding ?? PLAIN;
  if (encoding !== PLAIN && encoding !== ZSTD) {
    throw new WireError(`the State is encoded in a way not known here (${encoding})`);
  }
  return {
    state: decodeState(encoding === ZSTD ? decompress(bytes) : bytes),
    cause: causeFromMessage(required(message.cause, 'the cause')),
    ...(message.activity == null ? {} : { activity: activityFromMessage(message.activity) }),
  };
}

function parkFromMessage(message: CommandMessage): Omit<ParkBody, 'kind' | 'state' | 'cause'> {
  const { why, due, reason } = required(message.park, 'why it is parked');
  if (!PARK_REASONS.includes(why ?? '')) {
    throw new WireError(`there is no reason ${JSON.stringify(why ?? '')} to park`);
  }
  return {
    why: why as ParkReason,
    ...(due == null ? {} : { due }),
    ...(reason == null ? {} : { reason }),
  };
}

function definitionFromMessage(message: CommandMessage): DefinitionRef {
  return {
    namespace: message.namespace ?? '',
    name: message.name ?? '',
    ...(message.version ? { version: message.version } : {}),
  };
}

function activityFromMessage(message: waybill.v1.Activity.$Properties): Activity {
  const role = message.role ?? '';
  if (role !== 'do' && role !== 'compensate') {
    throw new WireError(`an activity cannot have the role ${JSON.stringify(role)}`);
  }
  return {
    key: message.key ?? '',
    role,
    pointer: message.pointer ?? '',
    kind: message.kind ?? '',
    name: message.name ?? '',
    arguments: jsonValue(message.argumentsJson ?? '', 'the arguments of the activity'),
    attempt: message.attempt ?? 0,
    timeout: message.timeout ?? 0,
  };
}

function callerMember(message: CommandMessage): Pick<StartBody, 'caller'> {
  return message.caller == null ? {} : { caller: callerFromMessage(message.caller) };
}

/** `{ [name]: value }`, or nothing when the text is absent. */
function jsonMember<Name extends string>(
  name: Name,
  text: string | null | undefined,
  read: (text: string, what: string) => Json,
): { readonly [key in Name]?: Json } {
  return text === null || text === undefined
    ? {}
    : ({ [name]: read(text, name) } as { readonly [key in Name]?: Json });
}
