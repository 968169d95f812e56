/*
 * The records of the hot path - START, STEP and END, which are nearly all there are - straight to bytes,
 * as the generated code would write them: a test compares the two on every record there can be.
 *
 * D1. The same bytes, and the same refusals, as by way of messages (record-codec.ts).
 * D2. What is rare - most kinds of nodes and causes, callers, compensations, events - goes by way of messages here,
 *     too, and becomes a part of the whole.
 */
import { ByteWriter } from './byte-writer.ts';
import { causeToMessage, eventsToMessage } from './cause-codec.ts';
import { activityToMessage, definitionOf } from './command-codec.ts';
import { COMPRESS_FROM_BYTES } from './limits.ts';
import { compress } from './compress.ts';
import { compensationToMessage, endToMessage } from './error-codec.ts';
import { integer, uint32 } from './fields.ts';
import { waybill } from './generated/messages.js';
import { happenedToMessage } from './happened.ts';
import { hashBytes, kindNumber } from './header.ts';
import { isoInstant } from './iso-instant.ts';
import { jsonText } from './json-text.ts';
import { checkNests, frameToMessage } from './node-codec.ts';
import { PartEncoder } from './protobuf.ts';
import type { EndBody, LogRecord, RecordHeader, StartBody, StepBody } from './record.ts';
import { callerToMessage, statusNumber } from './state-codec.ts';
import type { Activity, ActivityState, Cause, Frame, State } from './state.ts';
import { asWireError, WireError } from './wire-error.ts';
import { eventToMessage } from './workflow-event.ts';

const v1 = waybill.v1;
const ZSTD = v1.StateEncoding.STATE_ENCODING_ZSTD;

const writer = new ByteWriter();
/** what is rare, before it becomes a part */
const rare = new PartEncoder();

export type DirectBody = StartBody | StepBody | EndBody;

export function isDirect(record: LogRecord): record is LogRecord & { readonly body: DirectBody } {
  const { kind } = record.body;
  return kind === 'STEP' || kind === 'END' || kind === 'START';
}

/** The bytes of a record. */
export function encodeDirect(header: RecordHeader, body: DirectBody): Buffer {
  if (body.kind !== header.kind) {
    throw new WireError(`the header says ${header.kind}, the body ${body.kind}`);
  }
  const createdAt = isoInstant(header.time);
  writer.begin();
  const id = writer.open(10);
  if (header.run === '') writer.piece(`${header.kind}@${header.tenure}.${header.n}`);
  else {
    writer.piece(header.run);
    writer.piece('/');
    writer.piece(header.strand);
    writer.piece(`#${header.hop}`);
  }
  writer.close(id);
  writer.text(18, 'COMMAND');
  const payload = writer.open(26, true);
  writeBody(header, body, createdAt);
  writer.close(payload);
  writer.text(34, createdAt);
  const { correlationId } = (body.kind === 'STEP' ? body.state.caller : body.caller) ?? {};
  if (correlationId !== undefined) writer.text(42, correlationId);
  const head = writer.open(50);
  writeHeader(header);
  writer.close(head);
  return writer.finish();
}

/** proto3 leaves zero and the empty text out. */
function number(tag: number, value: number): void {
  if (value !== 0) writer.number(tag, value);
}

function text(tag: number, value: string): void {
  if (value !== '') writer.text(tag, value);
}

function empty(tag: number): void {
  writer.close(writer.open(tag));
}

// -- header --------------------------------------------------------------------------------------

function writeHeader(header: RecordHeader): void {
  writer.number(8, kindNumber(header.kind));
  number(16, integer(header.tenure, 'tenure'));
  number(24, uint32(header.nonce, 'nonce'));
  number(32, integer(header.n, 'n'));
  number(40, integer(header.unit, 'unit'));
  number(48, uint32(header.unitSize, 'unitSize'));
  const { targets } = header;
  for (const target of targets) integer(target, 'targets');
  if (targets.length > 0) writer.numbers(58, targets);
  text(66, header.run);
  text(74, header.strand);
  number(80, uint32(header.hop, 'hop'));
  const definition = hashBytes(header.definition);
  if (definition.length > 0) writer.bytes(90, definition);
  number(96, integer(header.time, 'time'));
  number(104, uint32(header.minReader, 'minReader'));
  number(112, uint32(header.joins, 'joins'));
  number(120, integer(header.carries + 1, 'carries'));
  if (header.journal === true) writer.flag(128, true);
}

