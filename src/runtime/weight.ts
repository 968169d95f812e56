/* What plain data takes in memory, roughly: good enough to bound it, and cheap. Pure. */
import type { RecordBody, StepBody } from '../wire/index.ts';

/** Bytes per member of an object or an array, and for what holds them. */
const MEMBER_BYTES = 16;
const HOLDER_BYTES = 48;
/** Data nests less (JSON_DEPTH_MAX), and what holds it adds little. */
const DEPTH_MAX = 2_000;

/** Weight of `value` with all that is in it, bytes. What is shared counts each time. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return HOLDER_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return MEMBER_BYTES;
  return weightOfHolder(value, 0);
}

/** What the same of a STEP takes, the data in it and the texts of its pointers left out. */
const STEP_BYTES = 600;
const ACTIVITY_BYTES = 450;
const FRAME_BYTES = 150;
const ACTIVITY_STATE_BYTES = 450;

/** Weight of what a record says, bytes. A STEP is weighed for each hop: only what differs in it is looked at. */
export function weightOfBody(body: RecordBody): number {
  return body.kind === 'STEP' ? weightOfStep(body) : weightOf(body);
}

function weightOfStep({ activity, cause, emitted, happened, state }: StepBody): number {
  let bytes = STEP_BYTES + weightOf(cause) + weightOfAny(emitted) + weightOfAny(happened);
  if (activity !== undefined) {
    const { late, pointer } = activity;
    bytes += ACTIVITY_BYTES + pointer.length + weightOf(activity.arguments) + weightOfAny(late);
  }
  for (const { input, node, pointer, rawInput } of state.frames) {
    bytes += FRAME_BYTES + pointer.length + weightOfAny(input) + weightOfAny(rawInput);
    if (node.kind === 'activity') bytes += ACTIVITY_STATE_BYTES + node.pointer.length;
    else bytes += weightOfHolder(node, 1);
  }
  const { caller, compensations, context, data, input, variables } = state;
  return (
    bytes +
    weightOfAny(data) +
    weightOfAny(context) +
    weightOfAny(input) +
    weightOfAny(variables) +
    weightOfAny(compensations) +
    weightOfAny(caller)
  );
}

function weightOfAny(value: unknown): number {
  return value === undefined ? 0 : weightOf(value);
}

function weightOfHolder(holder: object, depth: number): number {
  // what nests deeper than data may (JSON_DEPTH_MAX) is not looked into
  if (depth > DEPTH_MAX) return HOLDER_BYTES;
  let bytes = HOLDER_BYTES;
  if (Array.isArray(holder)) {
    bytes += MEMBER_BYTES * holder.length;
    for (const item of holder as readonly unknown[]) {
      if (typeof item === 'string') bytes += HOLDER_BYTES + item.length;
      else if (typeof item === 'object' && item !== null) bytes += weightOfHolder(item, depth + 1);
    }
    return bytes;
  }
  for (const name in holder) {
    bytes += MEMBER_BYTES;
    const member = (holder as Record<string, unknown>)[name];
    if (typeof member === 'string') bytes += HOLDER_BYTES + member.length;
    else if (typeof member === 'object' && member !== null)
      bytes += weightOfHolder(member, depth + 1);
  }
  return bytes;
}
