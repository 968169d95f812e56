/* What led to a record: replay needs nothing else. */
import {
  endFromMessage,
  endToMessage,
  errorFromMessage,
  errorToJson,
  errorToMessage,
} from './error-codec.ts';
import { type CloudEvent, eventFault } from './cloud-event.ts';
import { waybill } from './generated/messages.js';
import { jsonText, jsonValue } from './json-text.ts';
import { optional, present, required, uint32, type Writable } from './fields.ts';
import type { Cause, ControlVerb, StrandEnd } from './state.ts';
import { WireError } from './wire-error.ts';

export type CauseMessage = waybill.v1.Cause.$Properties;

const VERBS: readonly string[] = [
  'cancel',
  'suspend',
  'resume',
  'compensate',
  'migrate',
  'schedule',
  'unschedule',
];
const EMPTY = {};

export function causeToMessage(cause: Cause): CauseMessage {
  switch (cause.kind) {
    case 'start':
      return {
        start: {
          inputJson: optional(cause.input, 'input', jsonText),
          by:
            cause.by === undefined
              ? null
              : { ...cause.by, activation: uint32(cause.by.activation, 'activation') },
        },
      };
    case 'activity':
      return {
        activity: {
          key: cause.key,
          attempt: uint32(cause.attempt, 'attempt'),
          resultJson: optional(cause.result, 'the result of the activity', jsonText),
          error: cause.error === undefined ? null : errorToMessage(cause.error),
          errorJson: cause.error === undefined ? null : errorToJson(cause.error, 'error'),
        },
      };
    case 'timer':
      return { timer: EMPTY };
    case 'continue':
      return { continue: EMPTY };
    case 'events':
      return { events: { eventsJson: eventsToMessage(cause.events) } };
    case 'branch':
      return { branch: { branch: uint32(cause.branch, 'branch') } };
    case 'joined':
      return {
        joined: {
          ends: Object.entries(cause.ends).map(([branch, end]) => ({
            branch: uint32(Number(branch), 'branch'),
            end: endToMessage(end),
          })),
          order: cause.order?.map((branch) => uint32(branch, 'branch')) ?? null,
          last:
            cause.last === undefined
              ? null
              : { strand: cause.last.strand, cause: causeToMessage(cause.last.cause) },
        },
      };
    case 'control':
      return {
        control: {
          verb: cause.verb,
          argumentsJson: optional(cause.arguments, 'arguments', jsonText),
        },
      };
    default:
      throw new WireError(`there is no cause ${JSON.stringify((cause as Cause).kind)}`);
  }
}

export function causeFromMessage(message: CauseMessage): Cause {
  if (present(message.activity)) return activityFromMessage(message.activity);
  if (present(message.timer)) return { kind: 'timer' };
  if (present(message.continue)) return { kind: 'continue' };
  if (present(message.events)) {
    return { kind: 'events', events: eventsFromMessage(message.events.eventsJson) };
  }
  if (present(message.branch)) return { kind: 'branch', branch: message.branch.branch ?? 0 };
  if (present(message.joined)) return joinedFromMessage(message.joined);
  if (present(message.start)) {
    const { by, inputJson } = message.start;
    const cause: Writable<Extract<Cause, { kind: 'start' }>> = { kind: 'start' };
    if (present(inputJson)) cause.input = jsonValue(inputJson, 'input');
    if (present(by)) {
      cause.by = { run: by.run ?? '', strand: by.strand ?? '', activation: by.activation ?? 0 };
    }
    return cause;
  }
  if (present(message.control)) {
    const { verb, argumentsJson: text } = message.control;
    const cause = { kind: 'control', verb: verbOf(verb) } as const;
    return present(text) ? { ...cause, arguments: jsonValue(text, 'arguments') } : cause;
  }
  throw new WireError('the cause is of a kind not known here');
}

function activityFromMessage(message: waybill.v1.ActivityCause.$Properties): Cause {
  const { resultJson, error } = message;
  const cause: Writable<Extract<Cause, { kind: 'activity' }>> = {
    kind: 'activity',
    key: message.key ?? '',
    attempt: message.attempt ?? 0,
  };
  if (present(resultJson)) cause.result = jsonValue(resultJson, 'the result of the activity');
  if (present(error)) cause.error = errorFromMessage(error, message.errorJson, 'error');
  return cause;
}

function joinedFromMessage(message: waybill.v1.JoinedCause.$Properties): Cause {
  const ends: { [branch: number]: StrandEnd } = {};
  for (const { branch, end } of message.ends ?? []) {
    ends[branch ?? 0] = endFromMessage(required(end, 'the end of a branch'));
  }
  const cause: Writable<Extract<Cause, { kind: 'joined' }>> = { kind: 'joined', ends };
  const { last, order } = message;
  if (order?.length) cause.order = order;
  if (present(last)) {
    const told = causeFromMessage(required(last.cause, 'the cause of the last strand'));
    cause.last = { strand: last.strand ?? '', cause: told };
  }
  return cause;
}

export function eventsToMessage(events: readonly CloudEvent[]): string[] {
  return events.map((event) => jsonText(event, 'an event'));
}

export function eventsFromMessage(
  texts: readonly string[] | null | undefined,
): readonly CloudEvent[] {
  return (texts ?? []).map((text) => {
    const event = jsonValue(text, 'an event');
    const fault = eventFault(event);
    if (fault !== undefined) throw new WireError(`an event: ${fault}`);
    return event as CloudEvent;
  });
}

export function verbOf(verb: string | null | undefined): ControlVerb {
  if (typeof verb === 'string' && VERBS.includes(verb)) return verb as ControlVerb;
  throw new WireError(`there is no control verb ${JSON.stringify(verb ?? '')}`);
}