// -- bodies --------------------------------------------------------------------------------------

function writeBody(header: RecordHeader, body: DirectBody, createdAt: string): void {
  text(10, header.run);
  if (body.kind === 'STEP') {
    writeState(body.state);
    writeCause(body.cause);
    if (body.activity !== undefined) writeActivity(body.activity);
    if (body.notBefore !== undefined) writer.number(96, integer(body.notBefore, 'notBefore'));
    if (body.notBefore !== undefined || header.joins !== 0) {
      const event = eventToMessage(header, body, createdAt);
      if (event !== null) writer.bytes(106, rare.encode(v1.WorkflowEvent, event));
    }
  } else {
    const { namespace, name, version } = definitionOf(body.definition);
    text(18, namespace);
    text(26, name);
    text(34, version);
    if (body.kind === 'START' && body.input !== undefined) {
      writer.text(50, jsonText(body.input, 'input'));
    }
    const { caller } = body;
    if (caller?.correlationId !== undefined) writer.text(66, caller.correlationId);
    if (body.kind === 'END') writeCause(body.cause);
    if (caller !== undefined) writer.bytes(122, rare.encode(v1.Caller, callerToMessage(caller)));
    if (body.kind === 'END') writeEnd(body.end);
  }
  if (body.kind === 'START') return;
  for (const event of body.emitted === undefined ? [] : eventsToMessage(body.emitted)) {
    writer.text(322, event);
  }
  if (body.happened !== undefined) {
    writer.bytes(330, rare.encode(v1.Happened, happenedToMessage(body.happened)));
  }
}

function writeActivity(activity: Activity): void {
  if (activity.late !== undefined) {
    return writer.bytes(90, rare.encode(v1.Activity, activityToMessage(activity)));
  }
  const { key, kind, name, pointer, role } = activity;
  const args = jsonText(activity.arguments, 'the arguments of the activity');
  const opened = writer.open(90, key.length + pointer.length + name.length + args.length > 100);
  text(10, key);
  text(18, role);
  text(26, pointer);
  text(34, kind);
  text(42, name);
  writer.text(50, args);
  number(56, uint32(activity.attempt, 'attempt'));
  number(64, integer(activity.timeout, 'timeout'));
  writer.close(opened);
}

function writeCause(cause: Cause): void {
  if (cause.kind === 'activity' && cause.error === undefined) {
    const opened = writer.open(82);
    const answer = writer.open(18);
    text(10, cause.key);
    number(16, uint32(cause.attempt, 'attempt'));
    if (cause.result !== undefined) {
      writer.text(26, jsonText(cause.result, 'the result of the activity'));
    }
    writer.close(answer);
    writer.close(opened);
  } else writer.bytes(82, rare.encode(v1.Cause, causeToMessage(cause)));
}

function writeEnd(end: EndBody['end']): void {
  const { cancelled, compensations, endsWorkflow, error, output } = end;
  const plain = error === undefined && cancelled === undefined && endsWorkflow === undefined;
  if (!plain || compensations !== undefined || output === undefined) {
    return writer.bytes(130, rare.encode(v1.End, endToMessage(end)));
  }
  const opened = writer.open(130);
  writer.text(10, jsonText(output, 'output'));
  writer.close(opened);
}

// -- States --------------------------------------------------------------------------------------

