/*
 * Bodies of records <-> messages <-> bytes, by kind.
 *
 * A CARRY nests the bytes of the header and the body that it carries: of a kind that can be open, and
 * never another CARRY.
 */
import { eventsFromMessage, eventsToMessage, verbOf } from './cause-codec.ts';
import type { EventPlace } from './cloud-event.ts';
import {
  addState,
  commandFromMessage,
  type CommandMessage,
  commandToMessage,
  isCommand,
} from './command-codec.ts';
import { waybill } from './generated/messages.js';
import { decodeBareHeader, headerToMessage } from './header.ts';
import { isoInstant } from './iso-instant.ts';
import type { Json } from './json.ts';
import { foreignJson, jsonText } from './json-text.ts';
import { integer, optional, present, required, uint32, type Writable } from './fields.ts';
import { decodeMessage, encodeMessage, type MessageType, PartEncoder } from './protobuf.ts';
import {
  type AnswerBody,
  canBeOpen,
  type CarryBody,
  type ClaimBody,
  type ControlBody,
  type FireBody,
  type Mark,
  type OutputBody,
  type RecordBody,
  type ScheduleBody,
  type ScheduleRule,
  type RecordHeader,
  type RecordKind,
  type ResumeBody,
} from './record.ts';
import { asWireError, WireError } from './wire-error.ts';

const v1 = waybill.v1;
type Props<Name extends keyof typeof MESSAGE_TYPES> = Parameters<
  (typeof MESSAGE_TYPES)[Name]['encode']
>[0];

const MESSAGE_TYPES = {
  WorkflowCommand: v1.WorkflowCommand,
  ControlRecord: v1.ControlRecord,
  ClaimRecord: v1.ClaimRecord,
  MarkRecord: v1.MarkRecord,
  ResumeRecord: v1.ResumeRecord,
  AnswerRecord: v1.AnswerRecord,
  CarryRecord: v1.CarryRecord,
  OutputRecord: v1.OutputRecord,
  CloseRecord: v1.CloseRecord,
  ScheduleRecord: v1.ScheduleRecord,
  FireRecord: v1.FireRecord,
};

/** The message that the body of a kind is; undefined for kinds that this build cannot hold yet. */
export const BODY_MESSAGE: Readonly<Record<RecordKind, keyof typeof MESSAGE_TYPES | undefined>> = {
  START: 'WorkflowCommand',
  STEP: 'WorkflowCommand',
  PARK: 'WorkflowCommand',
  CANCELLING: 'WorkflowCommand',
  END: 'WorkflowCommand',
  CONTROL: 'ControlRecord',
  CLAIM: 'ClaimRecord',
  MARK: 'MarkRecord',
  RESUME: 'ResumeRecord',
  ANSWER: 'AnswerRecord',
  CARRY: 'CarryRecord',
  OUTPUT: 'OutputRecord',
  CLOSE: 'CloseRecord',
  SCHEDULE: 'ScheduleRecord',
  FIRE: 'FireRecord',
};

export function encodeBody(header: RecordHeader, body: RecordBody): Buffer {
  return Buffer.from(encodeBodyPart(header, body));
}

const part = new PartEncoder();

/** The same for the envelope that it becomes part of: good until the next body is encoded. */
export function encodeBodyPart(header: RecordHeader, body: RecordBody): Buffer {
  return part.encode(messageType(header), bodyToMessage(header, body));
}

export function decodeBody(header: RecordHeader, bytes: Uint8Array): RecordBody {
  return bodyFromMessage(header, decodeMessage(messageType(header), bytes));
}

function messageType(header: RecordHeader): MessageType<object, object> {
  const name = BODY_MESSAGE[header.kind];
  if (name !== undefined) return MESSAGE_TYPES[name] as MessageType<object, object>;
  throw new WireError(`records of kind ${header.kind} are not supported yet`, {
    minReader: header.minReader,
  });
}

