/* Bodies that move a strand: START, STEP, PARK, CANCELLING, END <-> WorkflowCommand. */
import {
  causeFromMessage,
  causeToMessage,
  eventsFromMessage,
  eventsToMessage,
} from './cause-codec.ts';
import type { CloudEvent } from './cloud-event.ts';
import { compress, decompress } from './compress.ts';
import { endFromMessage, endToMessage } from './error-codec.ts';
import { waybill } from './generated/messages.js';
import { type Happened, happenedFromMessage, happenedToMessage } from './happened.ts';
import type { Json } from './json.ts';
import { foreignJson, jsonText, jsonValue } from './json-text.ts';
import { integer, optional, present, required, uint32, type Writable } from './fields.ts';
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
import { callerFromMessage, callerToMessage, decodeState, encodeStatePart } from './state-codec.ts';
import type { Activity, Cause, LateArguments, State } from './state.ts';
import { subscriptionFromJson } from './subscription.ts';
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

/** All of it but the State: see addState. */
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
        was: body.was ?? null,
        notBefore: optional(body.notBefore, 'notBefore', integer),
        pending: body.pending ?? null,
        subscriptionJson: optional(
          body.subscription as Json | undefined,
          'the subscription',
          jsonText,
        ),
      };
      break;
    case 'CANCELLING':
      movingToMessage(body, message);
      message.activity = { key: body.key };
      if (body.until > 0) message.until = integer(body.until, 'until');
      break;
    case 'END':
      definitionToMessage(body.definition, message);
      message.cause = causeToMessage(body.cause);
      message.end = endToMessage(body.end);
      break;
  }
  if ('emitted' in body && body.emitted !== undefined) {
    message.emittedJson = eventsToMessage(body.emitted);
  }
  if ('happened' in body && body.happened !== undefined) {
    message.happened = happenedToMessage(body.happened);
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
  readonly cause: Cause;
  readonly activity?: Activity;
  readonly emitted?: readonly CloudEvent[];
  readonly happened?: Happened;
}

/** The bytes of the State, which the readable form shows in its own way. */
export function addState(state: State, message: CommandMessage): void {
  const bytes = encodeStatePart(state);
  const packed = compress(bytes);
  message.workflowState = packed ?? bytes;
  message.stateEncoding = packed === undefined ? PLAIN : ZSTD;
}

function movingToMessage(body: Moving, message: CommandMessage): void {
  message.cause = causeToMessage(body.cause);
  if (body.activity !== undefined) message.activity = activityToMessage(body.activity);
}

function definitionToMessage(definition: DefinitionRef, message: CommandMessage): void {
  Object.assign(message, definitionOf(definition));
}

/** As fields: no version is an empty one. */
export function definitionOf({ namespace, name, version }: DefinitionRef): Required<DefinitionRef> {
  if (version === '') throw new WireError('the version of the definition is empty');
  return { namespace, name, version: version ?? '' };
}

export function activityToMessage(activity: Activity): waybill.v1.Activity.$Properties {
  return {
    key: activity.key,
    role: activity.role,
    pointer: activity.pointer,
    kind: activity.kind,
    name: activity.name,
    argumentsJson: jsonText(activity.arguments, 'the arguments of the activity'),
    lateJson: optional(activity.late as Json | undefined, 'the late arguments', jsonText),
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
      return startFromMessage(message);
    case 'STEP': {
      const body: Writable<StepBody> = { kind, ...movingFromMessage(message) };
      if (present(message.notBefore)) body.notBefore = message.notBefore;
      return body;
    }
    case 'PARK':
      return parkFromMessage(message);
    case 'CANCELLING': {
      const key = required(message.activity, 'the activity').key ?? '';
      const until = message.until ?? 0;
      return { kind, state: stateOf(message), cause: causeOf(message), key, until };
    }
    case 'END':
      return endRecordFromMessage(message);
  }
}

