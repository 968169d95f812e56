/*
 * What a record durably asks for, as the WorkflowEvent that an events topic can be projected from
 * (PROTOCOL.md, Records). Derived from the body when it is written, never read back.
 */
import { waybill } from './generated/messages.js';
import type { Json } from './json.ts';
import { jsonText } from './json-text.ts';
import { branchesBegun } from './node-codec.ts';
import { encodeMessage } from './protobuf.ts';
import type { ParkBody, RecordHeader, StepBody } from './record.ts';
import type { State } from './state.ts';

const { ForkPayload, ListenPayload, RetryPayload, WaitPayload } = waybill.v1;

export type EventMessage = waybill.v1.WorkflowEvent.$Properties;

/** The event of a STEP or PARK; null when it asks for nothing but an activity. */
export function eventToMessage(
  header: RecordHeader,
  body: StepBody | ParkBody,
  createdAt: string,
): EventMessage | null {
  const asked = body.kind === 'PARK' ? parked(body) : stepped(header, body);
  if (asked === undefined) return null;
  const [eventType, payload] = asked;
  return { workflowId: header.run, eventType, payload, sequence: header.hop, createdAt };
}

type Asked = readonly [eventType: string, payload: Buffer];

function parked(body: ParkBody): Asked | undefined {
  const { why, state, due } = body;
  switch (why) {
    case 'wait':
      return wait(state, due ?? 0);
    case 'retry':
      return retry(state, due ?? 0);
    case 'listen':
      return ['LISTEN_CREATED', encodeMessage(ListenPayload, listen(body))];
    default:
      return undefined;
  }
}

function listen({ state, subscription }: ParkBody): waybill.v1.ListenPayload.$Properties {
  return {
    position: state.position,
    subscriptionJson:
      subscription === undefined ? '' : jsonText(subscription as unknown as Json, 'subscription'),
  };
}

function stepped(header: RecordHeader, body: StepBody): Asked | undefined {
  const { state, notBefore } = body;
  if (notBefore !== undefined) {
    return failuresOf(state) === undefined ? wait(state, notBefore) : retry(state, notBefore);
  }
  return header.joins === 0 ? undefined : fork(header, state);
}

function wait(state: State, until: number): Asked {
  return ['WAIT_SCHEDULED', encodeMessage(WaitPayload, { position: state.position, until })];
}

function retry(state: State, retryAt: number): Asked {
  const attempt = failuresOf(state) ?? 0;
  const payload = { position: state.position, attempt, retryAt };
  return ['RETRY_SCHEDULED', encodeMessage(RetryPayload, payload)];
}

function fork(header: RecordHeader, state: State): Asked {
  const frame = state.frames.findLast(
    ({ node }) => node.kind === 'fork' && node.activation === header.joins,
  );
  const branchIds = frame?.node.kind === 'fork' ? branchesBegun(frame.node) : [];
  const position = frame?.pointer ?? state.position;
  return ['FORK_CREATED', encodeMessage(ForkPayload, { position, branchIds })];
}

/** Failed attempts of the innermost block that waits to be tried again, if one does. */
function failuresOf(state: State): number | undefined {
  const frame = state.frames.findLast(
    ({ node }) => node.kind === 'try' && node.retryAt !== undefined,
  );
  return frame?.node.kind === 'try' ? frame.node.failures : undefined;
}
