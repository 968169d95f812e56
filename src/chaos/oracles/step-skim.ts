/*
 * The body of a STEP without its State. Most of a record is State, and most oracles never look at it:
 * it is unpacked and decoded only when one of them asks.
 *
 * Owns: nothing of the format; the parts are read by the wire codec.
 */
import { causeFromMessage, eventsFromMessage } from '../../wire/cause-codec.ts';
import type { CloudEvent } from '../../wire/cloud-event.ts';
import { decodeRecord } from '../../wire/codec.ts';
import { payloadOf } from '../../wire/envelope.ts';
import { waybill } from '../../wire/generated/messages.js';
import type { Json } from '../../wire/json.ts';
import { asBuffer, decodeMessage } from '../../wire/protobuf.ts';
import type { StepBody } from '../../wire/record.ts';
import type { Activity, Cause, State } from '../../wire/state.ts';

const { WorkflowCommand } = waybill.v1;

/** What a STEP says, its State on demand. */
export class StepSkim implements StepBody {
  readonly kind = 'STEP';
  readonly cause: Cause;
  readonly activity?: Activity;
  readonly notBefore?: number;
  readonly emitted?: readonly CloudEvent[];
  readonly #bytes: Uint8Array;
  #state: State | undefined;

  /** Throws what the codec throws for bytes that are no STEP. */
  constructor(bytes: Uint8Array) {
    const message = decodeMessage(WorkflowCommand, payloadOf(asBuffer(bytes)));
    const { activity, cause, emittedJson, notBefore } = message;
    if (cause === null || cause === undefined) throw new RangeError('a STEP without a cause');
    this.#bytes = bytes;
    this.cause = causeFromMessage(cause);
    if (activity !== null && activity !== undefined) this.activity = activityOf(activity);
    if (typeof notBefore === 'number') this.notBefore = notBefore;
    if (emittedJson?.length) this.emitted = eventsFromMessage(emittedJson);
  }

  get state(): State {
    if (this.#state === undefined) {
      const { body } = decodeRecord(this.#bytes);
      if (body.kind !== 'STEP') throw new RangeError(`a STEP whose body is of kind ${body.kind}`);
      this.#state = body.state;
    }
    return this.#state;
  }
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