function startFromMessage(message: CommandMessage): StartBody {
  const body: Writable<StartBody> = { kind: 'START', definition: definitionFromMessage(message) };
  if (present(message.inputJson)) body.input = foreignJson(message.inputJson, 'input');
  if (present(message.caller)) body.caller = callerFromMessage(message.caller);
  return body;
}

function endRecordFromMessage(message: CommandMessage): EndBody {
  const body: Writable<EndBody> = {
    kind: 'END',
    end: endFromMessage(required(message.end, 'the end')),
    cause: causeOf(message),
    definition: definitionFromMessage(message),
  };
  if (present(message.caller)) body.caller = callerFromMessage(message.caller);
  const emitted = emittedIn(message);
  if (emitted !== undefined) body.emitted = emitted;
  if (present(message.happened)) body.happened = happenedFromMessage(message.happened);
  return body;
}

/** Absent and empty are the same: nobody writes an empty list. */
function emittedIn({ emittedJson }: CommandMessage): readonly CloudEvent[] | undefined {
  return (emittedJson ?? []).length === 0 ? undefined : eventsFromMessage(emittedJson);
}

function parkFromMessage(message: CommandMessage): ParkBody {
  const { why, due, reason, subscriptionJson, was, notBefore, pending } = required(
    message.park,
    'why it is parked',
  );
  if (!PARK_REASONS.includes(why ?? '')) {
    throw new WireError(`there is no reason ${JSON.stringify(why ?? '')} to park`);
  }
  const body: Writable<ParkBody> = {
    kind: 'PARK',
    ...movingFromMessage(message),
    why: why as ParkReason,
  };
  if (present(due)) body.due = due;
  if (present(reason)) body.reason = reason;
  if (present(was)) {
    if (!PARK_REASONS.includes(was)) {
      throw new WireError(`there is no reason ${JSON.stringify(was)} to park`);
    }
    body.was = was as ParkReason;
  }
  if (present(notBefore)) body.notBefore = notBefore;
  if (present(pending)) body.pending = pending;
  if (present(subscriptionJson)) {
    body.subscription = subscriptionFromJson(jsonValue(subscriptionJson, 'the subscription'));
  }
  return body;
}

function movingFromMessage(message: CommandMessage): Moving {
  const moving: Writable<Moving> = { state: stateOf(message), cause: causeOf(message) };
  if (present(message.activity)) moving.activity = activityFromMessage(message.activity);
  const emitted = emittedIn(message);
  if (emitted !== undefined) moving.emitted = emitted;
  if (present(message.happened)) moving.happened = happenedFromMessage(message.happened);
  return moving;
}

function stateOf(message: CommandMessage): State {
  const bytes = required(message.workflowState, 'the State');
  const encoding = message.stateEncoding ?? PLAIN;
  if (encoding === ZSTD) return decodeState(decompress(bytes));
  if (encoding === PLAIN) return decodeState(bytes);
  throw new WireError(`the State is encoded in a way not known here (${Number(encoding)})`);
}

function causeOf(message: CommandMessage): Cause {
  return causeFromMessage(required(message.cause, 'the cause'));
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
    ...(present(message.lateJson) ? { late: lateFromText(message.lateJson) } : {}),
    attempt: message.attempt ?? 0,
    timeout: message.timeout ?? 0,
  };
}

/** Text of our own, or edited by a person (the readable form): its shape is checked, not trusted. */
function lateFromText(text: string): LateArguments {
  const late = jsonValue(text, 'the late arguments') as unknown as Partial<LateArguments> | null;
  const { leaves, secrets, variables } = late ?? {};
  const whole =
    Array.isArray(secrets) &&
    typeof variables === 'object' &&
    Array.isArray(leaves) &&
    leaves.every(({ at, text: source }) => typeof at === 'string' && typeof source === 'string');
  if (!whole) throw new WireError('the late arguments of the activity are not complete');
  return late as LateArguments;
}