export function bodyToMessage(header: RecordHeader, body: RecordBody): object {
  if (body.kind !== header.kind) {
    throw new WireError(`the header says ${header.kind}, the body ${body.kind}`);
  }
  if (isCommand(body)) {
    const message = commandToMessage(header, body, isoInstant(header.time));
    if ('state' in body) addState(body.state, message);
    return message;
  }
  switch (body.kind) {
    case 'CONTROL':
      return controlToMessage(body);
    case 'CLAIM':
      return claimToMessage(body);
    case 'MARK':
      return {
        mark: markToMessage(body.mark),
        running: body.running.map((identity) => integer(identity, 'running')),
      } satisfies Props<'MarkRecord'>;
    case 'RESUME':
      return resumeToMessage(body);
    case 'OUTPUT':
      return {
        unsent: body.unsent.map(({ run, origin, events }) => ({
          runId: run,
          origin: integer(origin, 'origin'),
          eventsJson: eventsToMessage(events),
        })),
      } satisfies Props<'OutputRecord'>;
    case 'ANSWER':
      return {
        controlId: body.controlId,
        outcome: body.outcome,
        reason: body.reason ?? null,
      } satisfies Props<'AnswerRecord'>;
    case 'CARRY':
      return carryToMessage(body);
    case 'SCHEDULE':
      return {
        namespace: body.definition.namespace,
        name: body.definition.name,
        version: body.definition.version ?? '',
        ruleJson: jsonText(body.rule as unknown as Json, 'the rule of a schedule'),
        due: optional(body.due, 'due', integer),
      } satisfies Props<'ScheduleRecord'>;
    case 'FIRE':
      return {
        row: integer(body.row, 'row'),
        tick: integer(body.tick, 'tick'),
        due: optional(body.due, 'due', integer),
        events: placesToMessage(body.events),
      } satisfies Props<'FireRecord'>;
    case 'CLOSE':
      return {};
  }
}

export function bodyFromMessage(header: RecordHeader, message: object): RecordBody {
  const { kind } = header;
  switch (kind) {
    case 'START':
    case 'STEP':
    case 'PARK':
    case 'CANCELLING':
    case 'END':
      return commandFromMessage(kind, message as CommandMessage);
    case 'CONTROL':
      return controlFromMessage(message as Props<'ControlRecord'>);
    case 'CLAIM':
      return claimFromMessage(message as Props<'ClaimRecord'>);
    case 'MARK': {
      const { mark, running } = message as Props<'MarkRecord'>;
      return { kind, mark: markFromMessage(mark), running: running ?? [] };
    }
    case 'RESUME':
      return resumeFromMessage(message as Props<'ResumeRecord'>);
    case 'OUTPUT':
      return outputFromMessage(message as Props<'OutputRecord'>);
    case 'ANSWER':
      return answerFromMessage(message as Props<'AnswerRecord'>);
    case 'CARRY':
      return carryFromMessage(message as Props<'CarryRecord'>);
    case 'SCHEDULE':
      return scheduleFromMessage(message as Props<'ScheduleRecord'>);
    case 'FIRE': {
      const { row, tick, due, events } = message as Props<'FireRecord'>;
      const fired: Writable<FireBody> = { kind, row: row ?? 0, tick: tick ?? 0 };
      if (present(due)) fired.due = due;
      const places = placesFromMessage(events);
      if (places.length > 0) fired.events = places;
      return fired;
    }
    case 'CLOSE':
      return { kind };
    default:
      throw new WireError(`records of kind ${String(kind)} are not supported yet`);
  }
}

function resumeToMessage({ rows, why, events }: ResumeBody): Props<'ResumeRecord'> {
  return {
    rows: rows.map((row) => integer(row, 'rows')),
    why,
    events: placesToMessage(events),
  };
}

function placesToMessage(
  events: readonly EventPlace[] | undefined,
): waybill.v1.EventPlace.$Properties[] | null {
  if (events === undefined) return null;
  return events.map(({ partition, offset }) => ({
    partition: uint32(partition, 'partition of an event'),
    offset: integer(offset, 'offset of an event'),
  }));
}

function placesFromMessage(
  events: readonly waybill.v1.EventPlace.$Properties[] | null | undefined,
): readonly EventPlace[] {
  return (events ?? []).map(({ partition, offset }) => ({
    partition: partition ?? 0,
    offset: offset ?? 0,
  }));
}

function resumeFromMessage({ rows, why, events }: Props<'ResumeRecord'>): ResumeBody {
  const body = { kind: 'RESUME', rows: rows ?? [], why: why ?? '' } as const;
  const places = placesFromMessage(events);
  return places.length === 0 ? body : { ...body, events: places };
}

function outputFromMessage({ unsent }: Props<'OutputRecord'>): OutputBody {
  return {
    kind: 'OUTPUT',
    unsent: (unsent ?? []).map(({ runId, origin, eventsJson }) => ({
      run: runId ?? '',
      origin: origin ?? 0,
      events: eventsFromMessage(eventsJson),
    })),
  };
}