function writeState(state: State): void {
  let packed: Buffer | undefined;
  try {
    const opened = writer.open(42, true);
    writeMembers(state);
    const small = writer.lengthOf(opened) < COMPRESS_FROM_BYTES;
    packed = small ? undefined : compress(writer.since(opened));
    if (packed === undefined) writer.close(opened);
    else {
      writer.drop(opened, 42);
      writer.bytes(42, packed);
    }
  } catch (error) {
    throw asWireError('the State cannot be encoded', error);
  }
  if (packed !== undefined) writer.number(72, ZSTD);
}

function writeMembers(state: State): void {
  const status = statusNumber(state.status);
  checkNests(state.frames);
  for (const frame of state.frames) {
    const entry = writer.open(10, frame.node.kind === 'activity');
    writer.text(10, frame.pointer);
    writeFrame(frame);
    writer.close(entry);
  }
  const position = writer.open(18);
  text(10, state.position);
  writer.close(position);
  writer.number(24, status);
  if (state.data !== undefined) writer.text(50, jsonText(state.data, 'data'));
  if (state.context !== undefined) writer.text(58, jsonText(state.context, 'context'));
  if (state.input !== undefined) writer.text(66, jsonText(state.input, 'input'));
  number(72, integer(state.startedAt, 'startedAt'));
  number(80, uint32(state.activation, 'activation'));
  number(88, uint32(state.pureHops, 'pureHops'));
  const { caller, cancelling, child, compensations, deadline, suspended, undoes, variables } =
    state;
  const names = variables === undefined ? undefined : Object.keys(variables);
  for (const name of names ?? []) {
    const entry = writer.open(98);
    writer.text(10, name);
    writer.text(18, jsonText(variables![name]!, `variable ${name}`));
    writer.close(entry);
  }
  for (const compensation of compensations ?? []) {
    writer.bytes(106, rare.encode(v1.Compensation, compensationToMessage(compensation)));
  }
  if (caller !== undefined) writer.bytes(114, rare.encode(v1.Caller, callerToMessage(caller)));
  if (deadline !== undefined) writer.number(120, integer(deadline, 'deadline'));
  if (state.entering) writer.flag(128, true);
  if (names?.length === 0) writer.flag(136, true);
  if (compensations?.length === 0) writer.flag(144, true);
  if (child !== undefined) {
    const own = writer.open(402);
    text(10, child.strand);
    number(16, uint32(child.depth, 'depth'));
    writer.close(own);
  }
  if (cancelling !== undefined) writer.text(562, cancelling);
  if (suspended !== undefined) writer.flag(568, suspended);
  if (undoes !== undefined) writer.flag(576, undoes);
}

function writeFrame(frame: Frame): void {
  const { node } = frame;
  if (node.kind !== 'activity' && node.kind !== 'do' && node.kind !== 'root') {
    return writer.bytes(18, rare.encode(v1.NodeState, frameToMessage(frame)));
  }
  const opened = writer.open(18, node.kind === 'activity');
  if (node.kind === 'activity') writeActivityState(node);
  else if (node.kind === 'root') empty(10);
  else {
    const own = writer.open(18);
    number(8, uint32(node.index, 'index'));
    number(16, uint32(node.completed, 'completed'));
    writer.close(own);
  }
  writer.number(160, integer(frame.startedAt, 'startedAt'));
  if (frame.deadline !== undefined) writer.number(168, integer(frame.deadline, 'deadline'));
  if (frame.rawInput !== undefined) writer.text(178, jsonText(frame.rawInput, 'rawInput'));
  if (frame.input !== undefined) writer.text(186, jsonText(frame.input, 'input'));
  if (frame.saga !== undefined) writer.number(568, uint32(frame.saga, 'saga'));
  writer.close(opened);
}

function writeActivityState(node: ActivityState): void {
  const own = writer.open(58, true);
  text(10, node.key);
  number(16, uint32(node.activation, 'activation'));
  number(24, uint32(node.attempt, 'attempt'));
  text(34, node.digest);
  text(42, node.pointer);
  const { indices } = node;
  for (const index of indices) uint32(index, 'indices');
  if (indices.length > 0) writer.numbers(50, indices);
  writer.close(own);
}
