/* The oracles of events accept correct histories and reject those that break their promise. */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import { LATENESS_MAX_MS } from '../../../src/chaos/oracles/p4-timers.ts';
import { EPOCH, step, TIMER } from './made-history.ts';
import { ended, hear, heardOnce, listen, MadeListening, paid } from './made-listening.ts';

const HOUR = 3_600_000;

function violations(made: MadeListening, oracle?: string): string[] {
  return checkAll(made.history())
    .violations.filter((one) => oracle === undefined || one.oracle === oracle)
    .map(({ said }) => said);
}

function rejects(made: MadeListening, said: RegExp, oracle = 'r16-heard-once'): void {
  expect(violations(made, oracle).join('\n')).toMatch(said);
}

/** A run that listens, and is left alone. */
function waiting(due?: number): { made: MadeListening; row: number } {
  const made = new MadeListening();
  const start = made.start('r1');
  made.claim();
  const draft = listen('r1', 1, '', due);
  const row = made.hop([start], draft);
  made.row(row, draft).subscribes(row, 'r1');
  return { made, row };
}

/** It listens twice, and hears these. */
function twice(first: string, second: string, strands: readonly [string, string]): MadeListening {
  const made = new MadeListening();
  const start = made.start('r1');
  made.claim();
  const places = new Map([first, second].map((id) => [id, made.send(paid(id))]));
  const one = made.hop([start], listen('r1', 1, strands[0]));
  const again = made.hop([], hear('r1', one, places.get(first)!), listen('r1', 2, strands[1]));
  made.hop([], hear('r1', again + 1, places.get(second)!), ended('r1', 3, paid(second)));
  return made;
}