function controlToMessage(body: ControlBody): Props<'ControlRecord'> {
  return {
    id: body.id,
    verb: body.verb,
    argumentsJson: optional(body.arguments, 'arguments', jsonText),
    hop: optional(body.hop, 'hop', uint32),
  };
}

function controlFromMessage(message: Props<'ControlRecord'>): ControlBody {
  const { argumentsJson: text, hop } = message;
  const body: Writable<ControlBody> = {
    kind: 'CONTROL',
    id: message.id ?? '',
    verb: verbOf(message.verb),
  };
  if (present(text)) body.arguments = foreignJson(text, 'arguments');
  if (present(hop)) body.hop = hop;
  return body;
}

function scheduleFromMessage(message: Props<'ScheduleRecord'>): ScheduleBody {
  const { namespace, name, version, ruleJson, due } = message;
  const rule = foreignJson(ruleJson ?? '', 'the rule of a schedule');
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw new WireError('the rule of a schedule is not an object');
  }
  const body: Writable<ScheduleBody> = {
    kind: 'SCHEDULE',
    definition: {
      namespace: namespace ?? '',
      name: name ?? '',
      ...(version ? { version } : {}),
    },
    rule: rule as ScheduleRule,
  };
  if (present(due)) body.due = due;
  return body;
}

function claimToMessage(body: ClaimBody): Props<'ClaimRecord'> {
  return {
    mark: markToMessage(body.mark),
    genesis: {
      prefix: body.genesis.prefix,
      partitions: uint32(body.genesis.partitions, 'partitions'),
      format: uint32(body.genesis.format, 'format'),
    },
    takeovers: [...body.takeovers].map(([identity, count]) => ({
      identity: integer(identity, 'takeovers'),
      count: uint32(count, 'takeovers'),
    })),
  };
}

function claimFromMessage(message: Props<'ClaimRecord'>): ClaimBody {
  const { prefix, partitions, format } = required(message.genesis, 'the genesis');
  const takeovers = (message.takeovers ?? []).map(
    ({ identity, count }) => [identity ?? 0, count ?? 0] as const,
  );
  return {
    kind: 'CLAIM',
    mark: markFromMessage(message.mark),
    genesis: { prefix: prefix ?? '', partitions: partitions ?? 0, format: format ?? 0 },
    takeovers: new Map(takeovers),
  };
}

function markToMessage(mark: Mark): waybill.v1.Mark.$Properties {
  return {
    offset: integer(mark.offset, 'offset of the mark'),
    tenure: integer(mark.tenure, 'tenure of the mark'),
    nonce: uint32(mark.nonce, 'nonce of the mark'),
    n: integer(mark.n, 'n of the mark'),
    computedAt: integer(mark.computedAt, 'computedAt of the mark'),
  };
}

function markFromMessage(message: waybill.v1.Mark.$Properties | null | undefined): Mark {
  const { offset, tenure, nonce, n, computedAt } = required(message, 'the mark');
  return {
    offset: offset ?? 0,
    tenure: tenure ?? 0,
    nonce: nonce ?? 0,
    n: n ?? 0,
    computedAt: computedAt ?? 0,
  };
}

function answerFromMessage(message: Props<'AnswerRecord'>): AnswerBody {
  const { controlId, outcome, reason } = message;
  if (outcome !== 'done' && outcome !== 'refused') {
    throw new WireError(`an answer cannot say ${JSON.stringify(outcome ?? '')}`);
  }
  const body = { kind: 'ANSWER', controlId: controlId ?? '', outcome } as const;
  return present(reason) ? { ...body, reason } : body;
}

function carryToMessage(body: CarryBody): Props<'CarryRecord'> {
  checkCarried(body.header);
  // The body first: both use the scratch buffer.
  const payload = encodeBody(body.header, body.body);
  return {
    header: encodeMessage(v1.RecordHeader, headerToMessage(body.header)),
    payload,
    takeovers: uint32(body.takeovers, 'takeovers'),
  };
}

function carryFromMessage(message: Props<'CarryRecord'>): CarryBody {
  try {
    const header = decodeBareHeader(required(message.header, 'the header'));
    checkCarried(header);
    const body = decodeBody(header, message.payload ?? new Uint8Array());
    return { kind: 'CARRY', header, body, takeovers: message.takeovers ?? 0 };
  } catch (error) {
    throw asWireError('what is carried', error);
  }
}

function checkCarried(header: RecordHeader): void {
  if (header.kind === 'CARRY' || !canBeOpen(header)) {
    throw new WireError(`a record of kind ${header.kind} cannot be carried`);
  }
}
