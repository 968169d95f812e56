/* Histories made by hand in which somebody listens: an events log beside the Log, and who was matched. */
import type { EventsHistory, History } from '../../../src/chaos/history.ts';
import type { StoredRecord, SubscriptionRow } from '../../../src/ports/index.ts';
import {
  CLOCK_SKEW_MAX_MS,
  type CloudEvent,
  encodeEvent,
  type EventPlace,
  type Subscription,
} from '../../../src/wire/index.ts';
import { type Draft, end, EPOCH, MadeHistory, park, resume } from './made-history.ts';

export const PAID: Subscription = {
  filters: [{ with: { type: { is: 'order.paid' } } }],
  first: true,
};

export function paid(id: string, more: Partial<CloudEvent> = {}): CloudEvent {
  return { specversion: '1.0', id, source: 'urn:shop', type: 'order.paid', data: id, ...more };
}

/** Parked to listen; `due` in ms since the epoch. */
export function listen(run: string, hop: number, strand = '', due?: number): Draft {
  const { body, ...about } = park(run, hop, due, { strand });
  if (body.kind !== 'PARK') throw new TypeError('no PARK');
  const { reason: _, ...kept } = body;
  return { ...about, body: { ...kept, why: 'listen', subscription: PAID } };
}

/** Brought back by these events. */
export function hear(run: string, row: number, ...events: EventPlace[]): Draft {
  const { body, ...about } = resume(run, [row]);
  if (body.kind !== 'RESUME') throw new TypeError('no RESUME');
  return { ...about, body: { ...body, why: 'listen', events } };
}

export class MadeListening extends MadeHistory {
  readonly eventLog: StoredRecord[] = [];
  readonly sent: EventsHistory['sent'][number][] = [];
  readonly subscriptions: SubscriptionRow[] = [];

  /** A client sends it, and it lands. */
  send(event: CloudEvent): EventPlace {
    this.sent.push({ at: this.now, event, outcome: 'acknowledged' });
    return this.emit(event);
  }

  emit(event: CloudEvent): EventPlace {
    this.now += 10;
    const offset = this.eventLog.length;
    this.eventLog.push({ offset, time: this.now, bytes: encodeEvent(event, this.now) });
    return { partition: 0, offset };
  }

  /** The Store has the subscription of the PARK at that offset. */
  subscribes(identity: number, run: string, strand = ''): this {
    this.subscriptions.push({
      partition: 0,
      identity,
      nth: 0,
      run,
      strand,
      lookup: { type: 'order.paid', from: '', key: '' },
      since: EPOCH - CLOCK_SKEW_MAX_MS,
      subscription: PAID,
    });
    return this;
  }

  override history(): History {
    const events = {
      logs: [this.eventLog],
      sent: this.sent,
      kept: [],
      subscriptions: this.subscriptions,
      heard: [],
    };
    return { ...super.history(), events };
  }
}

/** One run that hears one event, of which there are two copies, and ends. */
export function heardOnce(told: CloudEvent = paid('e1')): MadeListening {
  const made = new MadeListening();
  const start = made.start('r1');
  made.claim();
  const row = made.hop([start], listen('r1', 1));
  const place = made.send(paid('e1'));
  made.emit(paid('e1'));
  made.hop([], hear('r1', row, place), ended('r1', 2, told));
  return made;
}

export function ended(run: string, hop: number, ...events: CloudEvent[]): Draft {
  return end(run, hop, { cause: { kind: 'events', events } });
}
