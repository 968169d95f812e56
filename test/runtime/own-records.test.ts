/* What an owner reads of its own is not decoded again, if it is what was sent (R7), and is decoded if it is not. */
import { describe, expect, it } from 'vitest';
import { Outgoing, type OutgoingEvents } from '../../src/runtime/outgoing.ts';
import { DEFAULT_LIMITS } from '../../src/runtime/runner.ts';
import { draft, numbered } from '../../src/runtime/unit.ts';
import { LogView } from '../../src/runtime/view.ts';
import {
  decodeHeader,
  decodeRecord,
  encodeRecord,
  FORMAT,
  type RecordBody,
} from '../../src/wire/index.ts';

const CLAIMED = { offset: 1, tenure: 0, nonce: 7, n: 0 };

/** An owner whose append is never answered, and what it has sent. */
function sending() {
  const view = new LogView(CLAIMED, DEFAULT_LIMITS);
  const sent: Uint8Array[] = [];
  const append = (_: number, bytes: readonly Uint8Array[]) => {
    sent.push(...bytes);
    return { then: () => undefined };
  };
  const events: Partial<OutgoingEvents> = {
    format: () => FORMAT,
    mayWrite: () => true,
    closing: () => false,
    beforeBatch: () => undefined,
    carries: () => false,
    running: () => [],
    applied: () => CLAIMED,
  };
  const outgoing = new Outgoing(
    { append } as never,
    0,
    view,
    DEFAULT_LIMITS,
    { now: () => 5 } as never,
    {} as never,
    {} as never,
    events as OutgoingEvents,
  );
  outgoing.claimed(0, 7);
  outgoing.wantMark();
  outgoing.pump();
  return { outgoing, sent, view };
}

describe('an own record that is read before its append is answered', () => {
  it('is known by its bytes', () => {
    const { outgoing, sent, view } = sending();
    expect(sent).toHaveLength(1);
    const bytes = Uint8Array.from(sent[0]!);
    const body = outgoing.sentAs(decodeHeader(bytes), bytes);
    expect(body).toEqual(decodeRecord(bytes).body);
    let asked = 0;
    const { bodyOf } = view.read(1, 5, bytes, (...read) => {
      asked++;
      return outgoing.sentAs(...read);
    });
    expect(asked).toBe(1);
    expect(bodyOf()).toBe(body);
    outgoing.settleByReading();
    expect(outgoing.sentAs(decodeHeader(bytes), bytes)).toBeUndefined();
  });

  it('is not taken for another one under its number, nor for that of another tenure', () => {
    const { outgoing, sent, view } = sending();
    const bytes = sent[0]!;
    const header = decodeHeader(bytes);
    const place = { tenure: 0, nonce: 7, n: 1, unit: 1, unitSize: 1, targets: [], time: 5 };
    const mark = { offset: 1, tenure: 0, nonce: 7, n: 0, computedAt: 1 };
    const other: RecordBody = { kind: 'MARK', mark, running: [1] };
    const forged = encodeRecord(numbered(draft('MARK', other), place, FORMAT));
    expect(outgoing.sentAs(decodeHeader(forged), forged)).toBeUndefined();
    expect(outgoing.sentAs({ ...header, nonce: 8 }, bytes)).toBeUndefined();
    expect(outgoing.sentAs({ ...header, tenure: 3 }, bytes)).toBeUndefined();
    expect(outgoing.sentAs({ ...header, n: 2 }, bytes)).toBeUndefined();
    const read = view.read(1, 5, forged, (...args) => outgoing.sentAs(...args));
    expect(read.bodyOf()).toEqual(other);
  });
});