describe('R16 heard once', () => {
  it('accepts an event that is heard, and one that nobody waits for', () => {
    const made = heardOnce();
    made.send(paid('e2'));
    expect(violations(made)).toEqual([]);
  });

  it('rejects events that are given out of the order in which they came', () => {
    const given = (first: 0 | 1): MadeListening => {
      const made = new MadeListening();
      const start = made.start('r1');
      made.claim();
      const row = made.hop([start], listen('r1', 1));
      const events = [paid('e1'), paid('e2')] as const;
      const places = events.map((event) => made.send(event));
      const order = [first, 1 - first];
      const heard = order.map((nth) => places[nth]!);
      made.hop([], hear('r1', row, ...heard), ended('r1', 2, ...order.map((nth) => events[nth]!)));
      return made;
    };
    expect(violations(given(0))).toEqual([]);
    rejects(given(1), /was given 0\/1 of the events log before 0\/0, which came first/);
  });

  it('accepts who waits for something else, or has only just begun', () => {
    const { made } = waiting();
    made.send(paid('e1', { type: 'order.lost' }));
    made.wait(HOUR).send(paid('e2'));
    expect(violations(made)).toEqual([]);
  });

  it('rejects an event that nobody was given', () => {
    const { made } = waiting();
    made.send(paid('e1'));
    made.wait(LATENESS_MAX_MS + HOUR);
    rejects(made, /listens for \["urn:shop","e1"\].*had not heard it by/);
  });

  it('rejects an event that came before its listener, and was not given to it', () => {
    const made = new MadeListening();
    const start = made.start('r1');
    made.claim();
    made.send(paid('e1'));
    const draft = listen('r1', 1);
    const row = made.hop([start], draft);
    made.row(row, draft).subscribes(row, 'r1').wait(HOUR);
    rejects(made, /had not heard it by/);
  });

  it('says nothing of events that came before the run was asked for, or were forgotten', () => {
    const made = new MadeListening();
    made.now = EPOCH - HOUR;
    made.send(paid('e1'));
    made.now = EPOCH;
    made.send(paid('e2'));
    const start = made.start('r1');
    made.claim();
    made.wait(25 * HOUR);
    const draft = listen('r1', 1);
    const row = made.hop([start], draft);
    made.row(row, draft).subscribes(row, 'r1').wait(HOUR);
    expect(violations(made, 'r16-heard-once')).toEqual([]);
  });

  it('rejects a listener whose time ran out although its event was there', () => {
    const { made, row } = waiting(EPOCH + HOUR);
    made.parked.pop();
    made.subscriptions.pop();
    made.send(paid('e1'));
    made.wait(HOUR);
    made.hop([], { ...hear('r1', row) }, step('r1', 2, { call: 'a', cause: TIMER }));
    rejects(made, /had not heard it before its time was over/);
  });

  it('says nothing of events that came once it had given up, by a clock that was ahead', () => {
    const { made, row } = waiting(EPOCH + HOUR);
    made.parked.pop();
    made.subscriptions.pop();
    made.skewMax = HOUR;
    made.hop([], { ...hear('r1', row) }, step('r1', 2, { call: 'a', cause: TIMER }));
    made.send(paid('e1'));
    made.wait(LATENESS_MAX_MS);
    expect(violations(made, 'r16-heard-once')).toEqual([]);
  });

  it('rejects an event that is heard by one run twice', () => {
    rejects(twice('e1', 'e1', ['', '']), /run r1 has heard \["urn:shop","e1"\] twice/);
    rejects(twice('e1', 'e1', ['1.0', '2.0']), /twice: in strand "1.0" and in "2.0"/);
    rejects(twice('e1', 'e1', ['1.0', '1.0/2.0']), /twice/);
  });

  it('accepts two events, and one that branches of a fork hear side by side', () => {
    expect(violations(twice('e1', 'e2', ['', '']), 'r16-heard-once')).toEqual([]);
    expect(violations(twice('e1', 'e1', ['1.0', '1.1']), 'r16-heard-once')).toEqual([]);
    expect(violations(twice('e1', 'e1', ['1.0/3.0', '1.1']), 'r16-heard-once')).toEqual([]);
  });

  it('rejects a copy that counts once more', () => {
    const made = new MadeListening();
    const start = made.start('r1');
    made.claim();
    const copies = [made.send(paid('e1')), made.emit(paid('e1'))] as const;
    const one = made.hop([start], listen('r1', 1));
    const two = made.hop([], hear('r1', one, copies[0]), listen('r1', 2));
    made.hop([], hear('r1', two + 1, copies[1]), ended('r1', 3, paid('e1')));
    rejects(made, /twice/);
  });

  it('rejects an event that is none, is for others, or came too early or too late', () => {
    const hearing = (
      due: number | undefined,
      act: (made: MadeListening) => number,
    ): MadeListening => {
      const made = new MadeListening();
      const start = made.start('r1');
      made.claim();
      const row = made.hop([start], listen('r1', 1, '', due));
      const offset = act(made);
      made.hop([], hear('r1', row, { partition: 0, offset }), ended('r1', 2));
      return made;
    };
    rejects(
      hearing(undefined, () => 7),
      /has heard 0\/7 of the events log, which is no event/,
    );
    const other = hearing(undefined, (made) => made.send(paid('e1', { type: 'x' })).offset);
    rejects(other, /which it does not listen for/);
    const late = hearing(EPOCH + HOUR, (made) => made.wait(HOUR).send(paid('e1')).offset);
    rejects(late, /after its time/);
    const early = hearing(undefined, (made) => {
      made.now = EPOCH - HOUR;
      const { offset } = made.send(paid('e1'));
      made.now = EPOCH + HOUR;
      return offset;
    });
    rejects(early, /before its time/);
  });

  it('rejects a record that tells another event than its RESUME', () => {
    rejects(heardOnce(paid('e1', { data: 'other' })), /its next record says that it was another/);
  });

  it('rejects subscriptions that nobody has, and parked rows without theirs', () => {
    const stale = heardOnce();
    rejects(stale.subscribes(2, 'r1'), /stands in the Store for nobody/);
    rejects(heardOnce().subscribes(9, 'r1'), /for 0\/9, which is no PARK/);
    const { made } = waiting();
    made.subscriptions.pop();
    rejects(made, /has no subscription in the Store/);
    const wrong = waiting();
    wrong.made.subscriptions[0] = { ...wrong.made.subscriptions[0]!, since: 0 };
    rejects(wrong.made, /is not what its record says/);
  });
});

describe('P1 event never lost', () => {
  const oracle = 'p1-event-never-lost';

  it('rejects an event that was acknowledged and is not there, or is another', () => {
    const made = heardOnce();
    made.sent.push({ at: made.now, event: paid('gone'), outcome: 'acknowledged' });
    rejects(made, /\["urn:shop","gone"\] was acknowledged, and is not in the events log/, oracle);
    const changed = heardOnce();
    changed.sent.push({ at: 0, event: paid('e1', { data: 5 }), outcome: 'acknowledged' });
    rejects(changed, /was acknowledged/, oracle);
  });

  it('says nothing of one of which nobody has heard', () => {
    const made = heardOnce();
    made.sent.push({ at: made.now, event: paid('gone'), outcome: 'unknown' });
    expect(violations(made)).toEqual([]);
  });

  it('rejects an event that was emitted and never published', () => {
    const emitting = (published: boolean): MadeListening => {
      const made = new MadeListening();
      const start = made.start('r1');
      made.claim();
      const draft = ended('r1', 1);
      const body = { ...draft.body, cause: { kind: 'start' }, emitted: [paid('out')] };
      made.hop([start], { ...draft, body: body as typeof draft.body });
      if (published) made.emit(paid('out'));
      return made;
    };
    expect(violations(emitting(true))).toEqual([]);
    rejects(emitting(false), /has emitted \["urn:shop","out"\]/, oracle);
  });
});
