/*
 * The body of a STEP without its State. Most of a record is State, and most oracles never look at it:
 * it is unpacked and decoded only when one of them asks.
 *
 * Owns: nothing of the format; the parts are read by the wire codec.
 */
import { causeFromMessage, eventsFromMessage } from '../../wire/cause-codec.ts';
import type { CloudEvent } from '../../wire/cloud-event.ts';
import { decodeState } from '../../wire/codec.ts';
import { decompress } from '../../wire/compress.ts';
import { payloadOf } from '../../wire/envelope.ts';
import { waybill } from '../../wire/generated/messages.js';
import type { Json } from '../../wire/json.ts';
import { asBuffer, decodeMessage, ExactReader } from '../../wire/protobuf.ts';
import type { ParkBody, StepBody } from '../../wire/record.ts';
import type { Activity, Cause, State } from '../../wire/state.ts';

const { StateEncoding, WorkflowCommand } = waybill.v1;
/** 8 * field number + 2, of an InstanceState */
const CANCELLING = 562;

/** What a STEP says, its State on demand. */
export class StepSkim implements StepBody {
  readonly kind = 'STEP';
  readonly cause: Cause;
  readonly activity?: Activity;
  readonly notBefore?: number;
  readonly emitted?: readonly CloudEvent[];
  /** the State, as it stands in the record until somebody wants to know what it says */
  #bytes: Buffer;
  #packed: boolean;
  #state: State | undefined;

  /** Throws what the codec throws for bytes that are no STEP. */
  constructor(bytes: Uint8Array) {
    const message = decodeMessage(WorkflowCommand, payloadOf(asBuffer(bytes)));
    const { activity, cause, emittedJson, notBefore, stateEncoding, workflowState } = message;
    if (cause === null || cause === undefined) throw new RangeError('a STEP without a cause');
    if (workflowState === null || workflowState === undefined) {
      throw new RangeError('a STEP without a State');
    }
    this.#bytes = asBuffer(workflowState);
    this.#packed = stateEncoding === StateEncoding.STATE_ENCODING_ZSTD;
    this.cause = causeFromMessage(cause);
    if (activity !== null && activity !== undefined) this.activity = activityOf(activity);
    if (typeof notBefore === 'number') this.notBefore = notBefore;
    if (emittedJson?.length) this.emitted = eventsFromMessage(emittedJson);
  }

  get state(): State {
    return (this.#state ??= decodeState(this.#plain()));
  }

  /** Whether its strand is being cancelled; all else of the State is passed over. */
  get isCancelling(): boolean {
    const reader = new ExactReader(this.#plain());
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      if (tag === CANCELLING) return true;
      reader.skipType(tag & 7, 0, tag >>> 3);
    }
    return false;
  }

  #plain(): Buffer {
    if (this.#packed) {
      this.#bytes = decompress(this.#bytes);
      this.#packed = false;
    }
    return this.#bytes;
  }
}

/** Whether the strand of a record is being cancelled. */
export function isCancelling(body: StepBody | ParkBody): boolean {
  return body instanceof StepSkim ? body.isCancelling : body.state.cancelling !== undefined;
}

function activityOf(message: waybill.v1.Activity.$Properties): Activity {
  const { argumentsJson, attempt, key, kind, name, pointer, role, timeout } = message;
  return {
    key: key ?? '',
    role: role === 'compensate' ? 'compensate' : 'do',
    pointer: pointer ?? '',
    kind: kind ?? '',
    name: name ?? '',
    arguments: JSON.parse(argumentsJson ?? 'null') as Json,
    attempt: attempt ?? 0,
    timeout: timeout ?? 0,
  };
}
